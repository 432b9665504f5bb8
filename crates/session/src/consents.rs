//! What the person at this host allowed. In memory only, on the host's monotonic clock.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use beckon_domain::{Consent, Permission, PermissionSet, RequestId, SessionPurpose, SharedClock};
use tokio::sync::watch;

use crate::gate::Gate;

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
            } else {
                let number = state.next_number;
                state.next_number += 1;
                state.kept.push(Kept { number, consent, sessions: 0 });
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
        self.change(|state, _| state.find(purpose).map(|kept| kept.consent.switches = switches).is_some())
    }

    pub fn get(&self, purpose: &SessionPurpose) -> Option<Consent> {
        self.state().find(purpose).map(|kept| kept.consent.clone())
    }

    pub fn all(&self) -> Vec<Consent> {
        self.state().kept.iter().map(|kept| kept.consent.clone()).collect()
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
                Err(Some(wait)) => tokio::select! {
                    () = self.shared.clock.sleep(wait) => {}
                    _ = changes.changed() => {}
                },
                // `self` keeps the sender alive, so this ends only by a change.
                Err(None) => drop(changes.changed().await),
            }
        }
    }

    /// One that ran out, or how long until the next does.
    fn take_lapsed(&self) -> Result<SessionPurpose, Option<Duration>> {
        let now = self.shared.clock.monotonic();
        let mut state = self.state();
        let next =
            state.kept.iter().filter_map(|kept| Some((kept.consent.lapses_at()?, kept.consent.purpose)));
        let Some((at, purpose)) = next.min_by_key(|(at, _)| *at) else { return Err(None) };
        if now < at {
            return Err(Some(at - now));
        }
        state.remove(&purpose);
        drop(state);
        self.say_changed();
        Ok(purpose)
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
        let outcome = change(&mut self.state(), self.shared.clock.monotonic());
        self.say_changed();
        outcome
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

    fn numbered(&mut self, number: u64) -> Option<&mut Kept> {
        self.kept.iter_mut().find(|kept| kept.number == number)
    }

    fn remove(&mut self, purpose: &SessionPurpose) -> Option<Kept> {
        let index = self.kept.iter().position(|kept| kept.consent.purpose == *purpose)?;
        Some(self.kept.swap_remove(index))
    }
}

impl Kept {
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
        self.consents.state().numbered(self.number).map(|kept| kept.consent.clone())
    }
}

impl Drop for RunningSession {
    fn drop(&mut self) {
        self.consents.change(|state, now| {
            let Some(kept) = state.numbered(self.number) else { return };
            kept.sessions -= 1;
            if kept.sessions == 0 {
                kept.consent.session_ended(now);
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
