//! What stands on the frames of the windows, in the language that is spoken now.

use tauri::{AppHandle, Manager};

use crate::assist::AssistFile;
use crate::windows::{ACCEPT, MAIN, program_name};
use crate::words::t;

/// Of the windows that are open already.
pub fn say_anew(app: &AppHandle) {
    for (label, window) in app.webview_windows() {
        let Some(title) = of(app, &label) else { continue };
        if let Err(error) = window.set_title(&title) {
            tracing::warn!(%error, label, "the window keeps its old title");
        }
    }
}

/// A window's label begins with what it is about.
fn of(app: &AppHandle, label: &str) -> Option<String> {
    let about = label.split_once('-').map_or(label, |(about, _)| about);
    Some(match about {
        MAIN if app.state::<AssistFile>().is_assist() => t("window.assist", &[]),
        MAIN => program_name(app),
        ACCEPT => t("window.accept", &[]),
        "session" => t("window.session_untitled", &[]),
        "call" => t("window.call", &[]),
        "ring" => t("window.ring", &[]),
        "host" => t("window.host", &[]),
        "popup" => t("window.popup", &[]),
        _ => return None,
    })
}
