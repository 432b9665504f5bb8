//! Other devices of the same service on the local network, by multicast DNS.
//!
//! What is announced names no person and no computer: the ID, which service it belongs to as a digest, and the
//! version of this announcement. A device is never reached by what the network says of it: connecting goes by
//! the ID, through the service.

mod neighbours;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_domain::DeviceId;
use mdns_sd::{MDNS_PORT, ServiceDaemon, ServiceEvent, ServiceInfo};
use sha2::{Digest, Sha256};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use self::neighbours::Neighbours;
use crate::hints::Hints;
use crate::service_link::ServiceLink;
use crate::settings::Settings;
use crate::view::Hint;

const SERVICE_TYPE: &str = "_beckon._tcp.local.";
/// Of the announcement.
const VERSION: &str = "1";
/// Nothing listens: an announcement must name a port, and this one discards.
const PORT: u16 = 9;
/// A network that says more than this is not listened to for a while: what it said is forgotten with it.
const EVENTS_MAX: usize = 5_000;
const RETRY: Duration = Duration::from_secs(60);

pub struct Discovery {
    link: Arc<ServiceLink>,
    settings: Arc<Settings>,
    hints: Hints,
    network: LocalNetwork,
    nearby: Mutex<Option<Neighbours>>,
}

/// How this client takes part in its local network.
#[derive(Debug, Clone, Copy)]
pub struct LocalNetwork {
    /// Of multicast DNS; another one is another world, for tests.
    pub port: u16,
    /// Whether it is on as long as the person has not chosen.
    pub usually: bool,
}

impl LocalNetwork {
    pub fn of(installed: bool) -> Self {
        Self { port: MDNS_PORT, usually: installed }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Announcement {
    device: DeviceId,
    /// Which service it belongs to, for those who belong to it too.
    mark: String,
}

impl Discovery {
    pub fn new(link: Arc<ServiceLink>, settings: Arc<Settings>, hints: Hints, network: LocalNetwork) -> Self {
        Self { link, settings, hints, network, nearby: Mutex::default() }
    }

    pub fn is_on(&self) -> bool {
        self.settings.preferences().discovery.unwrap_or(self.network.usually)
    }

    pub fn devices(&self) -> Vec<DeviceId> {
        self.lock().as_ref().map(Neighbours::devices).unwrap_or_default()
    }

    /// Runs until the future is dropped.
    pub async fn keep(&self) {
        let mut hints = self.hints.subscribe();
        loop {
            let wanted = self.wanted();
            if let Some(announcement) = &wanted {
                let heard = self.take_part(announcement, &mut hints).await;
                *self.lock() = None;
                self.hints.tiles();
                let Err(error) = heard else { continue };
                tracing::warn!("the local network is not listened to: {error:#}");
            }
            tokio::select! {
                () = self.differs_from(wanted.as_ref(), &mut hints) => {}
                () = self.link.clock.sleep(RETRY), if wanted.is_some() => {}
            }
        }
    }

    /// Announces and listens until something else is wanted. The library's own thread does both.
    async fn take_part(
        &self,
        announcement: &Announcement,
        hints: &mut broadcast::Receiver<Hint>,
    ) -> anyhow::Result<()> {
        let daemon = Daemon(ServiceDaemon::new_with_port(self.network.port)?);
        daemon.0.register(announcement.as_service()?)?;
        let events = daemon.0.browse(SERVICE_TYPE)?;
        *self.lock() = Some(Neighbours::of(announcement.device, &announcement.mark));
        for _ in 0..EVENTS_MAX {
            let event = tokio::select! {
                event = events.recv_async() => event?,
                () = self.differs_from(Some(announcement), hints) => return Ok(()),
            };
            if self.hear(&event) {
                self.hints.tiles();
            }
        }
        anyhow::bail!("it says too much")
    }

    /// Whether another device is there now, or one less.
    fn hear(&self, event: &ServiceEvent) -> bool {
        let mut nearby = self.lock();
        let Some(nearby) = nearby.as_mut() else { return false };
        match event {
            ServiceEvent::ServiceResolved(service) => {
                let said = |key| service.get_property_val_str(key);
                nearby.heard(service.get_fullname(), said("v"), said("s"))
            }
            ServiceEvent::ServiceRemoved(_, instance) => nearby.lost(instance),
            _ => false,
        }
    }

    /// None where discovery is off, and at a guest service.
    fn wanted(&self) -> Option<Announcement> {
        let home = self.settings.home().filter(|home| self.is_on() && home == self.link.origin())?;
        Some(Announcement { device: self.link.device()?, mark: mark_of(&home) })
    }

    async fn differs_from(&self, announcement: Option<&Announcement>, hints: &mut broadcast::Receiver<Hint>) {
        while self.wanted().as_ref() == announcement {
            match hints.recv().await {
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Neighbours>> {
        self.nearby.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Announcement {
    fn as_service(&self) -> anyhow::Result<ServiceInfo> {
        let id = self.device.to_string();
        let host = format!("beckon-{id}.local.");
        let says = [("v", VERSION), ("s", &self.mark)];
        let mut service = ServiceInfo::new(SERVICE_TYPE, &id, &host, "", PORT, &says[..])?.enable_addr_auto();
        // The service gives each ID once.
        service.set_requires_probe(false);
        Ok(service)
    }
}

/// Whoever knows the service's address can work it out, and nobody can read the address from it.
fn mark_of(origin: &str) -> String {
    let digest = Sha256::new().chain_update("beckon discovery ").chain_update(origin).finalize();
    data_encoding::HEXLOWER.encode(digest.get(..8).unwrap_or_default())
}

/// Says goodbye when it is dropped, without waiting for it.
struct Daemon(ServiceDaemon);

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown() {
            tracing::info!(%error, "the local network was not told goodbye");
        }
    }
}
