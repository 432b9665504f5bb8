//! This client at one service: its key there, how it speaks to it, what it last heard, and whether the
//! service can be reached.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use beckon_domain::text::{Name, harmless};
use beckon_domain::{DeviceId, SharedClock};
use beckon_session::ServiceNow;
use beckon_wire::account::AccountView;
use beckon_wire::changes::Changes;
use beckon_wire::directory::Directory;
use beckon_wire::service::ServiceInfo;
use beckon_wire::{ApiError, Code, paths};
use tokio::sync::{broadcast, mpsc, watch};

use crate::alerts::{AlertNews, Reading, Watch};
use crate::api::Api;
use crate::cache::{Applied, Cache, Cursor};
use crate::folders::Folders;
use crate::identity;
use crate::own_tiles::{OwnTiles, Recent};
use crate::settings::Settings;
use crate::view::{Reach, ServiceState, SessionState};

/// Of the log, for what somebody else can make long.
const WHY_MAX: usize = 200;

pub struct ServiceLink {
    pub api: Api,
    pub cache: Cache,
    pub(crate) clock: SharedClock,
    alerts: Watch,
    pub(crate) own_tiles: OwnTiles,
    settings: Arc<Settings>,
    reach: watch::Sender<Reach>,
    news: mpsc::Sender<Applied>,
    missed_news: AtomicBool,
    /// Woken to ask for changes at once, and to try again at once while offline.
    pub(crate) look_again: tokio::sync::Notify,
    /// One reader of changes at a time, so that the cursor only moves on.
    pulling: tokio::sync::Mutex<()>,
}

/// What every link of one client shares.
#[derive(Clone)]
pub struct Shared {
    pub folders: Folders,
    pub settings: Arc<Settings>,
    pub clock: SharedClock,
    pub use_keychain: bool,
    pub device_name: Option<Name>,
    pub alerts: broadcast::Sender<AlertNews>,
}

impl ServiceLink {
    pub fn open(origin: &str, shared: Shared, news: mpsc::Sender<Applied>) -> anyhow::Result<Arc<Self>> {
        let Shared { folders, settings, clock, use_keychain, device_name, alerts } = shared;
        let secret = identity::device_key(&folders, &settings, origin, use_keychain)?;
        let pinned = settings.service_key(origin);
        let api = Api::new(origin, secret, pinned, device_name, clock.clone());
        let cache = Cache::open(&folders.cache_of(origin));
        let own_tiles = OwnTiles::open(folders.tiles_of(origin))?;
        let (reach, _) = watch::channel(Reach::Connecting);
        Ok(Arc::new(Self {
            api,
            cache,
            clock,
            alerts: Watch::new(alerts),
            own_tiles,
            settings,
            reach,
            news,
            missed_news: AtomicBool::new(false),
            look_again: tokio::sync::Notify::new(),
            pulling: tokio::sync::Mutex::new(()),
        }))
    }

    pub fn origin(&self) -> &str {
        self.api.origin()
    }

    pub fn reach(&self) -> Reach {
        *self.reach.borrow()
    }

    /// What was last known of it, whether it can be reached or not.
    pub fn state(&self) -> ServiceState {
        ServiceState {
            origin: self.origin().to_owned(),
            organisation: self.info().map(|info| info.organisation),
            reach: self.reach(),
            device: self.device(),
            account: self.cache.account(),
            mail: self.cache.mail(),
            clock_ahead_s: self.api.clock_ahead().num_seconds(),
        }
    }

    pub fn device(&self) -> Option<DeviceId> {
        self.cache.device()
    }

    pub fn info(&self) -> Option<ServiceInfo> {
        self.cache.recall("service")
    }

    /// At a guest service a device only hosts: nobody is found there again.
    pub(crate) fn remember_session(&self, session: &SessionState) {
        let at_home = self.settings.home().as_deref() == Some(self.origin());
        let recent = Recent::of(session, self.api.service_now()).filter(|_| at_home);
        if let Some(recent) = recent {
            self.own_tiles.remember_session(recent);
        }
    }

    /// The service's time, as a session asks for it.
    pub fn service_now(self: &Arc<Self>) -> ServiceNow {
        let link = self.clone();
        Arc::new(move || link.api.service_now())
    }

    /// The first contact of a connection: who are you, and who am I to you.
    pub(crate) async fn greet(&self) -> Result<(), ApiError> {
        let info = self.api.meet().await?;
        if self.settings.service_key(self.origin()).is_none() {
            self.settings.pin_service_key(self.origin(), info.key).map_err(internal)?;
        }
        self.cache.remember("service", &info);
        self.api.token().await?;
        if let Some(token) = self.api.signed_in() {
            self.cache.remember("device", &token.device);
        }
        Ok(())
    }

    /// Asks for everything since the cursor. The same on start, after a sleep, after an act.
    pub async fn pull(&self) -> Result<(), ApiError> {
        let _turn = self.pulling.lock().await;
        self.ask_for_all().await
    }

    /// The same on a push, unless what it is about was heard meanwhile: an act and its push come at the same time.
    pub(crate) async fn catch_up(&self, pushed: u64) -> Result<(), ApiError> {
        let _turn = self.pulling.lock().await;
        if pushed <= self.cache.cursor().after {
            return Ok(());
        }
        self.ask_for_all().await
    }

    async fn ask_for_all(&self) -> Result<(), ApiError> {
        let mut reading = Reading::default();
        loop {
            let Cursor { epoch, after } = self.cache.cursor();
            let path = format!("{}?epoch={epoch}&after={after}", paths::CHANGES);
            let changes = self.ask_for_changes(&path).await?;
            let before = (self.cache.account(), self.cache.mail());
            self.alerts.look(&mut reading, &self.cache, &changes);
            let applied = self.cache.apply(&changes);
            let directory = self.follow_directory(changes.directory.as_deref()).await;
            let differs = directory || before != (changes.account.clone(), changes.mail);
            if !changes.changes.is_empty() || applied.started_over || differs {
                self.tell(applied);
            }
            // A cache that was made anew stands at the beginning; a service that does not move on is done.
            let stands = self.cache.cursor();
            let lost = stands.after < changes.cursor;
            let moved = stands.after > after || stands.epoch != epoch;
            if !(lost || changes.more && moved) {
                self.alerts.tell(reading, &self.cache);
                return Ok(());
            }
        }
    }

    /// The cache gets nothing that must not be shown.
    async fn ask_for_changes(&self, path: &str) -> Result<Changes, ApiError> {
        let answer: Changes<serde_json::Value> = self.api.get(path).await?;
        let changes = answer.readable(|error| {
            let why = harmless(&error.to_string(), WHY_MAX);
            tracing::warn!(origin = self.origin(), why, "a change that cannot be read is left out");
        });
        Ok(Changes { account: changes.account.map(AccountView::harmless), ..changes })
    }

    /// Whether another directory holds now. One that cannot be had is asked for again with the next changes.
    async fn follow_directory(&self, tag: Option<&str>) -> bool {
        if self.cache.directory_tag().as_deref() == tag {
            return false;
        }
        let directory = match tag {
            Some(_) => self.api.get(paths::DIRECTORY).await,
            None => Ok(Directory::default()),
        };
        match directory {
            Ok(directory) => self.cache.put_directory(tag, &directory),
            Err(error) => tracing::warn!(origin = self.origin(), %error, "there is no directory"),
        }
        true
    }

    pub(crate) fn set_reach(&self, reach: Reach) {
        let changed = self.reach.send_if_modified(|now| std::mem::replace(now, reach) != reach);
        if changed {
            self.tell(Applied::default());
        }
    }

    /// Whether news were dropped since the last call: then everything is read again.
    pub(crate) fn missed_news(&self) -> bool {
        self.missed_news.swap(false, Ordering::Relaxed)
    }

    /// Never waits: whoever listens may be asking this link for something.
    fn tell(&self, applied: Applied) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.news.try_send(applied) {
            self.missed_news.store(true, Ordering::Relaxed);
        }
    }
}

pub(crate) fn internal(error: anyhow::Error) -> ApiError {
    tracing::error!(error = format!("{error:#}"), "this client failed");
    ApiError::new(Code::Internal)
}
