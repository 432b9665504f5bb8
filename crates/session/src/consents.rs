//! What the person at this host allowed. In memory only, on the host's monotonic clock.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use beckon_domain::{Consent, Permission, PermissionSet, RequestId, SessionPurpose, SharedClock};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::gate::Gate;

/// How long a switch stays on that was turned on for a while.
pub const A_WHILE: Duration = Duration::from_secs(15 * 60);

/// Switches that turn off by themselves, and when, on the monotonic clock.
pub type ForAWhile = BTreeMap<Permission, Duration>;

/// What a person does to one switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    On,
    /// On, and off again after [`A_WHILE`] or with the session.
    OnForAWhile,
    Off,
}

/// All consents of this host; clones share them.
#[derive(Clone)]
pub struct Consents {
    shared: Arc<Shared>,
}

struct Shared {
    clock: SharedClock,
    state: Mutex<State>,
    changes: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    kept: Vec<Kept>,
    next_number: u64,
    without_service: bool,
}

struct Kept {
    /// Drawn anew whenever a consent is given where there was none: a session that ran under the old one
    /// does not go on under the new one.
    number: u64,
    consent: Consent,
    for_a_while: ForAWhile,
    /// Sessions that run or resume under it.
    sessions: usize,
}

impl Consents {
    pub fn new(clock: SharedClock) -> Self {
        let shared = Shared { clock, state: Mutex::default(), changes: watch::Sender::new(0) };
        Self { shared: Arc::new(shared) }
    }

    /// Keeps what a person allowed just now, in place of an earlier one for the same thing.
    pub fn give(&self, mut consent: Consent) {
        self.change(|state, now| {
            if state.without_service {
                consent.service_lost(now);
            }
            if let Some(kept) = state.find(&consent.purpose) {
                if kept.sessions > 0 {
                    consent.session_started();
                }
                kept.consent = consent;
                kept.for_a_while.clear();
            } else {
                let number = state.next_number;
                state.next_number += 1;
                state.kept.push(Kept { number, consent, for_a_while: ForAWhile::new(), sessions: 0 });
            }
        });
    }

    /// Ends it, and with it every session that runs or resumes under it.
    pub fn withdraw(&self, purpose: &SessionPurpose) -> Option<Consent> {
        self.change(|state, _| state.remove(purpose)).map(|kept| kept.consent)
    }

    /// Ends every consent for that request, whichever link it names.
    pub fn withdraw_request(&self, request: RequestId) {
        self.change(|state, _| state.kept.retain(|kept| !kept.is_for(request)));
    }

    /// Sets the switches; running sessions follow at once. False where there is no such consent.
    pub fn set_switches(&self, purpose: &SessionPurpose, switches: PermissionSet) -> bool {
        self.change(|state, _| state.find(purpose).map(|kept| kept.set(switches)).is_some())
    }

    /// Turns off what is not among these. False where there is no such consent.
    pub fn narrow(&self, purpose: &SessionPurpose, most: PermissionSet) -> bool {
        let narrow = |kept: &mut Kept| kept.set(kept.consent.switches.and(most));
        self.change(|state, _| state.find(purpose).map(narrow).is_some())
    }

    /// Turns one switch. False where there is no such consent.
    pub fn turn(&self, purpose: &SessionPurpose, permission: Permission, turn: Turn) -> bool {
        self.change(|state, now| state.find(purpose).map(|kept| kept.turn(permission, turn, now)).is_some())
    }

    /// The other side accepted what was allowed. Nothing where it was withdrawn meanwhile.
    pub fn accepted(&self, purpose: &SessionPurpose) {
        self.change(|state, now| {
            if let Some(kept) = state.find(purpose) {
                kept.consent.accepted(now);
            }
        });
    }

    pub fn get(&self, purpose: &SessionPurpose) -> Option<Consent> {
        self.settled().find(purpose).map(|kept| kept.consent.clone())
    }

    pub fn all(&self) -> Vec<Consent> {
        self.settled().kept.iter().map(|kept| kept.consent.clone()).collect()
    }

    /// The service cannot be reached: what is idle ends after a minute.
    pub fn service_lost(&self) {
        self.change(|state, now| {
            state.without_service = true;
            state.kept.iter_mut().for_each(|kept| kept.consent.service_lost(now));
        });
    }

    pub fn service_back(&self) {
        self.change(|state, _| {
            state.without_service = false;
            state.kept.iter_mut().for_each(|kept| kept.consent.service_back());
        });
    }

    /// Waits for the next consent to run out, removes it and says which it was.
    pub async fn lapsed(&self) -> SessionPurpose {
        let mut changes = self.changes();
        loop {
            changes.mark_unchanged();
            match self.take_lapsed() {
                Ok(purpose) => return purpose,
                Err(Some(at)) => tokio::select! {
                    () = self.shared.clock.sleep_until(at) => {}
                    _ = changes.changed() => {}
                },
                // `self` keeps the sender alive, so this ends only by a change.
                Err(None) => drop(changes.changed().await),
            }
        }
    }

    /// One that ran out, or when the next does.
    fn take_lapsed(&self) -> Result<SessionPurpose, Option<Duration>> {
        let now = self.shared.clock.monotonic();
        let mut state = self.state();
        let next =
            state.kept.iter().filter_map(|kept| Some((kept.consent.lapses_at()?, kept.consent.purpose)));
        let Some((at, purpose)) = next.min_by_key(|(at, _)| *at) else { return Err(None) };
        if now < at {
            return Err(Some(at));
        }
        state.remove(&purpose);
        drop(state);
        self.say_changed();
        Ok(purpose)
    }

    /// Waits until a switch turns off by itself. Whoever asks before that finds it off as well; this tells of it.
    pub(crate) async fn while_is_over(&self) {
        let mut changes = self.changes();
        loop {
            changes.mark_unchanged();
            let (now, next) = (self.shared.clock.monotonic(), self.state().next_off());
            match next {
                Some(off_at) if off_at <= now => return self.change(|_, _| ()),
                Some(off_at) => tokio::select! {
                    () = self.shared.clock.sleep_until(off_at) => {}
                    _ = changes.changed() => {}
                },
                None => drop(changes.changed().await),
            }
        }
    }

    /// Marks a session as running for as long as the answer lives; nothing where there is no consent (any
    /// more).
    pub(crate) fn session_started(&self, purpose: SessionPurpose) -> Option<RunningSession> {
        let number = self.change(|state, _| {
            let kept = state.find(&purpose)?;
            kept.sessions += 1;
            kept.consent.session_started();
            Some(kept.number)
        })?;
        Some(RunningSession { consents: self.clone(), number })
    }

    /// Ticks whenever anything here changed.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes.subscribe()
    }

    fn change<T>(&self, change: impl FnOnce(&mut State, Duration) -> T) -> T {
        let outcome = change(&mut self.settled(), self.shared.clock.monotonic());
        self.say_changed();
        outcome
    }

    /// As it is at this moment: no switch is on longer than a person allowed.
    fn settled(&self) -> MutexGuard<'_, State> {
        let mut state = self.state();
        let now = self.shared.clock.monotonic();
        let mut turned_off = false;
        for kept in &mut state.kept {
            turned_off |= kept.settle(now);
        }
        if turned_off {
            // Whoever only looked was the first to see it.
            self.say_changed();
        }
        state
    }

    fn say_changed(&self) {
        self.shared.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn find(&mut self, purpose: &SessionPurpose) -> Option<&mut Kept> {
        self.kept.iter_mut().find(|kept| kept.consent.purpose == *purpose)
    }

    fn next_off(&self) -> Option<Duration> {
        self.kept.iter().flat_map(|kept| kept.for_a_while.values().copied()).min()
    }

    fn numbered(&mut self, number: u64) -> Option<&mut Kept> {
        self.kept.iter_mut().find(|kept| kept.number == number)
    }

    fn remove(&mut self, purpose: &SessionPurpose) -> Option<Kept> {
        let index = self.kept.iter().position(|kept| kept.consent.purpose == *purpose)?;
        Some(self.kept.swap_remove(index))
    }
}

impl Kept {
    fn turn(&mut self, permission: Permission, turn: Turn, now: Duration) {
        let switches = self.consent.switches;
        self.for_a_while.remove(&permission);
        self.consent.switches = match turn {
            Turn::On | Turn::OnForAWhile => switches.with(permission),
            Turn::Off => switches.without(permission),
        };
        if turn == Turn::OnForAWhile {
            self.for_a_while.insert(permission, now + A_WHILE);
        }
    }

    /// What stays on stays on for as long as it was to be.
    fn set(&mut self, switches: PermissionSet) {
        self.for_a_while.retain(|permission, _| switches.contains(*permission));
        self.consent.switches = switches;
    }

    /// Whether a switch turned off by itself.
    fn settle(&mut self, now: Duration) -> bool {
        let on = self.consent.switches;
        let over = self.for_a_while.extract_if(.., |_, off_at| *off_at <= now);
        for (permission, _) in over {
            self.consent.switches = self.consent.switches.without(permission);
        }
        self.consent.switches != on
    }

    /// The last session is over, and with it what was allowed for a while.
    fn session_ended(&mut self, now: Duration) {
        self.settle(Duration::MAX);
        self.consent.session_ended(now);
    }

    fn is_for(&self, wanted: RequestId) -> bool {
        matches!(self.consent.purpose, SessionPurpose::Request { request, .. } if request == wanted)
    }
}

/// A session that runs or resumes under a consent. The half hour after the last session counts from its drop.
pub(crate) struct RunningSession {
    consents: Consents,
    number: u64,
}

impl RunningSession {
    /// The consent that it started under, if that was not withdrawn since.
    pub(crate) fn consent(&self) -> Option<Consent> {
        self.consents.settled().numbered(self.number).map(|kept| kept.consent.clone())
    }

    pub(crate) fn for_a_while(&self) -> ForAWhile {
        let for_a_while = |kept: &mut Kept| kept.for_a_while.clone();
        self.consents.settled().numbered(self.number).map(for_a_while).unwrap_or_default()
    }
}

impl Drop for RunningSession {
    fn drop(&mut self) {
        self.consents.change(|state, now| {
            let Some(kept) = state.numbered(self.number) else { return };
            kept.sessions -= 1;
            if kept.sessions == 0 {
                kept.session_ended(now);
            }
        });
    }
}

/// What the viewer may do under the consent as it stands at the moment of asking, and the host can carry out.
pub(crate) struct Switches {
    running: Weak<RunningSession>,
    available: PermissionSet,
}

impl Switches {
    pub(crate) fn new(running: Weak<RunningSession>, available: PermissionSet) -> Self {
        Self { running, available }
    }
}

impl Gate for Switches {
    fn allows(&self, permission: Permission) -> bool {
        let consent = self.running.upgrade().and_then(|running| running.consent());
        consent.is_some_and(|consent| consent.switches.and(self.available).contains(permission))
    }
}

#[cfg(test)]
mod tests;
