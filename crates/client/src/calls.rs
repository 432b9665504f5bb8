//! Calling and being called: the caller is the viewer, the called device the host.

use std::sync::Arc;
use std::time::Duration;

use beckon_domain::call::CallStateName;
use beckon_domain::link::Target;
use beckon_domain::{CallId, Cover, PermissionSet, SessionId, SessionPurpose};
use beckon_wire::call::{CallAct, CallView, PlaceCall};
use beckon_wire::introduction::Way;
use beckon_wire::{ApiError, Code, paths};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::client::Client;
use crate::introductions::{Introduced, Introductions, Sent};
use crate::invitations::typed_target;
use crate::place::Place;
use crate::placing::Begun;
use crate::view::{CallState, Hint, Occasion, Phase, PlacingState, Reach, SessionSide, SessionState};
use crate::viewing::new_id;

/// A client that was just started has to be known to its service before it can call anybody.
const AT_HOME_WITHIN: Duration = Duration::from_secs(15);

impl Client {
    /// An ID or alias, as typed. Codes: `not_an_address`, `no_service`, `own_id`, `in_a_session` and
    /// `already_calling`.
    pub fn call_typed(&self, typed: &str) -> Result<CallId, ApiError> {
        self.call(typed_target(typed)?)
    }

    /// The same call where it rings there already: people click twice.
    ///
    /// It waits for nothing. What the service says to it is in [`IntroductionsState::placing`], then among the calls.
    pub fn call(&self, target: Target) -> Result<CallId, ApiError> {
        self.refuse_if_only_host()?;
        let place = self.home_place()?;
        let call = match place.introductions.begin_call(target)? {
            Begun::Before(id) => return Ok(id),
            Begun::Now(call) => call,
        };
        let (id, client) = (call.id, self.clone());
        self.run(async move {
            let answer = client.place_call(&place, &call).await;
            place.introductions.is_placed(id, answer).await;
            client.inner().hints.introductions();
        });
        Ok(id)
    }

    /// As [`Client::call`], of which nothing is seen before the service has taken it.
    pub(crate) async fn call_unshown(&self, target: Target) -> Result<CallId, ApiError> {
        let place = self.home_place()?;
        match place.introductions.prepare_call(target)? {
            Begun::Before(id) => Ok(id),
            Begun::Now(call) => {
                let id = call.id;
                self.place_call(&place, &call).await.map(|()| id)
            }
        }
    }

    /// The window of a call says why it did not begin.
    pub(crate) fn shows_refused_call(&self) -> bool {
        self.home().is_some_and(|place| place.introductions.placing.is_refused())
    }

    /// Whom that call was for, once more.
    pub fn call_again(&self, id: CallId) -> Result<CallId, ApiError> {
        let placing = self.placing(id).map(|placing| placing.target);
        let target = placing.or_else(|| self.call_state(id)?.view.target);
        self.call(target.ok_or_else(|| ApiError::new(Code::NotFound))?)
    }

    /// Also before its service has taken it, which then hears of it.
    pub async fn cancel_call(&self, id: CallId) -> Result<(), ApiError> {
        let cancelled = self.home_place()?.introductions.cancel_call(id).await;
        self.inner().hints.introductions();
        cancelled
    }

    /// *Allow access*, with the switches as the person left them.
    pub async fn allow_call(&self, id: CallId, switches: PermissionSet) -> Result<(), ApiError> {
        self.home_place()?.introductions.allow_call(id, switches).await
    }

    pub async fn deny_call(&self, id: CallId) -> Result<(), ApiError> {
        self.home_place()?.introductions.deny_call(id).await
    }

    pub fn call_state(&self, id: CallId) -> Option<CallState> {
        self.introductions_state().calls.into_iter().find(|call| call.view.id == id)
    }

    /// Those that the person here may answer right now, the one that has rung longest first.
    pub fn ringing(&self) -> Vec<CallState> {
        let Some(place) = self.home() else { return Vec::new() };
        let now = place.link.api.service_now();
        let mut ringing = place.introductions.state().calls;
        ringing.retain(|call| rings_here(&call.view) && now < call.view.rings_until);
        ringing.sort_by_key(|call| call.view.placed_at);
        ringing
    }

    /// The window that says who is called was closed: nobody is any more.
    pub async fn call_window_closed(&self, id: CallId) {
        if self.placing(id).is_some() {
            return note(self.cancel_call(id).await);
        }
        let Some(place) = self.home() else { return };
        let Some(CallState { view, .. }) = self.call_state(id) else {
            // The service may have taken it, and nothing is known of it yet: it is cancelled as soon as it is seen.
            return place.introductions.give_up_call(id);
        };
        match view.session.map(|session| session.id) {
            None if view.state == CallStateName::Ringing => note(self.cancel_call(id).await),
            // From here on it has no window in which it could go on.
            Some(session) if !self.has_begun(session) => {
                place.introductions.give_up_call(id);
                self.session_window_closed(session).await;
            }
            _ => {}
        }
    }

    /// The window that asks was closed, which is never a yes.
    pub async fn ring_window_closed(&self, id: CallId) {
        if self.ringing().iter().any(|call| call.view.id == id) {
            note(self.deny_call(id).await);
        }
    }

    fn placing(&self, id: CallId) -> Option<PlacingState> {
        self.introductions_state().placing.filter(|placing| placing.id == id)
    }

    async fn place_call(&self, place: &Place, call: &PlaceCall) -> Result<(), ApiError> {
        if let Err(error) = self.wait_until_at_home(place).await {
            place.introductions.give_up_call(call.id);
            return Err(error);
        }
        place.introductions.place_call(call).await
    }

    fn has_begun(&self, session: SessionId) -> bool {
        self.session(session).is_some_and(|state| state.phase != Phase::Connecting)
    }

    async fn wait_until_at_home(&self, place: &Place) -> Result<(), ApiError> {
        let mut hints = self.hints();
        let waiting = async {
            while !place.at_home.own_device().is_some_and(|own| own.home) {
                match place.link.reach() {
                    Reach::Connecting | Reach::Online => {}
                    Reach::Offline => return Err(ApiError::new(Code::Unreachable)),
                    Reach::KeyChanged => return Err(ApiError::new(Code::ServiceKeyChanged)),
                }
                heard(&mut hints).await?;
            }
            Ok(())
        };
        tokio::select! {
            at_home = waiting => at_home,
            () = self.inner().shared.clock.sleep(AT_HOME_WITHIN) => Err(ApiError::new(Code::Unreachable)),
        }
    }
}

impl Introductions {
    fn begin_call(&self, target: Target) -> Result<Begun, ApiError> {
        self.placing.begin(target, |target| self.prepare_call(target))
    }

    fn prepare_call(&self, target: Target) -> Result<Begun, ApiError> {
        if let Some(calling) = self.calling(&target) {
            return Ok(Begun::Before(calling));
        }
        self.refuse_call(&target)?;
        let id = CallId(new_id(self.link.clock.now()));
        let (_, statement) = self.attempt(Occasion::Call(id), SessionPurpose::Call { call: id });
        Ok(Begun::Now(Box::new(PlaceCall { id, target, statement })))
    }

    /// Asks the service, unless it was given up meanwhile.
    async fn place_call(&self, call: &PlaceCall) -> Result<(), ApiError> {
        let _turn = self.turn.lock().await;
        let placed = match self.refuse_call(&call.target) {
            Ok(()) if !self.is_attempted(call.id) => Err(ApiError::new(Code::CallOver)),
            Ok(()) => self.act(paths::CALLS, call).await,
            refused => refused,
        };
        if placed.is_err() {
            self.give_up_call(call.id);
        } else if !self.is_attempted(call.id) {
            // Given up while the service was asked: it is over there before the next one is placed.
            note(self.act_on_call(call.id, CallAct::Cancel).await);
        }
        placed
    }

    /// What was given up in the last moment is cancelled, too.
    async fn is_placed(&self, id: CallId, answer: Result<(), ApiError>) {
        let taken = answer.is_ok();
        if !self.placing.answered(id, answer) && taken {
            note(self.act_on_call(id, CallAct::Cancel).await);
        } else if taken && self.link.cache.calls().iter().any(|view| view.id == id) {
            // From here on it is one of the calls.
            self.placing.give_up(id);
        }
    }

    /// No session comes of it from here on.
    fn give_up_call(&self, id: CallId) {
        self.lock().attempts.remove(&Occasion::Call(id));
    }

    fn is_attempted(&self, id: CallId) -> bool {
        self.lock().attempts.contains_key(&Occasion::Call(id))
    }

    /// Also where the service does not hear of it.
    pub async fn cancel_call(&self, id: CallId) -> Result<(), ApiError> {
        let untaken = self.placing.give_up(id);
        self.give_up_call(id);
        if untaken && self.link.cache.calls().iter().all(|view| view.id != id) {
            return Ok(());
        }
        self.act_on_call(id, CallAct::Cancel).await
    }

    pub async fn allow_call(self: &Arc<Self>, id: CallId, switches: PermissionSet) -> Result<(), ApiError> {
        let _turn = self.turn.lock().await;
        self.sessions.refuse_while(SessionSide::Viewer)?;
        let caller = self.caller(id)?;
        let purpose = SessionPurpose::Call { call: id };
        // Consent first: the session may begin before the answer arrives here.
        self.consent(purpose, Sent { at: self.link.clock.monotonic(), cover: caller }, switches);
        let answer = self.act_on_call(id, CallAct::Accept).await;
        if answer.is_err() {
            self.consents().withdraw(&purpose);
        }
        answer
    }

    /// Also after *Allow access*, as long as nobody is connected: the last word counts.
    pub async fn deny_call(&self, id: CallId) -> Result<(), ApiError> {
        self.consents().withdraw(&SessionPurpose::Call { call: id });
        self.act_on_call(id, CallAct::Reject).await
    }

    pub(crate) async fn look_at_call(self: &Arc<Self>, view: &CallView) {
        let occasion = Occasion::Call(view.id);
        if view.way == Way::Outgoing {
            let asked_for = self.is_attempted(view.id);
            match view.state {
                // This process was restarted, or takes back what it could not take back before.
                CallStateName::Ringing if !asked_for => {
                    let _ = self.act_on_call(view.id, CallAct::Cancel).await;
                }
                CallStateName::Ringing | CallStateName::Accepted => {}
                _ => drop(self.lock().attempts.remove(&occasion)),
            }
        }
        if let (Some(peer), Some(session)) = (&view.peer, &view.session) {
            let purpose = SessionPurpose::Call { call: view.id };
            self.look_at_session(Introduced { occasion, purpose, peer, session }).await;
        }
    }

    pub(crate) async fn take_back_calls(&self) {
        if let Some(PlacingState { id, .. }) = self.placing.state()
            && self.placing.give_up(id)
        {
            self.give_up_call(id);
            // The service may be asked about it just now.
            drop(self.turn.lock().await);
        }
        let calling = self.link.cache.calls().into_iter().filter(is_calling);
        for view in calling.collect::<Vec<_>>() {
            if let Err(error) = self.cancel_call(view.id).await {
                tracing::info!(%error, "a call was not cancelled");
            }
        }
    }

    /// To the caller, a device that is not to be disturbed looks like one that does not answer; so it does not ring.
    pub(crate) fn call_states(&self, may_ring: bool) -> Vec<CallState> {
        let ahead = self.link.api.clock_ahead();
        let shown = |view: CallView| CallState {
            until: view.rings_until + ahead,
            met_before: view.peer.as_ref().map(|peer| self.memory_of(peer)),
            view,
        };
        let calls = self.link.cache.calls().into_iter();
        calls.filter(|view| may_ring || !rings_here(view)).map(shown).collect()
    }

    /// The call that rings there because of this process.
    fn calling(&self, target: &Target) -> Option<CallId> {
        let named = |view: &CallView| view.target.as_ref().map(Target::folded) == Some(target.folded());
        let mut calls = self.link.cache.calls().into_iter();
        let view = calls.find(|view| is_calling(view) && named(view))?;
        self.is_attempted(view.id).then_some(view.id)
    }

    /// What is known here. The service has the last word.
    fn refuse_call(&self, target: &Target) -> Result<(), ApiError> {
        self.refuse_own_id(target)?;
        self.sessions.refuse_while(SessionSide::Host)?;
        self.refuse_while_calling()
    }

    /// Until the two of the call before this one are connected.
    fn refuse_while_calling(&self) -> Result<(), ApiError> {
        let calls = self.link.cache.calls();
        let rings = calls.iter().any(|view| is_calling(view) && self.is_attempted(view.id));
        let connects = |state: &SessionState| {
            state.phase == Phase::Connecting
                && state.side == SessionSide::Viewer
                && matches!(state.occasion, Occasion::Call(_))
        };
        if rings || self.sessions.running().iter().any(connects) {
            return Err(ApiError::new(Code::AlreadyCalling));
        }
        Ok(())
    }

    /// Whom the accept window names.
    fn caller(&self, id: CallId) -> Result<Cover, ApiError> {
        let mut calls = self.link.cache.calls().into_iter();
        let view = calls.find(|view| view.id == id && view.way == Way::Incoming);
        let caller = view.and_then(|view| view.peer).map(|peer| Cover::Peer(peer.device));
        caller.ok_or_else(|| ApiError::new(Code::NotFound))
    }

    async fn act_on_call(&self, id: CallId, act: CallAct) -> Result<(), ApiError> {
        self.act(&paths::with_id(paths::CALL_ACT, id.0), &act).await
    }
}

fn is_calling(view: &CallView) -> bool {
    view.way == Way::Outgoing && view.state == CallStateName::Ringing
}

fn rings_here(view: &CallView) -> bool {
    view.way == Way::Incoming && view.state == CallStateName::Ringing
}

async fn heard(hints: &mut broadcast::Receiver<Hint>) -> Result<(), ApiError> {
    match hints.recv().await {
        Ok(_) | Err(RecvError::Lagged(_)) => Ok(()),
        Err(RecvError::Closed) => Err(ApiError::new(Code::Unreachable)),
    }
}

/// The window is gone: nobody is left to be told.
fn note(answered: Result<(), ApiError>) {
    if let Err(error) = answered {
        tracing::info!(%error, "the service was not told that the window of a call was closed");
    }
}
