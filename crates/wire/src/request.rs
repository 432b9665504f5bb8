//! A session request as an agent sees it, and what an agent may do with it.

use beckon_domain::session_request::{Closing, Expiry, LinkNumber, Revision, StatusName};
use beckon_domain::text::{Comments, Name, RecipientName};
use beckon_domain::{
    AccountId, Act, Contact, DeviceId, JoinCode, NamedProfile, ProfileId, QueueId, RequestId, Schedule,
    SessionId, SignedStatement,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::account::Person;

/// Creating is idempotent by `id`, a UUIDv7 that the client makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateRequest {
    pub id: RequestId,
    pub recipient: RecipientName,
    #[serde(default)]
    pub comments: Comments,
    #[serde(default)]
    pub profile: ProfileId,
    /// Instead of `profile`, which then is what an older service proposes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_profile: Option<NamedProfile>,
    pub assign_to: AssignTo,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// 24 hours if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
}

/// A queue takes the place of agent and device, a device that of agent and queue; an agent leaves the
/// request in its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AssignTo {
    Myself,
    Unassigned,
    Agent(AccountId),
    Queue(QueueId),
    /// A device of the organisation; the UI says *Client*.
    Device(DeviceId),
}

/// What an agent does to a request. *Ask* and *connect* carry what the viewer signed for that session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentAct {
    Edit(EditRequest),
    Comment(Comments),
    Claim,
    Release,
    Assign(AssignTo),
    Reschedule {
        schedule: Schedule,
        /// The one that was chosen before, if nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expiry: Option<Expiry>,
    },
    StartNow,
    Ask(SignedStatement),
    CancelAsk,
    Connect(SignedStatement),
    Disconnect,
    EndAndClose {
        comment: Option<Comments>,
    },
    NewLink,
    Close,
    /// For 24 hours.
    Reopen,
    ReopenFor(Expiry),
    /// The mail that failed, once more.
    SendAgain,
}

/// What an agent changes of a request that is there; what is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EditRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<RecipientName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileId>,
    /// Instead of `profile`, which then is what an older service proposes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_profile: Option<NamedProfile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RequestView {
    pub id: RequestId,
    /// What a statement for a session of this request names.
    pub link: LinkNumber,
    pub revision: Revision,
    pub status: StatusName,
    pub recipient: RecipientName,
    pub comments: Comments,
    pub profile: ProfileId,
    pub agent: Option<Person>,
    pub queue: Option<QueueName>,
    pub device: Option<DeviceId>,
    pub created_by: Person,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    pub closing: Option<Closing>,
    pub declined_at: Option<DateTime<Utc>>,
    pub host: Option<HostDevice>,
    pub ask: Option<AskView>,
    pub session: Option<SessionView>,
    /// What *Connect* would do for this reader now.
    pub connect: Connect,
    /// Whether this reader may act on it, or only look.
    pub may_act: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub contact: Option<Contact>,
    /// The last mail to the recipient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub mail: Option<MailView>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub schedule: Option<Schedule>,
    /// As it was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub expiry: Option<Expiry>,
    /// Instead of `profile`, which then is for clients that know the built-in ones only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub own_profile: Option<NamedProfile>,
    /// While it is closed. `changed_at` moves on with every comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub closed_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct MailView {
    pub state: MailState,
    /// Since when it is so.
    pub at: DateTime<Utc>,
    /// Why it failed, or why it is still queued after a try.
    pub problem: Option<MailProblem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum MailState {
    Queued,
    /// The mail server has taken it.
    Sent,
    Failed,
}

/// Why a mail did not go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum MailProblem {
    /// No connection to the mail server, or it broke.
    Unreachable,
    TimedOut,
    /// The server cannot prove who it is, or speaks no TLS where it must.
    NotSecure,
    /// The server does not take the service's user and password.
    NotSignedIn,
    /// The server said: not now.
    PutOff,
    /// The server said: never. The address may not exist.
    Refused,
    /// The service has no mail server any more.
    NotSet,
    /// The mail could not be written: the service's log says why.
    Broken,
}

impl MailProblem {
    /// Trying again by itself would change nothing.
    pub fn is_final(self) -> bool {
        self == Self::Refused
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::NotSecure => "not_secure",
            Self::NotSignedIn => "not_signed_in",
            Self::PutOff => "put_off",
            Self::Refused => "refused",
            Self::NotSet => "not_set",
            Self::Broken => "broken",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct QueueName {
    pub id: QueueId,
    pub name: Name,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HostDevice {
    pub device: DeviceId,
    pub name: Option<Name>,
    pub present: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AskView {
    pub session: SessionId,
    pub agent: Person,
    /// Asked from the device that reads this.
    pub mine: bool,
    pub until: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SessionView {
    pub id: SessionId,
    pub agent: Person,
    /// The session of the device that reads this.
    pub mine: bool,
    pub phase: SessionPhase,
    pub since: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SessionPhase {
    /// *Connect* was pressed; the host has not answered yet.
    Reserved,
    /// The grant is there; the two are connecting.
    Granted,
    Running,
    /// The connection broke; both try to resume.
    Lost,
}

/// Whether *Connect* is enabled, what it does, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Connect {
    Connect,
    /// Waiting, with a joined device: *Connect* asks.
    Ask,
    NobodyJoined,
    /// Somebody else holds the ask, the reservation or the session.
    Taken,
    AssignedToAnother,
    NotCovered,
    DeclinedJustNow,
    /// This device is in it, as viewer or as host.
    Mine,
    Over,
    MayNotAct,
}

/// Only for who may see the request; never part of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RequestLink {
    /// The https URL that the recipient opens.
    pub url: String,
    pub code: JoinCode,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HistoryEntry {
    pub at: DateTime<Utc>,
    pub act: Act,
    pub by: Option<Person>,
    pub device: Option<DeviceId>,
    /// The session comment, with *End and close*.
    #[serde(default)]
    pub comment: Option<Comments>,
    /// With *assign*.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub assigned_to: Option<Assignee>,
    /// With *reschedule*.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub schedule: Option<Schedule>,
}

/// To whom a request was given; nobody, if all are absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Assignee {
    pub agent: Option<Person>,
    pub queue: Option<QueueName>,
    pub device: Option<DeviceId>,
}
