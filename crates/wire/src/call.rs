//! A call as both sides see it, and what each may do with it.

use beckon_domain::call::CallStateName;
use beckon_domain::link::Target;
use beckon_domain::{CallId, SignedStatement};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::introduction::{IntroductionView, Peer, Way};

/// Placing is idempotent by `id`, a UUIDv7 that the client makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceCall {
    pub id: CallId,
    pub target: Target,
    /// What the caller signed as the viewer of the session.
    pub statement: SignedStatement,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallAct {
    /// *Allow access*, by the called device.
    Accept,
    /// *Deny*, by the called device.
    Reject,
    /// By the caller.
    Cancel,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CallView {
    pub id: CallId,
    pub way: Way,
    /// Outgoing only: whom this device named.
    pub target: Option<Target>,
    /// Who calls; outgoing, who accepted. None before, whether or not there is anybody.
    pub peer: Option<Peer>,
    pub placed_at: DateTime<Utc>,
    pub rings_until: DateTime<Utc>,
    pub state: CallStateName,
    pub decided_at: Option<DateTime<Utc>>,
    pub session: Option<IntroductionView>,
}
