//! One transfer as its two persons see it: how far it is, and what they may do about it.

use std::fmt::Write as _;
use std::time::Duration;

use beckon_domain::SharedClock;
use beckon_domain::keys::random;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::landing::Tally;
use super::stop::FileStop;

/// Drawn by whoever begins; the same after a reconnect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TransferId([u8; 16]);

impl TransferId {
    pub(super) fn new() -> Self {
        Self(random())
    }

    /// Short, for names of files that are under way.
    pub(super) fn tag(&self) -> String {
        self.0.iter().take(4).fold(String::new(), |mut tag, byte| {
            // Writing to a string cannot fail.
            let _ = write!(tag, "{byte:02x}");
            tag
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransferState {
    /// Looking at what there is, or waiting for the other side.
    Preparing,
    /// To the viewer, who has not answered.
    Offered,
    Running,
    PausedHere,
    PausedThere,
    /// Waiting for the next connection.
    Lost,
    Done,
    Stopped(FileStop),
}

/// Moves on at most every 100 ms, and whenever the state changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub state: TransferState,
    pub bytes: u64,
    pub bytes_total: u64,
    /// Files that have landed.
    pub files: u32,
    pub files_total: u32,
    /// Files that could not be read.
    pub failed: u32,
}

/// What a person on this side wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Run,
    Pause,
    Cancel,
}

/// A transfer that is under way or over; clones are the same one.
#[derive(Clone)]
pub struct Transfer {
    id: TransferId,
    progress: watch::Sender<Progress>,
    wish: watch::Sender<Wish>,
}

impl Transfer {
    pub(super) fn new(id: TransferId) -> Self {
        let progress = Progress {
            state: TransferState::Preparing,
            bytes: 0,
            bytes_total: 0,
            files: 0,
            files_total: 0,
            failed: 0,
        };
        Self { id, progress: watch::Sender::new(progress), wish: watch::Sender::new(Wish::Run) }
    }

    pub fn id(&self) -> TransferId {
        self.id
    }

    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Also holds the other side.
    pub fn pause(&self) {
        self.change(Wish::Pause);
    }

    pub fn go_on(&self) {
        self.change(Wish::Run);
    }

    /// For good. What landed whole stays; the file under way goes.
    pub fn cancel(&self) {
        self.change(Wish::Cancel);
    }

    pub(super) fn wish(&self) -> watch::Receiver<Wish> {
        self.wish.subscribe()
    }

    /// Why it ended, if it ended before its end: it does not go on then.
    pub(super) fn stopped(&self) -> Option<FileStop> {
        match self.progress.borrow().state {
            TransferState::Stopped(why) => Some(why),
            _ => None,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.progress.borrow().state, TransferState::Done | TransferState::Stopped(_))
    }

    pub(super) fn is_cancelled(&self) -> bool {
        *self.wish.borrow() == Wish::Cancel
    }

    fn change(&self, wish: Wish) {
        self.wish.send_if_modified(|now| {
            let changes = *now != Wish::Cancel && *now != wish;
            if changes {
                *now = wish;
            }
            changes
        });
    }
}

const SHOW_EVERY: Duration = Duration::from_millis(100);

/// Writes down how far a transfer is, not more often than anybody can see.
pub(super) struct Meter {
    clock: SharedClock,
    shown: watch::Sender<Progress>,
    now: Progress,
    next_at: Duration,
}

impl Meter {
    pub(super) fn new(clock: SharedClock, transfer: &Transfer) -> Self {
        let now = *transfer.progress.borrow();
        Self { clock, shown: transfer.progress.clone(), now, next_at: Duration::ZERO }
    }

    pub(super) fn is(&mut self, state: TransferState) {
        if self.now.state != state {
            self.now.state = state;
            self.show();
        }
    }

    pub(super) fn update(&mut self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.now);
        if self.clock.monotonic() >= self.next_at {
            self.show();
        }
    }

    pub(super) fn measure(&mut self, tally: Tally) {
        self.update(|now| {
            now.bytes = tally.bytes;
            now.files = tally.files;
            now.failed = tally.failed;
        });
    }

    fn show(&mut self) {
        self.next_at = self.clock.monotonic() + SHOW_EVERY;
        self.shown.send_replace(self.now);
    }
}

#[cfg(test)]
mod tests {
    use beckon_domain::clock::FakeClock;
    use chrono::DateTime;

    use super::*;

    #[test]
    fn progress_is_shown_every_tenth_of_a_second_and_at_every_change_of_state() {
        let clock = FakeClock::starting_at(DateTime::UNIX_EPOCH);
        let transfer = Transfer::new(TransferId::new());
        let seen = transfer.progress();
        let mut meter = Meter::new(clock.shared(), &transfer);
        meter.is(TransferState::Running);
        meter.update(|now| now.bytes = 1);
        assert_eq!(seen.borrow().bytes, 0);
        clock.advance(Duration::from_millis(100));
        meter.update(|now| now.bytes = 2);
        assert_eq!(seen.borrow().bytes, 2);
        meter.update(|now| now.bytes = 3);
        assert_eq!(seen.borrow().bytes, 2);
        meter.is(TransferState::Done);
        assert_eq!(seen.borrow().bytes, 3);
    }

    #[test]
    fn who_cancelled_cannot_go_on() {
        let transfer = Transfer::new(TransferId::new());
        transfer.cancel();
        transfer.go_on();
        assert_eq!(*transfer.wish().borrow(), Wish::Cancel);
    }
}
