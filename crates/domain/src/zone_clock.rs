//! How far the clocks of every time zone are ahead of UTC. Windows show times by these, not by the tables of their
//! web view: an older system does not know of a country that has changed its clocks since.

use chrono::{DateTime, Offset, SubsecRound, TimeDelta, TimeZone, Utc};
use chrono_tz::TZ_VARIANTS;
use serde::Serialize;
use ts_rs::TS;

use crate::schedule::Zone;

const BEFORE: TimeDelta = TimeDelta::days(366);
const AFTER: TimeDelta = TimeDelta::days(5 * 366);
/// No zone changes its clocks there and back within it.
const STEP: TimeDelta = TimeDelta::days(7);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ZoneClock {
    pub zone: Zone,
    /// The first is from a year ago.
    pub shifts: Vec<Shift>,
}

/// From this moment on, clocks are so far ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Shift {
    pub from: DateTime<Utc>,
    pub ahead_seconds: i32,
}

/// Of every zone, for as long as anybody makes appointments.
pub fn zone_clocks(now: DateTime<Utc>) -> Vec<ZoneClock> {
    TZ_VARIANTS.into_iter().map(|tz| zone_clock(Zone::from(tz), now)).collect()
}

fn zone_clock(zone: Zone, now: DateTime<Utc>) -> ZoneClock {
    let mut at = (now - BEFORE).trunc_subsecs(0);
    let mut shifts = vec![Shift { from: at, ahead_seconds: ahead(zone, at) }];
    while at < now + AFTER {
        let next = at + STEP;
        if ahead(zone, next) != ahead(zone, at) {
            shifts.push(shift_between(zone, at, next));
        }
        at = next;
    }
    ZoneClock { zone, shifts }
}

fn shift_between(zone: Zone, mut before: DateTime<Utc>, mut after: DateTime<Utc>) -> Shift {
    let ahead_seconds = ahead(zone, after);
    while after - before > TimeDelta::seconds(1) {
        let between = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if ahead(zone, between) == ahead_seconds { after = between } else { before = between }
    }
    Shift { from: after, ahead_seconds }
}

fn ahead(zone: Zone, at: DateTime<Utc>) -> i32 {
    zone.tz().offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn shifts_of(name: &str) -> Vec<(DateTime<Utc>, i32)> {
        let clock = zone_clock(name.parse().unwrap(), at("2026-11-22T12:00:00.25Z"));
        clock.shifts.into_iter().map(|shift| (shift.from, shift.ahead_seconds / 3600)).collect()
    }

    #[test]
    fn summer_and_winter_time_begin_to_the_second() {
        let berlin = shifts_of("Europe/Berlin");
        assert_eq!(
            berlin[..3],
            [
                (at("2025-11-21T12:00:00Z"), 1),
                (at("2026-03-29T01:00:00Z"), 2),
                (at("2026-10-25T01:00:00Z"), 1)
            ]
        );
        assert!(berlin.len() >= 12, "{berlin:?}");
    }

    #[test]
    fn a_zone_whose_clocks_stand_has_one_and_every_zone_is_there() {
        assert_eq!(shifts_of("Antarctica/Vostok"), [(at("2025-11-21T12:00:00Z"), 5)]);
        assert_eq!(zone_clocks(at("2026-11-22T12:00:00Z")).len(), TZ_VARIANTS.len());
    }
}
