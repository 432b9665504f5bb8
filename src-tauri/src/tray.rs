//! The icon in the panel: how many requests are Ready, and Beckon while no window is open.

mod menu;
mod panel;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use beckon_client::Client;
use tauri::menu::MenuEvent;
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::clipboard::Clipboard;
use crate::windows;
use menu::{Choice, Content};

/// A panel that starts together with the program may come a moment later.
const PANEL_WITHIN: Duration = Duration::from_secs(5);

pub struct Tray {
    /// Whether a person can see the icon now.
    seen: watch::Sender<bool>,
    /// Started by the system, and its main window was not closed since: pop-ups come and go.
    hidden: AtomicBool,
    icon: Mutex<Option<Icon>>,
}

struct Icon {
    icon: TrayIcon,
    shown: Content,
}

impl Default for Tray {
    fn default() -> Self {
        Self { seen: watch::Sender::new(false), hidden: AtomicBool::default(), icon: Mutex::default() }
    }
}

/// Shows the icon where there is a panel for it, and keeps it true. Runs as long as the program does.
pub fn start(app: &AppHandle) {
    let watched = app.clone();
    tauri::async_runtime::spawn(panel::watch(move |there| {
        let app = watched.clone();
        let on_main_thread = watched.run_on_main_thread(move || panel_changed(&app, there));
        if let Err(error) = on_main_thread {
            tracing::debug!(%error, "the program ends");
        }
    }));
    let mut hints = app.state::<Client>().hints();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        while !matches!(hints.recv().await, Err(RecvError::Closed)) {
            // Whatever else waits is shown by the same look.
            while hints.try_recv().is_ok() {}
            refresh(&app);
        }
    });
}

/// Whether the program stays when its last window is closed.
pub fn keeps_running(app: &AppHandle) -> bool {
    let client = app.state::<Client>();
    let tray = app.state::<Tray>();
    let signed_in = || client.state().home.is_some_and(|home| home.account.is_some());
    let wanted = || *tray.seen.borrow() && client.preferences().keep_running.unwrap_or_else(signed_in);
    tray.hidden.load(Ordering::Relaxed) || wanted()
}

/// Whether it was started without a window, from when on others may open and close.
pub fn set_hidden(app: &AppHandle, hidden: bool) {
    app.state::<Tray>().hidden.store(hidden, Ordering::Relaxed);
}

/// Without a panel a program that starts hidden could not be found again.
pub async fn is_seen_soon(app: &AppHandle) -> bool {
    let mut seen = app.state::<Tray>().seen.subscribe();
    timeout(PANEL_WITHIN, seen.wait_for(|seen| *seen)).await.is_ok()
}

fn panel_changed(app: &AppHandle, there: bool) {
    let tray = app.state::<Tray>();
    if there && tray.lock().is_none() {
        match open(app) {
            Ok(icon) => *tray.lock() = Some(icon),
            Err(error) => tracing::warn!("no icon in the panel: {error:#}"),
        }
    }
    // An icon that was there once comes back with its panel by itself.
    tray.seen.send_replace(there && tray.lock().is_some());
}

fn open(app: &AppHandle) -> anyhow::Result<Icon> {
    let shown = Content::of(&app.state::<Client>());
    let mut icon = TrayIconBuilder::with_id(app.config().identifier.as_str())
        .menu(&shown.menu(app)?)
        .tooltip(shown.tooltip())
        .show_menu_on_left_click(!cfg!(windows))
        .on_menu_event(chosen)
        .on_tray_icon_event(|icon, event| clicked(icon.app_handle(), &event));
    if cfg!(target_os = "macos") {
        icon = icon.icon(tauri::include_image!("icons/tray/black-44.png")).icon_as_template(true);
    } else {
        // Nobody says which colour the panel has: the program's own icon can be told from any.
        icon = icon.icon(app.default_window_icon().context("the program has no icon")?.clone());
    }
    // On Linux the library behind it is loaded now, and where it is missing that panics.
    let built = catch_unwind(AssertUnwindSafe(|| icon.build(app)));
    let icon = Icon { icon: built.map_err(|_| anyhow!("no library for it"))??, shown };
    icon.count();
    Ok(icon)
}

fn refresh(app: &AppHandle) {
    let tray = app.state::<Tray>();
    if tray.lock().is_none() {
        return;
    }
    let now = Content::of(&app.state::<Client>());
    let app = app.clone();
    let shown = app.clone().run_on_main_thread(move || {
        let tray = app.state::<Tray>();
        let mut icon = tray.lock();
        let Some(icon) = icon.as_mut().filter(|icon| icon.shown != now) else { return };
        icon.shown = now;
        if let Err(error) = icon.show(&app) {
            tracing::warn!(%error, "the tray's menu is not up to date");
        }
    });
    if let Err(error) = shown {
        tracing::debug!(%error, "the program ends");
    }
}

impl Icon {
    fn show(&self, app: &AppHandle) -> tauri::Result<()> {
        self.icon.set_menu(Some(self.shown.menu(app)?))?;
        self.icon.set_tooltip(Some(self.shown.tooltip()))?;
        self.count();
        Ok(())
    }

    /// Beside the icon, where the system has a place for it.
    fn count(&self) {
        let count = self.shown.count();
        let counted = self.icon.set_title((count > 0).then(|| count.to_string()));
        if let Err(error) = counted {
            tracing::debug!(%error, "the tray does not count");
        }
    }
}

fn chosen(app: &AppHandle, event: MenuEvent) {
    match Choice::read(event.id().as_ref()) {
        Some(Choice::Request(request)) => windows::show_request(app, request),
        Some(Choice::Open) => windows::show_main(app),
        Some(Choice::CopyId) => copy_id(app),
        Some(Choice::Quit) => app.exit(0),
        None => {}
    }
}

/// Where a click means something else than the menu.
fn clicked(app: &AppHandle, event: &TrayIconEvent) {
    let up = (MouseButton::Left, MouseButtonState::Up);
    if cfg!(windows)
        && let TrayIconEvent::Click { button, button_state, .. } = event
        && (*button, *button_state) == up
    {
        windows::show_main(app);
    }
}

fn copy_id(app: &AppHandle) {
    let Some(device) = app.state::<Client>().state().home.and_then(|home| home.device) else { return };
    if let Err(error) = app.state::<Clipboard>().copy(device.to_string()) {
        tracing::warn!("the ID is not copied: {error:#}");
    }
}

impl Tray {
    fn lock(&self) -> MutexGuard<'_, Option<Icon>> {
        self.icon.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
