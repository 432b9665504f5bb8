//! The program's windows: built hidden, shown when their page says it is painted, destroyed when closed.

mod about;
#[cfg(target_os = "linux")]
mod drawing;
mod entrance;
#[cfg(target_os = "linux")]
mod mark;
mod on_top;
mod spare;
mod web_view;

use std::path::PathBuf;

use beckon_client::Client;
use beckon_client::view::Hint;
use beckon_domain::{CallId, RequestId, SessionId};
use beckon_wire::ApiError;
use tauri::{
    AppHandle, DragDropEvent, Emitter, LogicalPosition, LogicalSize, Manager, WebviewWindow, Window,
    WindowEvent,
};

use crate::assist::AssistFile;
use crate::calls;
use crate::events::HINT;
use crate::pending::Pending;
use crate::raise;
use crate::titles;
use crate::toasts::{self, Question, Rings};
use crate::tray;
use crate::words::t;
pub use about::{About, about, find, opened};
#[cfg(target_os = "linux")]
pub use drawing::needs_no_gpu;
use entrance::Entrance;
pub use entrance::Entrances;
#[cfg(target_os = "linux")]
pub use mark::mark_as_own;
pub use on_top::{Allowed, look as look_who_asks};
pub use spare::{Spare, follow as keep_one_ready};
pub use web_view::open as open_web_view;

pub const MAIN: &str = "main";
pub const ACCEPT: &str = "accept";

pub fn show_main(app: &AppHandle) {
    open_main(app, Entrance::Forward);
}

/// For a start by the system; a window that the person has opened meanwhile stays as it is.
pub fn show_main_minimized(app: &AppHandle) {
    if find(app, About::Main).is_none() {
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
    let about = About::Session(session);
    let title = titles::of(app, about);
    open(app, about, entrance, |window| shape(window, &title, (1000.0, 680.0), (640.0, 480.0)));
}

/// The two are connected; nobody here pressed anything just now, and the person may be writing elsewhere.
pub fn show_session_of_call(app: &AppHandle, session: SessionId, call: CallId) {
    let waits = is_focused(app, About::Call(call));
    open_session(app, session, if waits { Entrance::Forward } else { Entrance::Above });
}

/// Who is called. One call at a time: what an earlier one came to has been seen.
pub fn show_call(app: &AppHandle, call: CallId) {
    for earlier in shown_calls(app).into_iter().filter(|earlier| *earlier != call) {
        close_call(app, earlier);
    }
    open(app, About::Call(call), Entrance::Forward, |window| {
        shape(window, &t("window.call", &[]), (380.0, 260.0), (320.0, 240.0))?;
        window.set_always_on_top(true)
    });
}

/// Whose calls have a window.
pub fn shown_calls(app: &AppHandle) -> Vec<CallId> {
    let calls = opened(app).filter_map(|(about, _)| match about {
        About::Call(call) => Some(call),
        _ => None,
    });
    calls.collect()
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
    is_focused(app, About::Ring(call))
}

/// Who sees this screen. The person may be writing a letter.
pub fn show_host(app: &AppHandle, session: SessionId) {
    open(app, About::Host(session), Entrance::Above, |window| as_accept(window, "window.host"));
}

/// Its window says what is asked, wherever the person is.
pub fn raise_host(app: &AppHandle, session: SessionId) {
    raise_above(app, About::Host(session));
}

/// As [`raise_host`], of a session that came of a request.
pub fn raise_accept(app: &AppHandle) {
    raise_above(app, About::Accept);
}

fn raise_above(app: &AppHandle, about: About) {
    let is_painted = !app.state::<Entrances>().awaits_page(about);
    if let Some(window) = find(app, about).filter(|_| is_painted && !is_focused(app, about)) {
        Entrance::Above.bring(&window);
    }
}

pub fn is_main_focused(app: &AppHandle) -> bool {
    is_focused(app, About::Main)
}

pub fn is_accept_focused(app: &AppHandle) -> bool {
    is_focused(app, About::Accept)
}

/// The page is painted: now it may be seen, without a white flash.
pub fn show_painted(window: &WebviewWindow) {
    let app = window.app_handle();
    let Some(about) = about(app, window.label()) else { return };
    app.state::<Entrances>().take(about).unwrap_or(Entrance::Forward).bring(window);
    // Behind what brings it above all others on the same thread.
    let looks = app.clone();
    if let Err(error) = app.run_on_main_thread(move || look_who_asks(&looks)) {
        tracing::warn!(%error, ?about, "the window may stay above others");
    }
    app.state::<Spare>().stir();
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
    let Some(about) = about(app, window.label()) else { return };
    match about {
        About::Main => toasts::many_are_seen(app),
        About::Accept => app.state::<Question>().is_seen(app),
        About::Ring(call) => app.state::<Rings>().is_seen(app, call),
        About::Host(_) | About::Session(_) => {}
        About::Call(_) | About::Popup(_) => return,
    }
    let Some(window) = app.get_webview_window(window.label()) else { return };
    raise::is_seen(&window);
    if matches!(about, About::Main | About::Session(_)) {
        raise::step_back(&window);
    }
}

fn dropped(window: &Window, paths: &[PathBuf]) {
    let joined = || window.state::<Client>().state().joined.and_then(|joined| joined.session);
    let session = match about(window.app_handle(), window.label()) {
        Some(About::Session(id) | About::Host(id)) => Some(id),
        Some(About::Accept) => joined(),
        _ => None,
    };
    if let Some(id) = session {
        window.state::<Client>().send_dropped(id, paths.to_vec());
    }
}

fn closed(window: &Window) {
    let app = window.app_handle().clone();
    let about = about(&app, window.label());
    app.state::<Spare>().is_gone(window.label());
    let Some(about) = about else { return };
    app.state::<Entrances>().take(about);
    if about == About::Main {
        tray::set_hidden(&app, false);
        app.state::<Client>().main_window_touched();
    }
    tauri::async_runtime::spawn(async move {
        spare::look(&app);
        let client = app.state::<Client>();
        match about {
            About::Accept => client.accept_window_closed().await,
            About::Session(id) | About::Host(id) => client.session_window_closed(id).await,
            About::Call(id) => client.call_window_closed(id).await,
            About::Ring(id) => {
                client.ring_window_closed(id).await;
                calls::look(&app);
            }
            About::Main | About::Popup(_) => {}
        }
    });
}

fn open_main(app: &AppHandle, entrance: Entrance) {
    if app.state::<AssistFile>().is_assist() {
        open_page(app, About::Main, "index.html?view=assist", entrance, |window| {
            shape(window, &t("window.assist", &[]), (460.0, 560.0), (400.0, 520.0))
        });
        return;
    }
    open(app, About::Main, entrance, |window| {
        shape(window, &program_name(app), (960.0, 640.0), (720.0, 520.0))
    });
}

/// What people call this program.
pub fn program_name(app: &AppHandle) -> String {
    let custom = app.state::<Client>().state().custom;
    custom.map_or_else(|| t("app.name", &[]), |custom| custom.name.to_string())
}

fn open_accept(app: &AppHandle, entrance: Entrance) {
    open(app, About::Accept, entrance, |window| as_accept(window, "window.accept"));
}

fn open_ring(app: &AppHandle, call: CallId, entrance: Entrance) {
    let beside = beside_other_rings(app);
    open(app, About::Ring(call), entrance, |window| {
        as_accept(window, "window.ring")?;
        beside.map_or(Ok(()), |beside| window.set_position(beside))
    });
}

/// Who calls next does not cover who called before.
fn beside_other_rings(app: &AppHandle) -> Option<LogicalPosition<f64>> {
    const STEP: f64 = 36.0;
    let rings = opened(app).filter(|(about, _)| matches!(about, About::Ring(_))).map(|(_, window)| window);
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

/// On top until [`look_who_asks`] finds that nobody does.
fn as_accept(window: &WebviewWindow, title: &str) -> tauri::Result<()> {
    shape(window, &t(title, &[]), (380.0, 640.0), LEAST_ACCEPT.into())?;
    window.set_always_on_top(true)
}

fn shape(window: &WebviewWindow, title: &str, size: (f64, f64), least: (f64, f64)) -> tauri::Result<()> {
    window.set_title(title)?;
    window.set_min_size(Some(LogicalSize::<f64>::from(least)))?;
    window.set_size(LogicalSize::<f64>::from(size))?;
    window.set_focusable(true)
}

fn open(
    app: &AppHandle,
    about: About,
    entrance: Entrance,
    dress: impl Fn(&WebviewWindow) -> tauri::Result<()>,
) {
    open_page(app, about, &about.page(), entrance, dress);
}

fn open_page(
    app: &AppHandle,
    about: About,
    page: &str,
    entrance: Entrance,
    dress: impl Fn(&WebviewWindow) -> tauri::Result<()>,
) {
    let entrances = app.state::<Entrances>();
    match find(app, about) {
        Some(window) if !entrances.comes_by_itself(about, entrance) => entrance.bring(&window),
        Some(_) => {}
        None => {
            entrances.await_page(about, entrance);
            web_view::open(app, about, page, entrance != Entrance::Above, dress);
        }
    }
}

fn close(app: &AppHandle, about: About) {
    let Some(window) = find(app, about) else { return };
    if let Err(error) = window.close() {
        tracing::warn!(%error, ?about, "the window does not close");
    }
}

fn is_focused(app: &AppHandle, about: About) -> bool {
    find(app, about).is_some_and(|window| window.is_focused().unwrap_or(false))
}
