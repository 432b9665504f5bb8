//! The relay through which two devices reach each other. It carries what it cannot read, and admits only
//! the endpoint keys of sessions that are about to run, run, or try to resume.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use beckon_domain::PublicKey;
use iroh_relay::server::{
    Access, AccessControl, ClientRateLimit, ClientRequest, Metrics, RelayConfig, Server, ServerConfig,
};

use crate::error::Answer;
use crate::store::{Core, introductions, requests, sessions};

/// For one endpoint: enough for a lively screen (8 MiB a second), too little to carry a crowd.
const BYTES_PER_SECOND: NonZeroU32 = NonZeroU32::new(8 * 1024 * 1024).unwrap();
const BURST_BYTES: NonZeroU32 = NonZeroU32::new(16 * 1024 * 1024).unwrap();

pub struct Relay {
    server: Server,
    pub address: SocketAddr,
    door: Arc<Door>,
}

/// What the relay did since it was started. It stands in the log whenever an endpoint comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelayUse {
    /// Connections of endpoints that were let in.
    pub admitted: u64,
    /// Those of them that are over.
    pub left: u64,
    pub turned_away: u64,
    /// Connections that sent more than one endpoint may, and were slowed.
    pub slowed: u64,
    /// Of sessions, carried to whom they were for.
    pub bytes: u64,
}

impl Relay {
    /// Plain HTTP, its own listener; its metrics are served nowhere, and nobody else is contacted.
    pub async fn start(core: Arc<Core>, listen: SocketAddr) -> Result<Self> {
        let door = Arc::new(Door::of(core));
        let mut relay = RelayConfig::new(listen);
        let mut limit = ClientRateLimit::new(BYTES_PER_SECOND);
        limit.max_burst_bytes = Some(BURST_BYTES);
        relay.limits.client_rx = Some(limit);
        relay.access = door.clone();
        let mut config = ServerConfig::default();
        config.relay = Some(relay);
        let started = Server::spawn(config).await;
        let server = started.with_context(|| format!("starting the relay at {listen}"))?;
        let address = server.http_addr().context("the relay listens nowhere")?;
        door.metrics.get_or_init(|| server.metrics().server.clone());
        Ok(Self { server, address, door })
    }

    pub fn used(&self) -> RelayUse {
        self.door.used()
    }

    pub async fn shutdown(self) -> Result<()> {
        self.server.shutdown().await.context("stopping the relay")
    }
}

/// Who comes in, and how many did.
struct Door {
    core: Arc<Core>,
    admitted: AtomicU64,
    turned_away: AtomicU64,
    /// What the relay counts itself; there once it runs.
    metrics: OnceLock<Arc<Metrics>>,
}

impl Door {
    fn of(core: Arc<Core>) -> Self {
        Self { core, admitted: 0.into(), turned_away: 0.into(), metrics: OnceLock::new() }
    }

    fn used(&self) -> RelayUse {
        let counted = |count: fn(&Metrics) -> u64| self.metrics.get().map_or(0, |all| count(all));
        RelayUse {
            admitted: self.admitted.load(Ordering::Relaxed),
            left: counted(|all| all.disconnects.get()),
            turned_away: self.turned_away.load(Ordering::Relaxed),
            slowed: counted(|all| all.conns_rx_ratelimited_total.get()),
            bytes: counted(|all| all.bytes_sent.get()),
        }
    }

    async fn admits(&self, endpoint: &PublicKey) -> bool {
        match is_admitted(&self.core, endpoint).await {
            Ok(true) => return true,
            Ok(false) => tracing::debug!(%endpoint, "the relay turned an endpoint away"),
            Err(failure) => tracing::warn!(%endpoint, ?failure, "the relay could not look up an endpoint"),
        }
        false
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Door")
    }
}

impl AccessControl for Door {
    async fn on_connect(&self, request: &ClientRequest) -> Access {
        let endpoint = PublicKey::from_bytes(*request.endpoint_id().as_bytes());
        if self.admits(&endpoint).await {
            self.admitted.fetch_add(1, Ordering::Relaxed);
            let RelayUse { admitted, left, turned_away, slowed, bytes } = self.used();
            tracing::info!(admitted, left, turned_away, slowed, bytes, "an endpoint came to the relay");
            Access::Allow
        } else {
            self.turned_away.fetch_add(1, Ordering::Relaxed);
            Access::Deny { reason: None }
        }
    }
}

async fn is_admitted(core: &Core, endpoint: &PublicKey) -> Answer<bool> {
    let mut db = core.store.read().await?;
    let now = core.now();
    for session in sessions::by_endpoint(&mut db, endpoint).await? {
        let Some(stored) = requests::by_id(&mut db, session.request).await? else { continue };
        // What time has done to it may not have been written yet.
        let (request, _) = stored.request.elapse(now);
        if requests::in_session(&request, session.id) {
            return Ok(true);
        }
    }
    introductions::admits(&mut db, endpoint, now).await
}
