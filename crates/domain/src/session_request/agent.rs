//! The acts of agents.

use chrono::{DateTime, Utc};

use super::{
    ASK_AGAIN_AFTER, ASK_LASTS, Act, Agent, Ask, Assignment, Closing, Edit, Expiry, LinkNumber, Lost,
    RESERVATION_LASTS, Ready, Refusal, Reservation, SessionRequest, Status, Waiting, expires_at, reachable,
};
use crate::account::QueueId;
use crate::consent::Cover;
use crate::device_id::DeviceId;
use crate::schedule::Schedule;
use crate::statement::SessionId;
use crate::text::Comments;

impl SessionRequest {
    pub fn edit(mut self, edit: Edit, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if !self.status.is_live() {
            return self.refuse(Act::Edit);
        }
        if let Some(expiry) = edit.expiry {
            self.expires_at = expires_at(expiry, self.schedule.as_ref(), now)?;
            self.expiry = expiry;
        }
        if let Some(contact) = edit.contact {
            reachable(&contact)?;
            self.contact = contact;
        }
        self.recipient = edit.recipient.unwrap_or(self.recipient);
        match edit.profile {
            Some(profile) if profile != self.profile => {
                self.profile = profile;
                Ok(self.revised())
            }
            _ => Ok(self),
        }
    }

    /// Comments are for agents only, and may be written in every status.
    #[must_use]
    pub fn comment(mut self, comments: Comments) -> Self {
        self.comments = comments;
        self
    }

    /// `queues` are those that the agent belongs to.
    pub fn claim(self, by: Agent, queues: &[QueueId]) -> Result<Self, Refusal> {
        if let Some(agent) = self.assignment.agent.filter(|agent| *agent != by.account) {
            return Err(Refusal::TakenBy { agent });
        }
        let assignment = Assignment { agent: Some(by.account), ..self.assignment };
        self.assigned(Act::Claim, assignment, Some(by.device), queues)
    }

    pub fn release(self) -> Result<Self, Refusal> {
        let assignment = Assignment { agent: None, ..self.assignment };
        self.assigned(Act::Release, assignment, None, &[])
    }

    /// `queues` are those that the new agent, if any, belongs to.
    pub fn assign(self, assignment: Assignment, queues: &[QueueId]) -> Result<Self, Refusal> {
        self.assigned(Act::Assign, assignment, None, queues)
    }

    /// If consent does not cover whom the request is given to now, the host is asked again. `at` is the device
    /// at which an agent takes it.
    fn assigned(
        mut self,
        act: Act,
        assignment: Assignment,
        at: Option<DeviceId>,
        queues: &[QueueId],
    ) -> Result<Self, Refusal> {
        let next = match &self.status {
            Status::Open => Status::Open,
            Status::Waiting(waiting) => Status::Waiting(still_waiting(waiting, assignment, at, queues)),
            Status::Ready(ready) if spans(ready.cover, assignment, at, queues) => {
                Status::Ready(ready.clone())
            }
            Status::Ready(ready) => Status::Waiting(Waiting::bound(ready.host)),
            Status::Connected(_) | Status::Closed { .. } | Status::Expired { .. } => return self.refuse(act),
        };
        if self.assignment == assignment {
            return Ok(self);
        }
        self.assignment = assignment;
        self.status = next;
        Ok(self.revised())
    }

    /// Without another expiry, the one that was chosen holds for the new time.
    pub fn reschedule(
        mut self,
        schedule: Schedule,
        expiry: Option<Expiry>,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        if !matches!(self.status, Status::Open | Status::Waiting(_) | Status::Ready(_)) {
            return self.refuse(Act::Reschedule);
        }
        if schedule.at <= now {
            return Err(Refusal::ScheduleInThePast);
        }
        let expiry = expiry.unwrap_or(self.expiry);
        self.expires_at = expires_at(expiry, Some(&schedule), now)?;
        self.expiry = expiry;
        self.schedule = Some(schedule);
        Ok(self)
    }

    pub fn start_now(mut self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if !matches!(self.status, Status::Open | Status::Waiting(_) | Status::Ready(_)) {
            return self.refuse(Act::StartNow);
        }
        if self.schedule.take().is_some() && matches!(self.expiry, Expiry::AfterSeconds(_)) {
            self.expires_at = expires_at(self.expiry, None, now)?;
        }
        Ok(self)
    }

    /// *Connect* while Waiting: the host's window is raised. Claims a request without an agent.
    pub fn ask(mut self, by: Agent, session: SessionId, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let Status::Waiting(waiting) = &self.status else { return self.refuse(Act::Ask) };
        if waiting.host.is_none() {
            return Err(Refusal::NobodyJoined);
        }
        if let Some(agent) = self.assignment.agent.filter(|agent| *agent != by.account) {
            return Err(Refusal::AssignedTo { agent });
        }
        match waiting.ask {
            Some(ask) if ask.agent == by && ask.session == session => return Ok(self),
            Some(ask) if now < ask.until => return Err(Refusal::TakenBy { agent: ask.agent.account }),
            _ => {}
        }
        if let Some(ask_again_at) = waiting.declined_at.map(|at| at + ASK_AGAIN_AFTER).filter(|at| now < *at)
        {
            return Err(Refusal::DeclinedJustNow { ask_again_at });
        }
        let ask = Ask { agent: by, session, until: now + ASK_LASTS };
        let waiting = Waiting { ask: Some(ask), lost: None, ..waiting.clone() };
        self.status = Status::Waiting(waiting);
        if self.assignment.agent.is_some() {
            return Ok(self);
        }
        self.assignment.agent = Some(by.account);
        Ok(self.revised())
    }

    /// The asker took it back, or the asker's client is gone.
    pub fn cancel_ask(self, by: Agent) -> Result<Self, Refusal> {
        match &self.status {
            Status::Waiting(waiting) => match waiting.ask {
                Some(ask) if ask.agent == by => {
                    let waiting = Waiting { ask: None, ..waiting.clone() };
                    Ok(self.with_status(Status::Waiting(waiting)))
                }
                Some(ask) => Err(Refusal::TakenBy { agent: ask.agent.account }),
                None => self.refuse(Act::CancelAsk),
            },
            _ => self.refuse(Act::CancelAsk),
        }
    }

    /// *Connect* while Ready, by an agent whom consent covers. Claims a request without an agent.
    pub fn connect(
        mut self,
        by: Agent,
        queues: &[QueueId],
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let ready = match &self.status {
            Status::Ready(ready) => ready,
            Status::Connected(connected) if connected.running.agent.account != by.account => {
                return Err(Refusal::TakenBy { agent: connected.running.agent.account });
            }
            _ => return self.refuse(Act::Connect),
        };
        match ready.reservation {
            Some(held) if held.agent == by && held.session == session => return Ok(self),
            // Their own earlier attempt did not come about; it does not stand in their way.
            Some(held) if now < held.until && held.agent != by => {
                return Err(Refusal::TakenBy { agent: held.agent.account });
            }
            _ => {}
        }
        if !ready.cover.covers(by.account, by.device, queues) {
            return Err(Refusal::NotCovered);
        }
        if let Some(agent) = self.assignment.agent.filter(|agent| *agent != by.account) {
            return Err(Refusal::AssignedTo { agent });
        }
        let reservation = Reservation { agent: by, session, until: now + RESERVATION_LASTS };
        self.status = Status::Ready(Ready { reservation: Some(reservation), lost: None, ..ready.clone() });
        if self.assignment.agent.is_some() {
            return Ok(self);
        }
        self.assignment.agent = Some(by.account);
        Ok(self.revised())
    }

    /// A *Connect* that was pressed is taken back, and a session that was lost does not come back. The
    /// host's consent holds on.
    pub fn cancel_connect(self, by: Agent) -> Result<Self, Refusal> {
        let was_in = |lost: Option<Lost>| lost.is_some_and(|lost| lost.running.agent == by);
        match &self.status {
            Status::Ready(ready)
                if was_in(ready.lost) || ready.reservation.is_some_and(|held| held.agent == by) =>
            {
                let ready = Ready { reservation: None, lost: None, ..ready.clone() };
                Ok(self.with_status(Status::Ready(ready)))
            }
            Status::Waiting(waiting) if was_in(waiting.lost) => {
                let waiting = Waiting { lost: None, ..waiting.clone() };
                Ok(self.with_status(Status::Waiting(waiting)))
            }
            _ => self.refuse(Act::Connect),
        }
    }

    /// The agent leaves the session; the request stays Ready.
    pub fn disconnect(self, by: Agent, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let Status::Connected(connected) = &self.status else { return self.refuse(Act::Disconnect) };
        if connected.running.agent.account != by.account {
            return Err(Refusal::TakenBy { agent: connected.running.agent.account });
        }
        let ready = Ready {
            host: connected.host,
            cover: connected.cover,
            allowed_at: connected.allowed_at,
            reservation: None,
            lost: None,
        };
        Ok(self.after_session(Status::Ready(ready), now))
    }

    pub fn end_and_close(self, by: Agent, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let Status::Connected(connected) = &self.status else { return self.refuse(Act::EndAndClose) };
        if connected.running.agent.account != by.account {
            return Err(Refusal::TakenBy { agent: connected.running.agent.account });
        }
        Ok(self.with_status(Status::Closed { at: now, why: Closing::Closed }))
    }

    /// The old link and code are dead; whoever joined with them is no longer bound.
    pub fn new_link(mut self) -> Result<Self, Refusal> {
        if !matches!(self.status, Status::Open | Status::Waiting(_) | Status::Ready(_)) {
            return self.refuse(Act::NewLink);
        }
        self.link = LinkNumber(self.link.0 + 1);
        Ok(self.with_status(Status::Open).revised())
    }

    /// Closes in every live status; a running session ends.
    pub fn close(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if !self.status.is_live() {
            return self.refuse(Act::Close);
        }
        Ok(self.with_status(Status::Closed { at: now, why: Closing::Closed }))
    }

    /// By who asked for help.
    pub fn withdraw(self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if !matches!(self.status, Status::Open | Status::Waiting(_) | Status::Ready(_)) {
            return self.refuse(Act::Withdraw);
        }
        Ok(self.with_status(Status::Closed { at: now, why: Closing::Withdrawn }))
    }

    /// Open again, with a new link and a new expiry.
    pub fn reopen(mut self, expiry: Expiry, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if self.status.is_live() {
            return self.refuse(Act::Reopen);
        }
        self.expires_at = expires_at(expiry, None, now)?;
        self.expiry = expiry;
        self.schedule = None;
        self.link = LinkNumber(self.link.0 + 1);
        Ok(self.with_status(Status::Open).revised())
    }
}

/// An ask is one agent's: it does not outlive the request's going to another. A session that may come back
/// does so only under a consent that spans whom the request is given to.
fn still_waiting(
    waiting: &Waiting,
    assignment: Assignment,
    at: Option<DeviceId>,
    queues: &[QueueId],
) -> Waiting {
    Waiting {
        ask: waiting.ask.filter(|ask| assignment.agent == Some(ask.agent.account)),
        lost: waiting.lost.filter(|lost| spans(lost.cover, assignment, at, queues)),
        ..waiting.clone()
    }
}

/// Whether a consent covers everyone whom the assignment means. `queues` are those of its agent, and `at` is
/// the device at which that agent took it.
fn spans(cover: Cover, assignment: Assignment, at: Option<DeviceId>, queues: &[QueueId]) -> bool {
    match (cover, assignment) {
        (Cover::AnyAgent, _) => true,
        (Cover::Agent(covered), Assignment { agent, .. }) => agent == Some(covered),
        (Cover::Queue(covered), Assignment { agent: Some(_), .. }) => queues.contains(&covered),
        (Cover::Queue(covered), Assignment { queue, .. }) => queue == Some(covered),
        (Cover::Device(covered), Assignment { agent: Some(_), .. }) => at == Some(covered),
        (Cover::Device(covered), Assignment { device, .. }) => device == Some(covered),
        (Cover::Peer(_) | Cover::Accepter, _) => false,
    }
}
