//! Links from the system: what each one asks, until the person has seen it.
//!
//! A link gives nothing and answers nothing. Two steps are taken at once: joining at a service that this client uses
//! already, which opens a question, and calling, in which the other side is asked.

mod waiting;

use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_domain::link::{LinkRefusal, Prefix, ServiceOrigin, Target, inert};
use beckon_domain::{CallId, JoinCode, Link, RequestId};
use beckon_wire::join::Join;
use beckon_wire::{ApiError, Code};
use serde::Serialize;
use ts_rs::TS;

use crate::client::Client;
use crate::computer::former_of;
use crate::view::Joining;
use waiting::{Seen, Waiting};

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
    /// Nobody is called: this client is in another call, in a session, without a service. The person may call from
    /// here later; no link is called by itself once another call is over.
    NotCalled {
        target: Target,
        error: ApiError,
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
    /// More came than [`AT_ONCE`], and nothing else is told of them.
    More,
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
    /// The main window came forward for a link, and the person has not touched it since.
    pub raised: bool,
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
    Look {
        /// It comes forward, too.
        raise: bool,
    },
    Request {
        id: RequestId,
        raise: bool,
    },
    Calling(CallId),
    /// To be followed with [`Client::follow_link`].
    Follow(LinkToFollow),
}

/// A link that a service is to be asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkToFollow {
    number: u32,
    to: Destination,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Destination {
    Join { service: ServiceOrigin, code: JoinCode },
    Call(Target),
}

/// What became of a link that was followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    Joined,
    Calling(CallId),
    /// The main window has something to show.
    Told {
        raise: bool,
    },
}

#[derive(Default)]
pub struct Links {
    waiting: Mutex<Waiting>,
    /// One link is followed after the other.
    following: tokio::sync::Mutex<()>,
}

impl Client {
    /// Takes the raw argument that the system handed over. Never waits, and never fails.
    pub fn take_link(&self, raw: &[u8]) -> LinkStep {
        let link = self.read_link(raw);
        let notice = match &link {
            Link::Call { target } => return self.begin_call(target.clone()),
            Link::OtherClient { prefix, .. } => {
                let (prefix, link) = (prefix.clone(), inert(raw));
                let former = former_of(&self.inner().shared.settings, &link).map(|program| program.name);
                LinkNotice::OtherClient { prefix, link, former }
            }
            Link::Join { service, code } => {
                let (service, code) = (service.clone(), code.clone());
                return self.begin(Destination::Join { service, code });
            }
            Link::Request { service, id } => match self.unreadable_request(service) {
                Some(notice) => notice,
                None => return self.show(*id),
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

    /// Joins where this client has been before, and asks the person where it has not. Calls whoever is to be called.
    pub async fn follow_link(&self, link: LinkToFollow) -> Followed {
        let _turn = self.inner().links.following.lock().await;
        let LinkToFollow { number, to } = link;
        let followed = match to {
            Destination::Join { service, code } => self.follow_to_join(service, code).await,
            Destination::Call(target) => self.follow_to_call(target).await,
        };
        match followed {
            Ok(followed) => {
                self.links_mut().remove(number);
                followed
            }
            Err(notice) => Followed::Told { raise: self.links_mut().say(number, notice) },
        }
    }

    async fn follow_to_join(&self, service: ServiceOrigin, code: JoinCode) -> Result<Followed, LinkNotice> {
        match self.join_with_code(&service.to_string(), code.clone(), false).await {
            Ok(Joining::AskFirst { .. }) => Err(LinkNotice::Join { service, code }),
            Ok(_) => Ok(Followed::Joined),
            Err(error) => Err(LinkNotice::NotJoined { service, error }),
        }
    }

    async fn follow_to_call(&self, target: Target) -> Result<Followed, LinkNotice> {
        let called = self.call_unshown(target.clone()).await;
        called.map(Followed::Calling).map_err(|error| LinkNotice::NotCalled { target, error })
    }

    pub fn links(&self) -> LinksState {
        self.links_mut().state()
    }

    /// The person has touched the main window, or closed it: they have seen the request that it shows.
    pub fn main_window_touched(&self) {
        self.links_mut().touched();
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

    /// The person calls whom a link named that could not be followed when it came.
    pub fn call_by_link(&self, number: u32) -> Result<CallId, ApiError> {
        let target = self.links_mut().not_called(number).ok_or_else(|| ApiError::new(Code::NotFound))?;
        let call = self.call(target)?;
        self.links_mut().remove(number);
        Ok(call)
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

    /// At once. While the window of a call says why it did not begin, no link takes its place before the service has
    /// taken the next one: a page could raise a window as often as it likes.
    fn begin_call(&self, target: Target) -> LinkStep {
        let step = self.begin(Destination::Call(target.clone()));
        let LinkStep::Follow(LinkToFollow { number, .. }) = step else { return step };
        if self.shows_refused_call() {
            return step;
        }
        match self.call(target.clone()) {
            Ok(call) => {
                self.links_mut().remove(number);
                LinkStep::Calling(call)
            }
            Err(error) => {
                let notice = LinkNotice::NotCalled { target, error };
                LinkStep::Look { raise: self.links_mut().say(number, notice) }
            }
        }
    }

    fn begin(&self, to: Destination) -> LinkStep {
        let number = self.put_link(Seen::Followed(to.clone()));
        number.map_or_else(|step| step, |number| LinkStep::Follow(LinkToFollow { number, to }))
    }

    fn show(&self, id: RequestId) -> LinkStep {
        let shown = self.put_link(Seen::Request(id));
        shown.map_or_else(|step| step, |_| LinkStep::Request { id, raise: self.links_mut().raises() })
    }

    fn notify(&self, notice: LinkNotice) -> LinkStep {
        let told = self.put_link(Seen::Notice(notice));
        told.map_or_else(|step| step, |_| LinkStep::Look { raise: self.links_mut().raises() })
    }

    fn put_link(&self, seen: Seen) -> Result<u32, LinkStep> {
        let now = self.inner().shared.clock.monotonic();
        self.links_mut().put(seen, now)
    }

    fn links_mut(&self) -> MutexGuard<'_, Waiting> {
        self.inner().links.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
