//! Whether a viewer is let in: the one decision, made on the host.

use std::time::Duration;

use beckon_domain::consent::ConsentRefusal;
use beckon_domain::grant::GrantRefusal;
use beckon_domain::statement::Side;
use beckon_domain::{Consent, Grant, PermissionSet, PublicKey, SessionId, SessionPurpose, SignedGrant};
use chrono::{DateTime, Utc};

use crate::close_code::CloseCode;

/// Who knocks, and what this host knows by itself.
pub struct Knock<'a> {
    /// The endpoint key that the other side proved.
    pub remote: PublicKey,
    /// From this host's own request to the service, never from the other side.
    pub grant: &'a SignedGrant,
    /// The service's key, pinned.
    pub service_key: &'a PublicKey,
    /// The service's time.
    pub service_now: DateTime<Utc>,
    /// This host's device key.
    pub device: PublicKey,
    /// The endpoint key that this host made for this session.
    pub endpoint: PublicKey,
    /// Whether this grant has let somebody in already.
    pub already_admitted: bool,
    /// What this version can carry out on this system.
    pub available: PermissionSet,
    /// This host's monotonic clock.
    pub now: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted {
    pub session: SessionId,
    pub purpose: SessionPurpose,
    pub permissions: PermissionSet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AdmissionRefusal {
    #[error(transparent)]
    Grant(#[from] GrantRefusal),
    #[error("the grant is for another device or endpoint")]
    NotThisDevice,
    #[error("it is not the viewer that the grant names")]
    WrongViewer,
    #[error("the grant has let somebody in already")]
    AlreadyAdmitted,
    #[error("nobody here allowed this")]
    NoConsent,
    #[error(transparent)]
    Consent(#[from] ConsentRefusal),
    #[error("there is nothing to resume")]
    NothingToResume,
    #[error("it does not know the secret of this session")]
    WrongProof,
}

/// A grant alone admits nobody: the host's own consent must name the same.
pub fn admit(
    knock: &Knock<'_>,
    consent_for: impl FnOnce(&SessionPurpose) -> Option<Consent>,
) -> Result<Admitted, AdmissionRefusal> {
    let grant = knock.grant.verify(knock.service_key, knock.service_now)?;
    if !is_for(&grant, Side::Host, knock.device, knock.endpoint) {
        return Err(AdmissionRefusal::NotThisDevice);
    }
    if grant.endpoint_of(Side::Viewer) != knock.remote {
        return Err(AdmissionRefusal::WrongViewer);
    }
    if knock.already_admitted {
        return Err(AdmissionRefusal::AlreadyAdmitted);
    }
    let purpose = grant.purpose();
    let consent = consent_for(&purpose).ok_or(AdmissionRefusal::NoConsent)?;
    consent.admits(&grant, knock.now)?;
    let permissions = consent.switches.and(knock.available);
    Ok(Admitted { session: grant.session(), purpose, permissions })
}

/// Who comes back, into a session that was let in before.
pub struct Return {
    pub remote: PublicKey,
    /// The viewer that was let in.
    pub viewer: PublicKey,
    /// Whether it proved the secret that the two agreed on.
    pub proved: bool,
    pub available: PermissionSet,
}

/// The service is not asked again, and neither grant nor consent can run out under a running session; but
/// a consent that was withdrawn stays withdrawn.
pub fn readmit(back: &Return, consent: Option<&Consent>) -> Result<PermissionSet, AdmissionRefusal> {
    if back.remote != back.viewer {
        return Err(AdmissionRefusal::WrongViewer);
    }
    let consent = consent.ok_or(AdmissionRefusal::NoConsent)?;
    if back.proved { Ok(consent.switches.and(back.available)) } else { Err(AdmissionRefusal::WrongProof) }
}

/// Whether this side of the grant is what this device signed, and nothing else.
pub(crate) fn is_for(grant: &Grant, side: Side, device: PublicKey, endpoint: PublicKey) -> bool {
    grant.party(side).signed.device == device && grant.endpoint_of(side) == endpoint
}

impl AdmissionRefusal {
    pub(crate) fn code(self) -> CloseCode {
        match self {
            Self::Grant(GrantRefusal::Expired) => CloseCode::GrantExpired,
            Self::Grant(_) => CloseCode::BadGrant,
            Self::NotThisDevice => CloseCode::NotThisDevice,
            Self::WrongViewer => CloseCode::WrongViewer,
            Self::AlreadyAdmitted => CloseCode::AlreadyAdmitted,
            Self::NoConsent | Self::Consent(ConsentRefusal::OtherPurpose) => CloseCode::NoConsent,
            Self::Consent(ConsentRefusal::NotCovered) => CloseCode::NotCovered,
            Self::Consent(ConsentRefusal::Lapsed) => CloseCode::ConsentLapsed,
            Self::NothingToResume => CloseCode::NothingToResume,
            Self::WrongProof => CloseCode::WrongProof,
        }
    }
}

#[cfg(test)]
mod tests;
