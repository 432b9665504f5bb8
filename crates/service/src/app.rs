//! What every route can reach.

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use beckon_domain::{DeviceId, PublicKey, SharedClock};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::challenges::Challenges;
use crate::config::Config;
use crate::downloads::Downloads;
use crate::error::Answer;
use crate::identity::Address;
use crate::passwords::Passwords;
use crate::push::Sockets;
use crate::setup::Setup;
use crate::store::Core;
use crate::throttle::Budget;
use crate::words::Words;

pub type Shared = Arc<App>;

pub struct App {
    pub config: Config,
    pub core: Arc<Core>,
    pub sockets: Arc<Sockets>,
    /// Where people and clients reach the service, without a slash at its end.
    pub origin: String,
    pub relay_url: String,
    pub address_discovery: Option<beckon_wire::service::AddressDiscovery>,
    pub challenges: Challenges,
    pub passwords: Passwords,
    pub setup: Setup,
    pub budgets: Budgets,
    pub words: Words,
    pub downloads: Downloads,
    pub connections: Arc<Semaphore>,
    pub stopping: CancellationToken,
    /// Whoever must be waited for when the service stops.
    pub tasks: TaskTracker,
}

/// For everything that can be asked without proof of who one is.
pub struct Budgets {
    pub challenges: Budget<Address>,
    pub device_sign_ins: Budget<Address>,
    pub new_devices: Budget<Address>,
    pub sign_in_by_address: Budget<Address>,
    pub sign_in_by_account: Budget<String>,
    /// Wrong join codes and links, of one address and of all together.
    pub wrong_joins: Budget<Address>,
    pub all_wrong_joins: Budget<()>,
    /// What a device says of others: it costs them attention, or the service work.
    pub invitation_edits: Budget<DeviceId>,
    pub alias_choices: Budget<DeviceId>,
    pub lookups: Budget<DeviceId>,
    pub pages: Budget<Address>,
    pub downloads: Budget<Address>,
}

impl Budgets {
    pub fn new(clock: &SharedClock) -> Self {
        const MINUTE: Duration = Duration::from_secs(60);
        Self {
            challenges: Budget::new(clock.clone(), 240, MINUTE),
            device_sign_ins: Budget::new(clock.clone(), 240, MINUTE),
            new_devices: Budget::new(clock.clone(), 120, 60 * MINUTE),
            sign_in_by_address: Budget::new(clock.clone(), 20, 10 * MINUTE),
            sign_in_by_account: Budget::new(clock.clone(), 10, 10 * MINUTE),
            wrong_joins: Budget::new(clock.clone(), 10, 10 * MINUTE),
            all_wrong_joins: Budget::new(clock.clone(), 1_000, 10 * MINUTE),
            invitation_edits: Budget::new(clock.clone(), 60, MINUTE),
            alias_choices: Budget::new(clock.clone(), 30, 10 * MINUTE),
            lookups: Budget::new(clock.clone(), 60, MINUTE),
            pages: Budget::new(clock.clone(), 60, MINUTE),
            downloads: Budget::new(clock.clone(), 120, MINUTE),
        }
    }
}

impl Budgets {
    /// A join code or a link is tried: counted as a wrong one until it proves right.
    pub fn spend_join(&self, address: Address) -> Answer<()> {
        self.wrong_joins.spend(address)?;
        self.all_wrong_joins.spend(()).inspect_err(|_| self.wrong_joins.give_back(&address))
    }

    pub fn give_back_join(&self, address: &Address) {
        self.wrong_joins.give_back(address);
        self.all_wrong_joins.give_back(&());
    }
}

impl App {
    pub fn public_key(&self) -> PublicKey {
        self.core.keys.public()
    }

    /// Whether a browser that sent these headers sent them from one of our own pages.
    pub fn is_own_origin(&self, headers: &HeaderMap) -> bool {
        headers.get(ORIGIN).is_none_or(|origin| origin.as_bytes() == self.origin.as_bytes())
    }
}

/// An origin as browsers write it: scheme, host and, where it is not the default, port.
pub fn origin_of(url: &Url) -> String {
    url.origin().ascii_serialization()
}
