//! Whether the host's screen can be seen, as the viewer's window says it.

use std::sync::Arc;

use beckon_domain::SessionId;
use beckon_session::ScreenState;
use tokio::sync::watch;

use crate::sessions::Sessions;

/// Until the session ends.
pub fn follow(sessions: &Arc<Sessions>, id: SessionId, mut told: watch::Receiver<ScreenState>) {
    let listening = sessions.clone();
    sessions.beside.spawn(async move {
        while told.changed().await.is_ok() {
            let hidden = *told.borrow_and_update() == ScreenState::Hidden;
            listening.set_screen_hidden(id, hidden);
        }
    });
}

#[cfg(test)]
mod tests;
