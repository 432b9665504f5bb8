//! What a viewer may do, one thing at a time, and the named sets of them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ts_rs::TS;

/// One thing a viewer may do. Seeing the screen is what a session is, so it is not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    Input,
    Clipboard,
    FileManager,
    Audio,
    BlockInput,
    Restart,
    LockDesk,
    Sysinfo,
    Whiteboard,
    UserPointer,
    RecordSession,
    TcpTunnel,
    PrivacyFeature,
}

impl Permission {
    pub const ALL: [Self; 13] = [
        Self::Input,
        Self::Clipboard,
        Self::FileManager,
        Self::Audio,
        Self::BlockInput,
        Self::Restart,
        Self::LockDesk,
        Self::Sysinfo,
        Self::Whiteboard,
        Self::UserPointer,
        Self::RecordSession,
        Self::TcpTunnel,
        Self::PrivacyFeature,
    ];

    fn bit(self) -> u32 {
        1 << (self as u32)
    }
}

/// A set of permissions; travels as the list of their tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, TS)]
#[ts(as = "Vec<Permission>", export)]
pub struct PermissionSet(u32);

impl PermissionSet {
    pub const NONE: Self = Self(0);

    pub fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    #[must_use]
    pub fn with(self, permission: Permission) -> Self {
        Self(self.0 | permission.bit())
    }

    #[must_use]
    pub fn without(self, permission: Permission) -> Self {
        Self(self.0 & !permission.bit())
    }

    /// Those that are in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.contains(*permission))
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::NONE, Self::with)
    }
}

impl Serialize for PermissionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.iter().collect::<Vec<_>>().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PermissionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Permission>::deserialize(deserializer)?.into_iter().collect())
    }
}

/// The three built-in permission profiles, which cannot be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProfileId {
    #[default]
    Default,
    ScreenSharing,
    FullAccess,
}

impl ProfileId {
    pub const ALL: [Self; 3] = [Self::Default, Self::ScreenSharing, Self::FullAccess];

    pub fn permissions(self) -> PermissionSet {
        let all: PermissionSet = Permission::ALL.into_iter().collect();
        match self {
            Self::Default => all.without(Permission::TcpTunnel).without(Permission::PrivacyFeature),
            Self::ScreenSharing => PermissionSet::NONE.with(Permission::UserPointer),
            Self::FullAccess => all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_profiles_are_those_of_the_product_page() {
        let tokens = |profile: ProfileId| serde_json::to_string(&profile.permissions()).unwrap();
        assert_eq!(
            tokens(ProfileId::Default),
            r#"["input","clipboard","file_manager","audio","block_input","restart","lock_desk","sysinfo","whiteboard","user_pointer","record_session"]"#
        );
        assert_eq!(tokens(ProfileId::ScreenSharing), r#"["user_pointer"]"#);
        assert_eq!(ProfileId::FullAccess.permissions().iter().count(), 13);
    }

    #[test]
    fn an_unknown_permission_is_refused_not_ignored() {
        assert!(serde_json::from_str::<PermissionSet>(r#"["input","everything"]"#).is_err());
    }
}
