//! What an agent is told of while no window shows it: somebody opened the link, allowed access, declined.
//!
//! Only what happens while this client watches: not what it finds at its start or after a sign-in, and not
//! hundreds at once. Whatever nobody was told of stands in the list.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_domain::session_request::StatusName;
use beckon_domain::text::RecipientName;
use beckon_domain::{AccountId, DeviceId, QueueId, RequestId};
use beckon_wire::changes::{Changes, Thing};
use beckon_wire::request::RequestView;
use tokio::sync::broadcast;

use crate::cache::Cache;
use crate::client::Client;
use crate::view::{RequestQuery, SortBy};

/// More than these at once are told as a number.
const FEW: usize = 3;
/// Whoever falls further behind has missed alerts, which stand in the list.
const BACKLOG: usize = 64;
/// Rows that are read at once to find the Ready ones.
const ROWS: u32 = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    pub request: RequestId,
    pub recipient: RecipientName,
    pub kind: AlertKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    /// The link was opened, or the code was used.
    Opened,
    Allowed,
    Declined,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertNews {
    /// Takes the place of an earlier one of the same request.
    Raised(Alert),
    /// What was told of this request is no longer so.
    Over(RequestId),
    /// This many at once.
    Many(usize),
}

impl Client {
    pub fn alerts(&self) -> broadcast::Receiver<AlertNews> {
        self.inner().shared.alerts.subscribe()
    }

    /// The Ready requests that concern whoever is signed in, in the order of the list.
    pub fn ready_for_me(&self) -> Vec<RequestView> {
        let Some(me) = self.home().and_then(|place| Me::of(&place.link.cache)) else { return Vec::new() };
        let mut found = Vec::new();
        let mut query = RequestQuery { sort: SortBy::Status, limit: ROWS, ..RequestQuery::default() };
        loop {
            let rows = self.list_requests(&query).rows;
            let read = rows.len();
            // Sorted by what needs an agent most: Connected, Ready, then everything else.
            let first: Vec<RequestView> = rows.into_iter().take_while(is_allowed).collect();
            let more = first.len() == read && read > 0;
            found.extend(
                first.into_iter().filter(|row| row.status == StatusName::Ready && concerns(row, &me)),
            );
            if !more {
                return found;
            }
            query.offset += ROWS;
        }
    }
}

/// Whoever is signed in, their queues, and where they sit.
pub(crate) struct Me {
    account: AccountId,
    queues: Vec<QueueId>,
    device: Option<DeviceId>,
}

impl Me {
    pub(crate) fn of(cache: &Cache) -> Option<Self> {
        Some(Self::signed_in(cache.account()?.id, cache))
    }

    fn signed_in(account: AccountId, cache: &Cache) -> Self {
        Self { account, queues: cache.my_queues(), device: cache.device() }
    }
}

/// Watches what one service's changes do to the cache.
pub struct Watch {
    news: broadcast::Sender<AlertNews>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// For whom the cache was complete at least once since the start.
    caught_up: Option<AccountId>,
    standing: BTreeMap<RequestId, AlertKind>,
}

/// One reading of changes, from the cursor to their end.
#[derive(Default)]
pub struct Reading {
    raised: BTreeMap<RequestId, Alert>,
    /// Something in it was not watched, but found.
    found: bool,
}

impl Watch {
    pub fn new(news: broadcast::Sender<AlertNews>) -> Self {
        Self { news, state: Mutex::default() }
    }

    /// Compares what comes with what is cached: before it is applied.
    pub fn look(&self, reading: &mut Reading, cache: &Cache, changes: &Changes) {
        let Some(account) = &changes.account else { return };
        let watched = self.lock().caught_up == Some(account.id) && cache.cursor().epoch == changes.epoch;
        reading.found |= !watched;
        if reading.found {
            return;
        }
        let me = Me::signed_in(account.id, cache);
        for change in &changes.changes {
            let Thing::Request(now) = &change.thing else { continue };
            if let Some(alert) = alert(cache.request(now.id).as_ref(), now, &me) {
                reading.raised.insert(now.id, alert);
            }
        }
    }

    /// The reading is complete and applied: says what is no longer so, and what is new.
    pub fn tell(&self, reading: Reading, cache: &Cache) {
        let me = Me::of(cache);
        let stands = |request: RequestId, kind: AlertKind| {
            me.as_ref().is_some_and(|me| cache.request(request).is_some_and(|now| is_true(kind, &now, me)))
        };
        let mut state = self.lock();
        state.caught_up = me.as_ref().map(|me| me.account);
        state.standing.retain(|request, kind| {
            let stands = stands(*request, *kind);
            if !stands && !reading.raised.contains_key(request) {
                self.send(AlertNews::Over(*request));
            }
            stands
        });
        let raised: Vec<Alert> =
            reading.raised.into_values().filter(|alert| stands(alert.request, alert.kind)).collect();
        if raised.len() > FEW {
            self.send(AlertNews::Many(raised.len()));
            return;
        }
        for alert in raised {
            state.standing.insert(alert.request, alert.kind);
            self.send(AlertNews::Raised(alert));
        }
    }

    fn send(&self, news: AlertNews) {
        // Nobody shows alerts: nobody needs to hear.
        let _ = self.news.send(news);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub fn channel() -> broadcast::Sender<AlertNews> {
    broadcast::Sender::new(BACKLOG)
}

/// What to tell of a row that has changed, if anything.
fn alert(before: Option<&RequestView>, now: &RequestView, me: &Me) -> Option<Alert> {
    // Whoever asked from this very device sees the answer in the session's window.
    let asked_here = before.and_then(|before| before.ask.as_ref()).is_some_and(|ask| ask.mine);
    if asked_here || !concerns(now, me) {
        return None;
    }
    let was = before.map(|before| before.status);
    let declined = before.is_some_and(|before| before.declined_at != now.declined_at);
    let kind = match (was, now.status) {
        (_, StatusName::Waiting) if declined && now.declined_at.is_some() => AlertKind::Declined,
        (None | Some(StatusName::Open), StatusName::Waiting) => AlertKind::Opened,
        // After a session it is Ready again, and nobody has allowed anything anew.
        (None | Some(StatusName::Open | StatusName::Waiting), StatusName::Ready) => AlertKind::Allowed,
        _ => return None,
    };
    is_true(kind, now, me).then(|| Alert { request: now.id, recipient: now.recipient.clone(), kind })
}

/// Whether what was told is still so: not connected, closed, or taken by somebody else.
fn is_true(kind: AlertKind, now: &RequestView, me: &Me) -> bool {
    let so = match kind {
        AlertKind::Opened => now.status == StatusName::Waiting,
        AlertKind::Allowed => now.status == StatusName::Ready && now.session.is_none(),
        AlertKind::Declined => now.status == StatusName::Waiting && now.declined_at.is_some(),
    };
    so && concerns(now, me)
}

/// A request of theirs, or one that nobody has claimed in a queue of theirs or at this client.
pub(crate) fn concerns(row: &RequestView, me: &Me) -> bool {
    row.may_act
        && match &row.agent {
            Some(agent) => agent.id == me.account,
            None => {
                row.created_by.id == me.account
                    || row.queue.as_ref().is_some_and(|queue| me.queues.contains(&queue.id))
                    || row.device.is_some_and(|device| me.device == Some(device))
            }
        }
}

fn is_allowed(row: &RequestView) -> bool {
    matches!(row.status, StatusName::Connected | StatusName::Ready)
}

#[cfg(test)]
mod tests;
