//! What the window shows of session requests, and what it sends of them as a person typed it.

use beckon_domain::session_request::Expiry;
use beckon_domain::text::{Comments, Name, RecipientName};
use beckon_domain::{Contact, Language, ProposedProfile, QueueId, RequestId, Schedule};
use beckon_wire::ApiError;
use beckon_wire::request::{AssignTo, RequestView};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Scope {
    #[default]
    All,
    Mine,
    /// Those of all queues in which the reader is.
    MyQueues,
    Queue(QueueId),
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

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[ts(export)]
pub struct RequestPage {
    pub total: u32,
    /// The search found more than `total`: only those that changed last are among the rows.
    pub more_found: bool,
    /// How many there are with no filter at all.
    pub unfiltered: u32,
    pub rows: Vec<RequestView>,
    /// What was created here and is not at the service yet, oldest first, whatever the filter says.
    pub waiting: Vec<WaitingCreate>,
    /// What concerns the reader and did not reach its recipient, first failed first, whatever the filter says: the
    /// requests are over, and so out of sight.
    pub undelivered: Vec<UndeliveredMail>,
}

/// The last mail of a request that is over failed, and nobody has looked at that here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct UndeliveredMail {
    pub request: RequestId,
    pub recipient: RecipientName,
    pub failed_at: DateTime<Utc>,
}

/// A request that was created while the service was out of reach. It is sent once, when the service is back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WaitingCreate {
    pub id: RequestId,
    pub kept_at: DateTime<Utc>,
    /// Who created it. Only while they are signed in is it sent.
    pub by: Name,
    pub mine: bool,
    /// The service said no: it stays until somebody edits, retries or discards it.
    pub error: Option<ApiError>,
    /// Sent as it is, it may be taken another time.
    pub retry_may_help: bool,
    pub recipient: RecipientName,
    pub comments: Comments,
    pub profile: ProposedProfile,
    pub assign_to: AssignTo,
    pub contact: Option<Contact>,
    pub schedule: Option<Schedule>,
    pub expiry: Expiry,
}

/// What the *New request* dialog holds. `id` is made when the dialog opens, so that pressing twice creates once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct NewRequest {
    pub id: RequestId,
    pub recipient: String,
    pub comments: String,
    pub profile: ProposedProfile,
    pub assign_to: AssignTo,
    /// One address, or nothing.
    pub email: String,
    pub send_mail: bool,
    pub language: Language,
    pub schedule: Option<TypedTime>,
    pub expiry: ExpiryChoice,
}

/// What is changed of a request that is there; what is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, TS)]
#[serde(default)]
#[ts(export, optional_fields)]
pub struct EditFields {
    pub recipient: Option<String>,
    pub contact: Option<TypedContact>,
    pub profile: Option<ProposedProfile>,
    pub expiry: Option<ExpiryChoice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct TypedContact {
    /// One address, or nothing.
    pub email: String,
    pub send_mail: bool,
    pub language: Language,
}

/// What a calendar and a clock on the wall say in a zone, as the fields of a form hold it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct TypedTime {
    /// `2026-11-22T09:00`, with or without seconds.
    pub local: String,
    /// The IANA name, such as `Europe/Berlin`.
    pub zone: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ExpiryChoice {
    /// So many seconds after the scheduled time, or, where there is none, after it was chosen.
    AfterSeconds(u32),
    At(TypedTime),
}
