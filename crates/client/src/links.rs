//! Links from the system: what each one asks, until the person has seen it.
//!
//! A link does nothing by itself. The only step taken at once is joining at a service that this client uses
//! already, and that opens a question.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_domain::link::{LinkRefusal, Prefix, ServiceOrigin, Target, inert};
use beckon_domain::{JoinCode, Link, RequestId};
use beckon_wire::join::Join;
use beckon_wire::{ApiError, Code};
use serde::Serialize;
use ts_rs::TS;

use crate::client::Client;
use crate::computer::former_of;
use crate::view::Joining;

/// Links that wait for the person at once. More are refused, and the person is told that there were more.
pub const AT_ONCE: usize = 5;

/// What a link says to the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[ts(export)]
pub enum LinkNotice {
    /// Join at a service that this client has never used? The only notice that asks something.
    Join {
        service: ServiceOrigin,
        code: JoinCode,
    },
    NotJoined {
        service: ServiceOrigin,
        error: ApiError,
    },
    /// The request is one of a service that is not this client's home.
    RequestElsewhere {
        service: ServiceOrigin,
        home: Option<String>,
    },
    /// The request is one of the home service, where nobody is signed in.
    RequestSignedOut {
        service: ServiceOrigin,
    },
    /// Calls are not in this version.
    Call {
        target: String,
    },
    /// `link` is what came, unchanged: the other client may read this form of it and no other.
    OtherClient {
        prefix: Prefix,
        link: String,
        /// Who opened such links before this program did; empty where the system does not say.
        former: Option<String>,
    },
    /// `link` is inert text.
    Refused {
        reason: LinkRefusal,
        link: String,
    },
    /// Something other than exactly one link was handed over.
    NotOneLink,
}

/// What the main window shows of links.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[ts(export)]
pub struct LinksState {
    pub first: Option<WaitingLink>,
    /// How many wait behind the first.
    pub behind: usize,
    /// More came than [`AT_ONCE`]; the rest was dropped.
    pub more: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WaitingLink {
    pub number: u32,
    pub notice: LinkNotice,
}

/// What the window does with a link that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkStep {
    /// Nothing new is to be seen.
    Nothing,
    /// The main window has something to show: read [`Client::links`].
    Look,
    Request(RequestId),
    /// To be followed with [`Client::follow_link`].
    Follow(LinkToFollow),
}

/// A link to a service that may have to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkToFollow {
    number: u32,
    service: ServiceOrigin,
    code: JoinCode,
}

#[derive(Default)]
pub struct Links {
    waiting: Mutex<Waiting>,
    /// One link is followed after the other.
    following: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Waiting {
    links: VecDeque<(u32, Seen)>,
    last: u32,
    more: bool,
}

#[derive(PartialEq, Eq)]
enum Seen {
    /// It is being followed, and may never have to be shown.
    Followed(Link),
    Notice(LinkNotice),
}

impl Client {
    /// Takes the raw argument that the system handed over. Never waits, and never fails.
    pub fn take_link(&self, raw: &[u8]) -> LinkStep {
        let link = self.read_link(raw);
        let notice = match &link {
            Link::Call { target } => LinkNotice::Call { target: shown(target) },
            Link::OtherClient { prefix, .. } => {
                let (prefix, link) = (prefix.clone(), inert(raw));
                let former = former_of(&self.inner().shared.settings, &link).map(|program| program.name);
                LinkNotice::OtherClient { prefix, link, former }
            }
            Link::Join { service, code } => {
                let (service, code) = (service.clone(), code.clone());
                let number = self.links_mut().put(Seen::Followed(link));
                return number.map_or_else(
                    |step| step,
                    |number| LinkStep::Follow(LinkToFollow { number, service, code }),
                );
            }
            Link::Request { service, id } => match self.unreadable_request(service) {
                Some(notice) => notice,
                None => return LinkStep::Request(*id),
            },
            Link::Refused { reason } => LinkNotice::Refused { reason: *reason, link: inert(raw) },
        };
        self.notify(notice)
    }

    fn read_link(&self, raw: &[u8]) -> Link {
        Link::parse(raw, self.inner().custom.as_ref().map(|custom| &custom.prefix))
    }

    /// Something came where a link should have come.
    pub fn take_no_link(&self) -> LinkStep {
        self.notify(LinkNotice::NotOneLink)
    }

    /// Joins where this client has been before, and asks the person where it has not. Whether it joined.
    pub async fn follow_link(&self, link: LinkToFollow) -> bool {
        let _turn = self.inner().links.following.lock().await;
        let LinkToFollow { number, service, code } = link;
        let notice = match self.join_with_code(&service.to_string(), code.clone(), false).await {
            Ok(Joining::Joined) => {
                self.links_mut().remove(number);
                return true;
            }
            Ok(Joining::AskFirst { .. }) => LinkNotice::Join { service, code },
            Err(error) => LinkNotice::NotJoined { service, error },
        };
        self.links_mut().say(number, notice);
        false
    }

    pub fn links(&self) -> LinksState {
        self.links_mut().state()
    }

    /// The person has seen this one.
    pub fn dismiss_link(&self, number: u32) {
        self.links_mut().remove(number);
    }

    /// The link of this notice, where it is for another client: to be handed on, and nothing else.
    pub fn link_for_another(&self, number: u32) -> Option<String> {
        self.links_mut().for_another(number)
    }

    /// The person agreed to the service that the link names.
    pub async fn join_by_link(&self, number: u32) -> Result<(), ApiError> {
        let (service, code) =
            self.links_mut().question(number).ok_or_else(|| ApiError::new(Code::NotFound))?;
        self.join_with_code(&service.to_string(), code, true).await?;
        self.links_mut().remove(number);
        Ok(())
    }

    /// A join code with the service's address as a person or a link gives it.
    pub async fn join_with_code(
        &self,
        service: &str,
        code: JoinCode,
        confirmed: bool,
    ) -> Result<Joining, ApiError> {
        let origin =
            crate::address::parse_origin(service).ok_or_else(|| ApiError::new(Code::NotAnAddress))?;
        self.join_at(origin, &Join::Code(code), confirmed).await
    }

    fn unreadable_request(&self, service: &ServiceOrigin) -> Option<LinkNotice> {
        let home = self.home();
        let origin = home.as_ref().map(|home| home.link.origin().to_owned());
        if origin.as_ref() != Some(&service.to_string()) {
            return Some(LinkNotice::RequestElsewhere { service: service.clone(), home: origin });
        }
        let signed_out = home.is_none_or(|home| home.link.cache.account().is_none());
        signed_out.then(|| LinkNotice::RequestSignedOut { service: service.clone() })
    }

    fn notify(&self, notice: LinkNotice) -> LinkStep {
        self.links_mut().put(Seen::Notice(notice)).map_or_else(|step| step, |_| LinkStep::Look)
    }

    fn links_mut(&self) -> MutexGuard<'_, Waiting> {
        self.inner().links.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Its number, or what to do where it is not kept. The same link twice is one: people click twice.
    fn put(&mut self, seen: Seen) -> Result<u32, LinkStep> {
        if self.links.iter().any(|(_, waiting)| *waiting == seen) {
            return Err(LinkStep::Look);
        }
        if self.links.len() >= AT_ONCE {
            let told = std::mem::replace(&mut self.more, true);
            return Err(if told { LinkStep::Nothing } else { LinkStep::Look });
        }
        self.last = self.last.wrapping_add(1);
        self.links.push_back((self.last, seen));
        Ok(self.last)
    }

    /// Behind what is being read: no question replaces another on the screen.
    fn say(&mut self, number: u32, notice: LinkNotice) {
        let Some(place) = self.links.iter().position(|(waiting, _)| *waiting == number) else { return };
        let shown = self.links.iter().position(|(_, seen)| matches!(seen, Seen::Notice(_)));
        self.links.remove(place);
        let place = shown.map_or(place, |shown| place.max(shown));
        self.links.insert(place, (number, Seen::Notice(notice)));
    }

    fn remove(&mut self, number: u32) {
        self.links.retain(|(waiting, _)| *waiting != number);
        self.more = self.more && !self.links.is_empty();
    }

    fn question(&self, number: u32) -> Option<(ServiceOrigin, JoinCode)> {
        self.links.iter().find_map(|(waiting, seen)| match seen {
            Seen::Notice(LinkNotice::Join { service, code }) if *waiting == number => {
                Some((service.clone(), code.clone()))
            }
            _ => None,
        })
    }

    fn for_another(&self, number: u32) -> Option<String> {
        self.links.iter().find_map(|(waiting, seen)| match seen {
            Seen::Notice(LinkNotice::OtherClient { link, former: Some(_), .. }) if *waiting == number => {
                Some(link.clone())
            }
            _ => None,
        })
    }

    fn state(&self) -> LinksState {
        let mut notices = self.links.iter().filter_map(|(number, seen)| match seen {
            Seen::Notice(notice) => Some(WaitingLink { number: *number, notice: notice.clone() }),
            Seen::Followed(_) => None,
        });
        LinksState { first: notices.next(), behind: notices.count(), more: self.more }
    }
}

fn shown(target: &Target) -> String {
    match target {
        Target::Id(id) => id.grouped(),
        Target::Alias(alias) => alias.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(number: u32) -> Seen {
        Seen::Notice(LinkNotice::Call { target: number.to_string() })
    }

    #[test]
    fn five_wait_and_the_rest_is_dropped_and_told_once() {
        let mut waiting = Waiting::default();
        for number in 1..=5 {
            assert_eq!(waiting.put(call(number)), Ok(number));
        }
        assert_eq!(waiting.put(call(6)), Err(LinkStep::Look));
        for number in 7..=1_000 {
            assert_eq!(waiting.put(call(number)), Err(LinkStep::Nothing));
        }
        let state = waiting.state();
        assert_eq!((state.behind, state.more), (4, true));
        for number in 1..=5 {
            waiting.remove(number);
        }
        assert_eq!(waiting.state(), LinksState::default());
    }

    #[test]
    fn the_same_link_twice_waits_once() {
        let mut waiting = Waiting::default();
        assert_eq!(waiting.put(call(1)), Ok(1));
        assert_eq!(waiting.put(call(1)), Err(LinkStep::Look));
        assert_eq!(waiting.state().behind, 0);
    }

    #[test]
    fn what_is_told_late_comes_behind_what_is_read() {
        let mut waiting = Waiting::default();
        let followed = Seen::Followed(Link::parse(b"anydesk:123456789", None));
        assert_eq!(waiting.put(followed), Ok(1));
        assert_eq!(waiting.put(call(2)), Ok(2));
        assert_eq!(waiting.put(call(3)), Ok(3));
        waiting.say(1, LinkNotice::NotOneLink);
        for number in [2, 1, 3] {
            assert_eq!(waiting.state().first.map(|link| link.number), Some(number));
            waiting.remove(number);
        }
    }

    #[test]
    fn what_is_told_late_keeps_its_place_where_nothing_is_read() {
        let mut waiting = Waiting::default();
        for raw in ["anydesk:123456789", "anydesk:987654321"] {
            assert!(waiting.put(Seen::Followed(Link::parse(raw.as_bytes(), None))).is_ok());
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
        assert_eq!(waiting.put(call(1)), Ok(1));
        assert_eq!(waiting.question(1), None);
    }
}
