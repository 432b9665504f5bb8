//! An invitation: a device asks another to connect to it, for two minutes.
//!
//! It is decided once, and every act consumes it and returns the next one, or a [`InvitationRefusal`] that
//! names why; then nothing has changed. What comes after *Connect* is an [`Introduction`](crate::Introduction).

#[cfg(test)]
mod table;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::device_id::DeviceId;
use crate::introduction::{Occasion, SENDER_GONE_FOR};
use crate::link::Target;
use crate::permission::PermissionSet;
use crate::session_request::Revision;
use crate::statement::SessionId;
use crate::text::Name;

/// How long an invitation is pending. An edit does not extend it.
pub const INVITATION_LASTS: TimeDelta = TimeDelta::minutes(2);
/// The most that one device has pending.
pub const INVITATIONS_PENDING_MAX: u32 = 5;
/// The most that one device sends in a minute.
pub const INVITATIONS_A_MINUTE: u32 = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub struct InvitationId(pub Uuid);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub inviter: DeviceId,
    /// Whom the inviter named.
    pub target: Target,
    /// The device behind that name. None where there is none that this inviter may invite, of which the
    /// inviter learns nothing.
    pub invited: Option<DeviceId>,
    pub offer: Offer,
    pub sent_at: DateTime<Utc>,
    pub state: InvitationState,
}

/// What the invited device may do once it connects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Moves on whenever the inviter edits what follows.
    pub revision: Revision,
    /// The name of the permission profile, for people; the permissions are what counts.
    pub profile: Name,
    pub permissions: PermissionSet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationState {
    Pending {
        /// Since when the service has not heard of the inviter; none while it is there.
        gone_since: Option<DateTime<Utc>>,
    },
    /// The revision is that of the offer, which nobody edits any more.
    Accepted {
        at: DateTime<Utc>,
        session: SessionId,
    },
    Rejected {
        at: DateTime<Utc>,
    },
    Cancelled {
        at: DateTime<Utc>,
    },
    Expired {
        at: DateTime<Utc>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InvitationStateName {
    Pending,
    Accepted,
    Rejected,
    Cancelled,
    Expired,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvitationRefusal {
    /// It was decided before.
    #[error("the invitation is {} already", state.as_str())]
    Over { state: InvitationStateName },
    /// The window showed an older revision.
    #[error("the invitation has changed; it is now revision {}", current.0)]
    OlderRevision { current: Revision },
    /// The act belongs to the other side.
    #[error("this device is not the one whose act this is")]
    NotYours,
}

impl Invitation {
    pub fn send(
        id: InvitationId,
        inviter: DeviceId,
        target: Target,
        invited: Option<DeviceId>,
        (profile, permissions): (Name, PermissionSet),
        now: DateTime<Utc>,
    ) -> Self {
        let offer = Offer { revision: Revision(1), profile, permissions };
        let state = InvitationState::Pending { gone_since: None };
        Self { id, inviter, target, invited, offer, sent_at: now, state }
    }

    pub fn expires_at(&self) -> DateTime<Utc> {
        self.sent_at + INVITATION_LASTS
    }

    /// What the session after *Connect* is for.
    pub fn occasion(&self) -> Occasion {
        Occasion::Invitation { invitation: self.id, revision: self.offer.revision }
    }

    /// Whether this device sees it: who sent it, and who is invited.
    pub fn concerns(&self, device: DeviceId) -> bool {
        self.inviter == device || self.invited == Some(device)
    }

    /// By the inviter. The same once more is no new revision.
    pub fn edit(
        mut self,
        by: DeviceId,
        profile: Name,
        permissions: PermissionSet,
    ) -> Result<Self, InvitationRefusal> {
        self.pending_for(by == self.inviter)?;
        if self.offer.profile == profile && self.offer.permissions == permissions {
            return Ok(self);
        }
        let revision = Revision(self.offer.revision.0 + 1);
        self.offer = Offer { revision, profile, permissions };
        Ok(self)
    }

    /// By the inviter. Cancelled again, it stays as it is.
    pub fn cancel(self, by: DeviceId, now: DateTime<Utc>) -> Result<Self, InvitationRefusal> {
        if by == self.inviter && matches!(self.state, InvitationState::Cancelled { .. }) {
            return Ok(self);
        }
        self.pending_for(by == self.inviter)?;
        Ok(self.with(InvitationState::Cancelled { at: now }))
    }

    /// *Connect*, for the revision that was shown. The same once more changes nothing.
    pub fn accept(
        self,
        by: DeviceId,
        seen: Revision,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Self, InvitationRefusal> {
        let same = matches!(self.state, InvitationState::Accepted { session: of, .. } if of == session);
        if same && self.invited == Some(by) && self.offer.revision == seen {
            return Ok(self);
        }
        self.pending_for(self.invited == Some(by))?;
        if seen != self.offer.revision {
            return Err(InvitationRefusal::OlderRevision { current: self.offer.revision });
        }
        Ok(self.with(InvitationState::Accepted { at: now, session }))
    }

    /// Counts for any revision: what is refused is the invitation, whatever it offers.
    pub fn reject(self, by: DeviceId, now: DateTime<Utc>) -> Result<Self, InvitationRefusal> {
        if self.invited == Some(by) && matches!(self.state, InvitationState::Rejected { .. }) {
            return Ok(self);
        }
        self.pending_for(self.invited == Some(by))?;
        Ok(self.with(InvitationState::Rejected { at: now }))
    }

    /// The service no longer hears of the inviter's client.
    #[must_use]
    pub fn inviter_gone(self, now: DateTime<Utc>) -> Self {
        match self.state {
            InvitationState::Pending { gone_since: None } => {
                self.with(InvitationState::Pending { gone_since: Some(now) })
            }
            _ => self,
        }
    }

    /// The service hears of it again.
    #[must_use]
    pub fn inviter_back(self) -> Self {
        match self.state {
            InvitationState::Pending { gone_since: Some(_) } => {
                self.with(InvitationState::Pending { gone_since: None })
            }
            _ => self,
        }
    }

    /// The invited device wants to hear nothing of the inviter. To the inviter nothing has changed.
    #[must_use]
    pub fn blocked(mut self) -> Self {
        if !matches!(self.state, InvitationState::Accepted { .. }) {
            self.invited = None;
        }
        self
    }

    /// When it ends by itself, if nobody acts before.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        let InvitationState::Pending { gone_since } = self.state else { return None };
        let gone = gone_since.map(|since| since + SENDER_GONE_FOR);
        Some(gone.map_or(self.expires_at(), |gone| gone.min(self.expires_at())))
    }

    /// The invitation as it is at `now`. To be asked before every act, so that none comes too late.
    #[must_use]
    pub fn elapse(self, now: DateTime<Utc>) -> Self {
        match self.due() {
            Some(at) if at <= now && at == self.expires_at() => self.with(InvitationState::Expired { at }),
            Some(at) if at <= now => self.with(InvitationState::Cancelled { at }),
            _ => self,
        }
    }

    fn with(mut self, state: InvitationState) -> Self {
        self.state = state;
        self
    }

    fn pending_for(&self, may_act: bool) -> Result<(), InvitationRefusal> {
        match self.state {
            _ if !may_act => Err(InvitationRefusal::NotYours),
            InvitationState::Pending { .. } => Ok(()),
            over => Err(InvitationRefusal::Over { state: over.name() }),
        }
    }
}

impl InvitationState {
    pub fn name(self) -> InvitationStateName {
        match self {
            Self::Pending { .. } => InvitationStateName::Pending,
            Self::Accepted { .. } => InvitationStateName::Accepted,
            Self::Rejected { .. } => InvitationStateName::Rejected,
            Self::Cancelled { .. } => InvitationStateName::Cancelled,
            Self::Expired { .. } => InvitationStateName::Expired,
        }
    }

    /// When it was decided.
    pub fn decided_at(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Pending { .. } => None,
            Self::Accepted { at, .. }
            | Self::Rejected { at }
            | Self::Cancelled { at }
            | Self::Expired { at } => Some(at),
        }
    }

    pub fn session(self) -> Option<SessionId> {
        match self {
            Self::Accepted { session, .. } => Some(session),
            _ => None,
        }
    }
}

impl InvitationStateName {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}
