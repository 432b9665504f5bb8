//! The desktop's session bus, on Linux. It may end while Beckon runs, and Beckon does not end with it.

use gtk::gio::{BusType, Cancellable, bus_get_sync};

/// GTK has connected to it by now, in a way that ends the program together with the bus.
pub fn outlive() {
    match bus_get_sync(BusType::Session, None::<&Cancellable>) {
        Ok(bus) => bus.set_exit_on_close(false),
        Err(error) => tracing::debug!(%error, "there is no session bus"),
    }
}
