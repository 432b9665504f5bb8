//! The only reader of the time. Everything else is handed a [`Clock`] or a moment.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

pub trait Clock: Send + Sync + 'static {
    /// The wall clock. It may be wrong, and may jump.
    fn now(&self) -> DateTime<Utc>;

    /// Time since an arbitrary origin. It never goes back, whatever happens to the wall clock.
    fn monotonic(&self) -> Duration;

    /// Completes once [`Clock::monotonic`] has moved on by `duration`.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// Completes once [`Clock::monotonic`] has reached `moment`. For a wait that was worked out before: time that
    /// has passed since then is not waited for again.
    fn sleep_until(&self, moment: Duration) -> Sleep;
}

pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;
pub type SharedClock = Arc<dyn Clock>;

pub struct SystemClock {
    origin: std::time::Instant,
}

impl SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn shared() -> SharedClock {
        Arc::new(Self { origin: std::time::Instant::now() })
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn monotonic(&self) -> Duration {
        self.origin.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(futures_timer::Delay::new(duration))
    }

    fn sleep_until(&self, moment: Duration) -> Sleep {
        self.sleep(moment.saturating_sub(self.monotonic()))
    }
}

#[cfg(feature = "fake-clock")]
pub use fake::FakeClock;

#[cfg(feature = "fake-clock")]
mod fake {
    use std::sync::{Mutex, PoisonError};
    use std::task::{Context, Poll, Waker};

    use super::{Arc, Clock, DateTime, Duration, Future, Pin, SharedClock, Sleep, Utc};

    /// A clock that stands still until a test moves it.
    ///
    /// Clones and [`FakeClock::wrong_by`] share one timeline, so that one `advance` wakes every sleeper.
    #[derive(Clone)]
    pub struct FakeClock {
        timeline: Arc<Mutex<Timeline>>,
        wrong_by: chrono::TimeDelta,
    }

    struct Timeline {
        start: DateTime<Utc>,
        elapsed: Duration,
        sleepers: Vec<Waker>,
    }

    impl FakeClock {
        pub fn starting_at(start: DateTime<Utc>) -> Self {
            let timeline = Timeline { start, elapsed: Duration::ZERO, sleepers: Vec::new() };
            Self { timeline: Arc::new(Mutex::new(timeline)), wrong_by: chrono::TimeDelta::zero() }
        }

        /// The same timeline, seen by a machine whose wall clock is set wrong.
        pub fn wrong_by(&self, wrong_by: chrono::TimeDelta) -> Self {
            Self { timeline: self.timeline.clone(), wrong_by }
        }

        pub fn shared(&self) -> SharedClock {
            Arc::new(self.clone())
        }

        pub fn advance(&self, by: Duration) {
            let sleepers = {
                let mut timeline = self.lock();
                timeline.elapsed += by;
                std::mem::take(&mut timeline.sleepers)
            };
            sleepers.into_iter().for_each(Waker::wake);
        }

        fn lock(&self) -> std::sync::MutexGuard<'_, Timeline> {
            self.timeline.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }

    impl Clock for FakeClock {
        fn now(&self) -> DateTime<Utc> {
            let timeline = self.lock();
            timeline.start + timeline.elapsed + self.wrong_by
        }

        fn monotonic(&self) -> Duration {
            self.lock().elapsed
        }

        fn sleep(&self, duration: Duration) -> Sleep {
            self.sleep_until(self.monotonic() + duration)
        }

        fn sleep_until(&self, until: Duration) -> Sleep {
            Box::pin(FakeSleep { clock: self.clone(), until })
        }
    }

    struct FakeSleep {
        clock: FakeClock,
        until: Duration,
    }

    impl Future for FakeSleep {
        type Output = ();

        fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            let mut timeline = self.clock.lock();
            if timeline.elapsed >= self.until {
                return Poll::Ready(());
            }
            timeline.sleepers.push(context.waker().clone());
            Poll::Pending
        }
    }
}
