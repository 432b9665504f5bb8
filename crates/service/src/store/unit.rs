//! One act: state, history, jobs and numbered changes, committed as a whole.

use std::sync::Arc;

use beckon_domain::session_request::{ASK_AGAIN_AFTER, Status};
use beckon_domain::{AccountId, Act, DeviceId, Refusal, RequestId, SessionRequest, SharedClock};
use chrono::{DateTime, SubsecRound, Utc};
use sqlx::{Sqlite, SqliteConnection, Transaction};
use tokio::sync::Notify;

use super::requests::{self, Stored};
use super::{Store, accounts, changes, history, jobs, line, links, mails, sessions, settings};
use crate::error::{Answer, Failure};
use crate::mail;
use crate::push::Sockets;
use crate::seal::{Keys, Link};

/// What every act needs, in the running service and on the command line.
pub struct Core {
    pub store: Store,
    pub keys: Keys,
    pub clock: SharedClock,
    /// Who is there. None on the command line, which cannot know.
    pub sockets: Option<Arc<Sockets>>,
    /// Somebody committed: wake the sockets, look at the jobs.
    pub committed: Notify,
    pub jobs: Notify,
    /// Somebody queued a mail.
    pub mails: Notify,
}

impl Core {
    pub fn new(store: Store, keys: Keys, clock: SharedClock, sockets: Option<Arc<Sockets>>) -> Self {
        Self {
            store,
            keys,
            clock,
            sockets,
            committed: Notify::new(),
            jobs: Notify::new(),
            mails: Notify::new(),
        }
    }

    /// In whole milliseconds, as they are stored.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(3)
    }

    pub async fn begin(&self) -> Answer<Unit<'_>> {
        let tx = self.store.write().await?;
        // Read once the database is ours, so that times are in the order of the acts.
        Ok(Unit { core: self, tx, now: self.now(), has_mail: false })
    }
}

/// Who did what, for the history.
pub struct Entry {
    pub act: Act,
    pub by: Option<AccountId>,
    pub device: Option<DeviceId>,
    pub detail: Option<String>,
}

impl Entry {
    pub fn by_itself(act: Act) -> Self {
        Self { act, by: None, device: None, detail: None }
    }

    pub fn by_host(act: Act, device: DeviceId) -> Self {
        Self { device: Some(device), ..Self::by_itself(act) }
    }
}

/// Dropped without [`Unit::commit`], it never happened.
pub struct Unit<'a> {
    core: &'a Core,
    tx: Transaction<'static, Sqlite>,
    pub now: DateTime<Utc>,
    has_mail: bool,
}

impl Unit<'_> {
    pub fn db(&mut self) -> &mut SqliteConnection {
        &mut self.tx
    }

    /// Whether this device's client is there. The command line cannot know, and takes nobody for gone.
    pub fn hears_of(&self, device: DeviceId) -> bool {
        self.core.sockets.as_ref().is_none_or(|sockets| sockets.is_there(device))
    }

    pub fn keys(&self) -> &Keys {
        &self.core.keys
    }

    pub async fn commit(self) -> Answer<()> {
        self.tx.commit().await?;
        self.core.committed.notify_one();
        self.core.jobs.notify_one();
        if self.has_mail {
            self.core.mails.notify_one();
        }
        Ok(())
    }

    /// The request as it is now: what time has done to it is done, and recorded, first.
    pub async fn request(&mut self, id: RequestId) -> Answer<Option<SessionRequest>> {
        let Some(stored) = requests::by_id(&mut self.tx, id).await? else { return Ok(None) };
        let before = stored.request;
        let (after, happened) = before.clone().elapse(self.now);
        if happened.is_empty() {
            return Ok(Some(before));
        }
        for act in happened {
            history::add(&mut self.tx, id, &Entry::by_itself(act), self.now).await?;
        }
        self.put(&before, &after, self.now).await?;
        changes::number(&mut self.tx, Some(&before), &after).await?;
        Ok(Some(after))
    }

    /// A refusal says who it speaks of by name.
    pub async fn decided<T>(&mut self, decision: Result<T, Refusal>) -> Answer<T> {
        let refusal = match decision {
            Ok(next) => return Ok(next),
            Err(refusal) => refusal,
        };
        let name = match refusal {
            Refusal::TakenBy { agent } | Refusal::AssignedTo { agent } => {
                accounts::by_id(&mut self.tx, agent).await?.map(|account| account.name)
            }
            _ => None,
        };
        Err(Failure::refusal(refusal, name))
    }

    pub async fn create(&mut self, request: &SessionRequest, entry: &Entry) -> Answer<Link> {
        requests::insert(&mut self.tx, request).await?;
        let link = links::draw(&mut self.tx, &self.core.keys, request.id, request.link, self.now).await?;
        history::add(&mut self.tx, request.id, entry, self.now).await?;
        jobs::set_due(&mut self.tx, request.id, request.due()).await?;
        changes::number(&mut self.tx, None, request).await?;
        self.tell_recipient(None, request).await?;
        Ok(link)
    }

    /// An act of somebody's. One that changes nothing leaves no trace. Returns it as it is kept now.
    pub async fn record(
        &mut self,
        before: &SessionRequest,
        after: SessionRequest,
        entry: Entry,
    ) -> Answer<Stored> {
        let after = self.settled(after);
        if *before == after {
            let changed_at = self.changed_at(&after).await?;
            return Ok(Stored { request: after, changed_at });
        }
        history::add(&mut self.tx, after.id, &entry, self.now).await?;
        self.put(before, &after, self.now).await?;
        if after.link != before.link {
            links::draw(&mut self.tx, &self.core.keys, after.id, after.link, self.now).await?;
        }
        self.tell_recipient(Some(before), &after).await?;
        changes::number(&mut self.tx, Some(before), &after).await?;
        Ok(Stored { request: after, changed_at: self.now })
    }

    /// Who is there has changed: seen by all, but nobody's act.
    pub async fn heard(&mut self, before: &SessionRequest, after: SessionRequest) -> Answer<()> {
        let after = self.settled(after);
        if *before == after {
            return Ok(());
        }
        self.keep_quietly(before, &after).await?;
        changes::number(&mut self.tx, Some(before), &after).await
    }

    /// A beat of a session. One that goes on as it did is kept, but nobody needs to look again.
    pub async fn beat(&mut self, before: &SessionRequest, after: SessionRequest, entry: Entry) -> Answer<()> {
        let after = self.settled(after);
        if looks_the_same(before, &after) {
            self.keep_quietly(before, &after).await
        } else {
            self.record(before, after, entry).await.map(drop)
        }
    }

    async fn keep_quietly(&mut self, before: &SessionRequest, after: &SessionRequest) -> Answer<()> {
        let changed_at = self.changed_at(after).await?;
        self.put(before, after, changed_at).await
    }

    async fn changed_at(&mut self, request: &SessionRequest) -> Answer<DateTime<Utc>> {
        let stored = requests::by_id(&mut self.tx, request.id).await?;
        Ok(stored.map_or(self.now, |stored| stored.changed_at))
    }

    /// Something beside the request's own state changed in what its readers see.
    pub async fn touch(&mut self, request: &SessionRequest) -> Answer<()> {
        self.put(request, request, self.now).await?;
        changes::number(&mut self.tx, Some(request), request).await
    }

    /// The same, where it does not even count as a change of the request.
    pub async fn stir(&mut self, request: &SessionRequest) -> Answer<()> {
        changes::number(&mut self.tx, Some(request), request).await
    }

    /// The mail is queued with the act that it tells of, or not at all.
    async fn tell_recipient(
        &mut self,
        before: Option<&SessionRequest>,
        after: &SessionRequest,
    ) -> Answer<()> {
        let Some(news) = mail::news(before, after) else { return Ok(()) };
        let host = settings::host(&mut self.tx).await?;
        mails::queue(&mut self.tx, after, news, &host, self.now).await?;
        self.wake_outbox();
        Ok(())
    }

    /// Once this is committed.
    pub fn wake_outbox(&mut self) {
        self.has_mail = true;
    }

    async fn put(
        &mut self,
        before: &SessionRequest,
        after: &SessionRequest,
        changed_at: DateTime<Utc>,
    ) -> Answer<()> {
        requests::update(&mut self.tx, after, changed_at).await?;
        jobs::set_due(&mut self.tx, after.id, due(after, self.now)).await?;
        line::moved(&mut self.tx, before, after).await?;
        let (was, is) = (before.status.session(), after.status.session());
        if let Some(session) = was.filter(|_| was != is) {
            sessions::ended(&mut self.tx, session, self.now).await?;
        }
        if let Status::Connected(connected) = &after.status {
            sessions::connected(&mut self.tx, connected.running.session, self.now).await?;
        }
        Ok(())
    }

    /// Whoever acts as the host was heard of just now; whether it is there, only its push socket tells.
    fn settled(&self, request: SessionRequest) -> SessionRequest {
        let host = request.host().map(|host| host.device);
        match (host, &self.core.sockets) {
            (Some(device), Some(sockets)) if !sockets.is_there(device) => request.host_gone(device, self.now),
            _ => request,
        }
    }
}

/// When to look at a request again: its own deadline, or the end of the wait after a *Deny*, at which what
/// *Connect* would do changes for everyone who sees it.
fn due(request: &SessionRequest, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let declined_at = match &request.status {
        Status::Waiting(waiting) => waiting.declined_at,
        _ => None,
    };
    let ask_again_at = declined_at.map(|at| at + ASK_AGAIN_AFTER).filter(|at| *at > now);
    [request.due(), ask_again_at].into_iter().flatten().min()
}

fn looks_the_same(before: &SessionRequest, after: &SessionRequest) -> bool {
    let (Status::Connected(was), Status::Connected(is)) = (&before.status, &after.status) else {
        return false;
    };
    was.running == is.running
        && was.lost_at.is_none() == is.lost_at.is_none()
        && was.host.is_present() == is.host.is_present()
}
