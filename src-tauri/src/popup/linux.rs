use std::time::Duration;

use gdkx11::X11Window;
use gtk::ApplicationWindow;
use gtk::gdk::{Display, Event, EventMask, EventVisibility, Screen, VisibilityState, WindowTypeHint};
use gtk::glib::{self, Propagation};
use gtk::prelude::{
    Cast as _, DisplayExtManual as _, GtkWindowExt as _, ObjectExt as _, WidgetExt as _, WidgetExtManual as _,
};
use tauri::{PhysicalPosition, WebviewWindow};
use x11rb::protocol::xproto::{ConnectionExt as _, InputFocus, Window};

/// Two programs that both want to be on top must not keep a processor busy.
const RAISE_AFTER: Duration = Duration::from_millis(200);

/// The window that had the focus before a pop-up.
pub struct Elsewhere(Window);

/// Wayland lets nobody.
pub fn may_place_windows() -> bool {
    Display::default().is_some_and(|display| display.backend().is_x11())
}

/// Calls back on the main thread whenever displays come, go or change.
pub fn follow_displays(moved: impl Fn() + Clone + 'static) {
    if let Some(screen) = Screen::default() {
        let resized = moved.clone();
        screen.connect_monitors_changed(move |_| moved());
        screen.connect_size_changed(move |_| resized());
    }
}

/// Past the window manager, which would place and stack it among the others, and below a full screen.
pub fn show_unfocused_at(
    window: &WebviewWindow,
    corner: PhysicalPosition<i32>,
    scale: f64,
) -> tauri::Result<()> {
    let window = window.gtk_window()?;
    let corner = corner.to_logical::<i32>(scale);
    if !window.is_visible() {
        window.set_type_hint(WindowTypeHint::Notification);
        window.realize();
        if let Some(surface) = window.window() {
            surface.set_override_redirect(true);
        }
        stay_uncovered(&window);
    }
    window.move_(corner.x, corner.y);
    window.show_all();
    raise(&window);
    Ok(())
}

/// No window manager knows it, so that none can be asked.
pub fn take_focus(window: &WebviewWindow) -> tauri::Result<Option<Elsewhere>> {
    let surface = window.gtk_window()?.window().and_then(|surface| surface.downcast::<X11Window>().ok());
    let Some(surface) = surface else { return Ok(None) };
    window.gtk_window()?.set_accept_focus(true);
    window.with_webview(|view| view.inner().grab_focus())?;
    let own = Window::try_from(surface.xid()).map_err(|error| refused(error.into()))?;
    move_focus(own).map(|before| Some(Elsewhere(before))).map_err(refused)
}

pub fn give_focus(window: &WebviewWindow, elsewhere: Elsewhere) -> tauri::Result<()> {
    window.gtk_window()?.set_accept_focus(false);
    move_focus(elsewhere.0).map(drop).map_err(refused)
}

/// Returns who had it.
fn move_focus(to: Window) -> anyhow::Result<Window> {
    let (display, _) = x11rb::connect(None)?;
    let before = display.get_input_focus()?.reply()?.focus;
    display.set_input_focus(InputFocus::PARENT, to, x11rb::CURRENT_TIME)?.check()?;
    Ok(before)
}

fn refused(error: anyhow::Error) -> tauri::Error {
    std::io::Error::other(error).into()
}

/// Nobody stacks it, so it rises by itself when something comes above it.
fn stay_uncovered(window: &ApplicationWindow) {
    window.add_events(EventMask::VISIBILITY_NOTIFY_MASK);
    window.connect_local("visibility-notify-event", false, |values| {
        let window = values.first()?.get::<ApplicationWindow>().ok()?;
        let event = values.get(1)?.get::<Event>().ok()?;
        let state = event.downcast_ref::<EventVisibility>()?.state();
        if state != VisibilityState::Unobscured {
            glib::timeout_add_local_once(RAISE_AFTER, move || raise(&window));
        }
        Some(Propagation::Proceed.into())
    });
}

fn raise(window: &ApplicationWindow) {
    if let Some(surface) = window.window() {
        surface.raise();
    }
}
