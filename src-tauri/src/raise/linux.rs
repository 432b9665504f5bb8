use std::cell::RefCell;
use std::rc::Rc;

use gtk::ApplicationWindow;
use gtk::gdk::WindowState;
use gtk::glib::Propagation;
use gtk::prelude::{GtkWindowExt, ObjectExt, WidgetExt, WidgetExtManual};
use tauri::WebviewWindow;

/// X11 only decides so; on Wayland the desktop itself keeps the focus where it is, and may not raise at all.
pub fn show_unfocused(window: &WebviewWindow) -> tauri::Result<()> {
    let window = window.gtk_window()?;
    let minimised = window.window().is_some_and(|surface| surface.state().contains(WindowState::ICONIFIED));
    if minimised {
        // What comes back from there has the focus, whatever it says; what is new may refuse it.
        window.hide();
        window.deiconify();
    }
    if !window.is_visible() {
        refuse_focus_until_mapped(&window);
    }
    // To present it would ask for the focus.
    window.show_all();
    if let Some(surface) = window.window() {
        surface.raise();
    }
    Ok(())
}

fn refuse_focus_until_mapped(window: &ApplicationWindow) {
    window.set_focus_on_map(false);
    window.set_accept_focus(false);
    let handler = Rc::new(RefCell::new(None));
    let own = handler.clone();
    let mapped = window.connect_map_event(move |window, _| {
        if let Some(handler) = own.take() {
            window.disconnect(handler);
        }
        window.set_accept_focus(true);
        Propagation::Proceed
    });
    handler.replace(Some(mapped));
}
