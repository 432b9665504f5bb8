//! Bringing a window forward: with the focus for the person who asked for it, without it for anybody else.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

use tauri::{UserAttentionType, WebviewWindow};

#[cfg(target_os = "linux")]
use linux::show_unfocused;
#[cfg(target_os = "macos")]
use macos::show_unfocused;
#[cfg(windows)]
use windows::show_unfocused;

/// The person asked for this window: it is shown, and has the focus.
pub fn come_forward(window: &WebviewWindow) {
    complain(window, focus(window));
}

fn focus(window: &WebviewWindow) -> tauri::Result<()> {
    if window.is_minimized()? {
        window.unminimize()?;
    }
    window.show()?;
    window.set_focusable(true)?;
    window.set_focus()
}

/// Somebody else wants something: the window is visible, on top and marked as urgent, and whoever types
/// elsewhere goes on typing there.
pub fn show_above(window: &WebviewWindow) {
    let shown = window.clone();
    complain(window, window.set_always_on_top(true));
    complain(window, window.run_on_main_thread(move || complain(&shown, show_unfocused(&shown))));
    complain(window, window.request_user_attention(Some(UserAttentionType::Informational)));
}

/// The person looks at it: it no longer calls.
pub fn is_seen(window: &WebviewWindow) {
    complain(window, window.request_user_attention(None));
}

/// It stands among the other windows again.
pub fn step_back(window: &WebviewWindow) {
    complain(window, window.set_always_on_top(false));
}

fn complain(window: &WebviewWindow, raised: tauri::Result<()>) {
    if let Err(error) = raised {
        tracing::warn!(%error, label = window.label(), "the window does not come to the front");
    }
}
