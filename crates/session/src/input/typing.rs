//! Whether viewers press keys or buttons here just now. A global hot key, or something that is dropped, may then be
//! theirs, and not that of whoever sits here.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What was pressed arrives, as a hot key, only after the system looked at it.
const JUST_NOW: Duration = Duration::from_secs(1);

/// Of all viewers together.
#[derive(Debug, Clone, Default)]
pub struct Typing(Arc<Mutex<Keys>>);

#[derive(Debug, Default)]
struct Keys {
    down: usize,
    last: Option<Duration>,
}

impl Typing {
    /// A viewer holds a key or a button, or used one a moment ago.
    pub fn is_under_way(&self, now: Duration) -> bool {
        self.with(|keys| keys.down > 0 || keys.last.is_some_and(|last| now < last + JUST_NOW))
    }

    pub(super) fn goes_down(&self, now: Duration) {
        self.with(|keys| {
            keys.down += 1;
            keys.last = Some(now);
        });
    }

    pub(super) fn comes_up(&self, now: Duration) {
        self.with(|keys| {
            keys.down = keys.down.saturating_sub(1);
            keys.last = Some(now);
        });
    }

    fn with<T>(&self, look: impl FnOnce(&mut Keys) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_holds_a_key_types_and_for_a_second_after_it_came_up() {
        let (typing, second) = (Typing::default(), Duration::from_secs);
        assert!(!typing.is_under_way(second(100)));
        typing.goes_down(second(100));
        assert!(typing.is_under_way(second(500)));
        typing.comes_up(second(500));
        assert!(typing.is_under_way(second(500)));
        assert!(!typing.is_under_way(second(501)));
    }
}
