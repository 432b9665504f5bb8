//! The relay through which two devices reach each other. It carries what it cannot read, and admits only
//! the endpoint keys of sessions that are about to run, run, or try to resume.

use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use anyhow::{Context, Result};
use beckon_domain::PublicKey;
use iroh_relay::server::{
    Access, AccessControl, ClientRateLimit, ClientRequest, RelayConfig, Server, ServerConfig,
};

use crate::error::Answer;
use crate::store::{Core, introductions, requests, sessions};

/// For one endpoint: enough for a lively screen (8 MiB a second), too little to carry a crowd.
const BYTES_PER_SECOND: NonZeroU32 = NonZeroU32::new(8 * 1024 * 1024).unwrap();
const BURST_BYTES: NonZeroU32 = NonZeroU32::new(16 * 1024 * 1024).unwrap();

/// Plain HTTP, its own listener; no metrics, and nobody else is contacted.
pub async fn start(core: Arc<Core>, listen: SocketAddr) -> Result<Server> {
    let mut relay = RelayConfig::new(listen);
    let mut limit = ClientRateLimit::new(BYTES_PER_SECOND);
    limit.max_burst_bytes = Some(BURST_BYTES);
    relay.limits.client_rx = Some(limit);
    relay.access = Arc::new(Admission(core));
    let mut config = ServerConfig::default();
    config.relay = Some(relay);
    Server::spawn(config).await.with_context(|| format!("starting the relay at {listen}"))
}

struct Admission(Arc<Core>);

impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Admission")
    }
}

impl AccessControl for Admission {
    async fn on_connect(&self, request: &ClientRequest) -> Access {
        let endpoint = PublicKey::from_bytes(*request.endpoint_id().as_bytes());
        match is_admitted(&self.0, &endpoint).await {
            Ok(true) => Access::Allow,
            Ok(false) => {
                tracing::debug!(%endpoint, "the relay turned an endpoint away");
                Access::Deny { reason: None }
            }
            Err(failure) => {
                tracing::warn!(%endpoint, ?failure, "the relay could not look up an endpoint");
                Access::Deny { reason: None }
            }
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
