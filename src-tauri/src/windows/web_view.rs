//! Windows as they are made: hidden, until their page says that it is painted.

use beckon_client::MARK;
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use super::{About, Spare};

/// With the web view that is kept ready, else with a new one. What is dressed may have the focus, if it says so.
pub fn open(
    app: &AppHandle,
    about: About,
    page: &str,
    focused: bool,
    dress: impl Fn(&WebviewWindow) -> tauri::Result<()>,
) {
    let spare = app.state::<Spare>();
    if let Some(ready) = spare.becomes(app, about) {
        let window = ready.window.clone();
        match dress(&window).and_then(|()| ready.shows(page)) {
            Ok(()) => return,
            Err(error) => {
                tracing::warn!(%error, ?about, "the window that was kept ready is of no use");
                // Else it would be closed in the person's name.
                spare.is_gone(window.label());
                if let Err(error) = window.destroy() {
                    tracing::warn!(%error, ?about, "nor does it go");
                }
            }
        }
    }
    let opened = begin(app, &about.label(), page, focused).build().and_then(|window| dress(&window));
    if let Err(error) = opened {
        tracing::error!(%error, ?about, "the window does not open as it should");
    }
}

pub fn begin<'a>(
    app: &'a AppHandle,
    label: &str,
    page: &str,
    focused: bool,
) -> WebviewWindowBuilder<'a, tauri::Wry, AppHandle> {
    WebviewWindowBuilder::new(app, label, WebviewUrl::App(page.into()))
        .window_classname(MARK)
        .visible(false)
        .focused(focused)
        .focusable(focused)
}

/// A window whose page has died answers nothing, and nobody would wait for it.
#[cfg(target_os = "linux")]
pub fn go_with_process(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::WebViewExt;
    let window = window.clone();
    window.clone().with_webview(move |view| {
        view.inner().connect_web_process_terminated(move |_, _| {
            let window = window.clone();
            // Not in the middle of its own signal.
            gtk::glib::idle_add_local_once(move || {
                if let Err(error) = window.destroy() {
                    tracing::warn!(%error, "a window without a page stays");
                }
            });
        });
    })
}
