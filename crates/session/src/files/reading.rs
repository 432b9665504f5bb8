//! What leaves, message by message, in the order of the plan. It waits for nothing but the disk.

use std::io::Read;

use bytes::Bytes;
use cap_std::fs::File;

use super::landing::Tally;
use super::message::{FileHead, Offer, PIECE, Position, Prefix, Sent};
use super::plan::{Plan, What};
use super::stop::FileStop;

/// So much is read at once, so that many small files need few turns at the disk.
const AT_ONCE: usize = 4;
const MESSAGES_AT_ONCE: usize = 96;

pub(super) struct Reading {
    plan: Plan,
    /// The next item to begin.
    next: u32,
    open: Option<Open>,
    /// Of the items that are done with.
    sent: Sizes,
    /// Those of them that could not be read, in order.
    failed: Vec<u32>,
    ended: bool,
}

#[derive(Clone, Copy, Default)]
struct Sizes {
    files: u32,
    bytes: u64,
}

struct Open {
    file: File,
    size: u64,
    left: u64,
    hasher: blake3::Hasher,
}

impl Reading {
    pub(super) fn new(plan: Plan) -> Self {
        Self { plan, next: 0, open: None, sent: Sizes::default(), failed: Vec::new(), ended: false }
    }

    pub(super) fn offer(&self) -> Offer {
        self.plan.offer()
    }

    pub(super) fn tally(&self) -> Tally {
        let under_way = self.open.as_ref().map_or(0, |open| open.size - open.left);
        let failed = u32::try_from(self.failed.len()).unwrap_or(u32::MAX);
        Tally {
            files: self.sent.files.saturating_sub(failed),
            failed: failed.saturating_add(self.offer().skipped),
            bytes: self.sent.bytes + under_way,
        }
    }

    /// Goes on where the other side is. A part that is no prefix of the file is sent anew.
    pub(super) fn go_on(&mut self, position: Position) -> Result<Option<Sent>, FileStop> {
        if position.items > self.offer().items() {
            return Err(FileStop::Misbehaved);
        }
        self.rewind(position.items);
        let Some(prefix) = position.part else { return Ok(None) };
        let Some(head) = self.head(position.items) else { return Err(FileStop::Misbehaved) };
        self.open = self.open_from(position.items, &head, prefix);
        let Some(_) = self.open else { return Ok(None) };
        self.next += 1;
        Ok(Some(Sent::Continue { from: prefix.bytes }))
    }

    /// Some messages, until the last one was there; then none.
    pub(super) fn some(&mut self) -> Vec<Sent> {
        let mut messages = Vec::new();
        let mut pieces = 0;
        while !self.ended && pieces < AT_ONCE && messages.len() < MESSAGES_AT_ONCE {
            let message = self.message();
            pieces += usize::from(matches!(message, Sent::Piece(_)));
            messages.push(message);
        }
        messages
    }

    fn message(&mut self) -> Sent {
        match self.open.take() {
            Some(open) if open.left == 0 => self.end_file(&open),
            Some(open) => self.piece(open),
            None => self.begin(),
        }
    }

    fn begin(&mut self) -> Sent {
        let index = self.next;
        let Some(item) = self.plan.item(index) else {
            self.ended = true;
            return Sent::End;
        };
        self.next += 1;
        match &item.what {
            What::Folder(path) => Sent::Folder(path.clone()),
            What::File(head) => {
                let head = head.clone();
                self.open = self.open_whole(index, &head);
                if self.open.is_some() {
                    return Sent::File(head);
                }
                self.fail(head.size);
                Sent::Skipped
            }
        }
    }

    fn piece(&mut self, mut open: Open) -> Sent {
        let wanted = usize::try_from(open.left).unwrap_or(PIECE).min(PIECE);
        let mut piece = vec![0; wanted];
        match open.file.read(&mut piece) {
            Ok(read) if read > 0 => {
                piece.truncate(read);
                open.hasher.update(&piece);
                open.left -= read as u64;
                self.open = Some(open);
                Sent::Piece(Bytes::from(piece))
            }
            // It became shorter than it was, or the disk fails.
            _ => {
                self.fail(open.size);
                Sent::Unreadable
            }
        }
    }

    fn end_file(&mut self, open: &Open) -> Sent {
        self.count(open.size);
        Sent::FileEnd { hash: open.hasher.finalize().into() }
    }

    /// The item that was begun last.
    fn fail(&mut self, size: u64) {
        self.failed.push(self.next - 1);
        self.count(size);
    }

    fn count(&mut self, size: u64) {
        self.sent.files += 1;
        self.sent.bytes += size;
    }

    fn open_whole(&self, index: u32, head: &FileHead) -> Option<Open> {
        let item = self.plan.item(index)?;
        let file = self.plan.open(item, &head.path).ok()?;
        // What grew since the plan was made is sent as long as it was then.
        let fits = file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() >= head.size);
        fits.then(|| Open { file, size: head.size, left: head.size, hasher: blake3::Hasher::new() })
    }

    fn open_from(&self, index: u32, head: &FileHead, prefix: Prefix) -> Option<Open> {
        let mut open = self.open_whole(index, head)?;
        open.left = head.size.checked_sub(prefix.bytes)?;
        let mut passed = (&mut open.file).take(prefix.bytes);
        open.hasher.update_reader(&mut passed).ok()?;
        let same = open.hasher.finalize() == blake3::Hash::from_bytes(prefix.hash);
        (same && open.hasher.count() == prefix.bytes).then_some(open)
    }

    fn head(&self, index: u32) -> Option<FileHead> {
        match &self.plan.item(index)?.what {
            What::File(head) => Some(head.clone()),
            What::Folder(_) => None,
        }
    }

    /// What was read ahead of the other side is read again.
    fn rewind(&mut self, to: u32) {
        self.open = None;
        self.ended = false;
        self.next = to;
        self.failed.retain(|index| *index < to);
        let passed = (0..to).filter_map(|index| self.head(index));
        self.sent = passed.fold(Sizes::default(), |sent, head| Sizes {
            files: sent.files + 1,
            bytes: sent.bytes + head.size,
        });
    }
}
