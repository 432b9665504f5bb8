//! Which switches turn off by themselves, as the host tells its viewer.

use std::collections::BTreeMap;
use std::time::Duration;

use beckon_domain::Permission;
use serde::{Deserialize, Serialize};

use crate::consents::{A_WHILE, ForAWhile};
use crate::control::Frame;
use crate::core::Core;
use crate::live::SessionEvent;
use crate::talk::Talk;

/// How much longer each is on, in milliseconds: the two have no clock in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TimeLeft(BTreeMap<Permission, u32>);

impl TimeLeft {
    pub(crate) fn of(switches: &ForAWhile, now: Duration) -> Self {
        let left = |off_at: &Duration| off_at.saturating_sub(now).as_millis().try_into().unwrap_or(u32::MAX);
        Self(switches.iter().map(|(permission, off_at)| (*permission, left(off_at))).collect())
    }

    /// No host of ours says more than [`A_WHILE`].
    pub(crate) fn counted_from(self, now: Duration) -> ForAWhile {
        let off_at = |left: u32| now + Duration::from_millis(left.into()).min(A_WHILE);
        self.0.into_iter().map(|(permission, left)| (permission, off_at(left))).collect()
    }
}

impl Core {
    /// On the host: tells both sides.
    pub(crate) fn say_for_a_while(&mut self, switches: ForAWhile, talk: Option<&mut Talk>) {
        let left = TimeLeft::of(&switches, self.clock.monotonic());
        self.report(SessionEvent::ForAWhile(switches));
        if let Some(talk) = talk {
            talk.send(Frame::ForAWhile(left));
        }
    }

    /// On the viewer: the host's word.
    pub(crate) fn told_for_a_while(&mut self, left: TimeLeft) {
        self.report(SessionEvent::ForAWhile(left.counted_from(self.clock.monotonic())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(70);

    #[test]
    fn what_the_host_says_ends_at_the_same_moment_on_the_viewers_clock() {
        let off_at = ForAWhile::from([(Permission::Input, Duration::from_secs(100))]);
        let heard = TimeLeft::of(&off_at, Duration::from_secs(40)).counted_from(NOW);
        assert_eq!(heard, ForAWhile::from([(Permission::Input, NOW + Duration::from_secs(60))]));
    }

    #[test]
    fn what_is_over_has_no_time_left_and_no_host_has_more_than_a_while() {
        let said = ForAWhile::from([(Permission::Input, Duration::ZERO), (Permission::Audio, Duration::MAX)]);
        let heard = TimeLeft::of(&said, NOW).counted_from(NOW);
        assert_eq!(heard, ForAWhile::from([(Permission::Input, NOW), (Permission::Audio, NOW + A_WHILE)]));
    }
}
