//! What the home service keeps of this device: that it is at home there, its alias, and whom it blocks.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use beckon_domain::text::harmless;
use beckon_domain::{AccountId, DeviceId};
use beckon_wire::lookup::{Block, ChooseAlias, Home, OwnDevice, SetBlock};
use beckon_wire::{ApiError, paths};
use tokio::sync::broadcast::error::RecvError;

use crate::hints::Hints;
use crate::service_link::ServiceLink;
use crate::settings::Settings;
use crate::view::{Hint, Reach};

/// Names of facts in the cache.
const OWN_DEVICE: &str = "own_device";
const BLOCKED: &str = "blocked";

/// As in an alias.
const NAMESPACE_MAX: usize = 25;

pub struct AtHome {
    link: Arc<ServiceLink>,
    settings: Arc<Settings>,
    hints: Hints,
    told: Mutex<Option<Circumstances>>,
}

/// With another account, or another directory, the device may have another alias, or may choose one now.
#[derive(Clone, PartialEq, Eq)]
struct Circumstances {
    account: Option<AccountId>,
    directory: Option<String>,
}

impl AtHome {
    pub fn new(link: Arc<ServiceLink>, settings: Arc<Settings>, hints: Hints) -> Self {
        Self { link, settings, hints, told: Mutex::default() }
    }

    /// A guest service is told nothing: there, a device is never called.
    pub fn is_home(&self) -> bool {
        self.settings.home().as_deref() == Some(self.link.origin())
    }

    pub fn own_device(&self) -> Option<OwnDevice> {
        self.link.cache.recall(OWN_DEVICE)
    }

    pub fn blocked(&self) -> Vec<Block> {
        self.link.cache.recall(BLOCKED).unwrap_or_default()
    }

    /// Says that the device is at home, at the first contact and whenever the circumstances have changed. Runs
    /// until the future is dropped.
    pub async fn keep(&self) {
        let mut hints = self.hints.subscribe();
        loop {
            if let Err(error) = self.look().await {
                tracing::info!(origin = self.link.origin(), %error, "the service does not know this device as at home");
            }
            loop {
                match hints.recv().await {
                    Ok(Hint::State) | Err(RecvError::Lagged(_)) => break,
                    Ok(_) => {}
                    Err(RecvError::Closed) => return,
                }
            }
        }
    }

    async fn look(&self) -> Result<(), ApiError> {
        if !self.is_home() || self.link.reach() != Reach::Online {
            return Ok(());
        }
        let now = Circumstances {
            account: self.link.cache.account().map(|account| account.id),
            directory: self.link.cache.directory_tag(),
        };
        if self.lock().as_ref() == Some(&now) {
            return Ok(());
        }
        let own: OwnDevice = self.link.api.post(paths::HOME, &Home { home: true }).await?;
        let blocked: Vec<Block> = self.link.api.get(paths::BLOCKS).await?;
        self.remember(own);
        self.link.cache.remember(BLOCKED, &blocked);
        *self.lock() = Some(now);
        self.hints.tiles();
        Ok(())
    }

    /// None takes it away.
    pub async fn choose_alias(&self, name: Option<String>) -> Result<(), ApiError> {
        let own: OwnDevice = self.link.api.post(paths::ALIAS, &ChooseAlias { name }).await?;
        self.remember(own);
        self.hints.tiles();
        Ok(())
    }

    pub async fn set_block(&self, device: DeviceId, blocked: bool) -> Result<(), ApiError> {
        let all: Vec<Block> = self.link.api.post(paths::BLOCKS, &SetBlock { device, blocked }).await?;
        self.link.cache.remember(BLOCKED, &all);
        self.hints.tiles();
        Ok(())
    }

    fn remember(&self, own: OwnDevice) {
        let namespace = own.namespace.map(|said| harmless(&said, NAMESPACE_MAX));
        self.link.cache.remember(OWN_DEVICE, &OwnDevice { namespace, ..own });
    }

    fn lock(&self) -> MutexGuard<'_, Option<Circumstances>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
