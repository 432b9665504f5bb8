use serde::{Deserialize, Serialize};

/// What the host's core reports of a session. The service sees nothing of what passes in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostReport {
    /// The two are connected.
    Connected,
    /// Every [`BEAT_S`](crate::limits::BEAT_S) seconds, and once when the connection is resumed.
    Beat,
    /// The connection broke; instead of the beat while both try to resume.
    Lost,
    /// The viewer ended it.
    ViewerLeft,
    /// The host ended it. For a request that is an act of its own, which says the same.
    HostEnded,
}
