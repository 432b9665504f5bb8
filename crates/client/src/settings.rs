//! What the person chose and whom this client has met. Not cache: deleting it loses something.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use beckon_domain::{DeviceId, PermissionSet, PublicKey, RequestId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::custom::Locked;
use crate::folders::{Folders, read_private, write_private};
use crate::preferences::Preferences;
use crate::schemes::{Program, Scheme};
use crate::view::KeyMemory;

pub struct Settings {
    path: PathBuf,
    /// What a custom client keeps the person from changing.
    locked: Locked,
    kept: Mutex<Kept>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    /// The one service this client belongs to.
    home: Option<String>,
    /// Every service it was ever used with, home and guest.
    services: BTreeMap<String, KeptService>,
    preferences: Preferences,
    /// Who opened each scheme before this program took it.
    former: BTreeMap<Scheme, Program>,
    /// Nobody is asked any more who opens links. Programs before the question took what nobody held instead.
    #[serde(alias = "schemes_claimed")]
    links_answered: bool,
    /// The person agreed that this program opens links, and it has not taken all of them yet.
    links_agreed: bool,
    /// All that a viewer sees of this computer's files.
    host_folder: Option<PathBuf>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct KeptService {
    /// The key it signs grants with, kept from the first contact.
    key: Option<PublicKey>,
    device_key_in: Option<KeyPlace>,
    /// The keys of devices met in sessions, by ID.
    met: BTreeMap<DeviceId, PublicKey>,
    /// Mails that failed up to this moment and request are known to the person.
    undelivered_seen: Option<(DateTime<Utc>, RequestId)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyPlace {
    Keychain,
    File,
}

impl Settings {
    pub fn open(folders: &Folders) -> anyhow::Result<Self> {
        Self::open_locked(folders, Locked::default())
    }

    /// A settings file that cannot be read is put aside, not overwritten.
    pub fn open_locked(folders: &Folders, locked: Locked) -> anyhow::Result<Self> {
        let path = folders.settings();
        let kept = Mutex::new(read_private(&path)?);
        Ok(Self { path, locked, kept })
    }

    pub fn home(&self) -> Option<String> {
        self.read(|kept| kept.home.clone())
    }

    pub fn set_home(&self, origin: &str) -> anyhow::Result<()> {
        self.change(|kept| {
            kept.home = Some(origin.to_owned());
            kept.services.entry(origin.to_owned()).or_default();
        })
    }

    pub fn services(&self) -> Vec<String> {
        self.read(|kept| kept.services.keys().cloned().collect())
    }

    pub fn knows(&self, origin: &str) -> bool {
        self.read(|kept| kept.services.contains_key(origin))
    }

    pub fn service_key(&self, origin: &str) -> Option<PublicKey> {
        self.read(|kept| kept.services.get(origin)?.key)
    }

    pub fn pin_service_key(&self, origin: &str, key: PublicKey) -> anyhow::Result<()> {
        self.change(|kept| kept.services.entry(origin.to_owned()).or_default().key = Some(key))
    }

    pub fn device_key_in(&self, origin: &str) -> Option<KeyPlace> {
        self.read(|kept| kept.services.get(origin)?.device_key_in)
    }

    pub fn set_device_key_in(&self, origin: &str, place: KeyPlace) -> anyhow::Result<()> {
        self.change(|kept| kept.services.entry(origin.to_owned()).or_default().device_key_in = Some(place))
    }

    /// Whether this device was met before with this key.
    pub fn recall(&self, origin: &str, device: DeviceId, key: PublicKey) -> KeyMemory {
        match self.read(|kept| kept.services.get(origin)?.met.get(&device).copied()) {
            None => KeyMemory::FirstTime,
            Some(met) if met == key => KeyMemory::MetBefore,
            Some(_) => KeyMemory::Changed,
        }
    }

    /// The first key is pinned: a changed one is said out loud each time, not taken over silently.
    pub fn remember(&self, origin: &str, device: DeviceId, key: PublicKey) -> anyhow::Result<()> {
        self.change(|kept| {
            kept.services.entry(origin.to_owned()).or_default().met.entry(device).or_insert(key);
        })
    }

    pub fn undelivered_seen(&self, origin: &str) -> Option<(DateTime<Utc>, RequestId)> {
        self.read(|kept| kept.services.get(origin)?.undelivered_seen)
    }

    pub fn set_undelivered_seen(&self, origin: &str, seen: (DateTime<Utc>, RequestId)) -> anyhow::Result<()> {
        self.change(|kept| {
            let service = kept.services.entry(origin.to_owned()).or_default();
            service.undelivered_seen = service.undelivered_seen.max(Some(seen));
        })
    }

    pub fn preferences(&self) -> Preferences {
        self.locked.over(self.read(|kept| kept.preferences))
    }

    /// Of these permissions, those that a viewer may ever have here.
    pub fn may_be_given(&self, permissions: PermissionSet) -> PermissionSet {
        self.locked.of(permissions)
    }

    pub fn set_preferences(&self, preferences: Preferences) -> anyhow::Result<()> {
        self.change(|kept| kept.preferences = preferences)
    }

    /// Who opened these links before this program took them.
    pub fn former(&self, scheme: &Scheme) -> Option<Program> {
        self.read(|kept| kept.former.get(scheme).cloned())
    }

    pub fn set_former(&self, scheme: &Scheme, former: Option<Program>) -> anyhow::Result<()> {
        self.change(|kept| {
            match former {
                Some(program) => kept.former.insert(scheme.clone(), program),
                None => kept.former.remove(scheme),
            };
        })
    }

    pub fn links_answered(&self) -> bool {
        self.read(|kept| kept.links_answered)
    }

    pub fn set_links_answered(&self) -> anyhow::Result<()> {
        self.change(|kept| (kept.links_answered, kept.links_agreed) = (true, false))
    }

    pub fn links_agreed(&self) -> bool {
        self.read(|kept| kept.links_agreed)
    }

    pub fn set_links_agreed(&self) -> anyhow::Result<()> {
        self.change(|kept| kept.links_agreed = true)
    }

    pub fn host_folder(&self) -> Option<PathBuf> {
        self.read(|kept| kept.host_folder.clone())
    }

    pub fn set_host_folder(&self, folder: PathBuf) -> anyhow::Result<()> {
        self.change(|kept| kept.host_folder = Some(folder))
    }

    fn read<T>(&self, read: impl FnOnce(&Kept) -> T) -> T {
        read(&self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, change: impl FnOnce(&mut Kept)) -> anyhow::Result<()> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = kept.clone();
        change(&mut next);
        write_private(&self.path, &serde_json::to_vec_pretty(&next)?)?;
        *kept = next;
        Ok(())
    }
}
