//! How two sides that met once know each other again, without the service.

use std::fmt;

use beckon_domain::keys::random;
use beckon_domain::statement::Side;
use hmac::{Hmac, KeyInit, Mac};
use iroh::endpoint::Connection;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::endpoint::exported;

/// Drawn by the host, told to the viewer on the first connection, and forgotten with the session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ResumeSecret([u8; 32]);

/// That a side knows the secret, on this connection and no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proof([u8; 32]);

pub(crate) fn exported_for_resume(connection: &Connection) -> [u8; 32] {
    exported(connection, b"beckon resume")
}

impl ResumeSecret {
    pub(crate) fn generate() -> Self {
        Self(random())
    }

    #[cfg(test)]
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// `exported` comes out of the new connection's TLS, so that a proof cannot be carried to another one.
    pub(crate) fn prove(&self, side: Side, exported: &[u8; 32]) -> Proof {
        Proof(self.keyed(side, exported).finalize().into_bytes().into())
    }

    /// In constant time.
    pub(crate) fn verify(&self, side: Side, exported: &[u8; 32], proof: &Proof) -> bool {
        self.keyed(side, exported).verify_slice(&proof.0).is_ok()
    }

    fn keyed(&self, side: Side, exported: &[u8; 32]) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut keyed = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length");
        keyed.update(match side {
            Side::Host => b"beckon resume host",
            Side::Viewer => b"beckon resume viewer",
        });
        keyed.update(exported);
        keyed
    }
}

impl Proof {
    #[cfg(test)]
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for ResumeSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResumeSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_good_for_one_secret_one_side_and_one_connection() {
        let secret = ResumeSecret::generate();
        let proof = secret.prove(Side::Viewer, &[1; 32]);
        assert!(secret.verify(Side::Viewer, &[1; 32], &proof));
        assert!(!secret.verify(Side::Host, &[1; 32], &proof));
        assert!(!secret.verify(Side::Viewer, &[2; 32], &proof));
        assert!(!ResumeSecret::generate().verify(Side::Viewer, &[1; 32], &proof));
        assert!(!secret.verify(Side::Viewer, &[1; 32], &Proof([0; 32])));
    }
}
