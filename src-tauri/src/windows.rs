//! The program's windows: built hidden, shown when their page says it is painted, destroyed when closed.

mod about;
#[cfg(target_os = "linux")]
mod mark;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use beckon_client::view::Hint;
use beckon_client::{Client, MARK};
use beckon_domain::{CallId, RequestId, SessionId};
use beckon_wire::ApiError;
use tauri::{
    AppHandle, DragDropEvent, Emitter, LogicalPosition, LogicalSize, Manager, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, Window, WindowEvent,
};

use crate::assist::AssistFile;
use crate::calls;
use crate::commands;
use crate::events::HINT;
use crate::pending::Pending;
use crate::raise;
use crate::toasts::{self, Question, Rings};
use crate::tray;
use crate::words::t;
use about::About;
#[cfg(target_os = "linux")]
pub use mark::mark_as_own;

pub const MAIN: &str = "main";
pub const ACCEPT: &str = "accept";

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
    app.state::<Pending>().request.put(request);
    show_pending(app);
}

/// The main window, which says why something was not done that was pressed elsewhere.
pub fn show_problem(app: &AppHandle, problem: ApiError) {
    app.state::<Pending>().problem.put(problem);
    show_pending(app);
}

fn show_pending(app: &AppHandle) {
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
    open_session(app, session, Entrance::Forward);
}

fn open_session(app: &AppHandle, session: SessionId, entrance: Entrance) {
    open_about(app, About::Session(session), entrance, |window| {
        window.title(t("window.session_untitled", &[])).inner_size(1000.0, 680.0).min_inner_size(640.0, 480.0)
    });
}

/// The two are connected; nobody here pressed anything just now, and the person may be writing elsewhere.
pub fn show_session_of_call(app: &AppHandle, session: SessionId, call: CallId) {
    let waits = is_focused(app, &About::Call(call).label());
    open_session(app, session, if waits { Entrance::Forward } else { Entrance::Above });
}

/// Who is called. One call at a time: what an earlier one came to has been seen.
pub fn show_call(app: &AppHandle, call: CallId) {
    for earlier in shown_calls(app).into_iter().filter(|earlier| *earlier != call) {
        close_call(app, earlier);
    }
    open_about(app, About::Call(call), Entrance::Forward, |window| {
        let window =
            window.title(t("window.call", &[])).inner_size(380.0, 260.0).min_inner_size(320.0, 240.0);
        window.always_on_top(true)
    });
}

/// Whose calls have a window.
pub fn shown_calls(app: &AppHandle) -> Vec<CallId> {
    let labels = app.webview_windows().into_keys();
    labels
        .filter_map(|label| match About::of(&label) {
            Some(About::Call(call)) => Some(call),
            _ => None,
        })
        .collect()
}

pub fn close_call(app: &AppHandle, call: CallId) {
    close(app, About::Call(call));
}

/// Who calls, for a person who pressed the toast.
pub fn show_ring(app: &AppHandle, call: CallId) {
    open_ring(app, call, Entrance::Forward);
}

/// Who calls, while the person may be working elsewhere.
pub fn show_ring_above(app: &AppHandle, call: CallId) {
    open_ring(app, call, Entrance::Above);
}

pub fn close_ring(app: &AppHandle, call: CallId) {
    close(app, About::Ring(call));
}

pub fn is_ring_focused(app: &AppHandle, call: CallId) -> bool {
    is_focused(app, &About::Ring(call).label())
}

/// Who sees this screen. The person may be writing a letter.
pub fn show_host(app: &AppHandle, session: SessionId) {
    open_about(app, About::Host(session), Entrance::Above, |window| as_accept(window, "window.host"));
}

/// Its window says what is asked, wherever the person is.
pub fn raise_host(app: &AppHandle, session: SessionId) {
    raise_above(app, &About::Host(session).label());
}

/// As [`raise_host`], of a session that came of a request.
pub fn raise_accept(app: &AppHandle) {
    raise_above(app, ACCEPT);
}

fn raise_above(app: &AppHandle, label: &str) {
    let is_painted = !lock(&app.state::<Entrances>()).contains_key(label);
    if let Some(window) = app.get_webview_window(label).filter(|_| is_painted && !is_focused(app, label)) {
        come_up(&window, Entrance::Above);
    }
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
    match About::of(window.label()) {
        Some(About::Main) => return toasts::many_are_seen(app),
        Some(About::Accept) => app.state::<Question>().is_seen(app),
        Some(About::Ring(call)) => app.state::<Rings>().is_seen(app, call),
        Some(About::Host(_)) => {}
        _ => return,
    }
    if let Some(window) = app.get_webview_window(window.label()) {
        raise::is_seen(&window);
    }
}

fn dropped(window: &Window, paths: &[PathBuf]) {
    let joined = || window.state::<Client>().state().joined.and_then(|joined| joined.session);
    let about = About::of(window.label());
    // A button always comes up again, also over what has come up under it: it may be a viewer's.
    let is_host = matches!(about, Some(About::Host(_) | About::Accept));
    if is_host && window.state::<Client>().is_viewer_typing() {
        return tracing::info!("what is dropped while a viewer uses keys or buttons is not offered");
    }
    let session = match about {
        Some(About::Session(id) | About::Host(id)) => Some(id),
        Some(About::Accept) => joined(),
        _ => None,
    };
    if let Some(id) = session {
        commands::files::dropped(window.app_handle(), id, paths);
    }
}

fn closed(window: &Window) {
    let app = window.app_handle().clone();
    let label = window.label().to_owned();
    lock(&app.state::<Entrances>()).remove(&label);
    if label == MAIN {
        tray::set_hidden(&app, false);
    }
    tauri::async_runtime::spawn(async move {
        let client = app.state::<Client>();
        match About::of(&label) {
            Some(About::Accept) => client.accept_window_closed().await,
            Some(About::Session(id) | About::Host(id)) => client.session_window_closed(id).await,
            Some(About::Call(id)) => client.call_window_closed(id).await,
            Some(About::Ring(id)) => {
                client.ring_window_closed(id).await;
                calls::look(&app);
            }
            Some(About::Main) | None => {}
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
pub fn program_name(app: &AppHandle) -> String {
    let custom = app.state::<Client>().state().custom;
    custom.map_or_else(|| t("app.name", &[]), |custom| custom.name.to_string())
}

fn open_accept(app: &AppHandle, entrance: Entrance) {
    open_about(app, About::Accept, entrance, |window| as_accept(window, "window.accept"));
}

fn open_ring(app: &AppHandle, call: CallId, entrance: Entrance) {
    let beside = beside_other_rings(app);
    open_about(app, About::Ring(call), entrance, |window| {
        let window = as_accept(window, "window.ring");
        match beside {
            Some(LogicalPosition { x, y }) => window.position(x, y),
            None => window,
        }
    });
}

/// Who calls next does not cover who called before.
fn beside_other_rings(app: &AppHandle) -> Option<LogicalPosition<f64>> {
    const STEP: f64 = 36.0;
    let is_ring = |(label, _): &(String, WebviewWindow)| matches!(About::of(label), Some(About::Ring(_)));
    let rings = app.webview_windows().into_iter().filter(is_ring).map(|(_, window)| window);
    let shown = rings.filter(|window| window.is_visible().unwrap_or(false));
    let places = shown.filter_map(|window| {
        let scale = window.scale_factor().ok()?;
        Some(window.outer_position().ok()?.to_logical::<f64>(scale))
    });
    let last = places.max_by(|one, other| one.x.total_cmp(&other.x))?;
    Some(LogicalPosition::new(last.x + STEP, last.y + STEP))
}

/// The host's windows get no smaller, unless as bars.
pub const LEAST_ACCEPT: LogicalSize<f64> = LogicalSize::new(380.0, 480.0);

/// On top while it is open, since a person must not miss it.
fn as_accept<'a>(window: Builder<'a>, title: &str) -> Builder<'a> {
    let LogicalSize { width, height } = LEAST_ACCEPT;
    let window = window.title(t(title, &[])).inner_size(380.0, 640.0).min_inner_size(width, height);
    window.always_on_top(true)
}

type Builder<'a> = WebviewWindowBuilder<'a, tauri::Wry, AppHandle>;

fn open_about(
    app: &AppHandle,
    about: About,
    entrance: Entrance,
    shape: impl FnOnce(Builder<'_>) -> Builder<'_>,
) {
    open(app, &about.label(), &about.page(), entrance, shape);
}

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
        .window_classname(MARK)
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

fn close(app: &AppHandle, about: About) {
    let Some(window) = app.get_webview_window(&about.label()) else { return };
    if let Err(error) = window.close() {
        tracing::warn!(%error, label = window.label(), "the window does not close");
    }
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
pub fn draw_without_gpu(window: &WebviewWindow) {
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
pub fn draw_without_gpu(_window: &WebviewWindow) {}
