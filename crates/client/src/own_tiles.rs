//! Favorites, recent sessions and the names that the person gave: their own data at one service, not cache.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_domain::DeviceId;
use beckon_domain::link::Target;
use beckon_domain::text::Name;
use beckon_wire::{ApiError, Code};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::folders::{read_private, write_private};
use crate::service_link::internal;
use crate::view::{SessionSide, SessionState};

const FAVORITES_MAX: usize = 500;
const RECENTS_MAX: usize = 200;
/// Names of tiles that are no favorite and not recent go first.
const NAMES_MAX: usize = 1_000;

pub struct OwnTiles {
    path: PathBuf,
    kept: Mutex<Kept>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// The newest first.
    pub favorites: Vec<Target>,
    /// The newest first, one for each device.
    pub recents: Vec<Recent>,
    /// By [`Target::folded`].
    pub names: BTreeMap<String, Name>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    pub device: DeviceId,
    /// Who it was: what the session's window said.
    pub peer: Option<Name>,
    /// What this device was in it.
    pub side: SessionSide,
    /// When it ended.
    pub at: DateTime<Utc>,
}

impl Recent {
    /// None of a session in which nobody was met.
    pub fn of(session: &SessionState, at: DateTime<Utc>) -> Option<Self> {
        session.since?;
        // An ID is no name: its tile says it anyway.
        let id = session.peer_device.map(DeviceId::grouped);
        let peer =
            Some(&session.peer).filter(|peer| id.as_ref() != Some(*peer)).and_then(|peer| peer.parse().ok());
        Some(Self { device: session.peer_device?, peer, side: session.side, at })
    }
}

impl OwnTiles {
    /// A file that cannot be understood is put aside, not overwritten.
    pub fn open(path: PathBuf) -> anyhow::Result<Self> {
        let mut kept: Kept = read_private(&path)?;
        kept.bound();
        Ok(Self { path, kept: Mutex::new(kept) })
    }

    pub fn read(&self) -> Kept {
        self.lock().clone()
    }

    /// One that is a favorite stays where it is.
    pub fn add_favorite(&self, target: Target) -> Result<(), ApiError> {
        self.change(|kept| {
            if kept.favorites.contains(&target) {
                return Ok(());
            }
            if kept.favorites.len() >= FAVORITES_MAX {
                return Err(ApiError::new(Code::TooManyFavorites).with("max", FAVORITES_MAX));
            }
            kept.favorites.insert(0, target);
            Ok(())
        })
    }

    pub fn remove_favorite(&self, target: &Target) -> Result<(), ApiError> {
        self.change(|kept| {
            kept.favorites.retain(|favorite| favorite != target);
            Ok(())
        })
    }

    /// None takes the name away.
    pub fn rename(&self, target: &Target, name: Option<Name>) -> Result<(), ApiError> {
        self.change(|kept| {
            match name {
                Some(name) => kept.names.insert(target.folded(), name),
                None => kept.names.remove(&target.folded()),
            };
            Ok(())
        })
    }

    /// A disk that does not take it costs a tile, not the session's end.
    pub fn remember_session(&self, recent: Recent) {
        let remembered = self.change(|kept| {
            kept.remember(recent);
            Ok(())
        });
        if let Err(error) = remembered {
            tracing::warn!(%error, "the session is not remembered");
        }
    }

    pub fn forget_session(&self, device: DeviceId) -> Result<(), ApiError> {
        self.change(|kept| {
            kept.recents.retain(|known| known.device != device);
            Ok(())
        })
    }

    /// What could not be written down has not happened.
    fn change(&self, change: impl FnOnce(&mut Kept) -> Result<(), ApiError>) -> Result<(), ApiError> {
        let mut kept = self.lock();
        let mut next = kept.clone();
        change(&mut next)?;
        next.bound();
        if next == *kept {
            return Ok(());
        }
        let bytes = serde_json::to_vec_pretty(&next).map_err(anyhow::Error::from);
        bytes.and_then(|bytes| write_private(&self.path, &bytes)).map_err(internal)?;
        *kept = next;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// A call or an invitation knows a device by its ID alone: the name that it had stays.
    fn remember(&mut self, recent: Recent) {
        let known = self.recents.iter().position(|known| known.device == recent.device);
        let before = known.and_then(|at| self.recents.remove(at).peer);
        self.recents.insert(0, Recent { peer: recent.peer.or(before), ..recent });
    }

    fn bound(&mut self) {
        self.favorites.truncate(FAVORITES_MAX);
        self.recents.truncate(RECENTS_MAX);
        if self.names.len() <= NAMES_MAX {
            return;
        }
        let favorites = self.favorites.iter().map(Target::folded);
        let recents = self.recents.iter().map(|recent| recent.device.to_string());
        let shown: Vec<String> = favorites.chain(recents).collect();
        self.names.retain(|target, _| shown.contains(target));
    }
}

#[cfg(test)]
mod tests {
    use beckon_domain::Alias;

    use super::*;

    fn id(number: u64) -> Target {
        Target::Id((100_000_000 + number).try_into().unwrap())
    }

    fn session(number: u64, at: i64) -> Recent {
        Recent {
            device: (100_000_000 + number).try_into().unwrap(),
            peer: "Dana".parse().ok(),
            side: SessionSide::Viewer,
            at: DateTime::from_timestamp(at, 0).unwrap(),
        }
    }

    #[test]
    fn what_a_person_keeps_outlives_the_program_and_is_theirs_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tiles").join("a.json");
        let tiles = OwnTiles::open(path.clone()).unwrap();
        tiles.add_favorite(id(1)).unwrap();
        tiles.rename(&id(1), "Front desk".parse().ok()).unwrap();
        tiles.remember_session(session(2, 5));
        assert_eq!(OwnTiles::open(path.clone()).unwrap().read(), tiles.read());
        assert_eq!(tiles.read().recents, [session(2, 5)]);
        tiles.forget_session(session(2, 5).device).unwrap();
        assert!(OwnTiles::open(path.clone()).unwrap().read().recents.is_empty());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_session_without_a_name_takes_none_away() {
        let folder = tempfile::tempdir().unwrap();
        let tiles = OwnTiles::open(folder.path().join("a.json")).unwrap();
        tiles.remember_session(session(2, 5));
        tiles.remember_session(Recent { peer: None, side: SessionSide::Host, ..session(2, 6) });
        assert_eq!(tiles.read().recents, [Recent { side: SessionSide::Host, ..session(2, 6) }]);
        let renamed = Recent { peer: "Dana Fox".parse().ok(), ..session(2, 7) };
        tiles.remember_session(renamed.clone());
        assert_eq!(tiles.read().recents, [renamed]);
    }

    #[test]
    fn a_favorite_is_one_whatever_the_case_of_its_alias() {
        let folder = tempfile::tempdir().unwrap();
        let tiles = OwnTiles::open(folder.path().join("a.json")).unwrap();
        let alias = |text: &str| Target::Alias(text.parse::<Alias>().unwrap());
        tiles.add_favorite(alias("Ana@acme")).unwrap();
        tiles.add_favorite(alias("ana@ACME")).unwrap();
        assert_eq!(tiles.read().favorites.len(), 1);
        tiles.remove_favorite(&alias("ANA@acme")).unwrap();
        assert!(tiles.read().favorites.is_empty());
    }

    #[test]
    fn a_favorite_too_many_is_refused_and_the_oldest_session_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept {
            favorites: (0..500).map(id).collect(),
            recents: (0..200).map(|n| session(n, 0)).collect(),
            names: (0..1_000).map(|n| (id(n + 10_000).folded(), "A name".parse().unwrap())).collect(),
        };
        let path = folder.path().join("a.json");
        write_private(&path, &serde_json::to_vec(&kept).unwrap()).unwrap();
        let tiles = OwnTiles::open(path).unwrap();
        assert_eq!(tiles.read(), kept);

        assert_eq!(tiles.add_favorite(id(500)).unwrap_err().code, Code::TooManyFavorites);
        tiles.add_favorite(id(499)).unwrap();
        tiles.remember_session(session(7, 1));
        assert_eq!(tiles.read().recents.len(), 200, "a device is there once");
        tiles.remember_session(session(777, 2));
        let recents = tiles.read().recents;
        assert_eq!((recents.len(), &recents[..2]), (200, &[session(777, 2), session(7, 1)][..]));
        assert!(recents.iter().all(|recent| recent.device.number() != 100_000_199));

        tiles.rename(&id(3), "Front desk".parse().ok()).unwrap();
        assert_eq!(tiles.read().names.len(), 1, "names of what is no tile go first");
    }
}
