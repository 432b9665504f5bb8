//! What each side of a session signs: "in this session I shall be known by this endpoint key".

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::call::CallId;
use crate::invitation::InvitationId;
use crate::keys::{BadSignature, PublicKey, SecretKey, Signature, SignedFor};
use crate::session_request::{LinkNumber, RequestId, Revision};

/// Made by the viewer, so that asking twice is asking once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub struct SessionId(pub Uuid);

/// What a session is for. Consent, statement and grant must all name the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionPurpose {
    Request { request: RequestId, link: LinkNumber },
    Invitation { invitation: InvitationId, revision: Revision },
    Call { call: CallId },
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
        let (kind, id, number) = self.purpose.fields();
        [
            self.session.0.as_bytes().as_slice(),
            kind,
            id.as_bytes(),
            &number.to_be_bytes(),
            side,
            self.endpoint.as_bytes(),
        ]
        .concat()
    }
}

impl SessionPurpose {
    /// What kind of thing it is, which one, and its link or revision. A call has neither.
    fn fields(&self) -> (&'static [u8; 7], Uuid, u32) {
        match *self {
            Self::Request { request, link } => (b"request", request.0, link.0),
            Self::Invitation { invitation, revision } => (b"invited", invitation.0, revision.0),
            Self::Call { call } => (b"calling", call.0, 0),
        }
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

    fn for_purpose(purpose: SessionPurpose) -> Statement {
        Statement { purpose, ..statement() }
    }

    #[test]
    fn the_signed_bytes_of_an_invitation_and_a_call_are_pinned() {
        let id = Uuid::from_u128(0x0190_b7a0_1111_7000_8000_0000_0000_03df);
        let invitation = SessionPurpose::Invitation { invitation: InvitationId(id), revision: Revision(2) };
        for (purpose, what) in [
            (invitation, "696e76697465640190b7a01111700080000000000003df00000002"),
            (
                SessionPurpose::Call { call: CallId(id) },
                "63616c6c696e670190b7a01111700080000000000003df00000000",
            ),
        ] {
            let bytes = data_encoding::HEXLOWER.encode(&for_purpose(purpose).bytes());
            let (before, after) = (
                "00000000000000000000000000000001",
                "76ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c",
            );
            assert_eq!(bytes, format!("{before}{what}{after}"));
        }
    }

    #[test]
    fn each_field_is_signed() {
        let device = SecretKey::generate();
        let signed = statement().sign(&device);
        assert!(signed.verify().is_ok());
        let id = Uuid::from_u128(0x0190_b7a0_1111_7000_8000_0000_0000_03df);
        for changed in [
            Statement { session: SessionId(Uuid::from_u128(2)), ..signed.statement },
            for_purpose(SessionPurpose::Request { request: RequestId(id), link: LinkNumber(3) }),
            for_purpose(SessionPurpose::Request { request: RequestId(Uuid::nil()), link: LinkNumber(2) }),
            for_purpose(SessionPurpose::Invitation { invitation: InvitationId(id), revision: Revision(2) }),
            for_purpose(SessionPurpose::Call { call: CallId(id) }),
            Statement { side: Side::Host, ..signed.statement },
            Statement { endpoint: device.public(), ..signed.statement },
        ] {
            assert!(SignedStatement { statement: changed, ..signed }.verify().is_err(), "{changed:?}");
        }
        assert!(SignedStatement { device: SecretKey::generate().public(), ..signed }.verify().is_err());
    }
}
