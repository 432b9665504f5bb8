//! What stands on the frames of the windows, in the language that is spoken now.

use beckon_client::Client;
use tauri::{AppHandle, Manager};

use crate::assist::AssistFile;
use crate::windows::{About, opened, program_name};
use crate::words::t;

/// Of the windows that are open already.
pub fn say_anew(app: &AppHandle) {
    for (about, window) in opened(app) {
        if let Err(error) = window.set_title(&of(app, about)) {
            tracing::warn!(%error, ?about, "the window keeps its old title");
        }
    }
}

pub fn of(app: &AppHandle, about: About) -> String {
    match about {
        About::Main if app.state::<AssistFile>().is_assist() => t("window.assist", &[]),
        About::Main => program_name(app),
        About::Accept => t("window.accept", &[]),
        About::Session(id) => match app.state::<Client>().session_state(id) {
            Some(session) => t("window.session", &[("peer", &session.peer)]),
            None => t("window.session_untitled", &[]),
        },
        About::Call(_) => t("window.call", &[]),
        About::Ring(_) => t("window.ring", &[]),
        About::Host(_) => t("window.host", &[]),
        About::Popup(_) => t("window.popup", &[]),
    }
}
