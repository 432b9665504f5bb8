//! The session that an accepted invitation or call leads to, as far as the service hears of it.
//!
//! A request has its session in its own status. An invitation or a call is over once it is accepted; how the
//! one session goes that it is good for is told here.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::call::CallId;
use crate::device_id::DeviceId;
use crate::invitation::InvitationId;
use crate::permission::PermissionSet;
use crate::session_request::{RESUME_FOR, Revision};
use crate::statement::{SessionId, SessionPurpose};

/// The two must be connected this long after the acceptance.
pub const CONNECT_WITHIN: TimeDelta = TimeDelta::minutes(2);
/// A device that is not heard of for this long takes back what it has pending. Long enough for a client to
/// return after a restart of the service.
pub const SENDER_GONE_FOR: TimeDelta = TimeDelta::seconds(30);

/// What two devices are introduced for, without a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    Invitation { invitation: InvitationId, revision: Revision },
    Call { call: CallId },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    pub session: SessionId,
    pub occasion: Occasion,
    pub host: DeviceId,
    pub viewer: DeviceId,
    /// Proposed in the grant; the host's switches decide.
    pub permissions: PermissionSet,
    pub accepted_at: DateTime<Utc>,
    pub course: Course,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Course {
    /// The two are to be connected.
    Connecting,
    Running {
        since: DateTime<Utc>,
        last_beat: DateTime<Utc>,
        /// The host reported that the connection broke; both try to resume.
        lost_at: Option<DateTime<Utc>>,
    },
    Ended {
        at: DateTime<Utc>,
        /// None where the two never were connected.
        since: Option<DateTime<Utc>>,
        why: Ending,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "IntroductionEnding")]
pub enum Ending {
    ByHost,
    ByViewer,
    /// The host was not heard of any more, or the connection did not come back.
    Lost,
    CouldNotConnect,
}

/// A report that does not fit the session, or is not this device's to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not how the session stands")]
pub struct OtherCourse;

impl Occasion {
    pub fn purpose(self) -> SessionPurpose {
        match self {
            Self::Invitation { invitation, revision } => SessionPurpose::Invitation { invitation, revision },
            Self::Call { call } => SessionPurpose::Call { call },
        }
    }
}

impl Introduction {
    /// Until when the two may be connected for the first time.
    pub fn connect_until(&self) -> DateTime<Utc> {
        self.accepted_at + CONNECT_WITHIN
    }

    /// Whether the two are in session, or about to be.
    pub fn is_live(&self) -> bool {
        !matches!(self.course, Course::Ended { .. })
    }

    /// The host's core reports that the two are connected.
    pub fn connected(self, by: DeviceId, now: DateTime<Utc>) -> Result<Self, OtherCourse> {
        match self.course {
            Course::Connecting if by == self.host => {
                Ok(self.with(Course::Running { since: now, last_beat: now, lost_at: None }))
            }
            _ => self.beat(by, now),
        }
    }

    /// The host is in this session. One that was taken for lost and was not, goes on.
    pub fn beat(self, by: DeviceId, now: DateTime<Utc>) -> Result<Self, OtherCourse> {
        match self.course {
            Course::Running { since, .. } | Course::Ended { since: Some(since), why: Ending::Lost, .. }
                if by == self.host =>
            {
                Ok(self.with(Course::Running { since, last_beat: now, lost_at: None }))
            }
            _ => Err(OtherCourse),
        }
    }

    /// The host reports that the connection broke. The session stands while both try to resume.
    pub fn connection_lost(self, by: DeviceId, now: DateTime<Utc>) -> Result<Self, OtherCourse> {
        match self.course {
            Course::Running { since, lost_at, .. } if by == self.host => {
                let lost_at = lost_at.or(Some(now));
                Ok(self.with(Course::Running { since, last_beat: now, lost_at }))
            }
            _ => Err(OtherCourse),
        }
    }

    /// The host ended it, or waits for the viewer no longer. Ended again, it stays as it is.
    pub fn host_ended(self, by: DeviceId, now: DateTime<Utc>) -> Result<Self, OtherCourse> {
        if by == self.host { Ok(self.ended(Ending::ByHost, now)) } else { Err(OtherCourse) }
    }

    /// The viewer left it. Either side may say so.
    pub fn viewer_left(self, by: DeviceId, now: DateTime<Utc>) -> Result<Self, OtherCourse> {
        let is_side = by == self.host || by == self.viewer;
        if is_side { Ok(self.ended(Ending::ByViewer, now)) } else { Err(OtherCourse) }
    }

    pub fn due(&self) -> Option<DateTime<Utc>> {
        match self.course {
            Course::Connecting => Some(self.connect_until()),
            Course::Running { last_beat, lost_at, .. } => Some(lost_at.unwrap_or(last_beat) + RESUME_FOR),
            Course::Ended { .. } => None,
        }
    }

    /// The session as it is at `now`.
    #[must_use]
    pub fn elapse(self, now: DateTime<Utc>) -> Self {
        let Some(due) = self.due().filter(|due| *due <= now) else { return self };
        let why = match self.course {
            Course::Connecting => Ending::CouldNotConnect,
            _ => Ending::Lost,
        };
        self.ended(why, due)
    }

    fn ended(self, why: Ending, at: DateTime<Utc>) -> Self {
        let since = match self.course {
            Course::Connecting => None,
            Course::Running { since, .. } => Some(since),
            Course::Ended { .. } => return self,
        };
        self.with(Course::Ended { at, since, why })
    }

    fn with(mut self, course: Course) -> Self {
        self.course = course;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act_table::{Cell, cells};
    use uuid::Uuid;

    /// One row for each act: the course afterwards, `=` where nothing changes, `-` where it is refused.
    const TABLE: &str = "
act                        connecting  running  lost     ended  silent
connected                  running     =        running  -      running
beat                       -           =        running  -      running
connection lost            -           lost     =        -      -
host ended                 ended       ended    ended    =      =
viewer left, by the host   ended       ended    ended    =      =
viewer left, by the viewer ended       ended    ended    =      =
time runs out              ended       ended    ended    =      =
connected, by the viewer   -           -        -        -      -
beat, by the viewer        -           -        -        -      -
lost, by the viewer        -           -        -        -      -
ended, by the viewer       -           -        -        -      -
viewer left, by a stranger -           -        -        -      -
";

    #[test]
    fn every_report_in_every_course_does_what_the_table_says() {
        let cells = cells(TABLE);
        assert_eq!(cells.len(), 12 * 5);
        for Cell { act, state: course, expected } in cells {
            let before = in_course(course);
            let outcome = perform(act, before.clone());
            assert_eq!(describe(&before, &outcome), expected, "{act} while {course}: {outcome:?}");
        }
    }

    fn describe(before: &Introduction, outcome: &Result<Introduction, OtherCourse>) -> &'static str {
        let Ok(after) = outcome else { return "-" };
        match after.course {
            course if course == before.course => "=",
            Course::Connecting => "connecting",
            Course::Running { lost_at: None, .. } => "running",
            Course::Running { .. } => "lost",
            Course::Ended { .. } => "ended",
        }
    }

    fn perform(act: &str, before: Introduction) -> Result<Introduction, OtherCourse> {
        let (host, viewer, stranger) = (device(1), device(2), device(3));
        match act {
            "connected" => before.connected(host, now()),
            "beat" => before.beat(host, now()),
            "connection lost" => before.connection_lost(host, now()),
            "host ended" => before.host_ended(host, now()),
            "viewer left, by the host" => before.viewer_left(host, now()),
            "viewer left, by the viewer" => before.viewer_left(viewer, now()),
            "time runs out" => Ok(before.elapse(now() + RESUME_FOR)),
            "connected, by the viewer" => before.connected(viewer, now()),
            "beat, by the viewer" => before.beat(viewer, now()),
            "lost, by the viewer" => before.connection_lost(viewer, now()),
            "ended, by the viewer" => before.host_ended(viewer, now()),
            "viewer left, by a stranger" => before.viewer_left(stranger, now()),
            _ => panic!("the table names an unknown act: {act}"),
        }
    }

    fn in_course(course: &str) -> Introduction {
        let connecting = Introduction {
            session: SessionId(Uuid::from_u128(1)),
            occasion: Occasion::Call { call: CallId(Uuid::from_u128(2)) },
            host: device(1),
            viewer: device(2),
            permissions: PermissionSet::NONE,
            accepted_at: now(),
            course: Course::Connecting,
        };
        let running = || connecting.clone().connected(device(1), now()).unwrap();
        match course {
            "connecting" => connecting,
            "running" => running(),
            "lost" => running().connection_lost(device(1), now()).unwrap(),
            "ended" => running().host_ended(device(1), now()).unwrap(),
            "silent" => running().elapse(now() + RESUME_FOR),
            _ => panic!("unknown course {course}"),
        }
    }

    fn device(number: u64) -> DeviceId {
        (100_000_000 + number).try_into().unwrap()
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    #[test]
    fn two_that_were_not_connected_within_two_minutes_could_not_connect() {
        let before = in_course("connecting");
        assert!(before.clone().elapse(now() + TimeDelta::milliseconds(119_999)).is_live());
        let Course::Ended { at, since, why } = before.elapse(now() + TimeDelta::hours(1)).course else {
            panic!()
        };
        assert_eq!((at, since, why), (now() + CONNECT_WITHIN, None, Ending::CouldNotConnect));
    }

    #[test]
    fn a_session_lives_by_its_beats() {
        let later = now() + TimeDelta::seconds(119);
        let beating = in_course("running").beat(device(1), later).unwrap();
        assert!(beating.clone().elapse(later + TimeDelta::seconds(119)).is_live());
        assert!(!beating.elapse(later + RESUME_FOR).is_live());
    }
}
