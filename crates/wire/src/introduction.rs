//! What an invitation and a call have in common: two devices, each of which sees the other, and the session
//! that comes of it.

use beckon_domain::introduction::Ending;
use beckon_domain::statement::Side;
use beckon_domain::text::Name;
use beckon_domain::{Alias, DeviceId, PublicKey, SessionId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which way it goes for the device that reads this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Way {
    /// This device sent the invitation, or calls.
    Outgoing,
    /// It is invited, or called.
    Incoming,
}

/// The other device. The name is that device's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Peer {
    pub device: DeviceId,
    pub key: PublicKey,
    pub alias: Option<Alias>,
    pub name: Option<Name>,
}

/// The session of an accepted invitation or call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct IntroductionView {
    pub id: SessionId,
    /// What the device that reads this is in it.
    pub side: Side,
    pub phase: IntroductionPhase,
    /// The two must be connected by then.
    pub connect_until: DateTime<Utc>,
    /// Since when they are connected; none where they never were.
    pub since: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub ending: Option<Ending>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum IntroductionPhase {
    /// The host is to answer with its statement.
    Reserved,
    /// The grant is there; the two are connecting.
    Granted,
    Running,
    /// The connection broke; both try to resume.
    Lost,
    Ended,
}
