//! The service's signed statement that introduces two devices for one session.
//!
//! A grant alone admits nobody: the host also needs its own [`Consent`](crate::Consent) for the same thing.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::account::{AccountId, QueueId};
use crate::device_id::DeviceId;
use crate::keys::{PublicKey, SecretKey, Signature, SignedFor};
use crate::permission::PermissionSet;
use crate::statement::{SessionId, SessionPurpose, Side, SignedStatement};
use crate::text::Name;

/// How long a grant is good for the first connect.
pub const GRANT_LIFETIME: TimeDelta = TimeDelta::minutes(2);

/// The most bytes of an encoded grant.
pub const GRANT_MAX_BYTES: usize = 4_096;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub host: Party,
    pub viewer: Party,
    /// The agent's, where the session is for a request. In an invitation or a call a device acts for itself.
    pub account: Option<AccountId>,
    /// The agent's name as the service vouches for it.
    pub account_name: Option<Name>,
    /// The organisation whose service introduces the two. It speaks for the viewer only where there is an
    /// account.
    pub organisation: Name,
    /// The queue that the agent acts for, where the request is in one.
    pub queue: Option<QueueId>,
    /// Proposed only; the host's switches decide. Those of the accepted revision of an invitation; a call
    /// proposes none.
    pub permissions: PermissionSet,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub not_after: DateTime<Utc>,
}

/// One side of the session: its ID and what it signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub device: DeviceId,
    pub signed: SignedStatement,
}

/// A grant as it travels. The signature is over exactly these bytes; nothing is encoded again to check it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedGrant {
    grant: Base64Bytes,
    signature: Signature,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantRefusal {
    #[error("the grant cannot be read")]
    Malformed,
    #[error("the grant is not signed by this service")]
    WrongService,
    #[error("the grant has run out")]
    Expired,
    #[error("a device did not sign what the grant says it did")]
    WrongStatement,
    #[error("the two statements are not of one session")]
    Mismatched,
}

impl Grant {
    pub fn session(&self) -> SessionId {
        self.viewer.signed.statement.session
    }

    pub fn purpose(&self) -> SessionPurpose {
        self.viewer.signed.statement.purpose
    }

    pub fn endpoint_of(&self, side: Side) -> PublicKey {
        self.party(side).signed.statement.endpoint
    }

    pub fn party(&self, side: Side) -> &Party {
        match side {
            Side::Host => &self.host,
            Side::Viewer => &self.viewer,
        }
    }

    pub fn sign(&self, service: &SecretKey) -> Result<SignedGrant, GrantRefusal> {
        let bytes = postcard::to_allocvec(self).map_err(|_| GrantRefusal::Malformed)?;
        let signature = service.sign(SignedFor::Grant, &bytes);
        Ok(SignedGrant { grant: Base64Bytes(bytes), signature })
    }

    fn check(&self, now: DateTime<Utc>) -> Result<(), GrantRefusal> {
        if now > self.not_after {
            return Err(GrantRefusal::Expired);
        }
        for party in [&self.host, &self.viewer] {
            party.signed.verify().map_err(|_| GrantRefusal::WrongStatement)?;
        }
        let (host, viewer) = (&self.host.signed.statement, &self.viewer.signed.statement);
        let one_session = host.session == viewer.session && host.purpose == viewer.purpose;
        let both_sides = host.side == Side::Host && viewer.side == Side::Viewer;
        let two_devices =
            self.host.signed.device != self.viewer.signed.device && host.endpoint != viewer.endpoint;
        if one_session && both_sides && two_devices { Ok(()) } else { Err(GrantRefusal::Mismatched) }
    }
}

impl SignedGrant {
    /// `now` is the service's time, so that a wrong clock on either side matters to nobody.
    pub fn verify(&self, service: &PublicKey, now: DateTime<Utc>) -> Result<Grant, GrantRefusal> {
        if self.grant.0.len() > GRANT_MAX_BYTES {
            return Err(GrantRefusal::Malformed);
        }
        service
            .verify(SignedFor::Grant, &self.grant.0, &self.signature)
            .map_err(|_| GrantRefusal::WrongService)?;
        let grant: Grant = postcard::from_bytes(&self.grant.0).map_err(|_| GrantRefusal::Malformed)?;
        grant.check(now)?;
        Ok(grant)
    }
}

/// Bytes that are base64url in JSON and bytes elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Base64Bytes(Vec<u8>);

impl Serialize for Base64Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&data_encoding::BASE64URL_NOPAD.encode(&self.0))
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Base64Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).map(Self).map_err(serde::de::Error::custom)
        } else {
            Vec::<u8>::deserialize(deserializer).map(Self)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session_request::{LinkNumber, RequestId};
    use crate::statement::Statement;
    use uuid::Uuid;

    struct Cast {
        service: SecretKey,
        grant: Grant,
        now: DateTime<Utc>,
    }

    fn cast() -> Cast {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let session = SessionId(Uuid::from_u128(1));
        let purpose = SessionPurpose::Request { request: RequestId(Uuid::from_u128(2)), link: LinkNumber(1) };
        let party = |side, device: u64| {
            let endpoint = SecretKey::generate().public();
            let statement = Statement { session, purpose, side, endpoint };
            Party { device: device.try_into().unwrap(), signed: statement.sign(&SecretKey::generate()) }
        };
        let grant = Grant {
            host: party(Side::Host, 123_456_789),
            viewer: party(Side::Viewer, 987_654_321),
            account: Some(AccountId(Uuid::from_u128(3))),
            account_name: Some("Ana".parse().unwrap()),
            organisation: "Acme".parse().unwrap(),
            queue: None,
            permissions: PermissionSet::NONE,
            not_after: now + GRANT_LIFETIME,
        };
        Cast { service: SecretKey::generate(), grant, now }
    }

    #[test]
    fn a_grant_survives_json_and_postcard() {
        let Cast { service, grant, now } = cast();
        let signed = grant.sign(&service).unwrap();
        let json = serde_json::to_string(&signed).unwrap();
        let back: SignedGrant = serde_json::from_str(&json).unwrap();
        assert_eq!(back.verify(&service.public(), now).unwrap(), grant);
        let back: SignedGrant = postcard::from_bytes(&postcard::to_allocvec(&signed).unwrap()).unwrap();
        assert_eq!(back.verify(&service.public(), now).unwrap(), grant);
    }

    #[test]
    fn a_grant_of_another_service_is_refused() {
        let Cast { service, grant, now } = cast();
        let forged = grant.sign(&SecretKey::generate()).unwrap();
        assert_eq!(forged.verify(&service.public(), now), Err(GrantRefusal::WrongService));
    }

    #[test]
    fn every_flipped_byte_is_refused() {
        let Cast { service, grant, now } = cast();
        let signed = grant.sign(&service).unwrap();
        for index in 0..signed.grant.0.len() {
            let mut flipped = signed.clone();
            flipped.grant.0[index] ^= 1;
            assert!(flipped.verify(&service.public(), now).is_err(), "byte {index}");
        }
    }

    #[test]
    fn a_grant_runs_out_after_two_minutes() {
        let Cast { service, grant, now } = cast();
        let signed = grant.sign(&service).unwrap();
        assert!(signed.verify(&service.public(), now + TimeDelta::minutes(2)).is_ok());
        let late = now + TimeDelta::minutes(2) + TimeDelta::milliseconds(1);
        assert_eq!(signed.verify(&service.public(), late), Err(GrantRefusal::Expired));
    }

    #[test]
    fn a_swapped_endpoint_key_is_refused_even_when_the_service_signs_it() {
        let Cast { service, mut grant, now } = cast();
        grant.host.signed.statement.endpoint = SecretKey::generate().public();
        let signed = grant.sign(&service).unwrap();
        assert_eq!(signed.verify(&service.public(), now), Err(GrantRefusal::WrongStatement));
    }

    #[test]
    fn statements_of_two_sessions_are_refused() {
        let Cast { service, mut grant, now } = cast();
        let mut statement = grant.host.signed.statement;
        statement.session = SessionId(Uuid::from_u128(9));
        grant.host.signed = statement.sign(&SecretKey::generate());
        let signed = grant.sign(&service).unwrap();
        assert_eq!(signed.verify(&service.public(), now), Err(GrantRefusal::Mismatched));
    }

    #[test]
    fn a_viewer_cannot_stand_in_as_host() {
        let Cast { service, mut grant, now } = cast();
        grant.host = grant.viewer.clone();
        let signed = grant.sign(&service).unwrap();
        assert_eq!(signed.verify(&service.public(), now), Err(GrantRefusal::Mismatched));
    }
}
