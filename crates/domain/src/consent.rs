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

/// Whom the window named when the person pressed *Allow access*.
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
}

impl Cover {
    /// Whether it covers this agent, on this device, acting for these queues.
    pub fn covers(self, account: AccountId, device: DeviceId, queues: &[QueueId]) -> bool {
        match self {
            Self::Agent(agent) => agent == account,
            Self::Queue(queue) => queues.contains(&queue),
            Self::Device(named) => named == device,
            Self::AnyAgent => true,
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
    /// `now` and every later moment are of the host's monotonic clock.
    pub fn given(purpose: SessionPurpose, cover: Cover, switches: PermissionSet, now: Duration) -> Self {
        Self {
            purpose,
            cover,
            switches,
            given_at: now,
            session: SessionPhase::None,
            without_service_since: None,
        }
    }

    /// The one decision of admission: a grant that verified is let in only if this says so.
    pub fn admits(&self, grant: &Grant, now: Duration) -> Result<(), ConsentRefusal> {
        if grant.purpose() != self.purpose {
            return Err(ConsentRefusal::OtherPurpose);
        }
        let queues: Vec<QueueId> = grant.queue.into_iter().collect();
        let covered =
            grant.account.is_some_and(|account| self.cover.covers(account, grant.viewer.device, &queues));
        if !covered {
            return Err(ConsentRefusal::NotCovered);
        }
        if self.has_lapsed(now) { Err(ConsentRefusal::Lapsed) } else { Ok(()) }
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
    use crate::session_request::{LinkNumber, RequestId};
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
