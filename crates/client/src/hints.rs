//! How the client tells the window to look again.

use beckon_domain::{RequestId, SessionId};
use tokio::sync::broadcast;

use crate::view::{Hint, NotSent};

/// A window that falls further behind is told so, and reads everything again.
const BACKLOG: usize = 256;
/// More requests than this at once are "many".
const FEW: usize = 100;

#[derive(Clone)]
pub struct Hints(broadcast::Sender<Hint>);

impl Hints {
    pub fn new() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Hint> {
        self.0.subscribe()
    }

    pub fn state(&self) {
        self.send(Hint::State);
    }

    pub fn session(&self, id: SessionId) {
        self.send(Hint::Session { id });
    }

    pub fn files(&self, id: SessionId) {
        self.send(Hint::Files { id });
    }

    pub fn not_sent(&self, id: SessionId, why: NotSent) {
        self.send(Hint::NotSent { id, why });
    }

    pub fn question(&self) {
        self.send(Hint::Question);
    }

    pub fn introductions(&self) {
        self.send(Hint::Introductions);
    }

    pub fn tiles(&self) {
        self.send(Hint::Tiles);
    }

    pub fn requests(&self, ids: Vec<RequestId>, everything: bool) {
        let ids = if everything || ids.len() > FEW { Vec::new() } else { ids };
        self.send(Hint::Requests { ids });
    }

    fn send(&self, hint: Hint) {
        // No window is open: nobody needs to look.
        let _ = self.0.send(hint);
    }
}
