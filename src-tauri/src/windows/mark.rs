use beckon_client::MARK;
use gtk::gdk::{Atom, ChangeData, Display, PropMode, property_change};
use gtk::prelude::DisplayExtManual as _;

/// Viewers press nothing in them, also where it is another Beckon that shares this screen. The mark is on the window that
/// leads them all: each names it, also a dialog or a menu that a library opens. Under Wayland no screen is shared.
pub fn mark_as_own() {
    let Some(display) = Display::default().filter(|display| display.backend().is_x11()) else { return };
    let (leader, mark, kind) = (display.default_group(), Atom::intern(MARK), Atom::intern("CARDINAL"));
    property_change(&leader, &mark, &kind, 32, PropMode::Replace, ChangeData::ULongs(&[1]));
}
