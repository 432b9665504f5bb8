//! Asking for one more permission during a session. Only the host's person answers, and no time that passes does.

use std::collections::BTreeMap;
use std::time::Duration;

use beckon_domain::{Permission, PermissionSet};
use serde::{Deserialize, Serialize};

use crate::budget::Budget;

/// What the host says of it, on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Asks {
    /// What the host could give, whether or not it does now.
    pub possible: PermissionSet,
    /// Asked for, and not answered.
    pub open: PermissionSet,
}

/// Why a viewer cannot ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AskRefusal {
    #[error("the host cannot give that")]
    NotPossible,
    #[error("asked for too often, or too soon after a no")]
    TooSoon { wait: Duration },
    #[error("there is no connection now")]
    NotConnected,
    #[error("the session is over")]
    Ended,
}

/// What to do with an ask that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Show,
    Drop,
    NotAllowed,
    /// It does not stop: disconnect.
    Flood,
}

/// After a no the same is not asked again for so long.
const AGAIN_AFTER: Duration = Duration::from_secs(30);
/// This many at once, and one more every five seconds.
const HEARD_BURST: u32 = 6;
const HEARD_EVERY: Duration = Duration::from_secs(5);
/// A viewer sends so much less that what a stalled network bunches together still passes.
const SENT_BURST: u32 = 3;
const SENT_EVERY: Duration = Duration::from_secs(10);
/// So many too many, one after the other, are a flood.
const FLOOD: u32 = 10;

pub(crate) struct Asking {
    asks: Asks,
    /// What the viewer may do now.
    held: PermissionSet,
    /// When the host's person last said no to it, or the viewer heard so.
    refused_at: BTreeMap<Permission, Duration>,
    sending: Budget,
    hearing: Budget,
    excess: u32,
}

impl Asking {
    pub(crate) fn new() -> Self {
        Self {
            asks: Asks::default(),
            held: PermissionSet::NONE,
            refused_at: BTreeMap::new(),
            sending: Budget::new(SENT_BURST, SENT_EVERY),
            hearing: Budget::new(HEARD_BURST, HEARD_EVERY),
            excess: 0,
        }
    }

    pub(crate) fn asks(&self) -> Asks {
        self.asks
    }

    /// On the host: what it could give, for the whole session.
    pub(crate) fn offer(&mut self, possible: PermissionSet) {
        self.asks.possible = possible;
    }

    /// On the viewer: whether its person may ask now.
    pub(crate) fn ask(&mut self, permission: Permission, now: Duration) -> Result<(), AskRefusal> {
        if !self.asks.possible.contains(permission) {
            return Err(AskRefusal::NotPossible);
        }
        let wait = self.wait(permission, now);
        if !wait.is_zero() {
            return Err(AskRefusal::TooSoon { wait });
        }
        if self.sending.spend(now) { Ok(()) } else { Err(AskRefusal::TooSoon { wait: SENT_EVERY }) }
    }

    /// On both sides: what is given is asked no more.
    pub(crate) fn hold(&mut self, held: PermissionSet) {
        self.held = held;
        self.asks.open = without(self.asks.open, held);
    }

    /// On the viewer: the host's word. What it answered without giving it, it refused.
    pub(crate) fn told(&mut self, asks: Asks, now: Duration) {
        let refused = without(self.asks.open, asks.open);
        self.refused_at.extend(refused.iter().map(|permission| (permission, now)));
        self.asks = asks;
    }

    /// On the host: an ask that came.
    pub(crate) fn hear(&mut self, permission: Permission, now: Duration) -> Verdict {
        if self.hearing.is_full(now) {
            self.excess = 0;
        }
        if !self.hearing.spend(now) {
            self.excess += 1;
            return if self.excess < FLOOD { Verdict::Drop } else { Verdict::Flood };
        }
        if !self.asks.possible.contains(permission) {
            return Verdict::NotAllowed;
        }
        let open = self.asks.open.contains(permission);
        if open || self.held.contains(permission) || !self.wait(permission, now).is_zero() {
            return Verdict::Drop;
        }
        self.asks.open = self.asks.open.with(permission);
        Verdict::Show
    }

    /// On the host: its person said no. Whether that was asked.
    pub(crate) fn refuse(&mut self, permission: Permission, now: Duration) -> bool {
        let asked = self.asks.open.contains(permission);
        if asked {
            self.asks.open = self.asks.open.without(permission);
            self.refused_at.insert(permission, now);
        }
        asked
    }

    fn wait(&self, permission: Permission, now: Duration) -> Duration {
        let refused_at = self.refused_at.get(&permission);
        refused_at.map_or(Duration::ZERO, |at| (*at + AGAIN_AFTER).saturating_sub(now))
    }
}

fn without(some: PermissionSet, others: PermissionSet) -> PermissionSet {
    some.iter().filter(|permission| !others.contains(*permission)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(1_000);
    const SECOND: Duration = Duration::from_secs(1);

    fn set(permissions: &[Permission]) -> PermissionSet {
        permissions.iter().copied().collect()
    }

    fn host() -> Asking {
        let mut asking = Asking::new();
        asking.offer(set(&[Permission::Input, Permission::Clipboard]));
        asking
    }

    fn viewer() -> Asking {
        let mut asking = Asking::new();
        asking.told(host().asks(), NOW);
        asking
    }

    #[test]
    fn an_ask_stays_open_until_a_person_answers_it() {
        let mut asking = host();
        assert_eq!(asking.hear(Permission::Input, NOW), Verdict::Show);
        assert_eq!(asking.hear(Permission::Input, 9 * NOW), Verdict::Drop);
        assert_eq!(asking.asks().open, set(&[Permission::Input]));
        assert!(asking.refuse(Permission::Input, 9 * NOW));
        assert!(!asking.refuse(Permission::Input, 9 * NOW), "it is answered once");
        assert_eq!(asking.asks().open, PermissionSet::NONE);
    }

    #[test]
    fn what_is_given_is_asked_no_more() {
        let mut asking = host();
        asking.hear(Permission::Input, NOW);
        asking.hear(Permission::Clipboard, NOW);
        asking.hold(set(&[Permission::Input]));
        assert_eq!(asking.asks().open, set(&[Permission::Clipboard]));
    }

    #[test]
    fn what_is_held_already_is_not_shown_and_what_the_host_cannot_give_is_not_allowed() {
        let mut asking = host();
        asking.hold(set(&[Permission::Input]));
        assert_eq!(asking.hear(Permission::Input, NOW), Verdict::Drop);
        assert_eq!(asking.hear(Permission::TcpTunnel, NOW), Verdict::NotAllowed);
        assert_eq!(asking.asks().open, PermissionSet::NONE);
    }

    #[test]
    fn after_a_no_the_same_is_not_asked_for_half_a_minute() {
        let mut asking = host();
        asking.hear(Permission::Input, NOW);
        asking.refuse(Permission::Input, NOW);
        assert_eq!(asking.hear(Permission::Input, NOW + 29 * SECOND), Verdict::Drop);
        assert_eq!(asking.hear(Permission::Clipboard, NOW + 29 * SECOND), Verdict::Show);
        assert_eq!(asking.hear(Permission::Input, NOW + 30 * SECOND), Verdict::Show);
    }

    #[test]
    fn a_viewer_keeps_to_what_its_host_takes() {
        let mut viewer = viewer();
        assert_eq!(viewer.ask(Permission::Audio, NOW), Err(AskRefusal::NotPossible));
        assert_eq!(viewer.ask(Permission::Input, NOW), Ok(()));
        let open = Asks { open: set(&[Permission::Input]), ..viewer.asks() };
        viewer.told(open, NOW);
        viewer.told(Asks { open: PermissionSet::NONE, ..open }, NOW);
        let wait = AGAIN_AFTER - SECOND;
        assert_eq!(viewer.ask(Permission::Input, NOW + SECOND), Err(AskRefusal::TooSoon { wait }));
        assert_eq!(viewer.ask(Permission::Input, NOW + AGAIN_AFTER), Ok(()));
    }

    #[test]
    fn a_yes_is_not_taken_for_a_no() {
        let mut viewer = viewer();
        let open = Asks { open: set(&[Permission::Input]), ..viewer.asks() };
        viewer.told(open, NOW);
        viewer.hold(set(&[Permission::Input]));
        viewer.told(Asks { open: PermissionSet::NONE, ..open }, NOW);
        viewer.hold(PermissionSet::NONE);
        assert_eq!(viewer.ask(Permission::Input, NOW), Ok(()), "it was given, and taken back since");
    }

    #[test]
    fn a_viewer_that_keeps_its_pace_is_never_in_excess_however_its_asks_bunch() {
        let (mut viewer, mut host) = (viewer(), host());
        let asked_at: Vec<_> = (0..200)
            .map(|tick| NOW + tick * SECOND)
            .filter(|now| viewer.ask(Permission::Input, *now).is_ok())
            .collect();
        // The network holds everything of the last ten seconds back, and lets it through at once.
        for at in asked_at {
            let released = Duration::from_secs(at.as_secs().next_multiple_of(10));
            host.hear(Permission::Input, released);
            assert_eq!(host.excess, 0);
        }
    }

    #[test]
    fn a_flood_of_asks_is_dropped_and_then_ends_the_session() {
        let mut asking = host();
        let verdicts: Vec<_> = (0..16).map(|_| asking.hear(Permission::Input, NOW)).collect();
        assert_eq!(verdicts.first(), Some(&Verdict::Show));
        assert!(verdicts.iter().skip(1).take(14).all(|verdict| *verdict == Verdict::Drop), "{verdicts:?}");
        assert_eq!(verdicts.last(), Some(&Verdict::Flood));
    }
}
