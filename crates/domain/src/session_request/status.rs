//! The six statuses, each with the facts that hold in it and no others.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::account::AccountId;
use crate::consent::Cover;
use crate::device_id::DeviceId;
use crate::statement::SessionId;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has opened the link yet.
    Open,
    /// The link was opened or a device joined; access is not granted.
    Waiting(Waiting),
    /// The host granted access.
    Ready(Ready),
    /// A session runs, or both sides try to resume it.
    Connected(Connected),
    Closed {
        at: DateTime<Utc>,
        why: Closing,
    },
    Expired {
        at: DateTime<Utc>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StatusName {
    Open,
    Waiting,
    Ready,
    Connected,
    Closed,
    Expired,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    Closed,
    /// By who asked for help.
    Withdrawn,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub host: Option<Host>,
    pub declined_at: Option<DateTime<Utc>>,
    pub ask: Option<Ask>,
    /// A host that returns still in this session makes the request Connected again.
    pub lost: Option<Lost>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    pub host: Host,
    pub cover: Cover,
    pub allowed_at: DateTime<Utc>,
    pub reservation: Option<Reservation>,
    pub lost: Option<Lost>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connected {
    pub host: Host,
    pub cover: Cover,
    pub allowed_at: DateTime<Utc>,
    pub running: Running,
    pub last_beat: DateTime<Utc>,
    /// The host reported that the connection broke; both try to resume.
    pub lost_at: Option<DateTime<Utc>>,
}

/// The device that joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    pub device: DeviceId,
    /// Since when the service has not heard of it; none while it is there.
    pub silent_since: Option<DateTime<Utc>>,
}

/// An agent at a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    pub account: AccountId,
    pub device: DeviceId,
}

/// *Connect* pressed while Waiting. One agent holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    pub agent: Agent,
    pub session: SessionId,
    pub until: DateTime<Utc>,
}

/// *Connect* pressed while Ready. Nobody else may connect until it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    pub agent: Agent,
    pub session: SessionId,
    pub until: DateTime<Utc>,
}

/// A session between the host and an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    pub agent: Agent,
    pub session: SessionId,
    pub since: DateTime<Utc>,
}

/// A session whose connection could not be resumed in time, as far as the service heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    pub running: Running,
    /// The consent under which it ran; the host may hold it still.
    pub cover: Cover,
    pub allowed_at: DateTime<Utc>,
}

impl Status {
    pub fn name(&self) -> StatusName {
        match self {
            Self::Open => StatusName::Open,
            Self::Waiting(_) => StatusName::Waiting,
            Self::Ready(_) => StatusName::Ready,
            Self::Connected(_) => StatusName::Connected,
            Self::Closed { .. } => StatusName::Closed,
            Self::Expired { .. } => StatusName::Expired,
        }
    }

    pub fn is_live(&self) -> bool {
        !matches!(self, Self::Closed { .. } | Self::Expired { .. })
    }

    pub fn host(&self) -> Option<&Host> {
        match self {
            Self::Waiting(waiting) => waiting.host.as_ref(),
            Self::Ready(ready) => Some(&ready.host),
            Self::Connected(connected) => Some(&connected.host),
            Self::Open | Self::Closed { .. } | Self::Expired { .. } => None,
        }
    }

    /// The session that two devices are in, or are about to be introduced for.
    pub fn session(&self) -> Option<SessionId> {
        match self {
            Self::Ready(ready) => ready.reservation.map(|reservation| reservation.session),
            Self::Connected(connected) => Some(connected.running.session),
            _ => None,
        }
    }
}

impl StatusName {
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Waiting, Self::Ready, Self::Connected, Self::Closed, Self::Expired];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Ready => "ready",
            Self::Connected => "connected",
            Self::Closed => "closed",
            Self::Expired => "expired",
        }
    }
}

impl Waiting {
    pub fn bound(host: Host) -> Self {
        Self { host: Some(host), ..Self::default() }
    }
}

impl Host {
    pub fn present(device: DeviceId) -> Self {
        Self { device, silent_since: None }
    }

    pub fn is_present(&self) -> bool {
        self.silent_since.is_none()
    }
}
