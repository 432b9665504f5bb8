//! The host's own record that a person allowed this, here.
//!
//! It lives in the host's memory only, on the host's monotonic clock, and only the host widens it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::account::{AccountId, QueueId};
use crate::device_id::DeviceId;
use crate::grant::Grant;
use crate::permission::PermissionSet;
use crate::statement::SessionPurpose;

/// Consent ends this long after the last session …
pub const AFTER_LAST_SESSION: Duration = Duration::from_secs(30 * 60);
/// … or this long after it was given (a running session continues) …
pub const AFTER_ALLOW: Duration = Duration::from_secs(8 * 60 * 60);
/// … or after this long without the service while no session runs or resumes.
pub const WITHOUT_SERVICE: Duration = Duration::from_secs(60);
/// Consent from an invitation or a call ends this long after it was accepted, if no session came of it …
pub const AFTER_ACCEPTANCE: Duration = Duration::from_secs(2 * 60);
/// … and that from an invitation, accepted or not, this long after it was sent.
pub const AFTER_SENDING: Duration = Duration::from_secs(4 * 60);

/// Whom the window named when the person pressed *Allow access*, or *Invite*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cover {
    /// One agent.
    Agent(AccountId),
    /// Any agent of the queue.
    Queue(QueueId),
    /// An agent signed in on this device.
    Device(DeviceId),
    /// Any agent of the organisation.
    AnyAgent,
    /// This device itself, whoever is signed in there: who called, or was invited by ID.
    Peer(DeviceId),
    /// The device that accepted an invitation to an alias. The host knows its ID only then, from the service,
    /// as it knows from nobody else whose an ID is.
    Accepter,
}

impl Cover {
    /// Whether it covers this agent, on this device, acting for these queues.
    pub fn covers(self, account: AccountId, device: DeviceId, queues: &[QueueId]) -> bool {
        match self {
            Self::Agent(agent) => agent == account,
            Self::Queue(queue) => queues.contains(&queue),
            Self::Device(named) => named == device,
            Self::AnyAgent => true,
            // No agent is covered as such.
            Self::Peer(_) | Self::Accepter => false,
        }
    }

    fn admits_viewer_of(self, grant: &Grant) -> bool {
        match (self, grant.purpose()) {
            (cover, SessionPurpose::Request { .. }) => {
                let queues: Vec<QueueId> = grant.queue.into_iter().collect();
                grant.account.is_some_and(|account| cover.covers(account, grant.viewer.device, &queues))
            }
            (Self::Peer(named), _) => named == grant.viewer.device,
            (Self::Accepter, SessionPurpose::Invitation { .. }) => true,
            _ => false,
        }
    }
}

/// One consent: for one thing, for whom the window named, with the switches as the host left them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    pub purpose: SessionPurpose,
    pub cover: Cover,
    pub switches: PermissionSet,
    given_at: Duration,
    /// For an invitation, once the host knows that it was accepted.
    accepted_at: Option<Duration>,
    session: SessionPhase,
    without_service_since: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SessionPhase {
    None,
    Running,
    EndedAt(Duration),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConsentRefusal {
    #[error("this consent is for something else")]
    OtherPurpose,
    #[error("this consent does not cover that agent, queue or device")]
    NotCovered,
    #[error("this consent has run out")]
    Lapsed,
}

impl Consent {
    /// `now` and every later moment are of the host's monotonic clock. An invitation is consented to when it
    /// is sent: every revision of it is one consent, given at the moment of the first.
    pub fn given(purpose: SessionPurpose, cover: Cover, switches: PermissionSet, now: Duration) -> Self {
        Self {
            purpose,
            cover,
            switches,
            given_at: now,
            accepted_at: None,
            session: SessionPhase::None,
            without_service_since: None,
        }
    }

    /// The one decision of admission: a grant that verified is let in only if this says so.
    pub fn admits(&self, grant: &Grant, now: Duration) -> Result<(), ConsentRefusal> {
        if grant.purpose() != self.purpose {
            return Err(ConsentRefusal::OtherPurpose);
        }
        if !self.cover.admits_viewer_of(grant) {
            return Err(ConsentRefusal::NotCovered);
        }
        if self.has_lapsed(now) || self.is_spent() { Err(ConsentRefusal::Lapsed) } else { Ok(()) }
    }

    /// One session, with its resumes, is all that an invitation or a call is good for.
    fn is_spent(&self) -> bool {
        !self.is_for_request() && self.session != SessionPhase::None
    }

    fn is_for_request(&self) -> bool {
        matches!(self.purpose, SessionPurpose::Request { .. })
    }

    /// The invitation was accepted, as the host has learnt just now.
    pub fn accepted(&mut self, now: Duration) {
        self.accepted_at.get_or_insert(now);
    }

    pub fn session_started(&mut self) {
        self.session = SessionPhase::Running;
    }

    pub fn session_ended(&mut self, now: Duration) {
        self.session = SessionPhase::EndedAt(now);
    }

    pub fn service_lost(&mut self, now: Duration) {
        self.without_service_since.get_or_insert(now);
    }

    pub fn service_back(&mut self) {
        self.without_service_since = None;
    }

    pub fn has_lapsed(&self, now: Duration) -> bool {
        self.lapses_at().is_some_and(|at| now >= at)
    }

    /// When it ends by itself; never while a session runs.
    pub fn lapses_at(&self) -> Option<Duration> {
        match (self.session, self.purpose) {
            (SessionPhase::Running, _) => None,
            (_, SessionPurpose::Request { .. }) => self.lapses_for_request(),
            (SessionPhase::EndedAt(at), _) => Some(at),
            (_, SessionPurpose::Call { .. }) => Some(self.given_at + AFTER_ACCEPTANCE),
            (_, SessionPurpose::Invitation { .. }) => {
                let accepted = self.accepted_at.map(|at| at + AFTER_ACCEPTANCE);
                [Some(self.given_at + AFTER_SENDING), accepted].into_iter().flatten().min()
            }
        }
    }

    fn lapses_for_request(&self) -> Option<Duration> {
        let after_session = match self.session {
            SessionPhase::Running => return None,
            SessionPhase::None => None,
            SessionPhase::EndedAt(at) => Some(at + AFTER_LAST_SESSION),
        };
        let without_service = self.without_service_since.map(|since| {
            // The minute counts from the moment no session ran any more.
            let idle_since = match self.session {
                SessionPhase::EndedAt(at) => since.max(at),
                _ => since,
            };
            idle_since + WITHOUT_SERVICE
        });
        [Some(self.given_at + AFTER_ALLOW), after_session, without_service].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grant::Party;
    use crate::session_request::{LinkNumber, RequestId};
    use crate::statement::Side;
    use crate::{SecretKey, SessionId, Statement};
    use uuid::Uuid;

    const MINUTE: Duration = Duration::from_secs(60);

    fn consent() -> Consent {
        let purpose = SessionPurpose::Request { request: RequestId(Uuid::from_u128(1)), link: LinkNumber(1) };
        Consent::given(purpose, Cover::AnyAgent, PermissionSet::NONE, Duration::ZERO)
    }

    #[test]
    fn it_ends_after_eight_hours_but_not_under_a_running_session() {
        let mut consent = consent();
        assert!(!consent.has_lapsed(479 * MINUTE));
        assert!(consent.has_lapsed(480 * MINUTE));
        consent.session_started();
        assert!(!consent.has_lapsed(600 * MINUTE));
        consent.session_ended(600 * MINUTE);
        assert!(consent.has_lapsed(600 * MINUTE));
    }

    #[test]
    fn it_ends_half_an_hour_after_the_last_session() {
        let mut consent = consent();
        consent.session_started();
        consent.session_ended(10 * MINUTE);
        assert!(!consent.has_lapsed(39 * MINUTE));
        assert!(consent.has_lapsed(40 * MINUTE));
    }

    #[test]
    fn it_ends_after_a_minute_without_the_service_unless_a_session_runs() {
        let mut consent = consent();
        consent.service_lost(MINUTE);
        consent.service_lost(MINUTE + MINUTE / 2);
        assert!(!consent.has_lapsed(MINUTE + MINUTE / 2));
        assert!(consent.has_lapsed(2 * MINUTE));
        consent.service_back();
        assert!(!consent.has_lapsed(3 * MINUTE));

        consent.session_started();
        consent.service_lost(4 * MINUTE);
        consent.session_ended(20 * MINUTE);
        assert!(!consent.has_lapsed(20 * MINUTE + MINUTE / 2));
        assert!(consent.has_lapsed(21 * MINUTE));
    }

    fn peer() -> DeviceId {
        987_654_321.try_into().unwrap()
    }

    fn invitation(revision: u32) -> SessionPurpose {
        let invitation = crate::InvitationId(Uuid::from_u128(2));
        SessionPurpose::Invitation { invitation, revision: crate::session_request::Revision(revision) }
    }

    fn call() -> SessionPurpose {
        SessionPurpose::Call { call: crate::CallId(Uuid::from_u128(3)) }
    }

    fn consent_for(purpose: SessionPurpose) -> Consent {
        Consent::given(purpose, Cover::Peer(peer()), PermissionSet::NONE, Duration::ZERO)
    }

    #[test]
    fn an_allowed_call_lapses_after_two_minutes() {
        let consent = consent_for(call());
        assert!(!consent.has_lapsed(2 * MINUTE - Duration::from_millis(1)));
        assert!(consent.has_lapsed(2 * MINUTE));
    }

    #[test]
    fn an_invitation_lapses_four_minutes_after_sending_and_two_after_its_acceptance() {
        let mut consent = consent_for(invitation(1));
        assert!(!consent.has_lapsed(4 * MINUTE - Duration::from_millis(1)));
        assert!(consent.has_lapsed(4 * MINUTE));
        consent.accepted(MINUTE);
        consent.accepted(2 * MINUTE);
        assert!(!consent.has_lapsed(3 * MINUTE - Duration::from_millis(1)));
        assert!(consent.has_lapsed(3 * MINUTE));
        let mut late = consent_for(invitation(1));
        late.accepted(3 * MINUTE);
        assert!(late.has_lapsed(4 * MINUTE), "four minutes after sending, whatever the service says");
    }

    #[test]
    fn invitations_and_calls_admit_one_session_with_its_resumes() {
        for purpose in [invitation(1), call()] {
            let mut consent = consent_for(purpose);
            let grant = grant(purpose, peer());
            assert_eq!(consent.admits(&grant, MINUTE), Ok(()));
            consent.session_started();
            assert_eq!(consent.lapses_at(), None, "a running session is not cut");
            assert_eq!(consent.admits(&grant, MINUTE), Err(ConsentRefusal::Lapsed));
            consent.session_ended(MINUTE);
            assert!(consent.has_lapsed(MINUTE));
        }
    }

    #[test]
    fn invitations_and_calls_admit_the_device_that_they_name_and_no_agent() {
        let other = 123_456_789.try_into().unwrap();
        for purpose in [invitation(1), call()] {
            let consent = consent_for(purpose);
            assert_eq!(consent.admits(&grant(purpose, other), MINUTE), Err(ConsentRefusal::NotCovered));
            for cover in [Cover::AnyAgent, Cover::Device(peer())] {
                let consent = Consent { cover, ..consent.clone() };
                let refused = consent.admits(&grant(purpose, peer()), MINUTE);
                assert_eq!(refused, Err(ConsentRefusal::NotCovered), "{cover:?}");
            }
        }
        let by_alias = Consent { cover: Cover::Accepter, ..consent_for(invitation(1)) };
        assert_eq!(by_alias.admits(&grant(invitation(1), other), MINUTE), Ok(()));
        let called = Consent { cover: Cover::Accepter, ..consent_for(call()) };
        assert_eq!(called.admits(&grant(call(), other), MINUTE), Err(ConsentRefusal::NotCovered));
    }

    #[test]
    fn a_revision_of_an_invitation_admits_no_other() {
        let consent = consent_for(invitation(2));
        assert_eq!(consent.admits(&grant(invitation(1), peer()), MINUTE), Err(ConsentRefusal::OtherPurpose));
        assert_eq!(consent.admits(&grant(call(), peer()), MINUTE), Err(ConsentRefusal::OtherPurpose));
    }

    #[test]
    fn a_peer_is_nobody_where_a_request_is_consented_to() {
        let purpose = consent().purpose;
        let grant = grant(purpose, peer());
        for cover in [Cover::Peer(peer()), Cover::Accepter] {
            let consent = Consent { cover, ..consent() };
            assert_eq!(consent.admits(&grant, MINUTE), Err(ConsentRefusal::NotCovered));
        }
        assert_eq!(consent().admits(&grant, MINUTE), Ok(()));
    }

    fn grant(purpose: SessionPurpose, viewer: DeviceId) -> Grant {
        let party = |side, device| {
            let (session, endpoint) = (SessionId(Uuid::from_u128(9)), SecretKey::generate().public());
            let statement = Statement { session, purpose, side, endpoint };
            Party { device, signed: statement.sign(&SecretKey::generate()) }
        };
        Grant {
            host: party(Side::Host, 111_111_111.try_into().unwrap()),
            viewer: party(Side::Viewer, viewer),
            account: Some(AccountId(Uuid::from_u128(4))),
            account_name: None,
            organisation: "Acme".parse().unwrap(),
            queue: None,
            permissions: PermissionSet::NONE,
            not_after: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn cover_is_whom_the_window_named() {
        let (ana, ben) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let (desk, other) = (123_456_789.try_into().unwrap(), 987_654_321.try_into().unwrap());
        let tier1 = QueueId(Uuid::from_u128(3));
        assert!(Cover::Agent(ana).covers(ana, desk, &[]));
        assert!(!Cover::Agent(ana).covers(ben, desk, &[tier1]));
        assert!(Cover::Queue(tier1).covers(ben, desk, &[tier1]));
        assert!(!Cover::Queue(tier1).covers(ben, desk, &[]));
        assert!(Cover::Device(desk).covers(ben, desk, &[]));
        assert!(!Cover::Device(desk).covers(ben, other, &[]));
        assert!(Cover::AnyAgent.covers(ben, other, &[]));
    }
}
