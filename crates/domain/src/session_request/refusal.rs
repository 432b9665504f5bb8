//! Why an act was refused. Nothing has changed then.

use chrono::{DateTime, Utc};

use super::{Act, Revision, StatusName};
use crate::account::AccountId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{} is not possible while the request is {}", act.as_str(), status.as_str())]
    NotInThisStatus { act: Act, status: StatusName },
    /// Another device joined before.
    #[error("another device has joined this request")]
    AnotherDeviceJoined,
    /// The act belongs to the device that joined, and this is not it.
    #[error("this device has not joined the request")]
    NotTheHost,
    /// Nobody has joined yet, so nobody can be asked.
    #[error("no device has joined the request yet")]
    NobodyJoined,
    /// The window showed an older revision.
    #[error("the request has changed; it is now revision {}", current.0)]
    OlderRevision { current: Revision },
    /// Somebody else was first.
    #[error("another agent was first")]
    TakenBy { agent: AccountId },
    /// What the host allowed does not cover this agent.
    #[error("the consent does not cover this agent")]
    NotCovered,
    #[error("the request is not assigned to this agent")]
    AssignedTo { agent: AccountId },
    #[error("the recipient has just declined; another ask must wait")]
    DeclinedJustNow { ask_again_at: DateTime<Utc> },
    #[error("joining opens at {opens_at}")]
    TooEarly { opens_at: DateTime<Utc> },
    /// A report about a session that this request does not have.
    #[error("this is not the session of this request")]
    OtherSession,
    #[error("the scheduled time is in the past")]
    ScheduleInThePast,
    #[error("the request would expire before it starts")]
    ExpiresTooSoon,
    #[error("a request expires at most 90 days after it starts")]
    ExpiresTooLate,
    #[error("mail is wanted, and there is no address")]
    EmailMissing,
}
