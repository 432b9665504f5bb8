//! The whole client: one profile, its home service, and the guest services it joined requests at.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context;
use beckon_domain::text::Name;
use beckon_domain::{Language, RequestId, SecretKey, SessionId, SharedClock};
use beckon_session::clipboard::Clipboard;
use beckon_session::input::MainThread;
use beckon_wire::account::SignIn;
use beckon_wire::{ApiError, Code};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::address::parse_origin;
use crate::alerts;
use crate::api::Api;
use crate::beside::Beside;
use crate::cache::Cache;
use crate::custom::CustomClient;
use crate::discovery::LocalNetwork;
use crate::folders::Folders;
use crate::hints::Hints;
use crate::hosting::is_live;
use crate::links::Links;
use crate::own_screen::OwnScreen;
use crate::place::Place;
use crate::profile_lock;
use crate::profiles::OwnProfiles;
use crate::service_link::{Shared, internal};
use crate::session_network::SessionNetwork;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::view::{AppState, Hint, Reach, SessionSide, SessionState};

/// A service that does not answer holds nobody up who wants to quit.
const QUIT_WITHIN: Duration = Duration::from_secs(5);

pub struct ClientConfig {
    pub profile: String,
    /// Keep everything under this folder instead of the system's places.
    pub folder: Option<PathBuf>,
    /// The home service of a profile that has none yet.
    pub home: Option<String>,
    /// Good once: signs in at the home service if nobody is signed in.
    pub sign_in_code: Option<String>,
    /// The program is a custom client.
    pub custom: Option<CustomClient>,
    /// It can be helped, and nothing else: no account, no home service, no viewer.
    pub only_host: bool,
    pub device_name: Option<Name>,
    pub network: SessionNetwork,
    /// None: as is usual where this profile is kept, see [`LocalNetwork`].
    pub local_network: Option<LocalNetwork>,
    /// Where the system takes input from one thread only.
    pub main_thread: Option<MainThread>,
    /// What sessions share; none: the system's.
    pub clipboard: Option<Clipboard>,
    /// What the windows speak if the person has not chosen.
    pub system_language: Language,
    pub clock: SharedClock,
}

impl ClientConfig {
    pub fn new(clock: SharedClock) -> Self {
        Self {
            profile: "default".to_owned(),
            folder: None,
            home: None,
            sign_in_code: None,
            custom: None,
            only_host: false,
            device_name: None,
            network: SessionNetwork::default(),
            local_network: None,
            main_thread: None,
            clipboard: None,
            system_language: Language::default(),
            clock,
        }
    }
}

/// Cheap to clone; all clones are one client.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) profile: String,
    pub(crate) system_language: Language,
    pub(crate) shared: Shared,
    pub(crate) network: SessionNetwork,
    pub(crate) local_network: LocalNetwork,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) hints: Hints,
    pub(crate) links: Links,
    pub(crate) custom: Option<CustomClient>,
    pub(crate) own_profiles: OwnProfiles,
    only_host: bool,
    places: Mutex<BTreeMap<String, Arc<Place>>>,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Held as long as the program runs: one for each profile.
    _lock: File,
}

impl Client {
    /// Opens the profile and begins to sync. It does not wait for any service.
    ///
    /// Must be called within a tokio runtime: its tasks run there.
    pub fn open(config: ClientConfig) -> anyhow::Result<Self> {
        let custom = config.custom.as_ref();
        let own_folder = custom.map_or(config.profile.clone(), |custom| custom.folder_of(&config.profile));
        let folders = match &config.folder {
            Some(folder) => Folders::under(folder, &own_folder),
            None => Folders::of_profile(&own_folder)?,
        };
        let lock = profile_lock::take(&folders, &config.profile)?;
        let locked = custom.map(|custom| custom.locked).unwrap_or_default();
        let settings = Arc::new(Settings::open_locked(&folders, locked)?);
        if let Some(home) = custom.and_then(|custom| custom.home.as_ref()).map(ToString::to_string)
            && !config.only_host
            && settings.home().as_ref() != Some(&home)
        {
            settings.set_home(&home)?;
        }
        if let (None, Some(home), false) = (settings.home(), &config.home, config.only_host) {
            let origin = parse_origin(home).with_context(|| format!("{home} is not a service's address"))?;
            settings.set_home(&origin)?;
        }
        let own_profiles = OwnProfiles::open(folders.own_profiles())?;
        let hints = Hints::new();
        let shared = Shared {
            alerts: alerts::channel(),
            use_keychain: config.folder.is_none(),
            device_name: config.device_name,
            clock: config.clock.clone(),
            folders,
            settings: settings.clone(),
        };
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let inner = Arc::new(Inner {
            profile: config.profile,
            system_language: config.system_language,
            shared,
            network: config.network,
            // What keeps everything in one folder is a portable copy.
            local_network: config.local_network.unwrap_or(LocalNetwork::of(config.folder.is_none())),
            sessions: Arc::new(Sessions::new(
                config.clock,
                hints.clone(),
                OwnScreen::new(config.main_thread, config.clipboard),
                Beside::new(tasks.clone(), stop.clone(), hints.clone(), &settings),
            )),
            hints,
            links: Links::default(),
            custom: config.custom,
            own_profiles,
            only_host: config.only_host,
            places: Mutex::default(),
            tasks,
            stop,
            _lock: lock,
        });
        inner.sessions.find_out();
        let client = Self { inner };
        if let Some(home) = settings.home() {
            let place = client.open_place(&home)?;
            place.sign_in_with(config.sign_in_code);
        }
        for guest in guests_joined(&client.inner.shared) {
            client.open_place(&guest)?;
        }
        Ok(client)
    }

    /// What the window shows of the client as a whole.
    pub fn state(&self) -> AppState {
        let joined = self.places().iter().find_map(|place| place.hosting.state());
        AppState {
            profile: self.inner.profile.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            home: self.home().map(|place| place.link.state()),
            joined,
            sessions: self.inner.sessions.running().iter().map(|session| session.id).collect(),
            preferences: self.preferences(),
            language: self.language(),
            custom: self.inner.custom.as_ref().map(CustomClient::state),
        }
    }

    pub fn hints(&self) -> broadcast::Receiver<Hint> {
        self.inner.hints.subscribe()
    }

    /// The home service, after it answered at that address.
    pub async fn choose_service(&self, typed: &str) -> Result<(), ApiError> {
        self.refuse_if_only_host()?;
        let origin = parse_origin(typed).ok_or_else(|| ApiError::new(Code::NotAnAddress))?;
        if self.inner.shared.settings.home().is_some() {
            return Err(ApiError::new(Code::BadRequest));
        }
        // A stranger's question: nothing is kept of an address where no service answers.
        let stranger = Api::new(&origin, SecretKey::generate(), None, None, self.inner.shared.clock.clone());
        stranger.meet().await?;
        self.inner.shared.settings.set_home(&origin).map_err(internal)?;
        self.open_place(&origin).map_err(internal)?;
        self.inner.hints.state();
        Ok(())
    }

    /// Somebody looks at the window: whatever could not be reached is tried again at once.
    pub fn look_again(&self) {
        for place in self.places().iter().filter(|place| place.link.reach() != Reach::Online) {
            place.link.look_again.notify_one();
        }
    }

    pub async fn sign_in(&self, email: String, password: String) -> Result<(), ApiError> {
        self.refuse_if_only_host()?;
        if self.inner.custom.as_ref().is_some_and(|custom| !custom.features.session_requests) {
            return Err(ApiError::new(Code::Forbidden));
        }
        let place = self.home().ok_or_else(|| ApiError::new(Code::NoService))?;
        place.sign_in(&SignIn::Password { email, password }).await
    }

    pub async fn sign_out(&self) -> Result<(), ApiError> {
        self.home().ok_or_else(|| ApiError::new(Code::NoService))?.sign_out().await
    }

    /// The person closed the accept window: whatever it asked, the answer is not yes.
    pub async fn accept_window_closed(&self) {
        for place in self.places() {
            let Some(joined) = place.hosting.state() else { continue };
            if let Err(error) = place.hosting.leave(joined.request).await {
                tracing::info!(%error, "the service was not told that this device left");
            }
        }
    }

    pub async fn session_window_closed(&self, session: SessionId) {
        if let Err(error) = self.end_session(session).await {
            tracing::info!(%error, "the session was not ended properly");
        }
        if self.session_state(session).is_some_and(|state| state.side == SessionSide::Viewer) {
            self.inner.sessions.forget(session);
        }
    }

    /// Ends what runs, tells whoever can be reached, and returns within [`QUIT_WITHIN`].
    pub async fn shut_down(&self) {
        let quitting = async {
            for place in self.places() {
                place.hosting.quit().await;
                place.introductions.quit().await;
            }
            for live in self.inner.sessions.take_live() {
                live.end().await;
            }
            self.inner.stop.cancel();
            self.inner.tasks.close();
            self.inner.tasks.wait().await;
        };
        tokio::select! {
            () = quitting => {}
            () = self.inner.shared.clock.sleep(QUIT_WITHIN) => {
                tracing::info!("quitting without having told everybody");
            }
        }
    }

    /// Also where a page asks that has nothing to ask for it.
    pub(crate) fn refuse_if_only_host(&self) -> Result<(), ApiError> {
        if self.inner.only_host { Err(ApiError::new(Code::Forbidden)) } else { Ok(()) }
    }

    pub(crate) fn home(&self) -> Option<Arc<Place>> {
        let home = self.inner.shared.settings.home()?;
        self.lock().get(&home).cloned()
    }

    pub(crate) fn places(&self) -> Vec<Arc<Place>> {
        self.lock().values().cloned().collect()
    }

    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.inner.tasks
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// The place where this request was joined.
    pub(crate) fn place_of_joined(&self, request: RequestId) -> Result<Arc<Place>, ApiError> {
        let joined = |place: &Arc<Place>| place.hosting.state().is_some_and(|state| state.request == request);
        self.places().into_iter().find(joined).ok_or_else(|| ApiError::new(Code::NotTheHost))
    }

    pub(crate) fn session(&self, id: SessionId) -> Option<SessionState> {
        self.inner.sessions.state(id)
    }

    /// Opens this client's place at a service and keeps it in sync; the same one when it is open already.
    pub(crate) fn open_place(&self, origin: &str) -> anyhow::Result<Arc<Place>> {
        if let Some(place) = self.lock().get(origin) {
            return Ok(place.clone());
        }
        let place = Place::open(origin, &self.inner, self.inner.tasks.clone())?;
        self.lock().insert(origin.to_owned(), place.clone());
        for task in place.tasks() {
            self.run(task);
        }
        Ok(place)
    }

    /// Runs until it is done or the client shuts down.
    pub(crate) fn run(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.inner.stop.clone();
        self.inner.tasks.spawn(async move {
            tokio::select! {
                () = task => {}
                () = stop.cancelled() => {}
            }
        });
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Place>>> {
        self.inner.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Other guest services are not spoken to until the person joins a request there again.
fn guests_joined(shared: &Shared) -> Vec<String> {
    let home = shared.settings.home();
    let joined = |origin: &String| {
        let cached = Cache::open(&shared.folders.cache_of(origin)).joined();
        home.as_ref() != Some(origin) && cached.iter().any(|view| is_live(view.status))
    };
    shared.settings.services().into_iter().filter(joined).collect()
}
