//! The windows that calls open and close, and those that sessions of invitations and calls open on the host's side.
//!
//! Each look compares what the client says with what was opened before: a hint that was missed costs nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_client::Client;
use beckon_client::view::{CallState, Occasion, Phase, SessionSide};
use beckon_domain::call::CallStateName;
use beckon_domain::{CallId, PermissionSet, SessionId, SharedClock};
use tauri::{AppHandle, Manager};

use crate::toasts::Rings;
use crate::windows;

/// Windows that ask at once. Whoever calls while so many do waits until one of them is answered.
const RING_AT_ONCE: usize = 3;

/// The service's time is not known to the millisecond.
const AFTER_ITS_TIME: Duration = Duration::from_secs(1);

pub struct Calls {
    clock: SharedClock,
    opened: Mutex<Opened>,
}

#[derive(Default)]
struct Opened {
    /// Calls that ring, and whose window was opened. It may be closed again, which is a *Deny* on its way.
    rung: BTreeSet<CallId>,
    /// Sessions that run here as the host, and whose window was opened.
    hosted: BTreeSet<SessionId>,
    /// What the viewers of hosted sessions ask for and have no answer to yet.
    asked: BTreeMap<SessionId, PermissionSet>,
}

/// The client has something new about calls or sessions.
pub fn look(app: &AppHandle) {
    ring(app);
    follow_own_calls(app);
    show_hosted(app);
    windows::look_who_asks(app);
}

/// The client has something new about this session: a viewer may ask for one permission more.
pub fn look_at_asks(app: &AppHandle, id: SessionId) {
    let hosted = app.state::<Client>().session_state(id);
    let hosted = hosted.filter(|session| session.side == SessionSide::Host);
    let asked = hosted.as_ref().map_or(PermissionSet::NONE, |session| session.asks.open);
    let (is_new, turned) = app.state::<Calls>().lock().asks(id, asked);
    if turned {
        windows::look_who_asks(app);
    }
    if let Some(session) = hosted.filter(|_| is_new) {
        match session.occasion {
            Occasion::Request(_) => windows::raise_accept(app),
            Occasion::Invitation(_) | Occasion::Call(_) => windows::raise_host(app, id),
        }
    }
}

fn ring(app: &AppHandle) {
    let ringing = app.state::<Client>().ringing();
    let (new, over) = app.state::<Calls>().lock().compare(&ringing);
    for call in over {
        app.state::<Rings>().is_over(app, call);
        windows::close_ring(app, call);
    }
    for call in ringing.iter().filter(|call| new.contains(&call.view.id)) {
        windows::show_ring_above(app, call.view.id);
        app.state::<Rings>().rings(app, call);
        look_when_over(app, call);
    }
}

/// The service may be out of reach by then, and say nothing.
fn look_when_over(app: &AppHandle, call: &CallState) {
    let clock = app.state::<Calls>().clock.clone();
    let left = (call.until - clock.now()).to_std().unwrap_or_default();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        clock.sleep(left + AFTER_ITS_TIME).await;
        look(&app);
    });
}

/// Where the two are connected, the session's window takes the place of the one that says who is called.
fn follow_own_calls(app: &AppHandle) {
    let client = app.state::<Client>();
    for id in windows::shown_calls(app) {
        let Some(CallState { view, .. }) = client.call_state(id) else { continue };
        let session = view.session.and_then(|session| client.session_state(session.id));
        let connected =
            session.filter(|session| matches!(session.phase, Phase::Running | Phase::Lost { .. }));
        if let Some(session) = connected.filter(|_| view.state == CallStateName::Accepted) {
            windows::show_session_of_call(app, session.id, id);
            windows::close_call(app, id);
        }
    }
}

/// One that came of a request has its place in the accept window.
fn show_hosted(app: &AppHandle) {
    let client = app.state::<Client>();
    let running = client.state().sessions.into_iter().filter_map(|id| client.session_state(id));
    let hosted: BTreeSet<SessionId> = running
        .filter(|session| session.side == SessionSide::Host)
        .filter(|session| !matches!(session.occasion, Occasion::Request(_)))
        .map(|session| session.id)
        .collect();
    let before = std::mem::replace(&mut app.state::<Calls>().lock().hosted, hosted.clone());
    for session in hosted.difference(&before) {
        windows::show_host(app, *session);
    }
}

impl Calls {
    pub fn new(clock: SharedClock) -> Self {
        Self { clock, opened: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Opened> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Opened {
    /// Whether there is something that was not asked before, and whether asking began or ended with it.
    fn asks(&mut self, session: SessionId, now: PermissionSet) -> (bool, bool) {
        let before = if now == PermissionSet::NONE {
            self.asked.remove(&session)
        } else {
            self.asked.insert(session, now)
        };
        let before = before.unwrap_or(PermissionSet::NONE);
        let is_new = now.iter().any(|permission| !before.contains(permission));
        (is_new, (now == PermissionSet::NONE) != (before == PermissionSet::NONE))
    }

    /// Whose windows are to be opened, and whose have nothing to ask any more.
    fn compare(&mut self, ringing: &[CallState]) -> (BTreeSet<CallId>, BTreeSet<CallId>) {
        let now: BTreeSet<CallId> = ringing.iter().map(|call| call.view.id).collect();
        let over = self.rung.difference(&now).copied().collect();
        self.rung.retain(|call| now.contains(call));
        let room = RING_AT_ONCE.saturating_sub(self.rung.len());
        let waiting = ringing.iter().map(|call| call.view.id).filter(|call| !self.rung.contains(call));
        let new: BTreeSet<CallId> = waiting.take(room).collect();
        self.rung.extend(&new);
        (new, over)
    }
}

#[cfg(test)]
mod tests {
    use beckon_domain::Permission;
    use beckon_wire::call::CallView;
    use beckon_wire::introduction::Way;

    use super::*;

    fn id(number: u64) -> CallId {
        CallId(format!("018f4e2c-7b1a-7c3d-8e5f-{number:012x}").parse().unwrap())
    }

    fn rings(number: u64) -> CallState {
        CallState {
            view: CallView {
                id: id(number),
                way: Way::Incoming,
                target: None,
                peer: None,
                placed_at: Default::default(),
                rings_until: Default::default(),
                state: CallStateName::Ringing,
                decided_at: None,
                session: None,
            },
            until: Default::default(),
            met_before: None,
        }
    }

    fn ids(numbers: &[u64]) -> BTreeSet<CallId> {
        numbers.iter().copied().map(id).collect()
    }

    #[test]
    fn three_ask_at_once_and_the_next_when_one_is_answered() {
        let mut opened = Opened::default();
        let five = [1, 2, 3, 4, 5].map(rings);
        assert_eq!(opened.compare(&five), (ids(&[1, 2, 3]), ids(&[])));
        assert_eq!(opened.compare(&five), (ids(&[]), ids(&[])), "each is opened once");
        let four = [1, 3, 4, 5].map(rings);
        assert_eq!(opened.compare(&four), (ids(&[4]), ids(&[2])));
        assert_eq!(opened.compare(&[]), (ids(&[]), ids(&[1, 3, 4])));
    }
    #[test]
    fn what_is_asked_calls_once_and_again_when_more_is() {
        let session = SessionId("018f4e2c-7b1a-7c3d-8e5f-000000000001".parse().unwrap());
        let files = PermissionSet::NONE.with(Permission::FileManager);
        let mut opened = Opened::default();
        let calls = [
            PermissionSet::NONE,
            files,
            files,
            files.with(Permission::Input),
            files,
            PermissionSet::NONE,
            files,
        ]
        .map(|now| opened.asks(session, now));
        let is_new = calls.map(|(is_new, _)| is_new);
        assert_eq!(is_new, [false, true, false, true, false, false, true]);
        let turned = calls.map(|(_, turned)| turned);
        assert_eq!(turned, [false, true, false, false, false, true, true]);
    }
}
