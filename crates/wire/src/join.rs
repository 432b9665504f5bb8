//! A session request as the device that joined it sees it.

use beckon_domain::grant::Party;
use beckon_domain::session_request::{LinkNumber, Revision, StatusName};
use beckon_domain::text::{Name, ProfileName};
use beckon_domain::{Cover, DeviceId, JoinCode, LinkToken, PermissionSet, ProfileId, RequestId, SessionId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::request::SessionPhase;

/// The proof with which a device joins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    Code(JoinCode),
    Link(LinkToken),
}

/// What the joined device does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostAct {
    /// Names the revision that the window showed.
    Allow {
        revision: Revision,
    },
    Deny,
    End,
    Leave,
    ConsentOver,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinedView {
    pub request: RequestId,
    pub link: LinkNumber,
    pub revision: Revision,
    pub status: StatusName,
    /// As the service vouches for them.
    pub organisation: Name,
    pub agent: Option<Name>,
    pub queue: Option<Name>,
    pub device: Option<DeviceId>,
    /// Whom *Allow* covers if it is pressed now; whom it covers, once Ready.
    pub cover: Cover,
    pub profile: ProfileId,
    /// What is proposed, whatever the profile is called.
    pub permissions: PermissionSet,
    pub expires_at: DateTime<Utc>,
    pub declined_at: Option<DateTime<Utc>>,
    /// An agent is waiting for the answer right now.
    pub ask: Option<AskedBy>,
    /// An agent pressed *Connect*: answer with a statement.
    pub session: Option<Offer>,
    /// Ready and nobody's: how many of the same line were allowed no later, itself among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<u32>,
    /// The agent's own profile. `profile` is then for clients that know the built-in ones only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<ProfileName>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedBy {
    pub agent: Name,
    pub until: DateTime<Utc>,
    /// The device that asks, as it signed for the session: whether its key was met before is this side's to
    /// say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewer: Option<Party>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub id: SessionId,
    pub agent: Name,
    pub viewer: Party,
    pub phase: SessionPhase,
    pub since: Option<DateTime<Utc>>,
}
