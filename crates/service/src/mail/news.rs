//! What there is to tell a recipient.

use beckon_domain::{SessionRequest, Status};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    Invitation,
    NewLink,
    Rescheduled,
    /// It no longer waits for a time.
    Started,
    Closed,
    Reopened,
}

#[derive(Debug, thiserror::Error)]
#[error("this is no news of a request")]
pub struct NoNews;

impl News {
    pub const ALL: [Self; 6] =
        [Self::Invitation, Self::NewLink, Self::Rescheduled, Self::Started, Self::Closed, Self::Reopened];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::NewLink => "new_link",
            Self::Rescheduled => "rescheduled",
            Self::Started => "started",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
        }
    }
}

impl std::str::FromStr for News {
    type Err = NoNews;

    fn from_str(text: &str) -> Result<Self, NoNews> {
        Self::ALL.into_iter().find(|news| news.as_str() == text).ok_or(NoNews)
    }
}

/// What an act means for the recipient, if mail is wanted. Which act it was does not matter.
pub fn news(before: Option<&SessionRequest>, after: &SessionRequest) -> Option<News> {
    let to = after.contact.mailed()?;
    let Some(before) = before else { return Some(News::Invitation) };
    let knows_nothing = before.contact.mailed() != Some(to);
    match (before.status.is_live(), after.status.is_live()) {
        (false, false) => None,
        (false, true) => Some(News::Reopened),
        (true, false) => matches!(after.status, Status::Closed { .. }).then_some(News::Closed),
        (true, true) if knows_nothing => Some(News::Invitation),
        (true, true) if before.link != after.link => Some(News::NewLink),
        (true, true) if before.schedule == after.schedule => None,
        (true, true) if after.schedule.is_some() => Some(News::Rescheduled),
        (true, true) => Some(News::Started),
    }
}

#[cfg(test)]
mod tests {
    use beckon_domain::session_request::{Agent, Assignment, Draft, Expiry};
    use beckon_domain::{AccountId, Contact, RequestId, Schedule};
    use chrono::{DateTime, TimeDelta, Utc};
    use uuid::Uuid;

    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn request(send_mail: bool) -> SessionRequest {
        let draft = Draft {
            id: RequestId(Uuid::nil()),
            recipient: "Dana".parse().unwrap(),
            comments: Default::default(),
            profile: Default::default(),
            assignment: Assignment::default(),
            schedule: Some(at(2)),
            expiry: Expiry::default(),
            contact: Contact { email: "dana@x.example".parse().ok(), send_mail, ..Contact::default() },
        };
        SessionRequest::create(draft, AccountId(Uuid::nil()), NOW).unwrap()
    }

    fn at(hour: i64) -> Schedule {
        Schedule { at: NOW + TimeDelta::hours(hour), zone: "Europe/Berlin".parse().unwrap() }
    }

    #[test]
    fn news_are_what_the_recipient_must_know() {
        let open = request(true);
        let told = |after: &SessionRequest| news(Some(&open), after);
        assert_eq!(news(None, &open), Some(News::Invitation));
        assert_eq!(told(&open.clone().new_link().unwrap()), Some(News::NewLink));
        assert_eq!(told(&open.clone().start_now(NOW).unwrap()), Some(News::Started));
        let moved = open.clone().reschedule(at(3), None, NOW).unwrap();
        assert_eq!(told(&moved), Some(News::Rescheduled));
        let closed = open.clone().close(NOW).unwrap();
        assert_eq!(told(&closed), Some(News::Closed));
        let reopened = closed.clone().reopen(Expiry::default(), NOW).unwrap();
        assert_eq!(news(Some(&closed), &reopened), Some(News::Reopened));
    }

    #[test]
    fn the_rest_is_between_agents() {
        let open = request(true);
        let agent = Agent { account: AccountId(Uuid::nil()), device: 200_000_001.try_into().unwrap() };
        let claimed = open.clone().claim(agent, &[]).unwrap();
        assert_eq!(news(Some(&open), &claimed), None);
        let opened = open.clone().open_link().unwrap();
        assert_eq!(news(Some(&open), &opened), None);
        let noted = open.clone().comment("call first".parse().unwrap());
        assert_eq!(news(Some(&open), &noted), None);
        let (expired, _) = open.clone().elapse(open.expires_at);
        assert_eq!(news(Some(&open), &expired), None);
    }

    #[test]
    fn whoever_wants_no_mail_gets_none() {
        let open = request(false);
        assert_eq!(news(None, &open), None);
        assert_eq!(news(Some(&open), &open.clone().close(NOW).unwrap()), None);
    }
}
