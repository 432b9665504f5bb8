//! A session request: what the *Session Requests* tab lists.
//!
//! States carry their own facts, and every act consumes the request and returns the next one, or a
//! [`Refusal`] that names why; then nothing has changed. The acts of agents are in [`agent`], those of the
//! device that shares its screen in [`host`], and what happens by itself in [`time`].

pub mod act;
mod agent;
mod host;
pub mod refusal;
pub mod status;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod table;
mod time;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::account::{AccountId, QueueId};
use crate::consent::Cover;
use crate::contact::Contact;
use crate::device_id::DeviceId;
use crate::proposed_profile::ProposedProfile;
use crate::schedule::Schedule;
use crate::statement::SessionPurpose;
use crate::text::{Comments, RecipientName};

pub use act::Act;
pub use refusal::Refusal;
pub use status::{
    Agent, Ask, Closing, Connected, Host, Lost, Ready, Reservation, Running, Status, StatusName, Waiting,
};

/// *Join* opens this long before the scheduled time.
pub const JOIN_OPENS_BEFORE: TimeDelta = TimeDelta::minutes(15);
/// How long one agent holds an ask.
pub const ASK_LASTS: TimeDelta = TimeDelta::seconds(60);
/// After *Deny* another ask must wait.
pub const ASK_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(30);
/// *Connect* reserves the request.
pub const RESERVATION_LASTS: TimeDelta = TimeDelta::seconds(30);
/// A silent host's consent is over.
pub const HOST_SILENT_FOR: TimeDelta = TimeDelta::seconds(60);
/// A session whose host reports the loss, or whose beats stop, may be resumed.
pub const RESUME_FOR: TimeDelta = TimeDelta::minutes(2);
/// The default expiry.
pub const EXPIRES_AFTER: TimeDelta = TimeDelta::hours(24);
/// The furthest expiry.
pub const EXPIRES_AT_MOST_AFTER: TimeDelta = TimeDelta::days(90);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub struct RequestId(pub Uuid);

/// Counts the links a request has had; consent names the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub struct LinkNumber(pub u32);

/// Moves on whenever what *Allow* is about changes: link, assignment, profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub struct Revision(pub u32);

/// To whom a request is given. Queue and agent are two fields: who claims a request out of a queue leaves
/// it in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Assignment {
    pub agent: Option<AccountId>,
    pub queue: Option<QueueId>,
    pub device: Option<DeviceId>,
}

impl Assignment {
    /// Whom consent will cover if it is given now.
    pub fn cover(self) -> Cover {
        match self {
            Self { agent: Some(agent), .. } => Cover::Agent(agent),
            Self { queue: Some(queue), .. } => Cover::Queue(queue),
            Self { device: Some(device), .. } => Cover::Device(device),
            _ => Cover::AnyAgent,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Expiry {
    /// So many seconds after the scheduled time, or, where there is none, after it was chosen.
    AfterSeconds(u32),
    At(DateTime<Utc>),
}

impl Default for Expiry {
    fn default() -> Self {
        Self::AfterSeconds(24 * 60 * 60)
    }
}

/// What an agent changes of a request that is there; the rest stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edit {
    pub recipient: Option<RecipientName>,
    pub contact: Option<Contact>,
    pub profile: Option<ProposedProfile>,
    pub expiry: Option<Expiry>,
}

/// What an agent fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub id: RequestId,
    pub recipient: RecipientName,
    pub comments: Comments,
    pub profile: ProposedProfile,
    pub assignment: Assignment,
    pub schedule: Option<Schedule>,
    pub expiry: Expiry,
    pub contact: Contact,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRequest {
    pub id: RequestId,
    pub link: LinkNumber,
    pub revision: Revision,
    pub recipient: RecipientName,
    pub comments: Comments,
    pub profile: ProposedProfile,
    pub assignment: Assignment,
    pub schedule: Option<Schedule>,
    pub expiry: Expiry,
    pub expires_at: DateTime<Utc>,
    pub created_by: AccountId,
    pub created_at: DateTime<Utc>,
    pub status: Status,
    pub contact: Contact,
}

impl SessionRequest {
    pub fn create(draft: Draft, by: AccountId, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if draft.schedule.as_ref().is_some_and(|schedule| schedule.at <= now) {
            return Err(Refusal::ScheduleInThePast);
        }
        reachable(&draft.contact)?;
        let expires_at = expires_at(draft.expiry, draft.schedule.as_ref(), now)?;
        Ok(Self {
            id: draft.id,
            link: LinkNumber(1),
            revision: Revision(1),
            recipient: draft.recipient,
            comments: draft.comments,
            profile: draft.profile,
            assignment: draft.assignment,
            schedule: draft.schedule,
            expiry: draft.expiry,
            expires_at,
            created_by: by,
            created_at: now,
            status: Status::Open,
            contact: draft.contact,
        })
    }

    /// What a session for this request, over its current link, names.
    pub fn purpose(&self) -> SessionPurpose {
        SessionPurpose::Request { request: self.id, link: self.link }
    }

    /// The device that joined, in whatever state keeps it.
    pub fn host(&self) -> Option<&Host> {
        self.status.host()
    }

    fn revised(mut self) -> Self {
        self.revision = Revision(self.revision.0 + 1);
        self
    }

    fn with_status(mut self, status: Status) -> Self {
        self.status = status;
        self
    }

    fn refuse<T>(&self, act: Act) -> Result<T, Refusal> {
        Err(Refusal::NotInThisStatus { act, status: self.status.name() })
    }

    /// A running session is never cut; what would have been Ready or Waiting after it is Expired if the
    /// time ran out meanwhile.
    fn after_session(self, next: Status, now: DateTime<Utc>) -> Self {
        let next = if now >= self.expires_at { Status::Expired { at: self.expires_at } } else { next };
        self.with_status(next)
    }
}

/// Who wants mail has an address.
fn reachable(contact: &Contact) -> Result<(), Refusal> {
    if contact.send_mail && contact.email.is_none() { Err(Refusal::EmailMissing) } else { Ok(()) }
}

fn expires_at(
    expiry: Expiry,
    schedule: Option<&Schedule>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Refusal> {
    let start = schedule.map_or(now, |schedule| schedule.at);
    // A schedule may name any year; past the calendar's end is too late as well.
    let after = |delta| start.checked_add_signed(delta).ok_or(Refusal::ExpiresTooLate);
    let at = match expiry {
        Expiry::AfterSeconds(seconds) => after(TimeDelta::seconds(i64::from(seconds)))?,
        Expiry::At(at) => at,
    };
    if at <= start.max(now) {
        Err(Refusal::ExpiresTooSoon)
    } else if at > after(EXPIRES_AT_MOST_AFTER)? {
        Err(Refusal::ExpiresTooLate)
    } else {
        Ok(at)
    }
}
