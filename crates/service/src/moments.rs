//! Moments in words, in a zone and a language.

use beckon_domain::Zone;
use chrono::{DateTime, Datelike, Utc};

use crate::words::{Speech, without_isolates};

/// `Friday, 15 January 2027, 09:00 (Europe/Berlin)`.
pub fn spoken(speech: Speech<'_>, at: DateTime<Utc>, zone: Zone) -> String {
    let at = at.with_timezone(&zone.tz());
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
        let said = |language, zone: &str| spoken(words.in_language(language), at, zone.parse().unwrap());
        assert_eq!(said(Language::En, "UTC"), "Friday, 15 January 2027, 08:00 (UTC)");
        assert_eq!(
            said(Language::En, "America/New_York"),
            "Friday, 15 January 2027, 03:00 (America/New_York)"
        );
        assert_eq!(
            said(Language::De, "Europe/Berlin"),
            "Freitag, 15. Januar 2027, 09:00 Uhr (Europe/Berlin)"
        );
    }
}
