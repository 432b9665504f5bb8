//! The client's hints become the window's one event. A hint names what to read again, and carries nothing.

use beckon_client::Client;
use beckon_client::view::Hint;
use beckon_domain::session_request::StatusName;
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::broadcast::error::RecvError;

use crate::windows;

const HINT: &str = "hint";

/// Runs as long as the client does.
pub fn forward(app: &AppHandle) {
    let mut hints = app.state::<Client>().hints();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            match hints.recv().await {
                Ok(hint) => pass_on(&app, hint),
                // Too many at once: whatever was missed, everything is read again.
                Err(RecvError::Lagged(_)) => {
                    pass_on(&app, Hint::State);
                    if app
                        .state::<Client>()
                        .state()
                        .joined
                        .is_some_and(|joined| joined.status == StatusName::Waiting)
                    {
                        pass_on(&app, Hint::Question);
                    }
                    pass_on(&app, Hint::Requests { ids: Vec::new() });
                }
                Err(RecvError::Closed) => return,
            }
        }
    });
}

fn pass_on(app: &AppHandle, hint: Hint) {
    if hint == Hint::Question {
        windows::show_accept(app);
    }
    if let Err(error) = app.emit(HINT, hint) {
        tracing::warn!(%error, "a window did not hear of a change");
    }
}
