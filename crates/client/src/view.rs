//! What the window shows: plain facts, no sentences.
//!
//! The window reads these after an event said that something changed; no command's answer is shown.

use beckon_domain::session_request::{Revision, StatusName};
use beckon_domain::text::{ChatText, Name};
use beckon_domain::{Cover, DeviceId, Language, Permission, PermissionSet, ProfileId, RequestId, SessionId};
use beckon_wire::account::AccountView;
use beckon_wire::request::{AssignTo, RequestView};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::preferences::Preferences;

/// The state of the whole client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AppState {
    pub profile: String,
    pub version: String,
    /// The home service, once it was chosen.
    pub home: Option<ServiceState>,
    /// Requests this device joined, at whatever service; one at a time.
    pub joined: Option<JoinedState>,
    /// Sessions of this device, as host or viewer.
    pub sessions: Vec<SessionId>,
    pub preferences: Preferences,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ServiceState {
    /// `https://support.acme.com`
    pub origin: String,
    pub organisation: Option<Name>,
    pub reach: Reach,
    pub device: Option<DeviceId>,
    pub account: Option<AccountView>,
    /// Whether it can send mail to recipients.
    pub mail: bool,
    /// How far this computer's clock is ahead of the service's, in seconds; countdowns are corrected by it.
    #[ts(type = "number")]
    pub clock_ahead_s: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Reach {
    Connecting,
    Online,
    /// What is shown comes from the cache.
    Offline,
    /// The service answers with another key than before: it is not spoken to.
    KeyChanged,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Scope {
    #[default]
    All,
    Mine,
    Unassigned,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SortBy {
    /// Live ones first by what needs an agent most, then the newest change.
    #[default]
    Status,
    Recipient,
    Agent,
    Expires,
    Changed,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct RequestQuery {
    pub scope: Scope,
    pub text: String,
    pub sort: SortBy,
    pub descending: bool,
    pub offset: u32,
    /// At most 500.
    pub limit: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RequestPage {
    pub total: u32,
    /// How many there are with no filter at all.
    pub unfiltered: u32,
    pub rows: Vec<RequestView>,
}

/// What the *New request* dialog holds. `id` is made when the dialog opens, so that pressing twice creates once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct NewRequest {
    pub id: RequestId,
    pub recipient: String,
    pub comments: String,
    pub profile: ProfileId,
    pub assign_to: AssignTo,
    /// One address, or nothing.
    pub email: String,
    pub send_mail: bool,
    pub language: Language,
}

/// The accept window's facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct JoinedState {
    pub service: String,
    pub request: RequestId,
    pub revision: Revision,
    pub status: StatusName,
    pub organisation: Name,
    pub agent: Option<Name>,
    pub queue: Option<Name>,
    /// Whom *Allow access* names.
    #[ts(type = "{ agent: string } | { queue: string } | { device: string } | \"any_agent\"")]
    pub cover: Cover,
    pub profile: ProfileId,
    /// The proposed ones before *Allow*, the host's switches after.
    pub switches: PermissionSet,
    /// What this version can carry out on this system; the rest is shown as *not available here*.
    pub available: PermissionSet,
    pub expires_at: DateTime<Utc>,
    pub declined_at: Option<DateTime<Utc>>,
    /// Who waits for the answer right now, and until when.
    pub asked_by: Option<Name>,
    pub asked_until: Option<DateTime<Utc>>,
    /// Set while a session of this request runs, connects or resumes.
    pub session: Option<SessionId>,
    /// The service cannot be reached; consent ends a minute after it was lost.
    pub offline: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SessionSide {
    Host,
    Viewer,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct SessionState {
    pub id: SessionId,
    pub request: RequestId,
    pub side: SessionSide,
    /// To the viewer the recipient's name, to the host the agent's as the service vouches for it.
    pub peer: String,
    pub peer_device: Option<DeviceId>,
    pub organisation: Name,
    pub phase: Phase,
    /// Both windows show the same four.
    pub words: Option<[String; 4]>,
    pub path: Option<PathState>,
    pub met_before: KeyMemory,
    pub permissions: PermissionSet,
    pub available: PermissionSet,
    pub chat: Vec<ChatLine>,
    pub since: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "name")]
#[ts(export)]
pub enum Phase {
    /// Waits for the host's answer.
    Asking,
    Connecting,
    Running,
    /// The connection broke; both try to resume until then.
    Lost {
        until: DateTime<Utc>,
    },
    Ended {
        why: Ending,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Ending {
    ByHost,
    ByViewer,
    /// The asked person pressed *Deny*.
    Declined,
    /// Nobody answered the ask, or it was taken back.
    NotAnswered,
    /// The two minutes for resuming are over.
    Lost,
    /// The request was closed.
    RequestClosed,
    /// The other side did not come through, or was not who the grant says.
    CouldNotConnect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PathState {
    pub relayed: bool,
    pub round_trip_ms: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum KeyMemory {
    FirstTime,
    MetBefore,
    /// This ID was met with another key before.
    Changed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ChatLine {
    pub mine: bool,
    pub text: ChatText,
    pub at: DateTime<Utc>,
}

/// What the connect field may answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Joining {
    Joined,
    /// A session link of a service this client has never used: the person must confirm its name.
    AskFirst {
        origin: String,
    },
}

/// Every event is a hint: read again what it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[ts(export)]
pub enum Hint {
    /// The client's state: service, account, joined request, sessions.
    State,
    /// These requests; an empty list means "many, or unknown": read everything that is shown.
    Requests {
        ids: Vec<RequestId>,
    },
    Session {
        id: SessionId,
    },
    /// The accept window has something new to ask: bring it to the front, with a sound.
    Question,
    /// The main window is to show something: ask what. Only the window's own program sends it.
    Show,
}

/// Permissions that a session of this version can carry out on this system.
pub fn available_permissions() -> PermissionSet {
    // None yet: sharing the screen arrives with the session engine, and nothing of it is half there.
    std::iter::empty::<Permission>().collect()
}
