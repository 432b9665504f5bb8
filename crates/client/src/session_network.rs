//! How sessions of this client reach the other side.

use std::sync::Arc;

use beckon_domain::{SecretKey, SignedGrant};
use beckon_session::{AddressDiscovery, Network, SessionConfig, Timing};
use beckon_wire::{ApiError, Code, service};
use data_encoding::BASE64URL_NOPAD;
use tokio_util::task::TaskTracker;

use crate::service_link::ServiceLink;
use crate::settings::Settings;

#[derive(Debug, Clone, Copy, Default)]
pub struct SessionNetwork {
    pub timing: Timing,
    /// Never learn or tell an address; everything goes through the service's relay.
    pub relay_only: bool,
}

impl SessionNetwork {
    /// What a session of either side needs: the service's relay and pinned key, this device's keys.
    pub fn session(
        self,
        link: &Arc<ServiceLink>,
        settings: &Settings,
        tasks: &TaskTracker,
        grant: SignedGrant,
        endpoint: SecretKey,
    ) -> Result<SessionConfig, ApiError> {
        let unknown = || ApiError::new(Code::Unreachable);
        let service = link.info().ok_or_else(unknown)?;
        let relay_only = self.relay_only || settings.preferences().relay_only;
        Ok(SessionConfig {
            clock: link.clock.clone(),
            service_now: link.service_now(),
            service_key: settings.service_key(link.origin()).ok_or_else(unknown)?,
            grant,
            device: link.api.secret().public(),
            endpoint,
            network: Network {
                relay: service.relay,
                address_discovery: service.address_discovery.and_then(readable),
                relay_only,
                port_mapping: !relay_only,
            },
            timing: self.timing,
            tasks: tasks.clone(),
        })
    }
}

/// Without a certificate nobody could be believed there.
fn readable(told: service::AddressDiscovery) -> Option<AddressDiscovery> {
    let certificate = BASE64URL_NOPAD.decode(told.certificate.as_bytes()).ok()?;
    Some(AddressDiscovery { port: told.port, certificate })
}
