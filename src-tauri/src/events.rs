//! The client's hints become the window's one event. A hint names what to read again, and carries nothing.

use beckon_client::Client;
use beckon_client::view::Hint;
use beckon_domain::session_request::StatusName;
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::broadcast::error::RecvError;

use crate::calls;
use crate::toasts::Question;
use crate::windows;

pub const HINT: &str = "hint";

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
    match hint {
        Hint::Question => ask(app),
        Hint::State => {
            app.state::<Question>().look(app);
            calls::look(app);
        }
        Hint::Introductions => calls::look(app),
        Hint::Session { id } => calls::look_at_asks(app, id),
        _ => {}
    }
    if let Err(error) = app.emit(HINT, hint) {
        tracing::warn!(%error, "a window did not hear of a change");
    }
}

/// Whoever just joined waits for this window. Whoever is asked later may be writing a letter.
fn ask(app: &AppHandle) {
    let joined = app.state::<Client>().state().joined;
    let somebody_asks = joined.is_some_and(|joined| joined.asked_by.is_some());
    if !somebody_asks && app.get_webview_window(windows::ACCEPT).is_none() {
        windows::show_accept(app);
        return;
    }
    windows::show_accept_above(app);
    if !windows::is_accept_focused(app) {
        app.state::<Question>().is_asked(app);
    }
}
