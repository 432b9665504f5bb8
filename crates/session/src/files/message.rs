//! What is said on a stream for files. The viewer opens it and asks; for a transfer, one side then sends and
//! the other answers, whichever of them asked. The order of the variants is the format: see
//! `docs/protocol.md`.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::listing::Entry;
use super::path::FilePath;
use super::stop::FileStop;
use super::transfer::TransferId;

/// The most bytes of content in one message.
pub(super) const PIECE: usize = 64 * 1024;
/// The most bytes of a frame, without its length.
pub(super) const LONGEST: usize = PIECE + 1024;
/// The most files and folders in one transfer.
pub(super) const MOST_ITEMS: u32 = 100_000;

/// Viewer, first and once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Ask {
    List(FilePath),
    /// The viewer sends, into that folder.
    Upload {
        transfer: TransferId,
        into: FilePath,
    },
    /// The host sends these.
    Fetch {
        transfer: TransferId,
        paths: Vec<FilePath>,
    },
    /// The host tells what its person offers, until the stream ends.
    Offers,
    /// The host sends what its person offered.
    Take {
        transfer: TransferId,
    },
    /// The viewer's person does not want it. The host does not answer.
    Decline {
        transfer: TransferId,
    },
}

/// Host, to [`Ask::List`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Listed {
    Entries(Vec<Entry>),
    /// The last one.
    End {
        /// Whether there is more than is listed.
        more: bool,
    },
    Stop(FileStop),
}

/// From the side that sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Sent {
    /// First, and again first after every reconnect.
    Offer(Offer),
    Folder(FilePath),
    File(FileHead),
    /// In place of `File`, first after a reconnect: the file under way goes on from there.
    Continue {
        from: u64,
    },
    Piece(Bytes),
    /// With the BLAKE3 hash of the whole file.
    FileEnd {
        hash: [u8; 32],
    },
    /// The file under way cannot be read to its end.
    Unreadable,
    /// A file that cannot be read at all.
    Skipped,
    Paused,
    Going,
    /// The last one.
    End,
    Stop(FileStop),
}

/// From the side that receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Answered {
    /// To the offer: where to go on.
    Accept(Position),
    Paused,
    Going,
    /// To the end: everything has landed.
    Done,
    Stop(FileStop),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Offer {
    pub(super) folders: u32,
    pub(super) files: u32,
    /// All files together.
    pub(super) bytes: u64,
    /// What was found and cannot be sent.
    pub(super) skipped: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileHead {
    pub(super) path: FilePath,
    pub(super) size: u64,
    /// Milliseconds since 1970 in UTC, if known.
    pub(super) modified: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Position {
    /// Files and folders that are done with, in the order of sending.
    pub(super) items: u32,
    /// What is there of the next one.
    pub(super) part: Option<Prefix>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Prefix {
    pub(super) bytes: u64,
    /// BLAKE3 of these bytes.
    pub(super) hash: [u8; 32],
}

impl Offer {
    pub(super) fn items(&self) -> u32 {
        self.folders.saturating_add(self.files)
    }
}
