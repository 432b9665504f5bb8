//! This device as host at one service: the request it joined, the person's answer, and the sessions that
//! follow from it.
//!
//! Consent is kept here and nowhere else. The service is told of it, and never decides it.

mod session;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use beckon_domain::grant::Party;
use beckon_domain::session_request::{Revision, StatusName};
use beckon_domain::statement::Side;
use beckon_domain::{
    Consent, NamedProfile, PermissionSet, ProposedProfile, RequestId, SessionId, SessionPurpose,
};
use beckon_session::Consents;
use beckon_wire::join::{AskedBy, HostAct, Join, JoinedView, Offer};
use beckon_wire::session::HostReport;
use beckon_wire::{ApiError, Code, paths};
use chrono::TimeDelta;
use tokio_util::task::TaskTracker;

use crate::hints::Hints;
use crate::service_link::ServiceLink;
use crate::session_network::SessionNetwork;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::view::{Ending, JoinedState, KeyMemory, Occasion, Reach, SessionSide, SessionState};

pub use session::Hosted;

/// How well the service's time is known here.
const CLOCKS_APART: TimeDelta = TimeDelta::seconds(2);

pub struct Hosting {
    link: Arc<ServiceLink>,
    consents: Consents,
    sessions: Arc<Sessions>,
    settings: Arc<Settings>,
    hints: Hints,
    tasks: TaskTracker,
    network: SessionNetwork,
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    /// What the accept window shows; kept when it is over, until the window is closed.
    view: Option<JoinedView>,
    /// The session that was answered, whatever became of it.
    answered: Option<SessionId>,
}

impl Hosting {
    pub fn new(
        link: Arc<ServiceLink>,
        sessions: Arc<Sessions>,
        settings: Arc<Settings>,
        hints: Hints,
        tasks: TaskTracker,
        network: SessionNetwork,
    ) -> Arc<Self> {
        let consents = Consents::new(link.clock.clone());
        let now = Mutex::default();
        Arc::new(Self { link, consents, sessions, settings, hints, tasks, network, now })
    }

    /// All that was allowed here at this service, for whatever.
    pub fn consents(&self) -> &Consents {
        &self.consents
    }

    /// Shows this device's person to the service: here is the link, or the code.
    pub async fn join(&self, proof: &Join) -> Result<(), ApiError> {
        let _: JoinedView = self.link.api.post(paths::JOIN, proof).await?;
        self.sessions.find_out();
        self.link.pull().await
    }

    /// *Allow access*, for the revision that the window showed, with the switches as the person left them.
    pub async fn allow(
        &self,
        request: RequestId,
        revision: Revision,
        switches: PermissionSet,
    ) -> Result<(), ApiError> {
        let view = self.view_of(request)?;
        if view.revision != revision {
            return Err(ApiError::new(Code::OlderRevision).with("current", view.revision.0));
        }
        self.sessions.refuse_while(SessionSide::Viewer)?;
        let purpose = purpose_of(&view);
        let switches = self.settings.may_be_given(switches);
        // Consent first: the service may introduce an asker before its answer arrives here.
        self.consents.give(Consent::given(purpose, view.cover, switches, self.link.clock.monotonic()));
        let answer = self.act(request, HostAct::Allow { revision }).await;
        if answer.is_err() {
            self.consents.withdraw(&purpose);
        }
        answer
    }

    pub async fn deny(&self, request: RequestId) -> Result<(), ApiError> {
        self.consents.withdraw_request(request);
        self.act(request, HostAct::Deny).await
    }

    /// Out of the request altogether: sessions end, consent is over, the device is no longer bound.
    pub async fn leave(&self, request: RequestId) -> Result<(), ApiError> {
        let connected = self.view_of(request).is_ok_and(|view| view.status == StatusName::Connected);
        self.consents.withdraw_request(request);
        self.end_sessions_of(request).await;
        if connected {
            // The session's own task reports its end too; leaving must come after either.
            let _ = self.act(request, HostAct::End).await;
        }
        let answer = self.act(request, HostAct::Leave).await;
        if !matches!(&answer, Err(error) if error.code == Code::Unreachable) {
            self.forget(request);
        }
        answer
    }

    /// The program quits: sessions end and consent is over, but the device stays bound and may come back.
    pub async fn quit(&self) {
        let Some(view) = self.lock().view.clone() else { return };
        self.consents.withdraw_request(view.request);
        self.end_sessions_of(view.request).await;
        if view.status == StatusName::Ready {
            let _ = self.act(view.request, HostAct::ConsentOver).await;
        }
    }

    pub fn set_switches(&self, request: RequestId, switches: PermissionSet) -> Result<(), ApiError> {
        let view = self.view_of(request)?;
        self.consents.set_switches(&purpose_of(&view), self.settings.may_be_given(switches));
        self.hints.state();
        Ok(())
    }

    /// There is nothing to end yet, and without consent nothing begins.
    pub async fn call_off(&self, session: &SessionState) {
        let Some(purpose) = self.allowed_on(session.occasion) else { return };
        self.consents.withdraw(&purpose);
        self.sessions.end(session.id, Ending::ByHost);
        // Unreachable: the reservation ends by itself.
        let _ = self.send_report(session.id, HostReport::HostEnded).await;
    }

    fn allowed_on(&self, occasion: Occasion) -> Option<SessionPurpose> {
        let mut purposes = self.consents.all().into_iter().map(|consent| consent.purpose);
        purposes.find(|purpose| is_of(purpose, occasion))
    }

    /// What the accept window shows.
    pub fn state(&self) -> Option<JoinedState> {
        let view = self.lock().view.clone()?;
        let purpose = purpose_of(&view);
        let profile = profile_of(&view);
        let consent = self.consents.get(&purpose);
        let session = self.sessions.running().into_iter().find(|session| is_hosted(session, view.request));
        Some(JoinedState {
            service: self.link.origin().to_owned(),
            request: view.request,
            revision: view.revision,
            status: view.status,
            organisation: view.organisation,
            agent: view.agent,
            queue: view.queue,
            cover: view.cover,
            profile,
            switches: consent.map_or(view.permissions, |consent| consent.switches),
            available: self.settings.may_be_given(self.sessions.own_screen.available()),
            expires_at: view.expires_at,
            declined_at: view.declined_at,
            met_before: view.ask.as_ref().and_then(|ask| self.memory_of(ask, purpose)),
            place: view.place,
            asked_by: view.ask.as_ref().map(|ask| ask.agent.clone()),
            asked_until: view.ask.map(|ask| ask.until),
            session: session.map(|session| session.id),
            offline: self.link.reach() != Reach::Online,
        })
    }

    /// Only of a device that signed, for this very request, that it wants to see this screen.
    fn memory_of(&self, ask: &AskedBy, purpose: SessionPurpose) -> Option<KeyMemory> {
        let Party { device, signed } = ask.viewer.as_ref()?;
        let statement = &signed.statement;
        let proven =
            signed.verify().is_ok() && statement.side == Side::Viewer && statement.purpose == purpose;
        proven.then(|| self.settings.recall(self.link.origin(), *device, signed.device))
    }

    pub fn set_reach(&self, reach: Reach) {
        if reach == Reach::Online { self.consents.service_back() } else { self.consents.service_lost() }
    }

    /// Tells the service of every consent that runs out by itself. Runs until the future is dropped.
    pub async fn watch_consents(&self) {
        loop {
            let lapsed = self.consents.lapsed().await;
            self.hints.state();
            // Of an invitation or a call the service knows by itself when it is over.
            let SessionPurpose::Request { request, .. } = lapsed else { continue };
            // Unreachable: the service finds out by itself that this host is silent.
            let _ = self.act(request, HostAct::ConsentOver).await;
        }
    }

    /// The cache has changed: what is there to ask, to answer, to end?
    pub async fn look(self: &Arc<Self>) {
        let views = self.link.cache.joined();
        let before = self.lock().view.clone();
        let live = views.iter().find(|view| is_live(view.status));
        let same = |now: &&JoinedView| before.as_ref().is_some_and(|before| before.request == now.request);
        let Some(view) = live.or_else(|| views.iter().find(same)) else {
            if let Some(before) = before.filter(|before| is_live(before.status)) {
                self.unbound(before).await;
            }
            return;
        };
        if is_question(before.as_ref(), view) {
            self.hints.question();
        }
        if was_allowed(before.as_ref(), view) && view.status == StatusName::Waiting {
            // Not looked at from here on: *Allow* may be pressed, and its consent must stay.
            self.consents.withdraw_request(view.request);
        }
        self.lock().view = Some(view.clone());
        self.hints.state();
        self.follow_up(view).await;
    }

    async fn follow_up(self: &Arc<Self>, view: &JoinedView) {
        let consent = self.consents.get(&purpose_of(view));
        let running = self.running(view.request);
        match (view.status, &view.session) {
            // This host forgot: it was restarted, or its answer to *Allow* got lost.
            (StatusName::Ready, _) if consent.is_none() && running.is_none() => {
                let _ = self.act(view.request, HostAct::ConsentOver).await;
            }
            // Restarted in the midst of a session. One that this process had and lost is the service's to
            // count: its two minutes end a moment after the host's own.
            (StatusName::Connected, session) if running.is_none() && !self.has_answered(session.as_ref()) => {
                let _ = self.act(view.request, HostAct::End).await;
            }
            (StatusName::Ready, Some(offer)) => {
                // An attempt that never met its viewer does not stand in the next one's way.
                if let Some(stale) = running.filter(|id| *id != offer.id && !self.has_met(*id)) {
                    self.sessions.let_go(stale);
                    self.sessions.end(stale, Ending::CouldNotConnect);
                }
                if self.running(view.request).is_none() {
                    self.answer(view, offer);
                }
            }
            // The agent left, or the service believes the session lost: its answer to a beat tells.
            (StatusName::Ready | StatusName::Waiting, None) => {
                if let Some(session) = running {
                    self.beat_or_end(session).await;
                }
            }
            _ => {}
        }
    }

    /// It was closed, has expired, or has a new link: this device no longer belongs to it.
    async fn unbound(&self, before: JoinedView) {
        let running = self.running(before.request);
        // The service does not say which, and never cuts a session that runs.
        let is_expired = running.is_none() && before.expires_at <= self.link.api.service_now() + CLOCKS_APART;
        let status = if is_expired { StatusName::Expired } else { StatusName::Closed };
        if let Some(session) = running {
            // Not this person's doing: its window says what was.
            let live = self.sessions.live(session);
            self.sessions.end(session, Ending::RequestClosed);
            if let Some(live) = live {
                // With its consent, by which the account may be locked.
                live.hang_up();
                live.ended().await;
            }
        }
        self.consents.withdraw_request(before.request);
        self.lock().view = Some(JoinedView { status, ask: None, session: None, ..before });
        self.hints.state();
    }

    fn has_answered(&self, offer: Option<&Offer>) -> bool {
        offer.is_some_and(|offer| self.lock().answered == Some(offer.id))
    }

    fn has_met(&self, session: SessionId) -> bool {
        self.sessions.state(session).is_some_and(|state| state.words.is_some())
    }

    fn running(&self, request: RequestId) -> Option<SessionId> {
        let running = self.sessions.running();
        running.into_iter().find(|session| is_hosted(session, request)).map(|session| session.id)
    }

    async fn end_sessions_of(&self, request: RequestId) {
        if let Some(live) = self.running(request).and_then(|id| self.sessions.live(id)) {
            live.end().await;
        }
    }

    async fn act(&self, request: RequestId, act: HostAct) -> Result<(), ApiError> {
        let path = paths::with_id(paths::JOINED_ACT, request.0);
        let answer: Result<serde::de::IgnoredAny, ApiError> = self.link.api.post(&path, &act).await;
        // Also after a refusal: what this client showed was not true any more.
        if !matches!(&answer, Err(error) if error.code == Code::Unreachable) {
            let _ = self.link.pull().await;
        }
        answer.map(drop)
    }

    /// The accept window is closed: nothing is left to show.
    pub fn forget(&self, request: RequestId) {
        let mut now = self.lock();
        if now.view.as_ref().is_some_and(|view| view.request == request) {
            now.view = None;
        }
        drop(now);
        self.hints.state();
    }

    fn view_of(&self, request: RequestId) -> Result<JoinedView, ApiError> {
        let view = self.lock().view.clone();
        view.filter(|view| view.request == request).ok_or_else(|| ApiError::new(Code::NotTheHost))
    }

    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_hosted(session: &SessionState, request: RequestId) -> bool {
    session.side == SessionSide::Host && session.occasion == Occasion::Request(request)
}

fn is_of(purpose: &SessionPurpose, occasion: Occasion) -> bool {
    match *purpose {
        SessionPurpose::Request { request, .. } => occasion == Occasion::Request(request),
        SessionPurpose::Invitation { invitation, .. } => occasion == Occasion::Invitation(invitation),
        SessionPurpose::Call { call } => occasion == Occasion::Call(call),
    }
}

/// The permissions are what counts; of an own profile only the name comes beside them.
fn profile_of(view: &JoinedView) -> ProposedProfile {
    let permissions = view.permissions;
    let own = view.profile_name.clone().map(|name| NamedProfile { name, permissions });
    ProposedProfile::together(view.profile, own)
}

fn purpose_of(view: &JoinedView) -> SessionPurpose {
    SessionPurpose::Request { request: view.request, link: view.link }
}

pub fn is_live(status: StatusName) -> bool {
    !matches!(status, StatusName::Closed | StatusName::Expired)
}

/// Whether the window showed this request as allowed.
fn was_allowed(before: Option<&JoinedView>, now: &JoinedView) -> bool {
    let allowed = |status| matches!(status, StatusName::Ready | StatusName::Connected);
    before.is_some_and(|before| before.request == now.request && allowed(before.status))
}

/// Whether a person must look now: a new request, someone who asks, or something other than what they saw.
fn is_question(before: Option<&JoinedView>, now: &JoinedView) -> bool {
    let Some(before) = before.filter(|before| before.request == now.request) else {
        return is_live(now.status);
    };
    let asks = now.ask.is_some() && now.ask != before.ask;
    let changed = now.status == StatusName::Waiting && now.revision != before.revision;
    asks || changed
}
