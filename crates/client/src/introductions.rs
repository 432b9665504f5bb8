//! Invitations and calls at the home service, by whichever side of them this device is, and the sessions that come
//! of them.
//!
//! Consent is given where the person presses *Invite* or *Allow access*, and kept by this host alone. What the
//! service shows as accepted without it, as after a restart, is ended.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_domain::introduction::Ending as EndedThere;
use beckon_domain::statement::Side;
use beckon_domain::{
    Consent, Cover, InvitationId, PermissionSet, SecretKey, SessionId, SessionPurpose, SignedStatement,
    Statement,
};
use beckon_session::Consents;
use beckon_wire::introduction::{IntroductionPhase, IntroductionView, Peer};
use beckon_wire::session::HostReport;
use beckon_wire::{ApiError, Code};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio_util::task::TaskTracker;

use crate::hosting::{Hosted, Hosting};
use crate::own_screen::usable_as_viewer;
use crate::placing::Placing;
use crate::service_link::ServiceLink;
use crate::session_monitors::MonitorsState;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::view::{
    AsksState, Ending, IntroductionsState, KeyMemory, Occasion, Phase, SessionSide, SessionState,
};
use crate::viewing::{Viewing, nameless, new_id};

pub struct Introductions {
    pub(crate) link: Arc<ServiceLink>,
    pub(crate) sessions: Arc<Sessions>,
    settings: Arc<Settings>,
    hosting: Arc<Hosting>,
    viewing: Arc<Viewing>,
    tasks: TaskTracker,
    /// One act of the person after another.
    pub(crate) turn: tokio::sync::Mutex<()>,
    pub(crate) placing: Placing,
    now: Mutex<Now>,
}

#[derive(Default)]
pub(crate) struct Now {
    /// What this process sent and is not decided.
    pub sent: BTreeMap<InvitationId, Sent>,
    /// *Connect* was pressed, or a call was placed, and no session has begun.
    pub attempts: BTreeMap<Occasion, Attempt>,
    /// What this process has taken part in, until it is over.
    begun: BTreeSet<SessionId>,
}

#[derive(Clone, Copy)]
pub(crate) struct Sent {
    /// By the monotonic clock. Every revision is consented to as of this moment.
    pub at: Duration,
    pub cover: Cover,
}

#[derive(Clone)]
pub(crate) struct Attempt {
    pub session: SessionId,
    endpoint: SecretKey,
    shown: bool,
}

/// An accepted invitation or call.
pub(crate) struct Introduced<'a> {
    pub occasion: Occasion,
    pub purpose: SessionPurpose,
    pub peer: &'a Peer,
    pub session: &'a IntroductionView,
}

impl Introductions {
    pub fn new(
        link: Arc<ServiceLink>,
        sessions: Arc<Sessions>,
        settings: Arc<Settings>,
        hosting: Arc<Hosting>,
        viewing: Arc<Viewing>,
        tasks: TaskTracker,
    ) -> Arc<Self> {
        let (turn, placing, now) = (tokio::sync::Mutex::default(), Placing::default(), Mutex::default());
        Arc::new(Self { link, sessions, settings, hosting, viewing, tasks, turn, placing, now })
    }

    pub fn state(&self) -> IntroductionsState {
        // Before the calls: what the service takes meanwhile is among them.
        let placing = self.placing.state();
        let calls = self.call_states(!self.settings.preferences().do_not_disturb);
        IntroductionsState {
            invitations: self.invitation_states(),
            placing: placing.filter(|placing| calls.iter().all(|call| call.view.id != placing.id)),
            calls,
            available: self.may_be_given(self.sessions.own_screen.available()),
        }
    }

    /// The cache has changed: what was accepted, what is over, what has this process forgotten?
    pub async fn look(self: &Arc<Self>) {
        for view in self.link.cache.invitations() {
            self.look_at_invitation(&view).await;
        }
        for view in self.link.cache.calls() {
            self.look_at_call(&view).await;
        }
    }

    /// The program quits: nobody can accept any more.
    pub async fn quit(&self) {
        self.take_back_invitations().await;
        self.take_back_calls().await;
    }

    pub(crate) async fn look_at_session(self: &Arc<Self>, introduced: Introduced<'_>) {
        let Introduced { purpose, session, .. } = introduced;
        let begun = self.lock().begun.contains(&session.id);
        match (session.side, session.phase) {
            (_, IntroductionPhase::Ended) => self.is_over(&introduced),
            (_, _) if begun => {}
            (Side::Host, IntroductionPhase::Reserved) if self.consents().get(&purpose).is_some() => {
                self.host(&introduced);
            }
            (Side::Viewer, phase) if self.show_attempt(&introduced) => {
                if phase != IntroductionPhase::Reserved {
                    self.view(&introduced);
                }
            }
            // This process was restarted, or the answer to what its person pressed got lost.
            (Side::Host, _) => self.report(session.id, HostReport::HostEnded).await,
            (Side::Viewer, _) => self.report(session.id, HostReport::ViewerLeft).await,
        }
    }

    fn host(&self, introduced: &Introduced<'_>) {
        let &Introduced { occasion, purpose, peer, session } = introduced;
        if !self.lock().begun.insert(session.id) {
            return;
        }
        self.consents().accepted(&purpose);
        self.hosting.host(Hosted {
            id: session.id,
            occasion,
            purpose,
            device: peer.device,
            key: peer.key,
            agent: None,
            peer: shown(peer),
            organisation: self.link.info().map_or_else(nameless, |info| info.organisation),
        });
    }

    /// Whether this process asked for that session. From here on it has a window.
    fn show_attempt(&self, introduced: &Introduced<'_>) -> bool {
        let first = {
            let mut now = self.lock();
            let attempt = now.attempts.get_mut(&introduced.occasion);
            let Some(attempt) = attempt.filter(|attempt| attempt.session == introduced.session.id) else {
                return false;
            };
            !std::mem::replace(&mut attempt.shown, true)
        };
        if first {
            self.sessions.add(self.first_state(introduced), &self.link);
        }
        true
    }

    fn view(self: &Arc<Self>, introduced: &Introduced<'_>) {
        let (id, peer) = (introduced.session.id, (introduced.peer.device, introduced.peer.key));
        let attempt = {
            let mut now = self.lock();
            now.begun.insert(id);
            now.attempts.remove(&introduced.occasion)
        };
        let Some(attempt) = attempt else { return };
        let introductions = self.clone();
        self.tasks.spawn(async move {
            match introductions.viewing.attend(id, attempt.endpoint, Some(peer)).await {
                // The host reports it too; whoever is first is heard.
                Ok(true) => introductions.report(id, HostReport::ViewerLeft).await,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, session = %id.0, "the session did not come about");
                    introductions.sessions.end(id, Ending::CouldNotConnect);
                }
            }
        });
    }

    /// The service says so. A session that runs hears it from the other side, or goes on: the service may have lost
    /// its host from sight.
    fn is_over(&self, introduced: &Introduced<'_>) {
        let id = introduced.session.id;
        self.lock().attempts.remove(&introduced.occasion);
        let Some(state) = self.sessions.state(id) else {
            self.lock().begun.remove(&id);
            return;
        };
        let why = match introduced.session.ending {
            Some(EndedThere::ByHost) => Ending::ByHost,
            Some(EndedThere::ByViewer) => Ending::ByViewer,
            Some(EndedThere::CouldNotConnect) => Ending::CouldNotConnect,
            // Both sides count these two minutes themselves.
            Some(EndedThere::Lost) | None => return,
        };
        if matches!(state.phase, Phase::Connecting | Phase::Lost { .. }) {
            self.sessions.end(id, why);
            if let Some(live) = self.sessions.live(id) {
                live.hang_up();
            }
        }
    }

    /// The viewer gives up, before or after the two have met.
    pub async fn leave(&self, session: SessionId) {
        if let Some(live) = self.sessions.live(session) {
            return live.end().await;
        }
        if self.sessions.running().iter().any(|state| state.id == session) {
            self.sessions.end(session, Ending::ByViewer);
            self.lock().attempts.retain(|_, attempt| attempt.session != session);
            self.report(session, HostReport::ViewerLeft).await;
        }
    }

    /// What this device signs as the viewer, for a session that it makes up.
    pub(crate) fn attempt(
        &self,
        occasion: Occasion,
        purpose: SessionPurpose,
    ) -> (SessionId, SignedStatement) {
        let session = SessionId(new_id(self.link.clock.now()));
        let endpoint = SecretKey::generate();
        let statement = Statement { session, purpose, side: Side::Viewer, endpoint: endpoint.public() };
        self.lock().attempts.insert(occasion, Attempt { session, endpoint, shown: false });
        (session, statement.sign(self.link.api.secret()))
    }

    pub(crate) fn consent(&self, purpose: SessionPurpose, sent: Sent, permissions: PermissionSet) {
        let switches = self.may_be_given(permissions);
        self.consents().give(Consent::given(purpose, sent.cover, switches, sent.at));
    }

    pub(crate) async fn act(&self, path: &str, act: &impl Serialize) -> Result<(), ApiError> {
        self.ask::<IgnoredAny>(path, act).await.map(drop)
    }

    /// An act of which the answer counts.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        act: &impl Serialize,
    ) -> Result<T, ApiError> {
        let answer = self.link.api.post(path, act).await;
        // Also after a refusal: what this client showed was not true any more.
        if !matches!(&answer, Err(error) if error.code == Code::Unreachable) {
            let _ = self.link.pull().await;
        }
        answer
    }

    async fn report(&self, session: SessionId, report: HostReport) {
        if let Err(error) = self.hosting.send_report(session, report).await {
            tracing::info!(%error, session = %session.0, "the service was not told how the session ended");
        }
    }

    fn first_state(&self, introduced: &Introduced<'_>) -> SessionState {
        SessionState {
            id: introduced.session.id,
            occasion: introduced.occasion,
            side: SessionSide::Viewer,
            peer: shown(introduced.peer),
            peer_device: Some(introduced.peer.device),
            organisation: self.link.info().map_or_else(nameless, |info| info.organisation),
            phase: Phase::Connecting,
            words: None,
            path: None,
            met_before: self.memory_of(introduced.peer),
            permissions: PermissionSet::NONE,
            available: usable_as_viewer(),
            asks: AsksState::default(),
            monitors: MonitorsState::default(),
            screen_hidden: false,
            chat: Vec::new(),
            since: None,
        }
    }

    pub(crate) fn memory_of(&self, peer: &Peer) -> KeyMemory {
        self.settings.recall(self.link.origin(), peer.device, peer.key)
    }

    pub(crate) fn may_be_given(&self, permissions: PermissionSet) -> PermissionSet {
        self.settings.may_be_given(permissions)
    }

    pub(crate) fn consents(&self) -> &Consents {
        self.hosting.consents()
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the service vouches for; a device's name is that device's own words.
fn shown(peer: &Peer) -> String {
    peer.alias.as_ref().map_or_else(|| peer.device.grouped(), ToString::to_string)
}
