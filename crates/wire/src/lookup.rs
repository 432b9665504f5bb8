//! Whether a device can be called here, by which alias, whom it does not want to hear of, and what it may know
//! of others.

use beckon_domain::link::Target;
use beckon_domain::text::Name;
use beckon_domain::{Alias, DeviceId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A client says so at its home service, after every sign-in of the device, and takes it back when it moves to
/// another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    pub home: bool,
}

/// The alias without its namespace; none takes it away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChooseAlias {
    pub name: Option<String>,
}

/// What the service keeps of the device that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OwnDevice {
    pub device: DeviceId,
    /// Whether it can invite, call, be invited and be called here.
    pub home: bool,
    pub alias: Option<Alias>,
    /// What follows the @ of an alias that this device may choose. None where it may not: the organisation has
    /// no namespace, or the device is not the organisation's.
    pub namespace: Option<String>,
}

/// At most [`LOOKUP_MAX`](crate::limits::LOOKUP_MAX) at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    pub targets: Vec<Target>,
}

/// One answer for each target, in order. All `None` where there is no such device, or none of which this one
/// may know: both of the organisation, or once in a session by invitation or call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Found {
    pub device: Option<DeviceId>,
    pub alias: Option<Alias>,
    pub name: Option<Name>,
    pub online: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetBlock {
    pub device: DeviceId,
    pub blocked: bool,
}

/// Nothing is told of it but what this device said itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Block {
    pub device: DeviceId,
    pub since: DateTime<Utc>,
}
