use beckon_domain::text::Name;
use beckon_domain::{DeviceId, PublicKey, Signature};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::account::AccountView;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChallengeBody {
    pub key: PublicKey,
}

/// 32 random bytes in base64url; good once, for one minute, for the key that asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    pub challenge: String,
}

/// The challenge signed by the device's key. The first time, the service draws an ID for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceSignIn {
    pub key: PublicKey,
    pub challenge: String,
    /// For [`SignedFor::SignIn`](beckon_domain::keys::SignedFor), over the challenge's text.
    pub signature: Signature,
    pub name: Option<Name>,
    pub version: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceToken {
    pub device: DeviceId,
    /// `Authorization: Bearer …` from now on.
    pub token: String,
    pub expires_at: DateTime<Utc>,
    /// Who is signed in on this device.
    pub account: Option<AccountView>,
    pub now: DateTime<Utc>,
}
