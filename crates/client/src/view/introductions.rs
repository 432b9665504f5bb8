//! Invitations and calls, as the windows show them.

use beckon_domain::link::Target;
use beckon_domain::{CallId, PermissionSet};
use beckon_wire::ApiError;
use beckon_wire::call::CallView;
use beckon_wire::invitation::InvitationView;
use chrono::{DateTime, Utc};
use serde::Serialize;
use ts_rs::TS;

use super::KeyMemory;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[ts(export)]
pub struct IntroductionsState {
    /// Those that are not over first, then the latest; at most 200.
    pub invitations: Vec<InvitationState>,
    /// As the invitations. While this device is not to be disturbed, those that ring here are left out.
    pub calls: Vec<CallState>,
    /// The last call of this device, unless it is among the calls.
    pub placing: Option<PlacingState>,
    /// What this version can carry out on this system as host; the rest is shown as *not available here*.
    pub available: PermissionSet,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct InvitationState {
    #[serde(flatten)]
    pub view: InvitationView,
    /// While it is pending, when it expires; by this computer's clock, unlike the times of the view.
    pub until: DateTime<Utc>,
    /// Whether this computer has met the other device. None: it is not known who that is.
    pub met_before: Option<KeyMemory>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct CallState {
    #[serde(flatten)]
    pub view: CallView,
    /// While it rings, until when; by this computer's clock, unlike the times of the view.
    pub until: DateTime<Utc>,
    /// Whether this computer has met the other device. None: it is not known who that is.
    pub met_before: Option<KeyMemory>,
}

/// A call that has its window, and that the service has not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PlacingState {
    pub id: CallId,
    pub target: Target,
    /// Why it did not begin. None: the service is being asked.
    pub refused: Option<ApiError>,
}
