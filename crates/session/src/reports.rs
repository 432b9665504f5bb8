//! Events on their way to this side's person.

use std::collections::VecDeque;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio_util::sync::CancellationToken;

use crate::live::SessionEvent;

/// What does not fit waits here, and while something waits nothing is read from the other side.
pub(crate) struct Reports {
    sender: mpsc::Sender<SessionEvent>,
    waiting: VecDeque<SessionEvent>,
}

impl Reports {
    pub(crate) fn to(sender: mpsc::Sender<SessionEvent>) -> Self {
        Self { sender, waiting: VecDeque::new() }
    }

    pub(crate) fn push(&mut self, event: SessionEvent) {
        if self.waiting.is_empty() {
            if let Err(TrySendError::Full(event)) = self.sender.try_send(event) {
                self.waiting.push_back(event);
            }
            return;
        }
        // Of what comes without anybody's doing only the last one counts, so that it never piles up.
        let same = |waiting: &SessionEvent| {
            matches!(
                (waiting, &event),
                (SessionEvent::Path(_), SessionEvent::Path(_))
                    | (SessionEvent::Permissions(_), SessionEvent::Permissions(_))
                    | (SessionEvent::Asks(_), SessionEvent::Asks(_))
                    | (SessionEvent::ForAWhile(_), SessionEvent::ForAWhile(_))
                    | (SessionEvent::Lost { .. }, SessionEvent::Lost { .. })
                    | (SessionEvent::Resumed, SessionEvent::Resumed)
            )
        };
        self.waiting.retain(|waiting| !same(waiting));
        self.waiting.push_back(event);
    }

    pub(crate) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Hands on one event. Nothing is lost when it is dropped half way.
    pub(crate) async fn deliver(&mut self) {
        match self.sender.reserve().await {
            Ok(place) => {
                if let Some(event) = self.waiting.pop_front() {
                    place.send(event);
                }
            }
            Err(_) => self.waiting.clear(),
        }
    }

    /// Hands on everything, or what still fits once nobody holds the session any longer.
    pub(crate) async fn deliver_all(&mut self, dropped: &CancellationToken) {
        while self.is_waiting() {
            tokio::select! { () = self.deliver() => {}, () = dropped.cancelled() => break }
        }
        for event in self.waiting.drain(..) {
            drop(self.sender.try_send(event));
        }
    }
}
