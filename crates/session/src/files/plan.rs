//! What is to be sent, found before the first byte: files and folders in order, and how much it is.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, DirEntry, File, Metadata};

use super::message::{FileHead, MOST_ITEMS, Offer};
use super::path::FilePath;
use super::stop::FileStop;

/// Symbolic links are neither followed nor sent; neither is anything else that is no file and no folder.
#[derive(Default)]
pub(super) struct Plan {
    roots: Vec<Root>,
    items: Vec<Item>,
    offer: Offer,
}

/// What a person chose: something in a folder.
struct Root {
    dir: Dir,
    /// Where in it; its last component is the first of the path that is sent.
    place: PathBuf,
}

pub(super) struct Item {
    root: usize,
    pub(super) what: What,
}

#[derive(Clone)]
pub(super) enum What {
    Folder(FilePath),
    File(FileHead),
}

impl Plan {
    /// Of what a person on this side chose, anywhere.
    pub(super) fn of_chosen(chosen: &[PathBuf]) -> Result<Self, FileStop> {
        let mut plan = Self::default();
        for path in chosen {
            let parent = path.parent().ok_or(FileStop::CannotRead)?;
            let name = path.file_name().ok_or(FileStop::CannotRead)?;
            let dir = Dir::open_ambient_dir(parent, ambient_authority())
                .map_err(|error| FileStop::of_reading(&error))?;
            plan.add(dir, PathBuf::from(name))?;
        }
        Ok(plan)
    }

    /// Of what the other side asked for, within a folder.
    pub(super) fn of_asked(folder: &Dir, paths: &[FilePath]) -> Result<Self, FileStop> {
        let mut plan = Self::default();
        for path in paths.iter() {
            let place = path.to_path().map_err(|_| FileStop::NotThere)?;
            let dir = folder.try_clone().map_err(|error| FileStop::of_reading(&error))?;
            plan.add(dir, place)?;
        }
        Ok(plan)
    }

    pub(super) fn offer(&self) -> Offer {
        self.offer
    }

    pub(super) fn item(&self, index: u32) -> Option<&Item> {
        self.items.get(usize::try_from(index).ok()?)
    }

    pub(super) fn open(&self, item: &Item, path: &FilePath) -> Result<File, FileStop> {
        let root = self.roots.get(item.root).ok_or(FileStop::CannotRead)?;
        let mut place = root.place.clone();
        place.extend(path.components().iter().skip(1));
        root.dir.open(place).map_err(|error| FileStop::of_reading(&error))
    }

    fn add(&mut self, dir: Dir, place: PathBuf) -> Result<(), FileStop> {
        let metadata = dir.symlink_metadata(&place).map_err(|error| FileStop::of_reading(&error))?;
        let name = place.file_name().and_then(|name| name.to_str()).ok_or(FileStop::NotThere)?;
        let path = FilePath::default().join(name.to_owned()).map_err(|_| FileStop::NotThere)?;
        let within = dir.try_clone().map_err(|error| FileStop::of_reading(&error))?;
        let root = self.roots.len();
        self.roots.push(Root { dir, place: place.clone() });
        if metadata.is_dir() {
            self.walk(root, &within, &place, path)
        } else {
            self.file(root, &metadata, path)
        }
    }

    fn walk(&mut self, root: usize, dir: &Dir, place: &Path, path: FilePath) -> Result<(), FileStop> {
        let mut to_do = vec![(place.to_owned(), path)];
        while let Some((place, path)) = to_do.pop() {
            self.push(root, What::Folder(path.clone()))?;
            let Ok(entries) = dir.read_dir(&place) else {
                self.offer.skipped += 1;
                continue;
            };
            for entry in entries {
                let Some((name, inner, metadata)) = entry.ok().and_then(|entry| look(&entry, &path)) else {
                    self.skip()?;
                    continue;
                };
                if metadata.is_dir() {
                    to_do.push((place.join(name), inner));
                } else {
                    self.file(root, &metadata, inner)?;
                }
            }
        }
        Ok(())
    }

    fn file(&mut self, root: usize, metadata: &Metadata, path: FilePath) -> Result<(), FileStop> {
        if !metadata.is_file() {
            return self.skip();
        }
        let size = metadata.len();
        self.offer.bytes = self.offer.bytes.checked_add(size).ok_or(FileStop::TooMany)?;
        self.push(root, What::File(FileHead { path, size, modified: modified(metadata) }))
    }

    fn push(&mut self, root: usize, what: What) -> Result<(), FileStop> {
        match what {
            What::Folder(_) => self.offer.folders += 1,
            What::File(_) => self.offer.files += 1,
        }
        self.items.push(Item { root, what });
        self.check_number()
    }

    fn skip(&mut self) -> Result<(), FileStop> {
        self.offer.skipped += 1;
        self.check_number()
    }

    fn check_number(&self) -> Result<(), FileStop> {
        let seen = self.offer.items().saturating_add(self.offer.skipped);
        if seen > MOST_ITEMS { Err(FileStop::TooMany) } else { Ok(()) }
    }
}

/// Nothing where its name cannot travel, or it is too deep.
fn look(entry: &DirEntry, parent: &FilePath) -> Option<(String, FilePath, Metadata)> {
    let name = entry.file_name().into_string().ok()?;
    let path = parent.join(name.clone()).ok()?;
    // Of the entry itself: a symbolic link is one, whatever it leads to.
    Some((name, path, entry.metadata().ok()?))
}

/// In milliseconds since 1970 in UTC.
pub(super) fn modified(metadata: &Metadata) -> Option<i64> {
    let modified = metadata.modified().ok()?.into_std();
    match modified.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).ok(),
        Err(before) => i64::try_from(before.duration().as_millis()).ok().map(|before| -before),
    }
}
