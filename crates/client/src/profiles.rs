//! The person's own permission profiles, beside the three that are built in: their data, not cache, and the same at
//! every service.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_domain::text::{Name, ProfileName};
use beckon_domain::{PermissionSet, ProposedProfile};
use beckon_wire::{ApiError, Code};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::client::Client;
use crate::folders::{read_private, write_private};
use crate::forms::text_refused;
use crate::service_link::internal;

const PROFILES_MAX: usize = 50;

/// A UUIDv7 that the window makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "string", export)]
pub struct OwnProfileId(pub Uuid);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OwnProfile {
    pub id: OwnProfileId,
    pub name: ProfileName,
    pub permissions: PermissionSet,
}

/// What a window needs to offer profiles. The three that are built in it knows by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PermissionProfiles {
    /// In the order of making.
    pub own: Vec<OwnProfile>,
    pub lock: Option<ProfilesLock>,
}

/// A custom client keeps profiles as they are, and lets no viewer do more than this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ProfilesLock {
    /// What people call it.
    pub by: Name,
    pub most: PermissionSet,
}

pub struct OwnProfiles {
    path: PathBuf,
    kept: Mutex<Vec<OwnProfile>>,
}

impl OwnProfiles {
    /// A file that cannot be understood is put aside, not overwritten.
    pub fn open(path: PathBuf) -> anyhow::Result<Self> {
        let mut kept: Vec<OwnProfile> = read_private(&path)?;
        kept.truncate(PROFILES_MAX);
        Ok(Self { path, kept: Mutex::new(kept) })
    }

    pub fn read(&self) -> Vec<OwnProfile> {
        self.lock().clone()
    }

    /// A new one, or the one that has this id anew.
    pub fn keep(&self, profile: OwnProfile) -> Result<(), ApiError> {
        self.change(|kept| {
            if kept.iter().any(|other| other.id != profile.id && are_same(&other.name, &profile.name)) {
                return Err(ApiError::new(Code::ProfileNameTaken));
            }
            let count = kept.len();
            match kept.iter_mut().find(|known| known.id == profile.id) {
                Some(known) => *known = profile,
                None if count < PROFILES_MAX => kept.push(profile),
                None => return Err(ApiError::new(Code::TooManyProfiles).with("max", PROFILES_MAX)),
            }
            Ok(())
        })
    }

    pub fn delete(&self, id: OwnProfileId) -> Result<(), ApiError> {
        self.change(|kept| {
            kept.retain(|profile| profile.id != id);
            Ok(())
        })
    }

    /// What could not be written down has not happened.
    fn change(
        &self,
        change: impl FnOnce(&mut Vec<OwnProfile>) -> Result<(), ApiError>,
    ) -> Result<(), ApiError> {
        let mut kept = self.lock();
        let mut next = kept.clone();
        change(&mut next)?;
        let bytes = serde_json::to_vec_pretty(&next).map_err(anyhow::Error::from);
        bytes.and_then(|bytes| write_private(&self.path, &bytes)).map_err(internal)?;
        *kept = next;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<OwnProfile>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A person would not tell them apart in a list.
fn are_same(one: &ProfileName, other: &ProfileName) -> bool {
    one.as_str().trim().to_lowercase() == other.as_str().trim().to_lowercase()
}

impl Client {
    pub fn permission_profiles(&self) -> PermissionProfiles {
        PermissionProfiles { own: self.inner().own_profiles.read(), lock: self.profiles_lock() }
    }

    pub fn keep_profile(
        &self,
        id: OwnProfileId,
        name: String,
        permissions: PermissionSet,
    ) -> Result<(), ApiError> {
        self.refuse_if_profiles_are_locked()?;
        let name = name.trim().to_owned().try_into().map_err(text_refused("name"))?;
        self.inner().own_profiles.keep(OwnProfile { id, name, permissions })?;
        self.inner().hints.state();
        Ok(())
    }

    pub fn delete_profile(&self, id: OwnProfileId) -> Result<(), ApiError> {
        self.refuse_if_profiles_are_locked()?;
        self.inner().own_profiles.delete(id)?;
        self.inner().hints.state();
        Ok(())
    }

    /// The window shows them locked, and offers neither.
    fn refuse_if_profiles_are_locked(&self) -> Result<(), ApiError> {
        if self.profiles_lock().is_some() { Err(ApiError::new(Code::BadRequest)) } else { Ok(()) }
    }

    /// Where profiles are locked, a session request proposes none that is not among them.
    pub(crate) fn refuse_unkept(&self, proposed: Option<&ProposedProfile>) -> Result<(), ApiError> {
        let Some(ProposedProfile::Own(proposed)) = proposed else { return Ok(()) };
        let is_it = |own: &OwnProfile| own.name == proposed.name && own.permissions == proposed.permissions;
        let kept = self.inner().own_profiles.read().iter().any(is_it);
        if kept { Ok(()) } else { self.refuse_if_profiles_are_locked() }
    }

    fn profiles_lock(&self) -> Option<ProfilesLock> {
        let custom = self.inner().custom.as_ref()?;
        custom.locked.permissions.map(|most| ProfilesLock { by: custom.name.clone(), most })
    }
}

#[cfg(test)]
mod tests {
    use beckon_domain::Permission;

    use super::*;

    fn id(number: u128) -> OwnProfileId {
        OwnProfileId(Uuid::from_u128(number))
    }

    fn profile(number: u128, name: &str) -> OwnProfile {
        let permissions = PermissionSet::NONE.with(Permission::Input);
        OwnProfile { id: id(number), name: name.parse().unwrap(), permissions }
    }

    fn refused(kept: Result<(), ApiError>) -> Code {
        kept.unwrap_err().code
    }

    #[test]
    fn own_profiles_outlive_the_program_and_are_the_persons_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profiles.json");
        let profiles = OwnProfiles::open(path.clone()).unwrap();
        profiles.keep(profile(1, "Only type")).unwrap();
        profiles.keep(profile(2, "At night")).unwrap();
        profiles.keep(OwnProfile { permissions: PermissionSet::NONE, ..profile(1, "Only look") }).unwrap();
        profiles.delete(id(2)).unwrap();
        let kept = OwnProfiles::open(path.clone()).unwrap().read();
        assert_eq!(kept, [OwnProfile { permissions: PermissionSet::NONE, ..profile(1, "Only look") }]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn two_profiles_never_have_what_looks_like_one_name() {
        let folder = tempfile::tempdir().unwrap();
        let profiles = OwnProfiles::open(folder.path().join("profiles.json")).unwrap();
        profiles.keep(profile(1, "At night")).unwrap();
        assert_eq!(refused(profiles.keep(profile(2, " AT NIGHT "))), Code::ProfileNameTaken);
        profiles.keep(profile(1, "AT NIGHT")).unwrap();
        assert_eq!(profiles.read(), [profile(1, "AT NIGHT")]);
    }

    #[test]
    fn a_profile_too_many_is_refused_and_those_there_can_still_be_changed() {
        let folder = tempfile::tempdir().unwrap();
        let profiles = OwnProfiles::open(folder.path().join("profiles.json")).unwrap();
        for number in 0..50 {
            profiles.keep(profile(number, &format!("Profile {number}"))).unwrap();
        }
        assert_eq!(refused(profiles.keep(profile(50, "One more"))), Code::TooManyProfiles);
        profiles.keep(profile(7, "Another name")).unwrap();
        assert_eq!(profiles.read().len(), 50);
    }

    #[test]
    fn a_file_of_a_later_version_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profiles.json");
        let later =
            r#"[{"id": "00000000-0000-0000-0000-000000000001", "name": "A", "permissions": ["fly"]}]"#;
        std::fs::write(&path, later).unwrap();
        assert!(OwnProfiles::open(path.clone()).unwrap().read().is_empty());
        assert_eq!(std::fs::read_to_string(path.with_extension("unreadable")).unwrap(), later);
    }
}
