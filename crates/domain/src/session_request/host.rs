//! The acts of the recipient and of the device that shares its screen.

use chrono::{DateTime, Utc};

use super::{
    Act, Connected, Host, JOIN_OPENS_BEFORE, Lost, RESERVATION_LASTS, Ready, Refusal, Reservation, Revision,
    Running, SessionRequest, Status, Waiting,
};
use crate::device_id::DeviceId;
use crate::statement::SessionId;

impl SessionRequest {
    /// The page's own act, once a person touched it. Opening again changes nothing.
    pub fn open_link(self) -> Result<Self, Refusal> {
        match self.status {
            Status::Open => Ok(self.with_status(Status::Waiting(Waiting::default()))),
            Status::Waiting(_) | Status::Ready(_) | Status::Connected(_) => Ok(self),
            Status::Closed { .. } | Status::Expired { .. } => self.refuse(Act::OpenLink),
        }
    }

    /// A device proved the link or the code. The same device joining again is simply back.
    pub fn join(self, device: DeviceId, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if !self.status.is_live() {
            return self.refuse(Act::Join);
        }
        match self.host() {
            Some(host) if host.device != device => return Err(Refusal::AnotherDeviceJoined),
            Some(_) => return Ok(self.host_back(device)),
            None => {}
        }
        if let Some(opens_at) = self.join_opens_at().filter(|opens_at| now < *opens_at) {
            return Err(Refusal::TooEarly { opens_at });
        }
        Ok(self.with_status(Status::Waiting(Waiting::bound(Host::present(device)))))
    }

    pub fn join_opens_at(&self) -> Option<DateTime<Utc>> {
        self.schedule.as_ref().map(|schedule| schedule.at - JOIN_OPENS_BEFORE)
    }

    /// *Allow access*, for the revision that the window showed. Whoever asked is connected at once.
    /// Allowing again what is allowed already changes nothing.
    pub fn allow(self, by: DeviceId, seen: Revision, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let waiting = match &self.status {
            Status::Waiting(waiting) => waiting,
            Status::Ready(ready) if ready.host.device == by && seen == self.revision => return Ok(self),
            _ => return self.refuse(Act::Allow),
        };
        let host = self.host_is(by)?;
        if seen != self.revision {
            return Err(Refusal::OlderRevision { current: self.revision });
        }
        let reservation = waiting.ask.filter(|ask| now < ask.until).map(|ask| Reservation {
            agent: ask.agent,
            session: ask.session,
            until: now + RESERVATION_LASTS,
        });
        let cover = self.assignment.cover();
        Ok(self.with_status(Status::Ready(Ready { host, cover, allowed_at: now, reservation, lost: None })))
    }

    /// *Deny*: a pending ask ends; the link still works.
    pub fn deny(self, by: DeviceId, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let Status::Waiting(_) = &self.status else { return self.refuse(Act::Deny) };
        let host = self.host_is(by)?;
        let waiting = Waiting { declined_at: Some(now), ..Waiting::bound(host) };
        Ok(self.with_status(Status::Waiting(waiting)))
    }

    /// The host's core reports that the two are connected.
    pub fn connected(self, by: DeviceId, session: SessionId, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let ready = match &self.status {
            Status::Ready(ready) => ready,
            Status::Connected(connected) if connected.running.session == session => {
                return self.beat(by, session, now);
            }
            _ => return self.refuse(Act::Connected),
        };
        let host = self.host_is(by)?;
        let reservation =
            ready.reservation.filter(|held| held.session == session).ok_or(Refusal::OtherSession)?;
        let running = Running { agent: reservation.agent, session, since: now };
        let (cover, allowed_at) = (ready.cover, ready.allowed_at);
        let connected = Connected { host, cover, allowed_at, running, last_beat: now, lost_at: None };
        Ok(self.with_status(Status::Connected(connected)))
    }

    /// The host is in this session. A host that returns still in session makes the request Connected again.
    pub fn beat(self, by: DeviceId, session: SessionId, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let host = self.host_is(by)?;
        let next = match &self.status {
            Status::Connected(connected) if connected.running.session == session => {
                Connected { host, last_beat: now, lost_at: None, ..connected.clone() }
            }
            Status::Waiting(Waiting { lost: Some(lost), .. })
            | Status::Ready(Ready { lost: Some(lost), .. })
                if lost.running.session == session =>
            {
                let Lost { running, cover, allowed_at } = *lost;
                Connected { host, cover, allowed_at, running, last_beat: now, lost_at: None }
            }
            _ => return Err(Refusal::OtherSession),
        };
        Ok(self.with_status(Status::Connected(next)))
    }

    /// The host reports that the connection broke. It stays Connected while both try to resume.
    pub fn connection_lost(
        self,
        by: DeviceId,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let Status::Connected(connected) = &self.status else { return self.refuse(Act::ConnectionLost) };
        let host = self.host_is(by)?;
        if connected.running.session != session {
            return Err(Refusal::OtherSession);
        }
        let lost_at = connected.lost_at.or(Some(now));
        let connected = Connected { host, lost_at, last_beat: now, ..connected.clone() };
        Ok(self.with_status(Status::Connected(connected)))
    }

    /// The host reports that the viewer left the session, without an act of the agent's at the service.
    pub fn viewer_left(self, by: DeviceId, session: SessionId, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let Status::Connected(connected) = &self.status else { return self.refuse(Act::Disconnect) };
        self.host_is(by)?;
        if connected.running.session != session {
            return Err(Refusal::OtherSession);
        }
        let agent = connected.running.agent;
        self.disconnect(agent, now)
    }

    /// The host ends the session; consent is over.
    pub fn end(self, by: DeviceId, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let Status::Connected(_) = &self.status else { return self.refuse(Act::End) };
        let host = self.host_is(by)?;
        Ok(self.after_session(Status::Waiting(Waiting::bound(host)), now))
    }

    /// The host leaves; it is no longer bound.
    pub fn leave(self, by: DeviceId) -> Result<Self, Refusal> {
        let (Status::Waiting(_) | Status::Ready(_)) = &self.status else { return self.refuse(Act::Leave) };
        self.host_is(by)?;
        Ok(self.with_status(Status::Waiting(Waiting::default())))
    }

    /// The host's consent ran out, or its window was closed.
    pub fn consent_over(self, by: DeviceId) -> Result<Self, Refusal> {
        let Status::Ready(_) = &self.status else { return self.refuse(Act::ConsentOver) };
        let host = self.host_is(by)?;
        Ok(self.with_status(Status::Waiting(Waiting::bound(host))))
    }

    /// The service no longer hears of the host's client.
    #[must_use]
    pub fn host_gone(self, device: DeviceId, now: DateTime<Utc>) -> Self {
        self.with_host(device, |host| Host { silent_since: host.silent_since.or(Some(now)), ..host })
    }

    /// The service hears of the host's client again.
    #[must_use]
    pub fn host_back(self, device: DeviceId) -> Self {
        self.with_host(device, |host| Host { silent_since: None, ..host })
    }

    fn with_host(mut self, device: DeviceId, change: impl FnOnce(Host) -> Host) -> Self {
        let host = match &mut self.status {
            Status::Waiting(waiting) => waiting.host.as_mut(),
            Status::Ready(ready) => Some(&mut ready.host),
            Status::Connected(connected) => Some(&mut connected.host),
            Status::Open | Status::Closed { .. } | Status::Expired { .. } => None,
        };
        if let Some(host) = host.filter(|host| host.device == device) {
            *host = change(*host);
        }
        self
    }

    /// Whoever acts as the host is heard of.
    fn host_is(&self, device: DeviceId) -> Result<Host, Refusal> {
        match self.host() {
            Some(host) if host.device == device => Ok(Host::present(device)),
            _ => Err(Refusal::NotTheHost),
        }
    }
}
