//! The transfers of one session, as its window shows them.

use std::collections::VecDeque;
use std::path::Path;

use beckon_session::files::{FileStop, Progress, Transfer, TransferState};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is over makes room first.
const MOST_SHOWN: usize = 32;

/// What a person asked to be moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[ts(export, rename = "TransferTitle")]
pub enum Title {
    /// The other side asked for it.
    Unknown,
    Of {
        /// The first one's name.
        name: String,
        /// How many were chosen with it.
        others: u32,
    },
}

/// One file, or many that were chosen together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TransferView {
    pub number: u32,
    pub title: Title,
    /// Whether it comes to this computer.
    pub arrives: bool,
    pub phase: TransferPhase,
    #[ts(type = "number")]
    pub bytes: u64,
    /// 0 as long as it is not known.
    #[ts(type = "number")]
    pub bytes_total: u64,
    /// Files that have landed.
    pub files: u32,
    pub files_total: u32,
    /// Files that could not be read.
    pub failed: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "name")]
#[ts(export)]
pub enum TransferPhase {
    Preparing,
    /// To the viewer, who has not answered.
    Offered,
    Running,
    PausedHere,
    PausedThere,
    /// Goes on with the next connection.
    Lost,
    Done,
    Stopped {
        why: TransferStop,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TransferStop {
    Cancelled,
    NotAllowed,
    NoFolder,
    NotThere,
    CannotRead,
    CannotWrite,
    NoSpace,
    TooMany,
    Busy,
    Damaged,
    Misbehaved,
    Lost,
    /// By the viewer's person.
    Declined,
}

/// What a person may do about a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TransferAct {
    Pause,
    GoOn,
    /// Or, where it is over already, takes it from the list.
    Cancel,
}

#[derive(Default)]
pub struct Transfers {
    shown: VecDeque<Shown>,
    numbers: u32,
}

struct Shown {
    number: u32,
    title: Title,
    arrives: bool,
    transfer: Transfer,
    /// Between two connections nobody else knows yet.
    cancelled: bool,
}

impl Title {
    pub fn of(name: &str, chosen: usize) -> Self {
        let others = u32::try_from(chosen.saturating_sub(1)).unwrap_or(u32::MAX);
        Self::Of { name: name.to_owned(), others }
    }

    pub fn of_paths<P: AsRef<Path>>(paths: &[P]) -> Self {
        let first = paths.first().and_then(|path| path.as_ref().file_name());
        Self::of(&first.unwrap_or_default().to_string_lossy(), paths.len())
    }
}

impl Transfers {
    /// False if it is known.
    pub fn add(&mut self, transfer: &Transfer, title: Title, arrives: bool) -> bool {
        if self.shown.iter().any(|shown| shown.transfer.id() == transfer.id()) {
            return false;
        }
        if self.shown.len() >= MOST_SHOWN {
            // The other side may begin as many as it likes, and let each of them go.
            let over = self.shown.iter().position(Shown::is_over);
            self.shown.remove(over.unwrap_or_default());
        }
        self.numbers += 1;
        let (number, transfer) = (self.numbers, transfer.clone());
        self.shown.push_back(Shown { number, title, arrives, transfer, cancelled: false });
        true
    }

    /// The newest first.
    pub fn views(&self) -> Vec<TransferView> {
        self.shown.iter().rev().map(Shown::view).collect()
    }

    pub fn act(&mut self, number: u32, act: TransferAct) {
        let Some(index) = self.shown.iter().position(|shown| shown.number == number) else { return };
        let Some(shown) = self.shown.get_mut(index) else { return };
        match act {
            TransferAct::Pause => shown.transfer.pause(),
            TransferAct::GoOn => shown.transfer.go_on(),
            TransferAct::Cancel if shown.is_over() => drop(self.shown.remove(index)),
            TransferAct::Cancel => {
                shown.cancelled = true;
                shown.transfer.cancel();
            }
        }
    }
}

impl Shown {
    fn phase(&self, progress: &Progress) -> TransferPhase {
        match progress.state {
            TransferState::Preparing => TransferPhase::Preparing,
            TransferState::Offered => TransferPhase::Offered,
            TransferState::Running => TransferPhase::Running,
            TransferState::PausedHere => TransferPhase::PausedHere,
            TransferState::PausedThere => TransferPhase::PausedThere,
            TransferState::Lost if self.cancelled => TransferPhase::Stopped { why: TransferStop::Cancelled },
            TransferState::Lost => TransferPhase::Lost,
            TransferState::Done => TransferPhase::Done,
            TransferState::Stopped(why) => TransferPhase::Stopped { why: why.into() },
        }
    }

    fn is_over(&self) -> bool {
        let progress = *self.transfer.progress().borrow();
        matches!(self.phase(&progress), TransferPhase::Done | TransferPhase::Stopped { .. })
    }

    fn view(&self) -> TransferView {
        let progress = *self.transfer.progress().borrow();
        TransferView {
            number: self.number,
            title: self.title.clone(),
            arrives: self.arrives,
            phase: self.phase(&progress),
            bytes: progress.bytes,
            bytes_total: progress.bytes_total,
            files: progress.files,
            files_total: progress.files_total,
            failed: progress.failed,
        }
    }
}

impl From<FileStop> for TransferStop {
    fn from(stop: FileStop) -> Self {
        match stop {
            FileStop::Cancelled => Self::Cancelled,
            FileStop::NotAllowed => Self::NotAllowed,
            FileStop::NoFolder => Self::NoFolder,
            FileStop::NotThere => Self::NotThere,
            FileStop::CannotRead => Self::CannotRead,
            FileStop::CannotWrite => Self::CannotWrite,
            FileStop::NoSpace => Self::NoSpace,
            FileStop::TooMany => Self::TooMany,
            FileStop::Busy => Self::Busy,
            FileStop::Damaged => Self::Damaged,
            FileStop::Misbehaved => Self::Misbehaved,
            FileStop::Lost => Self::Lost,
            FileStop::Declined => Self::Declined,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use beckon_domain::PermissionSet;
    use beckon_domain::clock::FakeClock;
    use beckon_session::files::{FilePath, Upload};
    use chrono::DateTime;

    use super::*;

    fn transfer() -> Transfer {
        let clock = FakeClock::starting_at(DateTime::UNIX_EPOCH).shared();
        Upload::new(Vec::new(), FilePath::default(), clock, Arc::new(PermissionSet::NONE)).transfer().clone()
    }

    #[test]
    fn a_transfer_is_listed_once_and_the_newest_stands_first() {
        let mut transfers = Transfers::default();
        let (first, second) = (transfer(), transfer());
        assert!(transfers.add(&first, Title::of("a.txt", 1), false));
        assert!(!transfers.add(&first, Title::Unknown, false));
        assert!(transfers.add(&second, Title::of_paths(&["/home/ana/b.txt", "/home/ana/c"]), false));
        let views = transfers.views();
        let titles: Vec<_> = views.iter().map(|view| (view.number, view.title.clone())).collect();
        assert_eq!(titles, [(2, Title::of("b.txt", 2)), (1, Title::of("a.txt", 1))]);
    }

    #[test]
    fn the_list_does_not_grow_with_what_the_other_side_begins() {
        let mut transfers = Transfers::default();
        for _ in 0..=MOST_SHOWN {
            transfers.add(&transfer(), Title::Unknown, true);
        }
        let numbers: Vec<_> = transfers.views().iter().map(|view| view.number).collect();
        assert_eq!((numbers.len(), numbers.first(), numbers.last()), (MOST_SHOWN, Some(&33), Some(&2)));
    }
}
