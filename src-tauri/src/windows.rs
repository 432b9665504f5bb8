//! The program's windows: built hidden, shown when their page says it is painted, destroyed when closed.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use beckon_client::Client;
use beckon_client::view::Hint;
use beckon_domain::{RequestId, SessionId};
use tauri::{
    AppHandle, DragDropEvent, Emitter, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Window,
    WindowEvent,
};

use crate::assist::AssistFile;
use crate::commands;
use crate::events::HINT;
use crate::pending::Pending;
use crate::raise;
use crate::toasts::{self, Question};
use crate::words::t;

pub const MAIN: &str = "main";
pub const ACCEPT: &str = "accept";
const SESSION_PREFIX: &str = "session-";

/// How windows come up whose pages are not painted yet.
#[derive(Default)]
pub struct Entrances(Mutex<HashMap<String, Entrance>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entrance {
    /// The person asked for it.
    Forward,
    /// Somebody else wants something.
    Above,
    /// The system started the program, and there is no better place to wait.
    Minimized,
}

pub fn show_main(app: &AppHandle) {
    open_main(app, Entrance::Forward);
}

/// For a start by the system; a window that the person has opened meanwhile stays as it is.
pub fn show_main_minimized(app: &AppHandle) {
    if app.get_webview_window(MAIN).is_none() {
        open_main(app, Entrance::Minimized);
    }
}

/// The main window, with this request's details.
pub fn show_request(app: &AppHandle, request: RequestId) {
    app.state::<Pending>().put(request);
    show_main(app);
    if let Err(error) = app.emit_to(MAIN, HINT, Hint::Show) {
        tracing::warn!(%error, "the main window does not hear what to show");
    }
}

/// Who wants in, for a person who just joined, or who pressed the toast.
pub fn show_accept(app: &AppHandle) {
    open_accept(app, Entrance::Forward);
}

/// Who wants in, while the person may be working elsewhere.
pub fn show_accept_above(app: &AppHandle) {
    open_accept(app, Entrance::Above);
}

pub fn show_session(app: &AppHandle, session: SessionId) {
    let id = session.0;
    let (label, page) = (format!("{SESSION_PREFIX}{id}"), format!("index.html?view=session&id={id}"));
    open(app, &label, &page, Entrance::Forward, |window| {
        window.title(t("window.session_untitled", &[])).inner_size(1000.0, 680.0).min_inner_size(640.0, 480.0)
    });
}

pub fn is_main_focused(app: &AppHandle) -> bool {
    is_focused(app, MAIN)
}

pub fn is_accept_focused(app: &AppHandle) -> bool {
    is_focused(app, ACCEPT)
}

/// The page is painted: now it may be seen, without a white flash.
pub fn show_painted(window: &WebviewWindow) {
    let entrance = lock(&window.state::<Entrances>()).remove(window.label());
    come_up(window, entrance.unwrap_or(Entrance::Forward));
}

/// Closing a window is an answer too: to a question it is never yes.
pub fn on_event(window: &Window, event: &WindowEvent) {
    match event {
        WindowEvent::Focused(true) => focused(window),
        WindowEvent::Destroyed => closed(window),
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => dropped(window, paths),
        _ => {}
    }
}

fn focused(window: &Window) {
    let app = window.app_handle();
    app.state::<Client>().look_again();
    match window.label() {
        MAIN => toasts::many_are_seen(app),
        ACCEPT => {
            app.state::<Question>().is_seen(app);
            if let Some(window) = app.get_webview_window(ACCEPT) {
                raise::is_seen(&window);
            }
        }
        _ => {}
    }
}

fn dropped(window: &Window, paths: &[PathBuf]) {
    if let Some(id) = session_of(window.label()) {
        commands::files::dropped(window.app_handle(), id, paths);
    }
}

fn session_of(label: &str) -> Option<SessionId> {
    label.strip_prefix(SESSION_PREFIX)?.parse().ok().map(SessionId)
}

fn closed(window: &Window) {
    let app = window.app_handle().clone();
    let label = window.label().to_owned();
    lock(&app.state::<Entrances>()).remove(&label);
    tauri::async_runtime::spawn(async move {
        let client = app.state::<Client>();
        if label == ACCEPT {
            client.accept_window_closed().await;
        } else if let Some(id) = session_of(&label) {
            client.session_window_closed(id).await;
        }
    });
}

fn open_main(app: &AppHandle, entrance: Entrance) {
    if app.state::<AssistFile>().is_assist() {
        open(app, MAIN, "index.html?view=assist", entrance, |window| {
            window.title(t("window.assist", &[])).inner_size(460.0, 560.0).min_inner_size(400.0, 520.0)
        });
        return;
    }
    open(app, MAIN, "index.html?view=main", entrance, |window| {
        window.title(program_name(app)).inner_size(960.0, 640.0).min_inner_size(720.0, 520.0)
    });
}

/// What people call this program.
fn program_name(app: &AppHandle) -> String {
    let custom = app.state::<Client>().state().custom;
    custom.map_or_else(|| t("app.name", &[]), |custom| custom.name.to_string())
}

/// On top while it is open, since a person must not miss it.
fn open_accept(app: &AppHandle, entrance: Entrance) {
    open(app, ACCEPT, "index.html?view=accept", entrance, |window| {
        window
            .title(t("window.accept", &[]))
            .inner_size(380.0, 640.0)
            .min_inner_size(380.0, 480.0)
            .always_on_top(true)
    });
}

type Builder<'a> = WebviewWindowBuilder<'a, tauri::Wry, AppHandle>;

fn open(
    app: &AppHandle,
    label: &str,
    page: &str,
    entrance: Entrance,
    shape: impl FnOnce(Builder<'_>) -> Builder<'_>,
) {
    let entrances = app.state::<Entrances>();
    if let Some(window) = app.get_webview_window(label) {
        if !comes_by_itself(&entrances, label, entrance) {
            come_up(&window, entrance);
        }
        return;
    }
    lock(&entrances).insert(label.to_owned(), entrance);
    let builder = WebviewWindowBuilder::new(app, label, WebviewUrl::App(page.into()))
        .visible(false)
        .focused(entrance != Entrance::Above);
    match shape(builder).build() {
        Ok(window) => draw_without_gpu(&window),
        Err(error) => tracing::error!(%error, label, "the window cannot be opened"),
    }
}

/// Before its page is painted, a window is not shown: its web view could stay blank for good.
fn comes_by_itself(entrances: &Entrances, label: &str, entrance: Entrance) -> bool {
    let mut entrances = lock(entrances);
    let Some(waiting) = entrances.get_mut(label) else { return false };
    if entrance == Entrance::Forward {
        *waiting = entrance;
    }
    true
}

fn come_up(window: &WebviewWindow, entrance: Entrance) {
    match entrance {
        Entrance::Forward => raise::come_forward(window),
        Entrance::Above => raise::show_above(window),
        Entrance::Minimized => {
            if let Err(error) = window.minimize().and_then(|()| window.show()) {
                tracing::warn!(%error, "the window does not show");
            }
        }
    }
}

fn is_focused(app: &AppHandle, label: &str) -> bool {
    app.get_webview_window(label).is_some_and(|window| window.is_focused().unwrap_or(false))
}

fn lock(entrances: &Entrances) -> std::sync::MutexGuard<'_, HashMap<String, Entrance>> {
    entrances.0.lock().unwrap_or_else(PoisonError::into_inner)
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
