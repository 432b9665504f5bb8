//! A call: a device asks another to let it in, and the other side's person answers within a minute.
//!
//! It is decided once, and every act consumes it and returns the next one, or a [`CallRefusal`] that names
//! why; then nothing has changed. What comes after *Allow access* is an [`Introduction`](crate::Introduction).

#[cfg(test)]
mod table;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::device_id::DeviceId;
use crate::introduction::{Occasion, SENDER_GONE_FOR};
use crate::link::Target;
use crate::statement::SessionId;

/// How long a call rings.
pub const CALL_RINGS: TimeDelta = TimeDelta::seconds(60);
/// The most that one device places in a minute. It has one ringing at a time.
pub const CALLS_A_MINUTE: u32 = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub struct CallId(pub Uuid);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub id: CallId,
    pub caller: DeviceId,
    /// Whom the caller named.
    pub target: Target,
    /// The device behind that name. None where there is none that this caller may call, of which the caller
    /// learns nothing.
    pub called: Option<DeviceId>,
    /// The session that the caller asks for.
    pub session: SessionId,
    pub placed_at: DateTime<Utc>,
    pub state: CallState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    Ringing {
        /// Since when the service has not heard of the caller; none while it is there.
        gone_since: Option<DateTime<Utc>>,
    },
    Accepted {
        at: DateTime<Utc>,
    },
    Rejected {
        at: DateTime<Utc>,
    },
    Cancelled {
        at: DateTime<Utc>,
    },
    /// To the caller: no answer.
    Missed {
        at: DateTime<Utc>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CallStateName {
    Ringing,
    Accepted,
    Rejected,
    Cancelled,
    Missed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallRefusal {
    /// It was decided before.
    #[error("the call is {} already", state.as_str())]
    Over { state: CallStateName },
    /// The act belongs to the other side.
    #[error("this device is not the one whose act this is")]
    NotYours,
}

impl Call {
    pub fn place(
        id: CallId,
        caller: DeviceId,
        target: Target,
        called: Option<DeviceId>,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Self {
        let state = CallState::Ringing { gone_since: None };
        Self { id, caller, target, called, session, placed_at: now, state }
    }

    pub fn rings_until(&self) -> DateTime<Utc> {
        self.placed_at + CALL_RINGS
    }

    /// What the session after *Allow access* is for.
    pub fn occasion(&self) -> Occasion {
        Occasion::Call { call: self.id }
    }

    /// Whether this device sees it: who calls, and who is called.
    pub fn concerns(&self, device: DeviceId) -> bool {
        self.caller == device || self.called == Some(device)
    }

    /// *Allow access*. The same once more changes nothing.
    pub fn accept(self, by: DeviceId, now: DateTime<Utc>) -> Result<Self, CallRefusal> {
        if self.called == Some(by) && matches!(self.state, CallState::Accepted { .. }) {
            return Ok(self);
        }
        self.ringing_for(self.called == Some(by))?;
        Ok(self.with(CallState::Accepted { at: now }))
    }

    /// *Deny*. The same once more changes nothing.
    pub fn reject(self, by: DeviceId, now: DateTime<Utc>) -> Result<Self, CallRefusal> {
        if self.called == Some(by) && matches!(self.state, CallState::Rejected { .. }) {
            return Ok(self);
        }
        self.ringing_for(self.called == Some(by))?;
        Ok(self.with(CallState::Rejected { at: now }))
    }

    /// By the caller. Cancelled again, it stays as it is.
    pub fn cancel(self, by: DeviceId, now: DateTime<Utc>) -> Result<Self, CallRefusal> {
        if by == self.caller && matches!(self.state, CallState::Cancelled { .. }) {
            return Ok(self);
        }
        self.ringing_for(by == self.caller)?;
        Ok(self.with(CallState::Cancelled { at: now }))
    }

    /// The service no longer hears of the caller's client.
    #[must_use]
    pub fn caller_gone(self, now: DateTime<Utc>) -> Self {
        match self.state {
            CallState::Ringing { gone_since: None } => {
                self.with(CallState::Ringing { gone_since: Some(now) })
            }
            _ => self,
        }
    }

    /// The service hears of it again.
    #[must_use]
    pub fn caller_back(self) -> Self {
        match self.state {
            CallState::Ringing { gone_since: Some(_) } => self.with(CallState::Ringing { gone_since: None }),
            _ => self,
        }
    }

    /// The called device wants to hear nothing of the caller. To the caller nothing has changed.
    #[must_use]
    pub fn blocked(mut self) -> Self {
        if !matches!(self.state, CallState::Accepted { .. }) {
            self.called = None;
        }
        self
    }

    /// When it ends by itself, if nobody acts before.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        let CallState::Ringing { gone_since } = self.state else { return None };
        let gone = gone_since.map(|since| since + SENDER_GONE_FOR);
        Some(gone.map_or(self.rings_until(), |gone| gone.min(self.rings_until())))
    }

    /// The call as it is at `now`. To be asked before every act, so that none comes too late.
    #[must_use]
    pub fn elapse(self, now: DateTime<Utc>) -> Self {
        match self.due() {
            Some(at) if at <= now && at == self.rings_until() => self.with(CallState::Missed { at }),
            Some(at) if at <= now => self.with(CallState::Cancelled { at }),
            _ => self,
        }
    }

    fn with(mut self, state: CallState) -> Self {
        self.state = state;
        self
    }

    fn ringing_for(&self, may_act: bool) -> Result<(), CallRefusal> {
        match self.state {
            _ if !may_act => Err(CallRefusal::NotYours),
            CallState::Ringing { .. } => Ok(()),
            over => Err(CallRefusal::Over { state: over.name() }),
        }
    }
}

impl CallState {
    pub fn name(self) -> CallStateName {
        match self {
            Self::Ringing { .. } => CallStateName::Ringing,
            Self::Accepted { .. } => CallStateName::Accepted,
            Self::Rejected { .. } => CallStateName::Rejected,
            Self::Cancelled { .. } => CallStateName::Cancelled,
            Self::Missed { .. } => CallStateName::Missed,
        }
    }

    pub fn was_accepted(self) -> bool {
        matches!(self, Self::Accepted { .. })
    }

    /// When it was decided.
    pub fn decided_at(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Ringing { .. } => None,
            Self::Accepted { at } | Self::Rejected { at } | Self::Cancelled { at } | Self::Missed { at } => {
                Some(at)
            }
        }
    }
}

impl CallStateName {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ringing => "ringing",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Missed => "missed",
        }
    }
}
