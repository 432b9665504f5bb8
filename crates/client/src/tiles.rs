//! Favorites, recent sessions, the address book and who is nearby, each as a tile.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use beckon_domain::link::Target;
use beckon_domain::text::{Name, Note, Tag};
use beckon_domain::{Alias, BookEntry, BookEntryId, DeviceId};
use beckon_wire::directory::DeviceEntry;
use beckon_wire::lookup::{Block, Found, OwnDevice};
use beckon_wire::{ApiError, Code};
use chrono::{DateTime, Utc};
use serde::Serialize;
use ts_rs::TS;

use crate::client::Client;
use crate::forms::text_refused;
use crate::own_tiles::{Kept, Recent};
use crate::place::Place;
use crate::preferences::Preferences;
use crate::view::SessionSide;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[ts(export)]
pub struct Tiles {
    /// What the home service keeps of this device; none before it was reached once.
    pub own: Option<OwnDevice>,
    /// The newest first.
    pub favorites: Vec<Tile>,
    /// The newest first, one for each device.
    pub recents: Vec<Tile>,
    /// Of who is signed in, in the order of adding.
    pub address_book: Vec<Tile>,
    pub discovery: Nearby,
    pub blocked: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[ts(export)]
pub struct Nearby {
    /// Whether this device looks for others, and can be found by them.
    pub on: bool,
    /// By ID.
    pub tiles: Vec<Tile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Tile {
    pub target: Target,
    /// Its ID, where that is known.
    pub device: Option<DeviceId>,
    pub alias: Option<Alias>,
    /// The address book's, else the one that the person gave, else the device's own words.
    pub name: Option<Name>,
    /// None where no mark is due, or none is known now.
    pub online: Option<bool>,
    pub favorite: bool,
    pub blocked: bool,
    /// Heard of on the local network now.
    pub nearby: bool,
    /// Its entry in the address book.
    pub entry: Option<BookEntryId>,
    #[ts(type = "string[]")]
    pub tags: Vec<Tag>,
    #[ts(type = "string")]
    pub note: Note,
    pub last: Option<LastSession>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct LastSession {
    /// When it ended.
    pub at: DateTime<Utc>,
    /// What this device was in it.
    pub side: SessionSide,
}

impl Client {
    pub fn tiles(&self) -> Tiles {
        let Some(place) = self.home() else { return Tiles::default() };
        let known = Known::at(&place);
        let tile = |target: Target| known.tile(target);
        Tiles {
            own: place.at_home.own_device(),
            favorites: known.kept.favorites.iter().cloned().map(tile).collect(),
            recents: known.kept.recents.iter().map(|recent| tile(Target::Id(recent.device))).collect(),
            address_book: known.entries.iter().map(|entry| tile(entry.target.clone())).collect(),
            discovery: Nearby {
                on: place.discovery.is_on(),
                tiles: known.nearby.iter().map(|device| tile(Target::Id(*device))).collect(),
            },
            blocked: known.blocked.clone(),
        }
    }

    /// Somebody sees these, at most 200: asks who is there, unless that was asked just now.
    pub async fn look_at_tiles(&self, targets: Vec<Target>) {
        let Some(place) = self.home() else { return };
        match place.marks.look(&place.link, targets).await {
            Ok(true) => self.inner().hints.tiles(),
            Ok(false) => {}
            Err(error) => tracing::info!(%error, "who is there is not known"),
        }
    }

    pub fn add_favorite(&self, target: Target) -> Result<(), ApiError> {
        let place = self.tiles_place()?;
        place.refuse_own(&target)?;
        place.link.own_tiles.add_favorite(target)?;
        self.inner().hints.tiles();
        Ok(())
    }

    pub fn remove_favorite(&self, target: &Target) -> Result<(), ApiError> {
        self.tiles_place()?.link.own_tiles.remove_favorite(target)?;
        self.inner().hints.tiles();
        Ok(())
    }

    /// It is no longer among the recent sessions. Online marks that are due for having met it stay due.
    pub fn forget_session(&self, device: DeviceId) -> Result<(), ApiError> {
        self.tiles_place()?.link.own_tiles.forget_session(device)?;
        self.inner().hints.tiles();
        Ok(())
    }

    /// One name for a device: in the address book, where it has an entry, and else kept here. None takes it away.
    pub async fn rename_tile(&self, target: Target, name: Option<String>) -> Result<(), ApiError> {
        let name = name.map(Name::try_from).transpose().map_err(text_refused("name"))?;
        let place = self.tiles_place()?;
        let entry = Known::at(&place).entry_of(&target).cloned();
        match entry {
            Some(entry) => place.put_in_book(BookEntry { name, ..entry }).await,
            None => {
                place.link.own_tiles.rename(&target, name)?;
                self.inner().hints.tiles();
                Ok(())
            }
        }
    }

    /// The part before the @. Only a device of the organisation has one, and whoever sits at it chooses.
    pub async fn set_alias(&self, name: String) -> Result<(), ApiError> {
        self.tiles_place()?.at_home.choose_alias(Some(name)).await
    }

    pub async fn clear_alias(&self) -> Result<(), ApiError> {
        self.tiles_place()?.at_home.choose_alias(None).await
    }

    /// A blocked device neither invites nor calls this one, and learns nothing of it.
    pub async fn set_block(&self, device: DeviceId, blocked: bool) -> Result<(), ApiError> {
        self.tiles_place()?.at_home.set_block(device, blocked).await
    }

    /// Whether this device looks for others on the local network, and can be found by them.
    pub fn set_discovery(&self, on: bool) -> Result<(), ApiError> {
        let chosen = self.inner().shared.settings.preferences();
        self.set_preferences(Preferences { discovery: Some(on), ..chosen })?;
        self.inner().hints.tiles();
        Ok(())
    }

    pub(crate) fn tiles_place(&self) -> Result<Arc<Place>, ApiError> {
        self.refuse_if_only_host()?;
        self.home().ok_or_else(|| ApiError::new(Code::NoService))
    }
}

impl Place {
    /// Nobody calls the device that they sit at.
    pub fn refuse_own(&self, target: &Target) -> Result<(), ApiError> {
        let own = match target {
            Target::Id(device) => self.link.device() == Some(*device),
            Target::Alias(alias) => {
                self.at_home.own_device().is_some_and(|own| own.alias.as_ref() == Some(alias))
            }
        };
        if own { Err(ApiError::new(Code::OwnId)) } else { Ok(()) }
    }
}

/// Everything that is known at one service about those whom a tile may show.
struct Known<'a> {
    place: &'a Place,
    kept: Kept,
    entries: Vec<BookEntry>,
    directory: BTreeMap<DeviceId, DeviceEntry>,
    nearby: Vec<DeviceId>,
    blocked: Vec<Block>,
    favorites: BTreeSet<String>,
    /// Entries and sessions by what they are compared by.
    entry_at: BTreeMap<String, usize>,
    session_at: BTreeMap<DeviceId, usize>,
}

impl<'a> Known<'a> {
    fn at(place: &'a Place) -> Self {
        let kept = place.link.own_tiles.read();
        let entries = place.link.cache.address_book();
        let directory = place.link.cache.directory().devices;
        Self {
            place,
            directory: directory.into_iter().map(|device| (device.id, device)).collect(),
            nearby: place.discovery.devices(),
            blocked: place.at_home.blocked(),
            favorites: kept.favorites.iter().map(Target::folded).collect(),
            entry_at: entries.iter().enumerate().map(|(at, entry)| (entry.target.folded(), at)).collect(),
            session_at: kept.recents.iter().enumerate().map(|(at, recent)| (recent.device, at)).collect(),
            kept,
            entries,
        }
    }

    fn tile(&self, target: Target) -> Tile {
        let found = self.place.marks.of(&self.place.link, &target);
        let device = match &target {
            Target::Id(device) => Some(*device),
            Target::Alias(_) => found.as_ref().and_then(|found| found.device),
        };
        let (entry, recent) = (self.entry_of(&target), device.and_then(|device| self.last_with(device)));
        Tile {
            device,
            alias: self.alias_of(&target, device, found.as_ref()),
            name: self.name_of(&target, device, entry, found.as_ref(), recent),
            online: found.and_then(|found| found.online),
            favorite: self.favorites.contains(&target.folded()),
            blocked: self.blocked.iter().any(|block| Some(block.device) == device),
            nearby: device.is_some_and(|device| self.nearby.binary_search(&device).is_ok()),
            entry: entry.map(|entry| entry.id),
            tags: entry.map(|entry| entry.tags.iter().cloned().collect()).unwrap_or_default(),
            note: entry.map(|entry| entry.note.clone()).unwrap_or_default(),
            last: recent.map(|recent| LastSession { at: recent.at, side: recent.side }),
            target,
        }
    }

    fn alias_of(&self, target: &Target, device: Option<DeviceId>, found: Option<&Found>) -> Option<Alias> {
        if let Target::Alias(alias) = target {
            return Some(alias.clone());
        }
        let listed = || self.directory.get(&device?)?.alias.clone();
        found.and_then(|found| found.alias.clone()).or_else(listed)
    }

    fn name_of(
        &self,
        target: &Target,
        device: Option<DeviceId>,
        entry: Option<&BookEntry>,
        found: Option<&Found>,
        recent: Option<&Recent>,
    ) -> Option<Name> {
        let in_book = entry.and_then(|entry| entry.name.as_ref());
        let own = || self.kept.names.get(&target.folded());
        let now = || found.and_then(|found| found.name.as_ref());
        let listed = || self.directory.get(&device?)?.name.as_ref();
        let met = || recent.and_then(|recent| recent.peer.as_ref());
        in_book.or_else(own).or_else(now).or_else(listed).or_else(met).cloned()
    }

    fn entry_of(&self, target: &Target) -> Option<&BookEntry> {
        self.entries.get(*self.entry_at.get(&target.folded())?)
    }

    fn last_with(&self, device: DeviceId) -> Option<&Recent> {
        self.kept.recents.get(*self.session_at.get(&device)?)
    }
}
