//! What arrives, message by message, and where it lands. It waits for nothing but the disk.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::message::{FileHead, MOST_ITEMS, Offer, Position, Sent};
use super::name::{landing_name, landing_name_in_sight, numbered};
use super::offers::FileOffer;
use super::part::{MOST_NUMBERS, Part, is_there};
use super::path::FilePath;
use super::stop::FileStop;

/// So much stays free: a full disk harms more than a transfer.
const KEPT_FREE: u64 = 64 * 1024 * 1024;

/// The folder that a person here chose. Nothing leads out of it, neither a name nor a symbolic link.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) dir: Dir,
    /// Only to ask how much is free.
    place: PathBuf,
}

impl Folder {
    pub(super) fn open(place: &Path) -> std::io::Result<Self> {
        let dir = Dir::open_ambient_dir(place, ambient_authority())?;
        Ok(Self { dir, place: place.to_owned() })
    }

    /// A folder that is in it already.
    pub(super) fn below(&self, path: &FilePath) -> Result<Self, FileStop> {
        let dir = if path.is_empty() {
            self.dir.try_clone()
        } else {
            self.dir.open_dir(path.to_path().map_err(|_| FileStop::NotThere)?)
        };
        let dir = dir.map_err(|error| FileStop::of_reading(&error))?;
        // Mostly the same disk; where it is not, the disk itself says when it is full.
        Ok(Self { dir, place: self.place.clone() })
    }
}

pub(super) struct Landing {
    folder: Folder,
    tag: String,
    /// What a person here agreed to.
    agreed: Option<FileOffer>,
    /// The outermost ones of other names. What begins anew is said twice.
    besides: HashSet<String>,
    offer: Option<Offer>,
    /// Files and folders that are done with.
    items: u32,
    /// The sizes of all files that were begun.
    announced: u64,
    tally: Tally,
    /// Under which names the outermost folders landed.
    outermost: HashMap<String, String>,
    /// Where the last file landed: many small files mostly share a folder.
    last_parent: Option<(Vec<String>, Dir)>,
    part: Option<Part>,
    /// Nothing was sent on this connection yet.
    fresh: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub files: u32,
    /// Files that could not be read.
    pub failed: u32,
    pub bytes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    More,
    Everything,
}

impl Landing {
    pub(super) fn new(folder: Folder, tag: String, agreed: Option<FileOffer>) -> Self {
        Self {
            folder,
            tag,
            agreed,
            besides: HashSet::new(),
            offer: None,
            items: 0,
            announced: 0,
            tally: Tally::default(),
            outermost: HashMap::new(),
            last_parent: None,
            part: None,
            fresh: false,
        }
    }

    /// First on each connection: where to go on.
    pub(super) fn offered(&mut self, offer: Offer) -> Result<Position, FileStop> {
        let agreed = self.agreed.as_ref().map(|agreed| agreed.contents);
        if self.offer.or(agreed).is_some_and(|earlier| earlier != offer) {
            return Err(FileStop::Misbehaved);
        }
        if offer.items() > MOST_ITEMS {
            return Err(FileStop::TooMany);
        }
        self.check_space(offer.bytes.saturating_sub(self.bytes_here()))?;
        if self.offer.replace(offer).is_none() {
            self.tally.failed = offer.skipped;
        }
        self.fresh = true;
        Ok(Position { items: self.items, part: self.part.as_ref().map(Part::prefix) })
    }

    pub(super) fn tally(&self) -> Tally {
        Tally { bytes: self.bytes_here(), ..self.tally }
    }

    /// The file under way is not wanted any more.
    pub(super) fn discard(&mut self) {
        self.part = None;
    }

    pub(super) fn take(&mut self, message: Sent) -> Result<Taken, FileStop> {
        let fresh = std::mem::take(&mut self.fresh);
        self.check_agreed(&message)?;
        match message {
            Sent::File(head) => self.begin(&head, fresh)?,
            Sent::Continue { from } => self.go_on(from, fresh)?,
            Sent::Piece(piece) => self.part.as_mut().ok_or(FileStop::Misbehaved)?.write(&piece)?,
            Sent::FileEnd { hash } => self.land(hash)?,
            Sent::Unreadable => {
                self.end_part()?;
                self.tally.failed += 1;
            }
            Sent::Folder(path) => {
                self.next_item(fresh)?;
                self.items += 1;
                self.make_folder(&path)?;
            }
            Sent::Skipped => {
                self.next_item(fresh)?;
                self.items += 1;
                self.tally.failed += 1;
            }
            Sent::End => return self.end(),
            // The rest is not for the disk.
            Sent::Offer(_) | Sent::Paused | Sent::Going | Sent::Stop(_) => return Err(FileStop::Misbehaved),
        }
        Ok(Taken::More)
    }

    /// What lies outermost is the one that was named, or one of as many others as were told. The rest lies in those.
    fn check_agreed(&mut self, message: &Sent) -> Result<(), FileStop> {
        let (Some(agreed), Sent::File(FileHead { path, .. }) | Sent::Folder(path)) = (&self.agreed, message)
        else {
            return Ok(());
        };
        if let [outermost] = path.components() {
            if agreed.begins_with(outermost) {
                return Ok(());
            }
            self.besides.insert(outermost.clone());
        }
        let most = usize::try_from(agreed.others).unwrap_or(usize::MAX);
        if self.items == 0 || self.besides.len() > most { Err(FileStop::Misbehaved) } else { Ok(()) }
    }

    fn begin(&mut self, head: &FileHead, fresh: bool) -> Result<(), FileStop> {
        let offer = self.next_item(fresh)?;
        let announced = self.announced.checked_add(head.size).ok_or(FileStop::Misbehaved)?;
        if announced > offer.bytes {
            return Err(FileStop::Misbehaved);
        }
        let (parent, name) = self.place_of(&head.path)?;
        self.part = Some(Part::create(parent, name, &self.tag, head.size, head.modified)?);
        self.announced = announced;
        Ok(())
    }

    fn go_on(&self, from: u64, fresh: bool) -> Result<(), FileStop> {
        let fits = self.part.as_ref().is_some_and(|part| part.written() == from);
        if fresh && fits { Ok(()) } else { Err(FileStop::Misbehaved) }
    }

    fn land(&mut self, hash: [u8; 32]) -> Result<(), FileStop> {
        let part = self.end_part()?;
        let size = part.size();
        part.land(hash)?;
        self.tally.files += 1;
        self.tally.bytes += size;
        Ok(())
    }

    fn end_part(&mut self) -> Result<Part, FileStop> {
        let part = self.part.take().ok_or(FileStop::Misbehaved)?;
        self.items += 1;
        Ok(part)
    }

    fn end(&self) -> Result<Taken, FileStop> {
        let offered = self.offer.map(|offer| offer.items());
        if self.part.is_none() && offered == Some(self.items) {
            Ok(Taken::Everything)
        } else {
            Err(FileStop::Misbehaved)
        }
    }

    /// Another one may begin: no file is under way, but for one that the sender begins anew after a reconnect.
    fn next_item(&mut self, fresh: bool) -> Result<Offer, FileStop> {
        let offer = self.offer.ok_or(FileStop::Misbehaved)?;
        if let Some(part) = self.part.take_if(|_| fresh) {
            self.announced -= part.size();
        }
        if self.part.is_some() || self.items >= offer.items() {
            return Err(FileStop::Misbehaved);
        }
        Ok(offer)
    }

    fn make_folder(&mut self, path: &FilePath) -> Result<(), FileStop> {
        let (parent, name) = self.place_of(path)?;
        match path.components() {
            [outermost] => {
                let made = make_numbered(&parent, &name)?;
                self.outermost.insert(outermost.clone(), made);
                self.last_parent = None;
                Ok(())
            }
            // Two names may have become one: what is in them lands side by side.
            _ if parent.open_dir(&name).is_ok() => Ok(()),
            _ => parent.create_dir(&name).map_err(|error| FileStop::of_writing(&error)),
        }
    }

    /// The folder must have been sent before what is in it.
    fn place_of(&mut self, path: &FilePath) -> Result<(Dir, String), FileStop> {
        let (name, parents) = path.components().split_last().ok_or(FileStop::Misbehaved)?;
        let parent = self.parent(parents)?;
        let name = if parents.is_empty() { landing_name_in_sight(name) } else { landing_name(name) };
        Ok((parent, name))
    }

    fn parent(&mut self, parents: &[String]) -> Result<Dir, FileStop> {
        let copied = |dir: &Dir| dir.try_clone().map_err(|error| FileStop::of_writing(&error));
        let Some((outermost, inner)) = parents.split_first() else { return copied(&self.folder.dir) };
        if let Some((known, dir)) = &self.last_parent
            && known == parents
        {
            return copied(dir);
        }
        let landed = self.outermost.get(outermost).ok_or(FileStop::Misbehaved)?;
        let mut place = PathBuf::from(landed);
        place.extend(inner.iter().map(|name| landing_name(name)));
        let dir = self.folder.dir.open_dir(place).map_err(|error| FileStop::of_writing(&error))?;
        let copy = copied(&dir)?;
        self.last_parent = Some((parents.to_vec(), dir));
        Ok(copy)
    }

    fn bytes_here(&self) -> u64 {
        self.tally.bytes + self.part.as_ref().map_or(0, Part::written)
    }

    fn check_space(&self, needed: u64) -> Result<(), FileStop> {
        let free = match fs4::available_space(&self.folder.place) {
            Ok(free) => free,
            Err(error) => {
                // The disk itself says when it is full.
                tracing::warn!(%error, "how much is free cannot be found out");
                return Ok(());
            }
        };
        if needed.saturating_add(KEPT_FREE) > free { Err(FileStop::NoSpace) } else { Ok(()) }
    }
}

fn make_numbered(parent: &Dir, name: &str) -> Result<String, FileStop> {
    for number in 1..=MOST_NUMBERS {
        let name = numbered(name, number);
        match parent.create_dir(&name) {
            Ok(()) => return Ok(name),
            Err(_) if is_there(parent, &name) => {}
            Err(error) => return Err(FileStop::of_writing(&error)),
        }
    }
    Err(FileStop::CannotWrite)
}
