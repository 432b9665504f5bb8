//! What a request looks like to who reads it.

mod introductions;

use std::collections::HashMap;

use beckon_domain::grant::Party;
use beckon_domain::session_request::{
    ASK_AGAIN_AFTER, Agent, Closing, Reservation, Running, Status, Waiting,
};
use beckon_domain::text::Name;
use beckon_domain::{AccountId, Contact, QueueId, SessionId, SessionRequest};
use beckon_wire::account::Person;
use beckon_wire::join::{AskedBy, JoinedView, Offer};
use beckon_wire::request::{AskView, Connect, HostDevice, QueueName, RequestView, SessionPhase, SessionView};
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use crate::error::Answer;
use crate::identity::Reader;
use crate::store::requests::Stored;
use crate::store::{accounts, devices, line, mails, queues, sessions, settings};

/// Looks at requests for one reader at one moment; names are read once.
pub struct Views<'a> {
    db: &'a mut SqliteConnection,
    reader: &'a Reader,
    now: DateTime<Utc>,
    names: HashMap<AccountId, Name>,
}

impl<'a> Views<'a> {
    pub fn new(db: &'a mut SqliteConnection, reader: &'a Reader, now: DateTime<Utc>) -> Self {
        let own = reader.account.iter().map(|account| (account.id, account.name.clone()));
        Self { db, reader, now, names: own.collect() }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    pub fn db(&mut self) -> &mut SqliteConnection {
        self.db
    }

    pub async fn request(&mut self, stored: &Stored) -> Answer<RequestView> {
        let request = &stored.request;
        let (declined_at, closing) = endings(&request.status);
        let (profile, own_profile) = request.profile.clone().apart();
        Ok(RequestView {
            id: request.id,
            link: request.link,
            revision: request.revision,
            status: request.status.name(),
            recipient: request.recipient.clone(),
            comments: request.comments.clone(),
            profile,
            agent: match request.assignment.agent {
                Some(agent) => Some(self.person(agent).await?),
                None => None,
            },
            queue: self.queue(request.assignment.queue).await?,
            device: request.assignment.device,
            created_by: self.person(request.created_by).await?,
            created_at: request.created_at,
            expires_at: request.expires_at,
            changed_at: stored.changed_at,
            closing,
            declined_at,
            host: self.host(request).await?,
            ask: self.ask(request).await?,
            session: self.session(request).await?,
            connect: connect(request, self.reader, self.now),
            may_act: self.reader.agent().is_ok(),
            contact: Some(request.contact.clone()).filter(|contact| *contact != Contact::default()),
            mail: match request.contact.send_mail {
                true => mails::last_of(self.db, request.id).await?.and_then(|mail| mail.view()),
                false => None,
            },
            schedule: request.schedule.clone(),
            expiry: Some(request.expiry),
            own_profile,
            closed_at: closed_at(&request.status),
        })
    }

    pub async fn joined(&mut self, request: &SessionRequest) -> Answer<JoinedView> {
        let assignment = request.assignment;
        let cover = match &request.status {
            Status::Ready(ready) => ready.cover,
            Status::Connected(connected) => connected.cover,
            _ => assignment.cover(),
        };
        let (profile, own_profile) = request.profile.clone().apart();
        Ok(JoinedView {
            request: request.id,
            link: request.link,
            revision: request.revision,
            status: request.status.name(),
            organisation: settings::organisation(self.db).await?,
            agent: match assignment.agent {
                Some(agent) => Some(self.name(agent).await?),
                None => None,
            },
            queue: self.queue(assignment.queue).await?.map(|queue| queue.name),
            device: assignment.device,
            cover,
            profile,
            permissions: request.profile.permissions(),
            expires_at: request.expires_at,
            declined_at: endings(&request.status).0,
            ask: self.asked_by(request).await?,
            session: self.offer(request).await?,
            place: line::place(self.db, request).await?,
            profile_name: own_profile.map(|profile| profile.name),
        })
    }

    async fn host(&mut self, request: &SessionRequest) -> Answer<Option<HostDevice>> {
        let Some(host) = request.host() else { return Ok(None) };
        let name = devices::by_id(self.db, host.device).await?.and_then(|device| device.name);
        Ok(Some(HostDevice { device: host.device, name, present: host.is_present() }))
    }

    async fn ask(&mut self, request: &SessionRequest) -> Answer<Option<AskView>> {
        let Status::Waiting(Waiting { ask: Some(ask), .. }) = &request.status else { return Ok(None) };
        let agent = self.person(ask.agent.account).await?;
        let mine = self.is_mine(ask.agent);
        Ok(Some(AskView { session: ask.session, agent, mine, until: ask.until }))
    }

    async fn asked_by(&mut self, request: &SessionRequest) -> Answer<Option<AskedBy>> {
        let Status::Waiting(Waiting { ask: Some(ask), .. }) = &request.status else { return Ok(None) };
        let session = sessions::by_id(self.db, ask.session).await?;
        let viewer =
            session.map(|session| Party { device: session.viewer, signed: session.viewer_statement });
        Ok(Some(AskedBy { agent: self.name(ask.agent.account).await?, until: ask.until, viewer }))
    }

    async fn session(&mut self, request: &SessionRequest) -> Answer<Option<SessionView>> {
        let Some((agent, id)) = in_session(&request.status) else { return Ok(None) };
        let granted = is_running(request) || sessions::has_grant(self.db, id).await?;
        let (phase, since) = phase(&request.status, granted);
        let mine = self.is_mine(agent);
        Ok(Some(SessionView { id, agent: self.person(agent.account).await?, mine, phase, since }))
    }

    /// Only for the host itself: whoever left is offered nothing.
    async fn offer(&mut self, request: &SessionRequest) -> Answer<Option<Offer>> {
        let Some((agent, id)) = in_session(&request.status).filter(|_| self.reader.is_host_of(request))
        else {
            return Ok(None);
        };
        let Some(session) = sessions::by_id(self.db, id).await? else { return Ok(None) };
        let (phase, since) = phase(&request.status, session.grant.is_some());
        let viewer = Party { device: session.viewer, signed: session.viewer_statement };
        Ok(Some(Offer { id, agent: self.name(agent.account).await?, viewer, phase, since }))
    }

    fn is_mine(&self, agent: Agent) -> bool {
        is_reader(self.reader, agent)
    }

    async fn queue(&mut self, queue: Option<QueueId>) -> Answer<Option<QueueName>> {
        let Some(id) = queue else { return Ok(None) };
        Ok(queues::name(self.db, id).await?.map(|name| QueueName { id, name }))
    }

    async fn person(&mut self, id: AccountId) -> Answer<Person> {
        Ok(Person { id, name: self.name(id).await? })
    }

    async fn name(&mut self, id: AccountId) -> Answer<Name> {
        if let Some(name) = self.names.get(&id) {
            return Ok(name.clone());
        }
        let account = accounts::by_id(self.db, id).await?;
        let name = account.ok_or_else(|| anyhow::anyhow!("there is no account {}", id.0))?.name;
        self.names.insert(id, name.clone());
        Ok(name)
    }
}

fn is_reader(reader: &Reader, agent: Agent) -> bool {
    agent.device == reader.device.id
        && reader.account.as_ref().is_some_and(|account| account.id == agent.account)
}

fn endings(status: &Status) -> (Option<DateTime<Utc>>, Option<Closing>) {
    match status {
        Status::Waiting(waiting) => (waiting.declined_at, None),
        Status::Closed { why, .. } => (None, Some(*why)),
        _ => (None, None),
    }
}

fn closed_at(status: &Status) -> Option<DateTime<Utc>> {
    match status {
        Status::Closed { at, .. } => Some(*at),
        _ => None,
    }
}

fn is_running(request: &SessionRequest) -> bool {
    matches!(request.status, Status::Connected(_))
}

fn phase(status: &Status, granted: bool) -> (SessionPhase, Option<DateTime<Utc>>) {
    match status {
        Status::Connected(connected) => {
            let lost = connected.lost_at.is_some();
            let phase = if lost { SessionPhase::Lost } else { SessionPhase::Running };
            (phase, Some(connected.running.since))
        }
        _ if granted => (SessionPhase::Granted, None),
        _ => (SessionPhase::Reserved, None),
    }
}

/// Who is in a session, or about to be introduced for one.
fn in_session(status: &Status) -> Option<(Agent, SessionId)> {
    match status {
        Status::Ready(ready) => ready.reservation.map(|Reservation { agent, session, .. }| (agent, session)),
        Status::Connected(connected) => {
            let Running { agent, session, .. } = connected.running;
            Some((agent, session))
        }
        _ => None,
    }
}

/// What *Connect* would do for this reader now. The act itself decides again.
pub fn connect(request: &SessionRequest, reader: &Reader, now: DateTime<Utc>) -> Connect {
    let me = match reader.agent() {
        Ok(me) => me,
        Err(_) => return Connect::MayNotAct,
    };
    let assigned_to_another = request.assignment.agent.is_some_and(|agent| agent != me.account);
    match &request.status {
        // Nobody views the device that they sit at.
        _ if reader.is_host_of(request) => Connect::Mine,
        Status::Closed { .. } | Status::Expired { .. } => Connect::Over,
        Status::Open => Connect::NobodyJoined,
        Status::Connected(connected) if connected.running.agent == me => Connect::Mine,
        Status::Connected(_) => Connect::Taken,
        Status::Ready(ready) => match ready.reservation.filter(|held| now < held.until) {
            Some(held) if held.agent == me => Connect::Mine,
            Some(_) => Connect::Taken,
            None if assigned_to_another => Connect::AssignedToAnother,
            None if ready.cover.covers(me.account, me.device, &reader.queues) => Connect::Connect,
            None => Connect::NotCovered,
        },
        Status::Waiting(waiting) => while_waiting(waiting, me, assigned_to_another, now),
    }
}

fn while_waiting(waiting: &Waiting, me: Agent, assigned_to_another: bool, now: DateTime<Utc>) -> Connect {
    let declined_just_now = waiting.declined_at.is_some_and(|at| now < at + ASK_AGAIN_AFTER);
    match waiting.ask.filter(|ask| now < ask.until) {
        _ if waiting.host.is_none() => Connect::NobodyJoined,
        Some(ask) if ask.agent == me => Connect::Mine,
        Some(_) => Connect::Taken,
        None if assigned_to_another => Connect::AssignedToAnother,
        None if declined_just_now => Connect::DeclinedJustNow,
        None => Connect::Ask,
    }
}
