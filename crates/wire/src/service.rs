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
    /// Where an endpoint learns its address. Without it sessions go through the relay, or find each other on
    /// one network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_discovery: Option<AddressDiscovery>,
    pub version: String,
    /// The service's clock, by which deadlines are decided.
    pub now: DateTime<Utc>,
}

/// By QUIC, under the relay's name: what the asker's address looks like from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressDiscovery {
    /// UDP.
    pub port: u16,
    /// The one that is shown there, signed by itself: DER in base64url.
    pub certificate: String,
}
