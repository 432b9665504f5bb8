//! The viewer's side of the shared clipboard. The host's is lent when its session begins, and answers.

use std::ops::ControlFlow;
use std::sync::Arc;

use beckon_domain::SessionId;
use beckon_session::LiveSession;
use beckon_session::clipboard::ClipboardEnd;

use crate::client::Client;

impl Client {
    /// The viewer's person clicked or typed in the remote screen: their clipboard is shared from now on, if the
    /// host allows it.
    pub fn first_act(&self, id: SessionId) {
        if let Some(live) = self.inner().sessions.live(id) {
            live.first_act();
        }
    }
}

/// On one connection.
pub async fn exchange(live: Arc<LiveSession>) -> ControlFlow<()> {
    match live.exchange_clipboards().await {
        Ok(()) | Err(ClipboardEnd::Lost) => ControlFlow::Continue(()),
        Err(ClipboardEnd::Misbehaved) => {
            tracing::warn!("the host broke the clipboard's protocol; it is shared no longer");
            ControlFlow::Break(())
        }
    }
}
