//! The server: who remembers, introduces and relays.
//!
//! ```text
//! route → identity → store::Unit { load, elapse } → domain decides → store::Unit { state, history, jobs, changes }
//!                                                                        │ commit
//!                              push ◄── which classes were stirred ◄─────┴─────► jobs: what is due next
//! ```
//!
//! Absent on purpose: anything that could read a session. The relay carries what it cannot decrypt.

#![forbid(unsafe_code)]

mod address_discovery;
pub mod admin;
mod app;
mod asker;
mod assigning;
pub mod backup;
mod challenges;
pub mod config;
mod directory;
mod downloads;
pub mod error;
mod identity;
mod jobs;
pub mod mail;
mod moments;
mod pages;
mod passwords;
mod push;
#[cfg(test)]
mod questions;
mod relay;
mod routes;
mod seal;
mod server;
mod setup;
mod store;
mod throttle;
mod view;
mod words;

use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use beckon_domain::SharedClock;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use address_discovery::AddressDiscovery;
use app::{App, Budgets, Shared, origin_of};
pub use config::Config;
use config::local_url;
use downloads::Downloads;
use relay::Relay;
pub use relay::RelayUse;
use seal::Keys;
use store::{Core, Store, accounts, changes, settings};

const STOP_WITHIN: Duration = Duration::from_secs(10);

pub struct Service;

/// A service that runs until it is shut down, or dropped.
pub struct Running {
    /// Where people and clients reach it: `http://127.0.0.1:7400`.
    pub origin: String,
    pub address: SocketAddr,
    /// Where sessions are relayed, as clients are told.
    pub relay_url: String,
    pub relay_address: SocketAddr,
    /// While there is no owner.
    pub setup_link: Option<String>,
    app: Shared,
    relay: Option<Relay>,
    address_discovery: Option<AddressDiscovery>,
    server: JoinHandle<Result<()>>,
    _stops_when_dropped: DropGuard,
    /// One service per data folder.
    _lock: File,
}

impl Service {
    pub async fn start(config: Config, clock: SharedClock) -> Result<Running> {
        prepare_folder(&config.data)?;
        let lock = lock(&config.data)?;
        let sockets = push::sockets();
        let store = Store::open(&config.data).await?;
        let core = Core::new(store, Keys::open(&config.data)?, clock, Some(sockets.clone()));
        let core = Arc::new(core);
        let listener = listen(config.listen).await?;
        let address = listener.local_addr()?;
        let relay = Relay::start(core.clone(), config.relay_listen).await?;
        let relay_address = relay.address;

        let stopping = CancellationToken::new();
        let origin = told(config.public_url.as_ref(), address);
        let relay_url = told(config.relay_url.as_ref(), relay_address);
        let address_discovery = AddressDiscovery::start(&config, relay_address, &relay_url).await?;
        begin_anew(&core, &origin).await?;
        let ways = Ways {
            origin,
            relay_url,
            address_discovery: address_discovery.as_ref().map(|discovery| discovery.told.clone()),
        };
        let app = app(config, core, sockets, ways, stopping.clone())?;
        let server = spawn(&app, listener).await?;
        Ok(Running {
            origin: app.origin.clone(),
            address,
            relay_url: app.relay_url.clone(),
            relay_address,
            setup_link: setup_link(&app).await?,
            relay: Some(relay),
            address_discovery,
            server,
            app,
            _stops_when_dropped: stopping.drop_guard(),
            _lock: lock,
        })
    }
}

/// Under which addresses clients reach what.
struct Ways {
    origin: String,
    relay_url: String,
    address_discovery: Option<beckon_wire::service::AddressDiscovery>,
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))
}

fn told(public: Option<&url::Url>, address: SocketAddr) -> String {
    public.map_or_else(|| local_url(address), origin_of)
}

/// Nobody is there yet; and the command line, which prints links, learns where they lead.
async fn begin_anew(core: &Core, origin: &str) -> Result<()> {
    push::all_gone(core).await?;
    let mut unit = core.begin().await?;
    settings::set_origin(unit.db(), origin).await?;
    Ok(unit.commit().await?)
}

fn app(
    config: Config,
    core: Arc<Core>,
    sockets: Arc<push::Sockets>,
    Ways { origin, relay_url, address_discovery }: Ways,
    stopping: CancellationToken,
) -> Result<Shared> {
    let clock = core.clock.clone();
    Ok(Arc::new(App {
        challenges: challenges::Challenges::new(clock.clone()),
        passwords: passwords::Passwords::new()?,
        budgets: Budgets::new(&clock),
        words: words::Words::load()?,
        downloads: downloads_of(&config),
        setup: setup::Setup::draw(),
        connections: Arc::new(Semaphore::new(server::CONNECTIONS_MAX)),
        tasks: TaskTracker::new(),
        stopping,
        origin,
        relay_url,
        address_discovery,
        sockets,
        core,
        config,
    }))
}

fn downloads_of(config: &Config) -> Downloads {
    let folder = config.downloads.clone().unwrap_or_else(|| config.data.join("downloads"));
    Downloads::in_folder(folder)
}

async fn spawn(app: &Shared, listener: TcpListener) -> Result<JoinHandle<Result<()>>> {
    let mut watch = app.core.store.watch().await?;
    let seen = changes::latest(watch.connection()).await?;
    app.tasks.spawn(push::run(app.clone(), watch, seen));
    app.tasks.spawn(jobs::run(app.clone()));
    app.tasks.spawn(mail::run(app.clone()));
    Ok(app.tasks.spawn(server::run(app.clone(), listener)))
}

async fn setup_link(app: &App) -> Result<Option<String>> {
    let owned = accounts::owner_exists(&mut *app.core.store.read().await?).await?;
    Ok((!owned).then(|| format!("{}/setup/{}", app.origin, app.setup.token())))
}

impl Running {
    /// As if the relay's machine were unplugged; the service goes on.
    pub async fn stop_relay(&mut self) -> Result<()> {
        match self.relay.take() {
            Some(relay) => relay.shutdown().await,
            None => Ok(()),
        }
    }

    /// Again at the same address.
    pub async fn start_relay(&mut self) -> Result<()> {
        if self.relay.is_none() {
            self.relay = Some(Relay::start(self.app.core.clone(), self.relay_address).await?);
        }
        Ok(())
    }

    /// `None` while it is stopped.
    pub fn relay_use(&self) -> Option<RelayUse> {
        self.relay.as_ref().map(Relay::used)
    }

    /// Completes when the service has stopped by itself, which it should not.
    pub async fn failed(&mut self) -> Result<()> {
        (&mut self.server).await.context("the server broke")?
    }

    /// Drains what runs, closes every socket and the store.
    pub async fn shutdown(mut self) -> Result<()> {
        self.app.stopping.cancel();
        self.app.tasks.close();
        if tokio::time::timeout(STOP_WITHIN, self.app.tasks.wait()).await.is_err() {
            tracing::warn!("something would not stop in time");
        }
        self.stop_relay().await?;
        if let Some(discovery) = self.address_discovery {
            discovery.shutdown().await?;
        }
        self.app.core.store.mark().await;
        self.app.core.store.close().await;
        Ok(())
    }
}

/// Opens the data folder for one command, beside a service that may be running on it.
pub async fn open_core(data: &Path, clock: SharedClock) -> Result<Core> {
    prepare_folder(data)?;
    Ok(Core::new(Store::open(data).await?, Keys::open(data)?, clock, None))
}

fn prepare_folder(data: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data).with_context(|| format!("making the data folder {}", data.display()))
}

fn lock(data: &Path) -> Result<File> {
    let file = File::create(data.join("serve.lock")).context("making the lock of the data folder")?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => bail!("another service is running on {}", data.display()),
    }
}
