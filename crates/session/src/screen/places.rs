//! How many screens one viewer has open, and how often it opens one.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use beckon_domain::SharedClock;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::budget::Budget;

/// Screens that are shown at a time, each of which costs a thread and a picture; further ones wait.
const MOST: usize = 3;
/// So many are opened at once, and one more every half a second: each begins with a whole picture.
const BURST: u32 = 10;
const EVERY: Duration = Duration::from_millis(500);

pub(crate) struct Places {
    free: Semaphore,
    pace: Mutex<Budget>,
    clock: SharedClock,
}

impl Places {
    pub(crate) fn new(clock: SharedClock) -> Self {
        Self { free: Semaphore::new(MOST), pace: Mutex::new(Budget::new(BURST, EVERY)), clock }
    }

    /// Waits for it. As many can wait as there can be streams.
    pub(crate) async fn take(&self) -> Option<SemaphorePermit<'_>> {
        let wait =
            self.pace.lock().unwrap_or_else(PoisonError::into_inner).spend_later(self.clock.monotonic());
        self.clock.sleep(wait).await;
        // Nobody closes them.
        self.free.acquire().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use beckon_domain::clock::FakeClock;
    use chrono::DateTime;
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn who_switches_back_and_forth_without_a_pause_waits() {
        let clock = FakeClock::starting_at(DateTime::UNIX_EPOCH);
        let places = Places::new(clock.shared());
        let taken = |places: &Places| places.take().now_or_never().is_some();
        assert!((0..BURST).all(|_| taken(&places)));
        let mut next = Box::pin(places.take());
        assert!(next.as_mut().now_or_never().is_none());
        clock.advance(EVERY);
        assert!(next.now_or_never().is_some());
    }

    #[test]
    fn a_fourth_screen_waits_for_one_of_three() {
        let places = Places::new(FakeClock::starting_at(DateTime::UNIX_EPOCH).shared());
        let mut open: Vec<_> = (0..MOST).map(|_| places.take().now_or_never()).collect();
        assert!(open.iter().all(Option::is_some));
        let mut fourth = Box::pin(places.take());
        assert!(fourth.as_mut().now_or_never().is_none());
        open.pop();
        assert!(fourth.now_or_never().is_some());
    }
}
