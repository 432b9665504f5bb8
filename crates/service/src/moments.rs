//! Moments in words, in a zone and a language.

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;

use crate::words::{Speech, without_isolates};

/// `Friday, 15 January 2027, 09:00 (Europe/Berlin)`. A zone that nobody knows is UTC, and says so.
pub fn spoken(speech: Speech<'_>, at: DateTime<Utc>, zone: &str) -> String {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let at = at.with_timezone(&zone);
    let weekday = speech.say(&format!("weekday-{}", at.weekday().number_from_monday()));
    let month = speech.say(&format!("month-{}", at.month()));
    let [day, year] = [at.day().to_string(), at.year().to_string()];
    let parts = [
        ("weekday", weekday.as_str()),
        ("day", &day),
        ("month", &month),
        ("year", &year),
        ("time", &at.format("%H:%M").to_string()),
        ("zone", zone.name()),
    ];
    // Nothing of it comes from anybody else.
    without_isolates(&speech.say_with("moment", &parts))
}

#[cfg(test)]
mod tests {
    use beckon_domain::Language;

    use super::*;
    use crate::words::Words;

    #[test]
    fn a_moment_is_said_in_its_zone_and_language() {
        let words = Words::load().unwrap();
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let said = |language, zone| spoken(words.in_language(language), at, zone);
        assert_eq!(said(Language::En, "UTC"), "Friday, 15 January 2027, 08:00 (UTC)");
        assert_eq!(
            said(Language::En, "America/New_York"),
            "Friday, 15 January 2027, 03:00 (America/New_York)"
        );
        assert_eq!(
            said(Language::De, "Europe/Berlin"),
            "Freitag, 15. Januar 2027, 09:00 Uhr (Europe/Berlin)"
        );
        assert_eq!(said(Language::En, "Mars/Base"), "Friday, 15 January 2027, 08:00 (UTC)");
    }
}
