//! The program's windows: built hidden, shown when their page says it is painted, destroyed when closed.

use beckon_client::Client;
use beckon_domain::SessionId;
use tauri::{
    AppHandle, Manager, Runtime, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent,
};

pub const MAIN: &str = "main";
pub const ACCEPT: &str = "accept";
const SESSION_PREFIX: &str = "session-";

pub fn show_main(app: &AppHandle) {
    open(app, MAIN, "index.html?view=main", |window| {
        window.title("Beckon").inner_size(960.0, 640.0).min_inner_size(720.0, 520.0)
    });
}

/// Who wants in: on top while it is open, since a person must not miss it.
pub fn show_accept(app: &AppHandle) {
    open(app, ACCEPT, "index.html?view=accept", |window| {
        window
            .title("Beckon: access to this computer")
            .inner_size(380.0, 640.0)
            .min_inner_size(380.0, 480.0)
            .always_on_top(true)
    });
}

pub fn show_session(app: &AppHandle, session: SessionId) {
    let id = session.0;
    open(app, &format!("{SESSION_PREFIX}{id}"), &format!("index.html?view=session&id={id}"), |window| {
        window.title("Beckon: session").inner_size(1000.0, 680.0).min_inner_size(640.0, 480.0)
    });
}

/// The page is painted: now it may be seen, without a white flash.
pub fn show_painted<R: Runtime>(window: &WebviewWindow<R>) {
    if let Err(error) = window.show().and_then(|()| window.set_focus()) {
        tracing::warn!(%error, window = window.label(), "the window does not show");
    }
}

/// Closing a window is an answer too: to a question it is never yes.
pub fn on_event(window: &Window, event: &WindowEvent) {
    match event {
        WindowEvent::Focused(true) => window.state::<Client>().look_again(),
        WindowEvent::Destroyed => closed(window),
        _ => {}
    }
}

fn closed(window: &Window) {
    let app = window.app_handle().clone();
    let label = window.label().to_owned();
    tauri::async_runtime::spawn(async move {
        let client = app.state::<Client>();
        if label == ACCEPT {
            client.accept_window_closed().await;
        } else if let Some(id) = label.strip_prefix(SESSION_PREFIX).and_then(|id| id.parse().ok()) {
            client.session_window_closed(SessionId(id)).await;
        }
    });
}

type Builder<'a> = WebviewWindowBuilder<'a, tauri::Wry, AppHandle>;

fn open(app: &AppHandle, label: &str, page: &str, shape: impl FnOnce(Builder<'_>) -> Builder<'_>) {
    if let Some(window) = app.get_webview_window(label) {
        let raised = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
        if let Err(error) = raised {
            tracing::warn!(%error, label, "the window does not come to the front");
        }
        return;
    }
    let builder = WebviewWindowBuilder::new(app, label, WebviewUrl::App(page.into())).visible(false);
    match shape(builder).build() {
        Ok(window) => draw_without_gpu(&window),
        Err(error) => tracing::error!(%error, label, "the window cannot be opened"),
    }
}

/// Lists and dialogs paint sooner, and in less memory, without a GPU process. Session windows will differ.
#[cfg(target_os = "linux")]
fn draw_without_gpu(window: &WebviewWindow) {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    let set = window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    });
    if let Err(error) = set {
        tracing::debug!(%error, "the web view keeps its own drawing policy");
    }
}

#[cfg(not(target_os = "linux"))]
fn draw_without_gpu(_window: &WebviewWindow) {}
