//! This device as viewer: from an agent's *Connect* to the end of the session.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use beckon_domain::session_request::StatusName;
use beckon_domain::statement::Side;
use beckon_domain::text::{Comments, Name};
use beckon_domain::{
    DeviceId, PermissionSet, PublicKey, RequestId, SecretKey, SessionId, SessionPurpose, SignedGrant,
    Statement,
};
use beckon_session::{LiveSession, SessionEvent, SessionEvents};
use beckon_wire::request::{AgentAct, RequestView, SessionPhase};
use beckon_wire::{ApiError, Code, paths};
use chrono::{DateTime, Utc};
use tokio_util::task::TaskTracker;
use uuid::{NoContext, Timestamp, Uuid};

use crate::own_screen::usable_as_viewer;
use crate::service_link::ServiceLink;
use crate::session_monitors::{self, MonitorsState};
use crate::session_network::SessionNetwork;
use crate::session_screen;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::view::{AsksState, Ending, KeyMemory, Occasion, Phase, SessionSide, SessionState};

pub struct Viewing {
    link: Arc<ServiceLink>,
    sessions: Arc<Sessions>,
    settings: Arc<Settings>,
    tasks: TaskTracker,
    network: SessionNetwork,
    attempts: Mutex<BTreeMap<SessionId, Attempt>>,
}

/// *Connect* was pressed, and the session is not over.
#[derive(Clone)]
struct Attempt {
    request: RequestId,
    endpoint: SecretKey,
    pressed_at: DateTime<Utc>,
    /// The cache is as new as the answer to *Connect*: what it does not show is over.
    known_to_cache: bool,
    started: bool,
    /// The agent chose *End and close*: the service was told already.
    closing: bool,
}

impl Viewing {
    pub fn new(
        link: Arc<ServiceLink>,
        sessions: Arc<Sessions>,
        settings: Arc<Settings>,
        tasks: TaskTracker,
        network: SessionNetwork,
    ) -> Arc<Self> {
        Arc::new(Self { link, sessions, settings, tasks, network, attempts: Mutex::default() })
    }

    /// Connects where the host has allowed it, asks where it has not.
    pub async fn connect(self: &Arc<Self>, request: RequestId) -> Result<SessionId, ApiError> {
        self.sessions.refuse_while(SessionSide::Host)?;
        let view = self.link.cache.request(request).ok_or_else(|| ApiError::new(Code::NotFound))?;
        let asks = view.status == StatusName::Waiting;
        let pressed_at = self.link.api.service_now();
        let session = SessionId(new_id(self.link.clock.now()));
        let endpoint = SecretKey::generate();
        let purpose = SessionPurpose::Request { request, link: view.link };
        let statement = Statement { session, purpose, side: Side::Viewer, endpoint: endpoint.public() };
        let signed = statement.sign(self.link.api.secret());
        let act = if asks { AgentAct::Ask(signed) } else { AgentAct::Connect(signed) };

        let phase = if asks { Phase::Asking } else { Phase::Connecting };
        let attempt =
            Attempt { request, endpoint, pressed_at, known_to_cache: false, started: false, closing: false };
        self.lock().insert(session, attempt);
        self.sessions.add(self.first_state(session, &view, phase), &self.link);
        if let Err(error) = self.act(request, &act).await {
            self.lock().remove(&session);
            self.sessions.forget(session);
            return Err(error);
        }
        self.change(session, |attempt| attempt.known_to_cache = true);
        self.look().await;
        Ok(session)
    }

    /// The agent takes the question back.
    pub async fn cancel_ask(&self, session: SessionId) -> Result<(), ApiError> {
        let Some(attempt) = self.attempt(session) else { return Ok(()) };
        self.sessions.end(session, Ending::ByViewer);
        self.lock().remove(&session);
        self.act(attempt.request, &AgentAct::CancelAsk).await
    }

    /// The agent leaves; the request stays Ready.
    pub async fn end(&self, session: SessionId) -> Result<(), ApiError> {
        match (self.sessions.live(session), self.attempt(session)) {
            (Some(live), _) => {
                live.end().await;
                Ok(())
            }
            (None, Some(attempt)) if !attempt.started => self.cancel_ask(session).await.or_else(|error| {
                // A reservation ends by itself; there is nothing to take back.
                if error.code == Code::NotInThisStatus { Ok(()) } else { Err(error) }
            }),
            _ => Ok(()),
        }
    }

    pub async fn end_and_close(&self, session: SessionId, comment: Option<Comments>) -> Result<(), ApiError> {
        let attempt = self.attempt(session).ok_or_else(|| ApiError::new(Code::OtherSession))?;
        // The service first: once the session is over there is nothing to end and close.
        self.change(session, |attempt| attempt.closing = true);
        let told = self.act(attempt.request, &AgentAct::EndAndClose { comment }).await;
        if told.is_err() {
            self.change(session, |attempt| attempt.closing = false);
        } else if let Some(live) = self.sessions.live(session) {
            live.end().await;
        }
        told
    }

    /// The cache has changed: was something granted, declined, closed?
    pub async fn look(self: &Arc<Self>) {
        let attempts = self.lock().clone();
        for (session, attempt) in attempts {
            let Some(view) = self.link.cache.request(attempt.request) else {
                self.give_up(session, Ending::RequestClosed).await;
                continue;
            };
            if matches!(view.status, StatusName::Closed | StatusName::Expired) && !attempt.closing {
                let running = self.sessions.live(session).is_some();
                // Expiry never cuts a running session.
                if view.status == StatusName::Closed || !running {
                    self.give_up(session, Ending::RequestClosed).await;
                }
            } else if attempt.known_to_cache && !attempt.started {
                self.look_at(session, &attempt, &view).await;
            } else if self.ended_while_lost(session, &view) {
                self.give_up(session, Ending::ByHost).await;
            }
        }
    }

    /// The connection is lost, and the host, who is there, has ended the session at the service.
    fn ended_while_lost(&self, session: SessionId, view: &RequestView) -> bool {
        let lost =
            self.sessions.state(session).is_some_and(|state| matches!(state.phase, Phase::Lost { .. }));
        let there = view.host.as_ref().is_some_and(|host| host.present);
        lost && there && view.status == StatusName::Waiting && view.session.is_none()
    }

    async fn look_at(self: &Arc<Self>, session: SessionId, attempt: &Attempt, view: &RequestView) {
        let offered = view.session.as_ref().filter(|offered| offered.id == session);
        let asked = view.ask.as_ref().is_some_and(|ask| ask.session == session);
        match offered.map(|offered| offered.phase) {
            Some(SessionPhase::Reserved) => self.sessions.set_phase(session, Phase::Connecting),
            Some(SessionPhase::Granted | SessionPhase::Running | SessionPhase::Lost) => {
                let first = self.change(session, |attempt| !std::mem::replace(&mut attempt.started, true));
                if first == Some(true) {
                    self.sessions.set_phase(session, Phase::Connecting);
                    self.start(session, attempt.clone());
                }
            }
            None if asked => {}
            None => {
                let declined = view.declined_at.is_some_and(|at| at >= attempt.pressed_at);
                let why = if declined { Ending::Declined } else { Ending::NotAnswered };
                self.give_up(session, why).await;
            }
        }
    }

    fn start(self: &Arc<Self>, session: SessionId, attempt: Attempt) {
        let viewing = self.clone();
        self.tasks.spawn(async move {
            if let Err(error) = viewing.run(session, &attempt).await {
                tracing::warn!(%error, session = %session.0, "the session did not come about");
                viewing.sessions.end(session, Ending::CouldNotConnect);
            }
            viewing.lock().remove(&session);
        });
    }

    async fn run(&self, session: SessionId, attempt: &Attempt) -> Result<(), ApiError> {
        let left = self.attend(session, attempt.endpoint.clone(), None).await?;
        if left && !self.is_closing(session) {
            // The host reports it too; whoever is first is heard.
            let _ = self.act(attempt.request, &AgentAct::Disconnect).await;
        }
        Ok(())
    }

    /// From the grant to the session's end: whether it was this viewer who left. Where the host is known, it must be
    /// the one of the grant.
    pub async fn attend(
        &self,
        session: SessionId,
        endpoint: SecretKey,
        expected: Option<(DeviceId, PublicKey)>,
    ) -> Result<bool, ApiError> {
        let grant: SignedGrant = self.link.api.get(&paths::with_id(paths::SESSION_GRANT, session.0)).await?;
        let config = self.network.session(&self.link, &self.settings, &self.tasks, grant, endpoint)?;
        let (live, events) = LiveSession::viewer(config).map_err(|refusal| {
            tracing::error!(%refusal, session = %session.0, "the service's grant is not what was asked for");
            ApiError::new(Code::CouldNotConnect)
        })?;
        let host = live.grant().host.clone();
        if expected.is_some_and(|host_seen| host_seen != (host.device, host.signed.device)) {
            tracing::error!(session = %session.0, "the service signed for another host than it named");
            return Err(ApiError::new(Code::CouldNotConnect));
        }
        let memory = self.settings.recall(self.link.origin(), host.device, host.signed.device);
        self.sessions.set_key_memory(session, memory);
        let live = Arc::new(live);
        self.sessions.attach(session, live.clone());
        session_screen::follow(&self.sessions, session, live.screen_state());
        session_monitors::follow(&self.sessions, live);
        let met = self.follow(session, events).await;
        if met && let Err(error) = self.settings.remember(self.link.origin(), host.device, host.signed.device)
        {
            tracing::warn!("the host's key is not remembered: {error:#}");
        }
        let left = Phase::Ended { why: Ending::ByViewer };
        Ok(self.sessions.state(session).is_some_and(|state| state.phase == left))
    }

    /// Until the session's end. Whether the two ever met.
    async fn follow(&self, session: SessionId, mut events: SessionEvents) -> bool {
        let mut met = false;
        while let Some(event) = events.recv().await {
            // Whoever is first to hang up, the agent's *End and close* is what ended it.
            if matches!(event, SessionEvent::Ended(_)) && self.is_closing(session) {
                self.sessions.end(session, Ending::RequestClosed);
            }
            self.sessions.follow(session, &event);
            met |= matches!(event, SessionEvent::Connected { .. });
            if matches!(event, SessionEvent::Ended(_)) {
                break;
            }
        }
        met
    }

    async fn give_up(&self, session: SessionId, why: Ending) {
        let live = self.sessions.live(session);
        self.sessions.end(session, why);
        self.lock().remove(&session);
        if let Some(live) = live {
            live.end().await;
        }
    }

    async fn act(&self, request: RequestId, act: &AgentAct) -> Result<(), ApiError> {
        self.link.act_on_request(request, act).await
    }

    fn first_state(&self, id: SessionId, view: &RequestView, phase: Phase) -> SessionState {
        let host = view.host.as_ref();
        SessionState {
            id,
            occasion: Occasion::Request(view.id),
            side: SessionSide::Viewer,
            peer: view.recipient.to_string(),
            peer_device: host.map(|host| host.device),
            organisation: self.link.info().map(|info| info.organisation).unwrap_or_else(nameless),
            phase,
            words: None,
            path: None,
            met_before: KeyMemory::FirstTime,
            permissions: PermissionSet::NONE,
            available: usable_as_viewer(),
            asks: AsksState::default(),
            monitors: MonitorsState::default(),
            screen_hidden: false,
            chat: Vec::new(),
            since: None,
        }
    }

    fn is_closing(&self, session: SessionId) -> bool {
        self.attempt(session).is_some_and(|attempt| attempt.closing)
    }

    fn attempt(&self, session: SessionId) -> Option<Attempt> {
        self.lock().get(&session).cloned()
    }

    fn change<T>(&self, session: SessionId, change: impl FnOnce(&mut Attempt) -> T) -> Option<T> {
        self.lock().get_mut(&session).map(change)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SessionId, Attempt>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A UUIDv7 by the clock that was handed in.
pub fn new_id(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
}

#[expect(clippy::expect_used, reason = "a constant that the tests of `Name` would refuse")]
pub fn nameless() -> Name {
    "–".parse().expect("a dash is a name")
}
