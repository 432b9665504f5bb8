//! The links that wait, in the order in which the person reads them.

use std::collections::VecDeque;
use std::time::Duration;

use beckon_domain::link::{ServiceOrigin, Target};
use beckon_domain::{JoinCode, RequestId};

use super::{AT_ONCE, Destination, LinkNotice, LinkStep, LinksState, WaitingLink};

/// A link that comes again sooner pulls no window forward, however often it comes.
const AGAIN: Duration = Duration::from_secs(2);

#[derive(Default)]
pub struct Waiting {
    links: VecDeque<(u32, Seen)>,
    /// What was taken last, and when it last came. It may wait no more.
    came: VecDeque<(Seen, Duration)>,
    last: u32,
    more: bool,
    /// The main window came forward, and the person has not touched it since.
    raised: bool,
}

#[derive(Clone, PartialEq, Eq)]
pub enum Seen {
    /// It is being followed, and may never have to be shown.
    Followed(Destination),
    Notice(LinkNotice),
    /// The main window shows it; it takes its place here until the person has seen it.
    Request(RequestId),
}

/// That more came, where nothing else is told. No link has this number.
const MORE: u32 = 0;

impl Waiting {
    /// Its number, or what to do where it is not kept. The same link twice is one: people click twice.
    pub fn put(&mut self, seen: Seen, now: Duration) -> Result<u32, LinkStep> {
        let again = self.came_just_now(&seen, now);
        let waits = self.links.iter().any(|(_, waiting)| *waiting == seen);
        match seen {
            Seen::Followed(_) if waits => return Err(LinkStep::Nothing),
            Seen::Notice(_) if waits && again => return Err(LinkStep::Nothing),
            Seen::Notice(_) if waits => return Err(LinkStep::Look { raise: self.raises() }),
            // Also where the person has seen it: they may have turned to another window just now.
            Seen::Request(_) if again => return Err(LinkStep::Nothing),
            Seen::Request(id) if waits => return Err(LinkStep::Request { id, raise: self.raises() }),
            _ => {}
        }
        if self.links.len() >= AT_ONCE {
            let told = std::mem::replace(&mut self.more, true);
            return Err(if told { LinkStep::Nothing } else { LinkStep::Look { raise: self.raises() } });
        }
        self.remember(seen.clone(), now);
        self.last = self.last.wrapping_add(1);
        self.links.push_back((self.last, seen));
        Ok(self.last)
    }

    /// Whether the same was taken, or came again, just now.
    fn came_just_now(&mut self, seen: &Seen, now: Duration) -> bool {
        let before = self.came.iter_mut().find(|(came, _)| came == seen);
        before.is_some_and(|(_, came)| now.saturating_sub(std::mem::replace(came, now)) < AGAIN)
    }

    fn remember(&mut self, seen: Seen, now: Duration) {
        self.came.retain(|(came, _)| *came != seen);
        self.came.push_back((seen, now));
        if self.came.len() > AT_ONCE {
            self.came.pop_front();
        }
    }

    /// Whether the main window comes forward for what it is to show now: once, until the person touches it.
    pub fn raises(&mut self) -> bool {
        !std::mem::replace(&mut self.raised, true)
    }

    /// Behind what is being read: no question replaces another on the screen. Whether the main window comes forward.
    pub fn say(&mut self, number: u32, notice: LinkNotice) -> bool {
        let place = self.links.iter().position(|(waiting, _)| *waiting == number);
        let Some(place) = place else { return false };
        let shown = self.links.iter().position(|(_, seen)| matches!(seen, Seen::Notice(_)));
        self.links.remove(place);
        let place = shown.map_or(place, |shown| place.max(shown));
        self.links.insert(place, (number, Seen::Notice(notice)));
        self.raises()
    }

    pub fn remove(&mut self, number: u32) {
        if number == MORE {
            self.more = false;
            return self.touched();
        }
        self.links.retain(|(waiting, _)| *waiting != number);
        self.more = self.more && !self.links.is_empty();
    }

    /// The person has seen the request that the main window shows.
    pub fn touched(&mut self) {
        self.raised = false;
        self.links.retain(|(_, seen)| !matches!(seen, Seen::Request(_)));
    }

    pub fn question(&self, number: u32) -> Option<(ServiceOrigin, JoinCode)> {
        self.links.iter().find_map(|(waiting, seen)| match seen {
            Seen::Notice(LinkNotice::Join { service, code }) if *waiting == number => {
                Some((service.clone(), code.clone()))
            }
            _ => None,
        })
    }

    pub fn not_called(&self, number: u32) -> Option<Target> {
        self.links.iter().find_map(|(waiting, seen)| match seen {
            Seen::Notice(LinkNotice::NotCalled { target, .. }) if *waiting == number => Some(target.clone()),
            _ => None,
        })
    }

    pub fn for_another(&self, number: u32) -> Option<String> {
        self.links.iter().find_map(|(waiting, seen)| match seen {
            Seen::Notice(LinkNotice::OtherClient { link, former: Some(_), .. }) if *waiting == number => {
                Some(link.clone())
            }
            _ => None,
        })
    }

    pub fn state(&self) -> LinksState {
        let mut notices = self.links.iter().filter_map(|(number, seen)| match seen {
            Seen::Notice(notice) => Some(WaitingLink { number: *number, notice: notice.clone() }),
            Seen::Followed(_) | Seen::Request(_) => None,
        });
        let only_requests = self.links.iter().all(|(_, seen)| matches!(seen, Seen::Request(_)));
        let more = || WaitingLink { number: MORE, notice: LinkNotice::More };
        LinksState {
            first: notices.next().or_else(|| (self.more && only_requests).then(more)),
            behind: notices.count(),
            more: self.more,
            raised: self.raised,
        }
    }
}

#[cfg(test)]
mod tests {
    use beckon_wire::{ApiError, Code};

    use super::*;

    const NOW: Duration = Duration::from_secs(3_600);

    fn target(number: u32) -> Target {
        Target::Id(format!("{}", 123_456_789 + number).parse().unwrap())
    }

    fn call(number: u32) -> Seen {
        let error = ApiError::new(Code::AlreadyCalling);
        Seen::Notice(LinkNotice::NotCalled { target: target(number), error })
    }

    fn followed(number: u32) -> Seen {
        Seen::Followed(Destination::Call(target(number)))
    }

    #[test]
    fn five_wait_and_the_rest_is_dropped_and_told_once() {
        let mut waiting = Waiting::default();
        for number in 1..=5 {
            assert_eq!(waiting.put(call(number), NOW), Ok(number));
        }
        assert_eq!(waiting.put(call(6), NOW), Err(LinkStep::Look { raise: true }));
        for number in 7..=1_000 {
            assert_eq!(waiting.put(call(number), NOW), Err(LinkStep::Nothing));
        }
        let state = waiting.state();
        assert_eq!((state.behind, state.more), (4, true));
        for number in 1..=5 {
            waiting.remove(number);
        }
        waiting.touched();
        assert_eq!(waiting.state(), LinksState::default());
    }

    fn request(number: u128) -> Seen {
        Seen::Request(RequestId(uuid::Uuid::from_u128(number)))
    }

    #[test]
    fn requests_wait_until_the_person_touches_the_window_and_that_more_came_is_told() {
        let mut waiting = Waiting::default();
        for number in 1..=5 {
            assert_eq!(waiting.put(request(number.into()), NOW), Ok(number));
        }
        assert_eq!(waiting.state(), LinksState::default());
        assert_eq!(waiting.put(request(6), NOW), Err(LinkStep::Look { raise: true }));
        for number in 7..=1_000 {
            assert_eq!(waiting.put(request(number), NOW), Err(LinkStep::Nothing));
        }
        assert_eq!(waiting.state().first, Some(WaitingLink { number: MORE, notice: LinkNotice::More }));
        waiting.remove(MORE);
        assert_eq!(waiting.state(), LinksState::default());
        assert_eq!(waiting.put(request(7), NOW), Ok(6), "it was told of, and not shown");
        let id = RequestId(uuid::Uuid::from_u128(7));
        assert_eq!(waiting.put(request(7), NOW + AGAIN), Err(LinkStep::Request { id, raise: true }));
        waiting.touched();
        assert_eq!(waiting.state(), LinksState::default());
    }

    #[test]
    fn the_window_comes_forward_once_until_the_person_touches_it() {
        let mut waiting = Waiting::default();
        assert!(waiting.put(request(1), NOW).is_ok() && waiting.raises());
        assert!(waiting.put(request(2), NOW).is_ok() && !waiting.raises());
        let id = RequestId(uuid::Uuid::from_u128(1));
        assert_eq!(waiting.put(request(1), NOW + AGAIN), Err(LinkStep::Request { id, raise: false }));
        assert!(waiting.put(followed(1), NOW).is_ok());
        assert!(!waiting.say(3, LinkNotice::NotOneLink));
        assert!(waiting.state().raised);
        waiting.touched();
        assert!(!waiting.state().raised);
        assert!(waiting.put(request(1), NOW + 2 * AGAIN).is_ok() && waiting.raises());
    }

    #[test]
    fn a_request_that_was_seen_leaves_what_is_still_to_be_read() {
        let mut waiting = Waiting::default();
        assert_eq!((waiting.put(request(1), NOW), waiting.put(call(2), NOW)), (Ok(1), Ok(2)));
        waiting.touched();
        let state = waiting.state();
        assert_eq!((state.first.map(|link| link.number), state.behind), (Some(2), 0));
        waiting.remove(2);
        assert_eq!(waiting.state(), LinksState::default());
    }

    #[test]
    fn the_same_link_twice_waits_once() {
        let mut waiting = Waiting::default();
        assert_eq!(waiting.put(call(1), NOW), Ok(1));
        assert_eq!(waiting.put(call(1), NOW), Err(LinkStep::Nothing), "it is on the screen already");
        assert_eq!(waiting.put(call(1), NOW + AGAIN), Err(LinkStep::Look { raise: true }));
        assert_eq!(waiting.state().behind, 0);
    }

    #[test]
    fn a_flood_of_the_same_links_pulls_the_window_forward_once_also_where_the_person_turns_away() {
        let mut waiting = Waiting::default();
        let mut raised = 0;
        for millis in 0..10_000 {
            let now = NOW + Duration::from_millis(millis);
            for number in [1, 2] {
                raised += usize::from(waiting.put(request(number), now) != Err(LinkStep::Nothing));
            }
            waiting.touched();
        }
        assert_eq!(raised, 2, "once for each request");
        assert!(
            waiting.put(request(1), NOW + Duration::from_secs(12)).is_ok(),
            "after a pause it is a click"
        );
    }

    #[test]
    fn a_notice_that_was_dismissed_is_shown_again_at_the_next_click() {
        let mut waiting = Waiting::default();
        assert_eq!(waiting.put(call(1), NOW), Ok(1));
        waiting.remove(1);
        assert_eq!(waiting.put(call(1), NOW), Ok(2));
    }

    #[test]
    fn one_that_is_followed_and_clicked_again_shows_nothing_yet() {
        let mut waiting = Waiting::default();
        assert_eq!(waiting.put(followed(1), NOW), Ok(1));
        assert_eq!(waiting.put(followed(1), NOW), Err(LinkStep::Nothing));
        assert_eq!(waiting.state(), LinksState::default());
    }

    #[test]
    fn what_is_told_late_comes_behind_what_is_read() {
        let mut waiting = Waiting::default();
        assert_eq!(waiting.put(followed(1), NOW), Ok(1));
        assert_eq!(waiting.put(call(2), NOW), Ok(2));
        assert_eq!(waiting.put(call(3), NOW), Ok(3));
        waiting.say(1, LinkNotice::NotOneLink);
        for number in [2, 1, 3] {
            assert_eq!(waiting.state().first.map(|link| link.number), Some(number));
            waiting.remove(number);
        }
    }

    #[test]
    fn what_is_told_late_keeps_its_place_where_nothing_is_read() {
        let mut waiting = Waiting::default();
        for number in [1, 2] {
            assert_eq!(waiting.put(followed(number), NOW), Ok(number));
        }
        waiting.say(1, LinkNotice::NotOneLink);
        waiting.say(2, LinkNotice::NotOneLink);
        waiting.say(3, LinkNotice::NotOneLink);
        let state = waiting.state();
        assert_eq!((state.first.map(|link| link.number), state.behind), (Some(1), 1));
    }

    #[test]
    fn only_a_question_can_be_answered() {
        let mut waiting = Waiting::default();
        assert_eq!(waiting.put(call(1), NOW), Ok(1));
        assert_eq!(waiting.question(1), None);
        assert_eq!((waiting.not_called(1), waiting.not_called(2)), (Some(target(1)), None));
    }
}
