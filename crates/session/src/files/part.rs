//! A file that is under way: written as `.part`, and given its name once it is whole.

use std::fs::File;
use std::io::Write;
use std::time::{Duration, SystemTime};

use cap_std::fs::{Dir, OpenOptions};

use super::message::Prefix;
use super::name::numbered;
use super::stop::FileStop;

/// So many files of one name are looked past for a number that is free.
pub(super) const MOST_NUMBERS: u32 = 10_000;

/// Its drop removes what is there of it, unless it landed.
pub(super) struct Part {
    folder: Dir,
    name: String,
    temporary: String,
    /// Absent once it landed.
    file: Option<File>,
    hasher: blake3::Hasher,
    size: u64,
    modified: Option<SystemTime>,
    written: u64,
}

impl Part {
    /// `modified` in milliseconds since 1970; what no clock can show is left out.
    pub(super) fn create(
        folder: Dir,
        name: String,
        tag: &str,
        size: u64,
        modified: Option<i64>,
    ) -> Result<Self, FileStop> {
        let temporary = format!("{name}.{tag}.part");
        let file = folder
            .open_with(&temporary, OpenOptions::new().write(true).create_new(true))
            .map_err(|error| FileStop::of_writing(&error))?
            .into_std();
        let modified = modified.and_then(moment);
        let hasher = blake3::Hasher::new();
        Ok(Self { folder, name, temporary, file: Some(file), hasher, size, modified, written: 0 })
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn written(&self) -> u64 {
        self.written
    }

    pub(super) fn prefix(&self) -> Prefix {
        Prefix { bytes: self.written, hash: self.hasher.finalize().into() }
    }

    pub(super) fn write(&mut self, piece: &[u8]) -> Result<(), FileStop> {
        let left = self.size - self.written;
        if piece.is_empty() || u64::try_from(piece.len()).unwrap_or(u64::MAX) > left {
            return Err(FileStop::Misbehaved);
        }
        let file = self.file.as_mut().ok_or(FileStop::CannotWrite)?;
        file.write_all(piece).map_err(|error| FileStop::of_writing(&error))?;
        self.hasher.update(piece);
        self.written += piece.len() as u64;
        Ok(())
    }

    /// Under its name, or the first number of it that is free.
    pub(super) fn land(mut self, hash: [u8; 32]) -> Result<(), FileStop> {
        if self.written != self.size {
            return Err(FileStop::Misbehaved);
        }
        // A comparison that leaks its time tells nothing: the hash is no secret.
        if self.hasher.finalize() != blake3::Hash::from_bytes(hash) {
            return Err(FileStop::Damaged);
        }
        let name = self.reserve()?;
        if let (Some(file), Some(modified)) = (self.file.take(), self.modified) {
            // A file system without times has the file all the same.
            let _ = file.set_modified(modified);
        }
        self.folder.rename(&self.temporary, &self.folder, &name).map_err(|error| {
            self.remove(&self.temporary);
            self.remove(&name);
            FileStop::of_writing(&error)
        })
    }

    /// Takes the name with an empty file, which only this side's own file then replaces: systems have no
    /// common way to rename without overwriting.
    fn reserve(&self) -> Result<String, FileStop> {
        for number in 1..=MOST_NUMBERS {
            let name = numbered(&self.name, number);
            match self.folder.open_with(&name, OpenOptions::new().write(true).create_new(true)) {
                Ok(_) => return Ok(name),
                Err(_) if is_there(&self.folder, &name) => {}
                Err(error) => return Err(FileStop::of_writing(&error)),
            }
        }
        Err(FileStop::CannotWrite)
    }

    fn remove(&self, name: &str) {
        if let Err(error) = self.folder.remove_file(name) {
            tracing::warn!(%error, "what is left of a transfer cannot be removed");
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Windows removes nothing that is open.
        if self.file.take().is_some() {
            self.remove(&self.temporary);
        }
    }
}

/// Asked rather than told by the error: Windows says *denied* where the name belongs to a folder.
pub(super) fn is_there(folder: &Dir, name: &str) -> bool {
    folder.symlink_metadata(name).is_ok()
}

fn moment(milliseconds: i64) -> Option<SystemTime> {
    let distance = Duration::from_millis(milliseconds.unsigned_abs());
    if milliseconds < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    }
}
