//! Why a transfer or a listing ended before its end.

use std::io::{Error, ErrorKind};

use serde::{Deserialize, Serialize};

use crate::frames::FrameBroken;

/// The order of the variants is the format: see `docs/protocol.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum FileStop {
    #[error("somebody stopped it")]
    Cancelled,
    #[error("file transfer is not allowed, or no longer")]
    NotAllowed,
    #[error("the host has chosen no folder")]
    NoFolder,
    #[error("there is no such file or folder")]
    NotThere,
    #[error("it cannot be read")]
    CannotRead,
    #[error("it cannot be written")]
    CannotWrite,
    #[error("the disk is full")]
    NoSpace,
    #[error("too many files")]
    TooMany,
    #[error("too many transfers at once")]
    Busy,
    #[error("what arrived is not what was sent")]
    Damaged,
    #[error("the other side broke the protocol")]
    Misbehaved,
    /// Never sent. Run it again on the next connection, and it goes on where it was.
    #[error("the connection broke")]
    Lost,
    /// Never sent either: it is an answer of its own.
    #[error("the viewer's person does not want it")]
    Declined,
}

impl FileStop {
    pub(super) fn of_reading(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::NotThere,
            _ => Self::CannotRead,
        }
    }

    pub(super) fn of_writing(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::NoSpace,
            _ => Self::CannotWrite,
        }
    }
}

impl From<FrameBroken> for FileStop {
    fn from(broken: FrameBroken) -> Self {
        match broken {
            FrameBroken::Unreadable => Self::Misbehaved,
            FrameBroken::TooLong => Self::TooMany,
            FrameBroken::Transport(_) => Self::Lost,
        }
    }
}
