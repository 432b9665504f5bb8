//! What a session request proposes to its recipient.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::permission::{PermissionSet, ProfileId};
use crate::text::ProfileName;

/// A built-in profile, or one that a person made. Of the latter a request carries what it was when it was proposed:
/// changing or deleting the profile changes no request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
#[ts(export)]
pub enum ProposedProfile {
    BuiltIn(ProfileId),
    Own(NamedProfile),
}

/// The name is for people; the permissions are what counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct NamedProfile {
    pub name: ProfileName,
    pub permissions: PermissionSet,
}

impl ProposedProfile {
    /// What stands beside an own profile for whoever knows the built-in ones only: it allows the least.
    pub const LEAST: ProfileId = ProfileId::ScreenSharing;

    pub fn permissions(&self) -> PermissionSet {
        match self {
            Self::BuiltIn(profile) => profile.permissions(),
            Self::Own(profile) => profile.permissions,
        }
    }

    /// As it travels, in two fields.
    pub fn apart(self) -> (ProfileId, Option<NamedProfile>) {
        match self {
            Self::BuiltIn(profile) => (profile, None),
            Self::Own(profile) => (Self::LEAST, Some(profile)),
        }
    }

    pub fn together(built_in: ProfileId, own: Option<NamedProfile>) -> Self {
        own.map_or(Self::BuiltIn(built_in), Self::Own)
    }
}

impl Default for ProposedProfile {
    fn default() -> Self {
        ProfileId::default().into()
    }
}

impl From<ProfileId> for ProposedProfile {
    fn from(profile: ProfileId) -> Self {
        Self::BuiltIn(profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::Permission;

    fn only_type() -> ProposedProfile {
        let permissions = PermissionSet::NONE.with(Permission::Input);
        ProposedProfile::Own(NamedProfile { name: "Only type".parse().unwrap(), permissions })
    }

    #[test]
    fn a_profile_is_written_as_its_word_or_as_what_it_holds() {
        for (profile, written) in [
            (ProfileId::FullAccess.into(), r#""full_access""#),
            (only_type(), r#"{"name":"Only type","permissions":["input"]}"#),
        ] {
            assert_eq!(serde_json::to_string(&profile).unwrap(), written);
            assert_eq!(serde_json::from_str::<ProposedProfile>(written).unwrap(), profile);
        }
    }

    #[test]
    fn names_and_permissions_that_nobody_may_have_are_refused() {
        for wrong in [
            r#""everything""#,
            r#"{"name":"","permissions":[]}"#,
            "{\"name\":\"a\u{202E}b\",\"permissions\":[]}",
            r#"{"name":"Only type","permissions":["everything"]}"#,
            r#"{"name":"Only type"}"#,
        ] {
            assert!(serde_json::from_str::<ProposedProfile>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn whoever_knows_the_built_in_profiles_only_sees_the_one_that_allows_least() {
        let (built_in, own) = only_type().apart();
        assert_eq!(built_in, ProfileId::ScreenSharing);
        assert_eq!(ProposedProfile::together(built_in, own), only_type());
        let usual = ProposedProfile::default().apart();
        assert_eq!(usual, (ProfileId::Default, None));
    }
}
