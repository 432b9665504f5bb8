//! Invitations that wait for an answer here, at the bottom right of the main display: windows of our own where
//! the system lets a program place one, else toasts. The main window shows them in either case.

mod corner;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
mod stack;
#[cfg(windows)]
mod windows;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_client::Client;
use beckon_client::view::{Hint, InvitationState};
use beckon_domain::invitation::InvitationStateName;
use beckon_domain::{InvitationId, SharedClock};
use beckon_wire::introduction::Way;
use tauri::{AppHandle, LogicalSize, Manager, WebviewWindow, WindowEvent};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::hot_keys;
use crate::toasts::InvitationToasts;
use crate::windows::{About, Spare, about, find, open_web_view, opened};
use crate::words::t;
#[cfg(target_os = "linux")]
use linux::{Elsewhere, follow_displays, give_focus, may_place_windows, show_unfocused_at, take_focus};
#[cfg(target_os = "macos")]
use macos::{Elsewhere, follow_displays, give_focus, may_place_windows, show_unfocused_at, take_focus};
use stack::Stack;
#[cfg(windows)]
use windows::{Elsewhere, follow_displays, give_focus, may_place_windows, show_unfocused_at, take_focus};

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 148.0;
/// Nothing ends by itself so late that it matters.
const LOOK_AT_LEAST_EVERY: Duration = Duration::from_secs(60 * 60);

pub struct Popups {
    clock: SharedClock,
    may_place_windows: bool,
    stack: Mutex<Stack>,
    /// Where the person was before a hot key led them to a pop-up.
    elsewhere: Mutex<Option<Elsewhere>>,
}

/// Follows what the client knows, as long as the program runs. Begins on the main thread.
pub fn follow(app: &AppHandle, clock: SharedClock) {
    let may_place_windows = may_place_windows();
    app.manage(InvitationToasts::new(clock.clone()));
    app.manage(Popups { clock, may_place_windows, stack: Mutex::default(), elsewhere: Mutex::default() });
    InvitationToasts::follow(app);
    let moved = app.clone();
    follow_displays(move || move_all(&moved));
    let mut hints = app.state::<Client>().hints();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            let next_end = look(&app);
            // When one of them expires, the service may be out of reach.
            if timeout(next_end, hear(&mut hints)).await == Ok(false) {
                return;
            }
        }
    });
}

pub fn is_one(window: &WebviewWindow) -> bool {
    invitation_of(window).is_some()
}

/// The page is painted: now it may be seen. Returns when it is.
pub async fn show_painted(window: &WebviewWindow) {
    let (shown, wait) = oneshot::channel();
    let painted = window.clone();
    let asked = window.run_on_main_thread(move || {
        complain(&painted, move_to_its_place(&painted));
        painted.state::<Spare>().stir();
        // Its page may be gone meanwhile.
        let _ = shown.send(());
    });
    complain(window, asked);
    let _ = wait.await;
}

/// Whether there is one that a hot key could lead to.
pub fn stands(app: &AppHandle) -> bool {
    app.try_state::<Popups>().is_some_and(|popups| !popups.lock().uppermost_first().is_empty())
}

/// The person wants to answer by keys: the uppermost has the focus, and where one has it already, the next below.
pub fn reach(app: &AppHandle) {
    let reaching = app.clone();
    let asked = app.run_on_main_thread(move || {
        if let Some(window) = next_to_reach(&reaching) {
            complain(&window, lead_to(&window));
        }
    });
    if let Err(error) = asked {
        tracing::warn!(%error, "a hot key leads nowhere");
    }
}

/// The person goes back to where they were, whether they answered or not.
pub fn leave(window: &WebviewWindow) {
    let left = window.clone();
    complain(window, window.run_on_main_thread(move || lead_back(&left)));
}

fn next_to_reach(app: &AppHandle) -> Option<WebviewWindow> {
    let shown = shown(app);
    let focused = shown.iter().position(has_focus);
    let next = focused.map_or(0, |place| (place + 1) % shown.len());
    shown.into_iter().nth(next)
}

/// The uppermost first.
fn shown(app: &AppHandle) -> Vec<WebviewWindow> {
    let standing = app.state::<Popups>().lock().uppermost_first();
    let windows = standing.into_iter().filter_map(|invitation| find(app, About::Popup(invitation)));
    windows.filter(|window| window.is_visible().unwrap_or(false)).collect()
}

/// On the main thread.
fn lead_to(window: &WebviewWindow) -> tauri::Result<()> {
    // From one pop-up to the next is not elsewhere.
    let came_from_one = shown(window.app_handle()).iter().any(has_focus);
    let elsewhere = take_focus(window)?;
    if !came_from_one {
        window.state::<Popups>().set_elsewhere(elsewhere);
    }
    Ok(())
}

/// On the main thread.
fn lead_back(window: &WebviewWindow) {
    if has_focus(window)
        && let Some(elsewhere) = window.state::<Popups>().set_elsewhere(None)
    {
        complain(window, give_focus(window, elsewhere));
    }
}

fn has_focus(window: &WebviewWindow) -> bool {
    window.is_focused().unwrap_or(false)
}

/// Whether the client goes on, once it has said something that may concern invitations.
async fn hear(hints: &mut Receiver<Hint>) -> bool {
    loop {
        match hints.recv().await {
            Ok(Hint::Introductions | Hint::State) | Err(RecvError::Lagged(_)) => return true,
            Ok(_) => {}
            Err(RecvError::Closed) => return false,
        }
    }
}

/// Shows what waits and takes away what does not. How long until one of them expires.
fn look(app: &AppHandle) -> Duration {
    let popups = app.state::<Popups>();
    let client = app.state::<Client>();
    let (preferences, now) = (client.preferences(), popups.clock.now());
    let mut waiting: Vec<InvitationState> = client.introductions_state().invitations;
    waiting.retain(|invitation| waits(invitation) && invitation.until > now);
    waiting.sort_by_key(|invitation| (invitation.view.sent_at, invitation.view.id));
    let next_end = waiting.iter().filter_map(|invitation| (invitation.until - now).to_std().ok()).min();
    if preferences.do_not_disturb {
        waiting.clear();
    }
    let own_windows = popups.may_place_windows && !preferences.invitations_as_toasts;
    let (windows, toasts) = if own_windows { (&*waiting, &[][..]) } else { (&[][..], &*waiting) };
    stand(app, windows);
    app.state::<InvitationToasts>().stand(app, toasts);
    next_end.unwrap_or(LOOK_AT_LEAST_EVERY)
}

fn waits(invitation: &InvitationState) -> bool {
    invitation.view.way == Way::Incoming && invitation.view.state == InvitationStateName::Pending
}

fn stand(app: &AppHandle, waiting: &[InvitationState]) {
    let ids: Vec<InvitationId> = waiting.iter().map(|invitation| invitation.view.id).collect();
    let moves = app.state::<Popups>().lock().settle(&ids);
    for invitation in moves.leaving {
        if let Some(window) = find(app, About::Popup(invitation)) {
            leave(&window);
            complain(&window, window.destroy());
        }
    }
    for invitation in moves.coming {
        open(app, invitation);
    }
    hot_keys::look(app);
}

fn open(app: &AppHandle, invitation: InvitationId) {
    let popup = About::Popup(invitation);
    open_web_view(app, popup, &popup.page(), false, |window| {
        let scaled = window.clone();
        window.on_window_event(move |event| {
            if matches!(event, WindowEvent::ScaleFactorChanged { .. }) {
                move_if_shown(&scaled);
            }
        });
        dress(window)
    });
}

fn dress(window: &WebviewWindow) -> tauri::Result<()> {
    let size = LogicalSize::new(WIDTH, HEIGHT);
    window.set_title(&t("window.popup", &[]))?;
    // Not `set_resizable(false)`: GTK would ask the page how large it wants to be.
    window.set_min_size(Some(size))?;
    window.set_max_size(Some(size))?;
    window.set_size(size)?;
    window.set_decorations(false)?;
    window.set_shadow(false)?;
    window.set_always_on_top(true)?;
    window.set_visible_on_all_workspaces(true)?;
    window.set_skip_taskbar(true)
}

fn move_all(app: &AppHandle) {
    for (_, window) in opened(app).filter(|(about, _)| matches!(about, About::Popup(_))) {
        move_if_shown(&window);
    }
}

fn move_if_shown(window: &WebviewWindow) {
    if window.is_visible().unwrap_or(false) {
        complain(window, move_to_its_place(window));
    }
}

/// On the main thread.
fn move_to_its_place(window: &WebviewWindow) -> tauri::Result<()> {
    let popups = window.state::<Popups>();
    let storey = invitation_of(window).and_then(|invitation| popups.lock().storey_of(invitation));
    // It was answered meanwhile.
    let Some(storey) = storey else { return Ok(()) };
    let main = match window.primary_monitor()? {
        Some(main) => Some(main),
        None => window.available_monitors()?.into_iter().next(),
    };
    let Some(main) = main else { return Ok(()) };
    let corner = corner::of(main.work_area(), main.scale_factor(), storey);
    show_unfocused_at(window, corner, main.scale_factor())
}

fn complain(window: &WebviewWindow, done: tauri::Result<()>) {
    if let Err(error) = done {
        tracing::warn!(%error, label = window.label(), "an invitation does not pop up as it should");
    }
}

fn invitation_of(window: &WebviewWindow) -> Option<InvitationId> {
    match about(window.app_handle(), window.label())? {
        About::Popup(invitation) => Some(invitation),
        _ => None,
    }
}

impl Popups {
    fn lock(&self) -> MutexGuard<'_, Stack> {
        self.stack.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what it was.
    fn set_elsewhere(&self, elsewhere: Option<Elsewhere>) -> Option<Elsewhere> {
        std::mem::replace(&mut *self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner), elsewhere)
    }
}
