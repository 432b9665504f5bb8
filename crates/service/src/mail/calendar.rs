//! The recipient's calendar entry for a scheduled session.
//!
//! Published, not asked: an entry that wants an answer would send it to an address that nobody reads.

use std::str::FromStr;

use beckon_domain::{RequestId, SessionRequest};
use chrono::{DateTime, TimeDelta, Utc};
use icalendar::{Component, Event, EventLike, EventStatus, Property};

use super::letter::Letter;

/// How long a session takes, nobody knows; a calendar wants to.
const LASTS: TimeDelta = TimeDelta::minutes(30);

/// What a mail does to the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calendar {
    None,
    Event,
    Cancel,
}

#[derive(Debug, thiserror::Error)]
#[error("this does nothing to a calendar")]
pub struct NoCalendar;

impl Calendar {
    const ALL: [Self; 3] = [Self::None, Self::Event, Self::Cancel];

    /// `has_event`: an earlier mail has put one into the recipient's calendar.
    pub fn for_request(request: &SessionRequest, has_event: bool) -> Self {
        match (request.status.is_live() && request.schedule.is_some(), has_event) {
            (true, _) => Self::Event,
            (false, true) => Self::Cancel,
            (false, false) => Self::None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Event => "event",
            Self::Cancel => "cancel",
        }
    }
}

impl FromStr for Calendar {
    type Err = NoCalendar;

    fn from_str(text: &str) -> Result<Self, NoCalendar> {
        Self::ALL.into_iter().find(|calendar| calendar.as_str() == text).ok_or(NoCalendar)
    }
}

/// One entry, the same over all mails of a request. The higher sequence counts.
pub struct Entry {
    pub request: RequestId,
    pub sequence: u32,
    /// None takes the entry out of the calendar.
    pub at: Option<DateTime<Utc>>,
}

impl Entry {
    pub fn method(&self) -> &'static str {
        if self.at.is_some() { "PUBLISH" } else { "CANCEL" }
    }

    /// Times are in UTC, which every calendar shows in its reader's own zone.
    pub fn written(&self, letter: &Letter<'_>, title: &str) -> String {
        let mut event = Event::with_uid(&self.request.0.to_string());
        event.timestamp(letter.now).sequence(self.sequence).summary(title);
        event.append_property(Property::new("ORGANIZER", format!("mailto:{}", letter.from.email)));
        match self.at {
            Some(at) => event.starts(at).ends(at + LASTS).status(EventStatus::Confirmed),
            None => event.status(EventStatus::Cancelled),
        };
        if let Some(link) = &letter.link {
            event.description(link).url(link);
        }
        let mut calendar = icalendar::Calendar::empty();
        for (name, value) in [("VERSION", "2.0"), ("PRODID", "-//Beckon//EN"), ("METHOD", self.method())] {
            calendar.append_property(Property::new(name, value));
        }
        calendar.push(event);
        calendar.to_string()
    }
}
