//! What each side of a session signs: "in this session I shall be known by this endpoint key".

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::keys::{BadSignature, PublicKey, SecretKey, Signature, SignedFor};
use crate::session_request::{LinkNumber, RequestId};

/// Made by the viewer, so that asking twice is asking once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub struct SessionId(pub Uuid);

/// What a session is for. Consent, statement and grant must all name the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionPurpose {
    Request { request: RequestId, link: LinkNumber },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Host,
    Viewer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub session: SessionId,
    pub purpose: SessionPurpose,
    pub side: Side,
    /// The key that iroh will prove; made for this session and forgotten with it.
    pub endpoint: PublicKey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedStatement {
    pub statement: Statement,
    /// The device key that signed it.
    pub device: PublicKey,
    pub signature: Signature,
}

impl Statement {
    pub fn sign(self, device: &SecretKey) -> SignedStatement {
        let signature = device.sign(SignedFor::Statement, &self.bytes());
        SignedStatement { statement: self, device: device.public(), signature }
    }

    /// Field after field, fixed lengths: see `docs/protocol.md`.
    fn bytes(&self) -> Vec<u8> {
        let side = match self.side {
            Side::Host => b"h",
            Side::Viewer => b"v",
        };
        let SessionPurpose::Request { request, link } = self.purpose;
        [
            self.session.0.as_bytes().as_slice(),
            b"request",
            request.0.as_bytes(),
            &link.0.to_be_bytes(),
            side,
            self.endpoint.as_bytes(),
        ]
        .concat()
    }
}

impl SignedStatement {
    pub fn verify(&self) -> Result<(), BadSignature> {
        self.device.verify(SignedFor::Statement, &self.statement.bytes(), &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> Statement {
        let request = RequestId(Uuid::from_u128(0x0190_b7a0_1111_7000_8000_0000_0000_03df));
        Statement {
            session: SessionId(Uuid::from_u128(1)),
            purpose: SessionPurpose::Request { request, link: LinkNumber(2) },
            side: Side::Viewer,
            endpoint: SecretKey::from_bytes(&[7; 32]).public(),
        }
    }

    /// What was signed once must verify for ever.
    #[test]
    fn the_signed_bytes_are_pinned() {
        let bytes = data_encoding::HEXLOWER.encode(&statement().bytes());
        assert_eq!(
            bytes,
            "00000000000000000000000000000001726571756573740190b7a01111700080000000000003df0000000276ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"
        );
    }

    #[test]
    fn each_field_is_signed() {
        let device = SecretKey::generate();
        let signed = statement().sign(&device);
        assert!(signed.verify().is_ok());
        let SessionPurpose::Request { request, .. } = signed.statement.purpose;
        for changed in [
            Statement { session: SessionId(Uuid::from_u128(2)), ..signed.statement },
            Statement {
                purpose: SessionPurpose::Request { request, link: LinkNumber(3) },
                ..signed.statement
            },
            Statement { side: Side::Host, ..signed.statement },
            Statement { endpoint: device.public(), ..signed.statement },
        ] {
            assert!(SignedStatement { statement: changed, ..signed }.verify().is_err(), "{changed:?}");
        }
        assert!(SignedStatement { device: SecretKey::generate().public(), ..signed }.verify().is_err());
    }
}
