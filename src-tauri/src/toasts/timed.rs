//! Toasts that must not stay are withdrawn in time, on every system alike.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use beckon_domain::SharedClock;
use tokio::sync::broadcast;

use super::{Answer, Toast, ToastId, Toaster, Toasts};

pub struct Timed {
    toaster: Toasts,
    clock: SharedClock,
    /// Which showing of a toast it is: the deadline of an earlier one does not count for a later one.
    showings: Arc<Mutex<HashMap<ToastId, u64>>>,
    shown: AtomicU64,
}

impl Timed {
    pub fn new(toaster: Toasts, clock: SharedClock) -> Self {
        Self { toaster, clock, showings: Arc::default(), shown: AtomicU64::new(0) }
    }

    fn withdraw_in_time(&self, toast: &Toast) {
        let id = toast.id.clone();
        let Some(stays) = toast.stays else {
            lock(&self.showings).remove(&id);
            return;
        };
        let showing = self.shown.fetch_add(1, Ordering::Relaxed);
        lock(&self.showings).insert(id.clone(), showing);
        let over = self.clock.sleep(stays);
        let (showings, toaster) = (self.showings.clone(), self.toaster.clone());
        tauri::async_runtime::spawn(async move {
            over.await;
            let mut showings = lock(&showings);
            if showings.get(&id) == Some(&showing) {
                showings.remove(&id);
                toaster.withdraw(&id);
            }
        });
    }
}

impl Toaster for Timed {
    fn show(&self, toast: Toast) {
        self.withdraw_in_time(&toast);
        self.toaster.show(toast);
    }

    fn update(&self, toast: Toast) {
        self.withdraw_in_time(&toast);
        self.toaster.update(toast);
    }

    fn withdraw(&self, id: &ToastId) {
        lock(&self.showings).remove(id);
        self.toaster.withdraw(id);
    }

    fn answers(&self) -> broadcast::Receiver<Answer> {
        self.toaster.answers()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use beckon_domain::clock::FakeClock;
    use tokio::sync::mpsc;

    use super::*;

    struct Told(mpsc::Sender<&'static str>);

    impl Toaster for Told {
        fn show(&self, _: Toast) {
            self.0.try_send("show").unwrap();
        }

        fn update(&self, _: Toast) {
            self.0.try_send("update").unwrap();
        }

        fn withdraw(&self, _: &ToastId) {
            self.0.try_send("withdraw").unwrap();
        }

        fn answers(&self) -> broadcast::Receiver<Answer> {
            broadcast::Sender::new(1).subscribe()
        }
    }

    fn toast(stays: u64) -> Toast {
        let stays = Some(Duration::from_secs(stays));
        Toast { id: ToastId("t".into()), title: "T".into(), body: "B".into(), buttons: vec![], stays }
    }

    #[tokio::test]
    async fn the_deadline_of_an_earlier_showing_does_not_count_for_a_later_one() {
        let clock = FakeClock::starting_at(Default::default());
        let (told, mut heard) = mpsc::channel(8);
        let timed = Timed::new(Arc::new(Told(told)), clock.shared());
        timed.show(toast(10));
        clock.advance(Duration::from_secs(9));
        timed.withdraw(&toast(10).id);
        timed.show(toast(10));
        timed.update(toast(5));
        clock.advance(Duration::from_secs(4));
        timed.update(toast(120));
        clock.advance(Duration::from_secs(119));
        timed.show(toast(3));
        clock.advance(Duration::from_secs(3));
        for expected in ["show", "withdraw", "show", "update", "update", "show", "withdraw"] {
            assert_eq!(heard.recv().await, Some(expected));
        }
        assert!(heard.is_empty(), "once");
    }
}
