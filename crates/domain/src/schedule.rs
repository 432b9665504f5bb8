//! When a session is meant to happen, and what a person's clock on the wall means.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A time zone by its IANA name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(as = "String", export)]
pub struct Zone(Tz);

/// When the session is meant to happen, in the zone that the agent chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Schedule {
    pub at: DateTime<Utc>,
    pub zone: Zone,
}

/// What a calendar and a clock on the wall say in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct WallTime {
    /// `2026-11-22T09:00:00`
    #[ts(type = "string")]
    pub local: NaiveDateTime,
    pub zone: Zone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the IANA name of a time zone, such as Europe/Berlin")]
pub struct UnknownZone;

/// The clocks go forward over this time: no clock in the zone ever shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the clocks in {} go forward over this time", .0.name())]
pub struct NoSuchTime(pub Zone);

impl Zone {
    pub const UTC: Self = Self(Tz::UTC);

    pub fn name(self) -> &'static str {
        self.0.name()
    }

    pub fn tz(self) -> Tz {
        self.0
    }
}

impl WallTime {
    /// Where the clocks go back and show a time once more, the first one is meant.
    pub fn moment(self) -> Result<DateTime<Utc>, NoSuchTime> {
        match self.zone.0.from_local_datetime(&self.local) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Ok(at.to_utc()),
            MappedLocalTime::None => Err(NoSuchTime(self.zone)),
        }
    }
}

impl From<Tz> for Zone {
    fn from(tz: Tz) -> Self {
        Self(tz)
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        name.parse().map(Self).map_err(|_| UnknownZone)
    }
}

impl TryFrom<String> for Zone {
    type Error = UnknownZone;

    fn try_from(name: String) -> Result<Self, UnknownZone> {
        name.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin(local: &str) -> Result<String, NoSuchTime> {
        let wall = WallTime { local: local.parse().unwrap(), zone: "Europe/Berlin".parse().unwrap() };
        wall.moment().map(|at| at.to_rfc3339())
    }

    #[test]
    fn a_wall_clock_means_a_moment_in_its_zone() {
        assert_eq!(berlin("2026-11-23T09:00:00").as_deref(), Ok("2026-11-23T08:00:00+00:00"));
        assert_eq!(berlin("2026-07-01T09:00:00").as_deref(), Ok("2026-07-01T07:00:00+00:00"));
    }

    #[test]
    fn a_time_that_the_clocks_jump_over_does_not_exist() {
        let zone = "Europe/Berlin".parse().unwrap();
        assert_eq!(berlin("2027-03-28T02:30:00"), Err(NoSuchTime(zone)));
        assert_eq!(berlin("2027-03-28T03:00:00").as_deref(), Ok("2027-03-28T01:00:00+00:00"));
    }

    #[test]
    fn of_an_hour_that_comes_again_the_first_is_meant() {
        assert_eq!(berlin("2026-10-25T02:30:00").as_deref(), Ok("2026-10-25T00:30:00+00:00"));
    }

    #[test]
    fn a_zone_is_known_by_its_name_only() {
        for unknown in ["", "Berlin", "+01:00", "Mars/Base", "Europe/Berlin\n"] {
            assert_eq!(unknown.parse::<Zone>(), Err(UnknownZone), "{unknown:?}");
        }
        assert_eq!(serde_json::to_string(&Zone::UTC).unwrap(), r#""UTC""#);
    }
}
