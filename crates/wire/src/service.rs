use beckon_domain::PublicKey;
use beckon_domain::text::Name;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a service says of itself to anyone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceInfo {
    pub organisation: Name,
    /// Signs grants. A client keeps the first it sees and says so when it changes.
    pub key: PublicKey,
    /// Where sessions are relayed, an http or https URL.
    pub relay: String,
    pub version: String,
    /// The service's clock, by which deadlines are decided.
    pub now: DateTime<Utc>,
}
