//! An invitation as both sides see it, and what each may do with it.

use beckon_domain::invitation::InvitationStateName;
use beckon_domain::link::Target;
use beckon_domain::session_request::Revision;
use beckon_domain::text::Name;
use beckon_domain::{InvitationId, PermissionSet, SignedStatement};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::introduction::{IntroductionView, Peer, Way};

/// Creating is idempotent by `id`, a UUIDv7 that the client makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateInvitation {
    pub id: InvitationId,
    pub target: Target,
    /// The name of the permission profile, for people.
    pub profile: Name,
    pub permissions: PermissionSet,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationAct {
    /// By the inviter: a new revision. The time is not extended.
    Edit { profile: Name, permissions: PermissionSet },
    /// By the inviter.
    Cancel,
    /// *Connect*, by the invited device: the revision that it saw, and what it signed as the viewer of the
    /// session, for that revision.
    Accept { revision: Revision, statement: SignedStatement },
    /// By the invited device, whatever the revision.
    Reject,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct InvitationView {
    pub id: InvitationId,
    pub way: Way,
    /// Outgoing only: whom this device named.
    pub target: Option<Target>,
    /// Who invites; outgoing, who accepted. None before, whether or not there is anybody.
    pub peer: Option<Peer>,
    pub revision: Revision,
    /// The inviter's words.
    pub profile: Name,
    pub permissions: PermissionSet,
    pub sent_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub state: InvitationStateName,
    pub decided_at: Option<DateTime<Utc>>,
    pub session: Option<IntroductionView>,
}
