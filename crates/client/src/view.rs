//! What the window shows: plain facts, no sentences.
//!
//! The window reads these after an event said that something changed; no command's answer is shown.

mod introductions;
mod requests;

use beckon_domain::session_request::{Revision, StatusName};
use beckon_domain::text::{ChatText, Name};
use beckon_domain::{
    CallId, Cover, DeviceId, InvitationId, Language, Permission, PermissionSet, ProposedProfile, RequestId,
    SessionId,
};
use beckon_wire::account::AccountView;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::custom::CustomState;
use crate::preferences::Preferences;
use crate::session_monitors::MonitorsState;

pub use introductions::{CallState, IntroductionsState, InvitationState, PlacingState};
pub use requests::{
    EditFields, ExpiryChoice, NewRequest, RequestPage, RequestQuery, Scope, SortBy, TypedContact, TypedTime,
    UndeliveredMail, WaitingCreate,
};

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
    /// What the windows speak: the preferred language, or the system's.
    pub language: Language,
    /// The program is a custom client, and this one.
    pub custom: Option<CustomState>,
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
    pub profile: ProposedProfile,
    /// The proposed ones before *Allow*, the host's switches after.
    pub switches: PermissionSet,
    /// What this version can carry out on this system; the rest is shown as *not available here*.
    pub available: PermissionSet,
    pub expires_at: DateTime<Utc>,
    pub declined_at: Option<DateTime<Utc>>,
    /// Who waits for the answer right now, and until when.
    pub asked_by: Option<Name>,
    pub asked_until: Option<DateTime<Utc>>,
    /// Whether this computer has met the asking device. None: nobody asks, or the service does not prove which
    /// device it is.
    pub met_before: Option<KeyMemory>,
    /// Ready, and whoever of the line is free first will connect: 1 is next.
    pub place: Option<u32>,
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

/// What a session came of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Occasion {
    Request(RequestId),
    Invitation(InvitationId),
    Call(CallId),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct SessionState {
    pub id: SessionId,
    pub occasion: Occasion,
    pub side: SessionSide,
    /// To the viewer the recipient's name, to the host the agent's as the service vouches for it. After an
    /// invitation or a call the other device's alias, or its ID in groups.
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
    pub asks: AsksState,
    /// To the viewer: the host's.
    pub monitors: MonitorsState,
    /// To the viewer: the host's system shows something that no program may see: its lock screen, a question
    /// about rights.
    pub screen_hidden: bool,
    pub chat: Vec<ChatLine>,
    pub since: Option<DateTime<Utc>>,
}

/// What was asked for beyond what is allowed, and what is allowed for a while only.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[ts(export)]
pub struct AsksState {
    /// What the viewer may ask for.
    pub possible: PermissionSet,
    /// Asked for, and not answered.
    pub open: PermissionSet,
    /// To the viewer: asked for, and not given.
    pub refused: PermissionSet,
    /// Which switches turn off by themselves.
    pub for_a_while: Vec<SwitchForAWhile>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct SwitchForAWhile {
    pub permission: Permission,
    pub until: DateTime<Utc>,
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
    /// An ID or an alias: it is called, and the call has a window of its own.
    Calling {
        call: CallId,
    },
}

/// Why what was dropped on a session's window was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum NotSent {
    /// The host does not allow file transfer at this moment.
    NotAllowed,
    /// On the host, it may have been a viewer who let go of the button.
    ViewerIsTyping,
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
    /// The transfers of this session.
    Files {
        id: SessionId,
    },
    /// What was dropped on this session's window was not sent. Nothing is to be read.
    NotSent {
        id: SessionId,
        why: NotSent,
    },
    /// Tiles: favorites, recent sessions, the address book, who is nearby, what the service keeps of this device.
    Tiles,
    /// Invitations and calls: what this device sent, and what it got.
    Introductions,
    /// The accept window has something new to ask: bring it to the front, with a sound.
    Question,
    /// The main window is to show something: ask what. Only the window's own program sends it.
    Show,
}
