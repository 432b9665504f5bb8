//! To whom a request can be given.

use beckon_domain::text::Name;
use beckon_domain::{Alias, DeviceId, QueueId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::account::Person;

/// Names only: what an agent needs to assign a request and to filter by queue. For who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Directory {
    /// Who can act on requests.
    pub agents: Vec<Person>,
    pub queues: Vec<QueueEntry>,
    /// The devices of the organisation.
    pub devices: Vec<DeviceEntry>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct QueueEntry {
    pub id: QueueId,
    pub name: Name,
    /// Whether the reader is one of its agents.
    pub mine: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DeviceEntry {
    pub id: DeviceId,
    pub name: Option<Name>,
    pub alias: Option<Alias>,
}
