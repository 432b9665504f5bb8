//! What happens by itself. The service calls [`SessionRequest::elapse`] before every act and when a
//! deadline comes, so that no act ever sees a state whose time is over.

use chrono::{DateTime, Utc};

use super::{Act, Connected, HOST_SILENT_FOR, Lost, RESUME_FOR, Ready, SessionRequest, Status, Waiting};

impl SessionRequest {
    /// When something will next happen by itself, if nobody acts before.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        let expiry = Some(self.expires_at);
        match &self.status {
            Status::Open => expiry,
            Status::Waiting(waiting) => earliest([expiry, waiting.ask.map(|ask| ask.until)]),
            Status::Ready(ready) => {
                let silent = ready.host.silent_since.map(|since| since + HOST_SILENT_FOR);
                earliest([expiry, silent, ready.reservation.map(|reservation| reservation.until)])
            }
            Status::Connected(connected) => Some(resume_ends(connected)),
            Status::Closed { .. } | Status::Expired { .. } => None,
        }
    }

    /// The request as it is at `now`, and what happened on the way, in order.
    pub fn elapse(mut self, now: DateTime<Utc>) -> (Self, Vec<Act>) {
        let mut happened = Vec::new();
        // Each round takes one deadline away, so this ends.
        while self.due().is_some_and(|due| due <= now) {
            let (next, act) = self.elapse_once(now);
            self = next;
            happened.push(act);
        }
        (self, happened)
    }

    fn elapse_once(self, now: DateTime<Utc>) -> (Self, Act) {
        let at = self.expires_at;
        match self.status.clone() {
            Status::Connected(connected) => {
                let next = after_loss(&connected);
                (self.after_session(next, now), Act::ResumeEnded)
            }
            _ if at <= now => (self.with_status(Status::Expired { at }), Act::Expire),
            Status::Waiting(waiting) => {
                let waiting = Waiting { ask: None, ..waiting };
                (self.with_status(Status::Waiting(waiting)), Act::AskEnded)
            }
            Status::Ready(ready) if ready.reservation.is_some_and(|held| held.until <= now) => {
                let ready = Ready { reservation: None, ..ready };
                (self.with_status(Status::Ready(ready)), Act::ReservationEnded)
            }
            Status::Ready(ready) => {
                let waiting = Waiting { lost: ready.lost, ..Waiting::bound(ready.host) };
                (self.with_status(Status::Waiting(waiting)), Act::HostSilent)
            }
            // Without a deadline of their own: only the expiry above comes to these.
            status @ (Status::Open | Status::Closed { .. } | Status::Expired { .. }) => {
                (self.with_status(status), Act::Expire)
            }
        }
    }
}

/// Two minutes after the host reported the loss, or after its last beat.
fn resume_ends(connected: &Connected) -> DateTime<Utc> {
    connected.lost_at.unwrap_or(connected.last_beat) + RESUME_FOR
}

fn after_loss(connected: &Connected) -> Status {
    let Connected { running, cover, allowed_at, .. } = *connected;
    let lost = Some(Lost { running, cover, allowed_at });
    if connected.host.is_present() {
        Status::Ready(Ready { host: connected.host, cover, allowed_at, reservation: None, lost })
    } else {
        Status::Waiting(Waiting { lost, ..Waiting::bound(connected.host) })
    }
}

fn earliest<const N: usize>(moments: [Option<DateTime<Utc>>; N]) -> Option<DateTime<Utc>> {
    moments.into_iter().flatten().min()
}
