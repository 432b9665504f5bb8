//! Web views on Linux paint sooner, and in less memory, without a GPU process.
//!
//! That has to be said before a view begins: one that begins otherwise never scrolls by the wheel again. Tauri hands
//! views out only afterwards, so each is met at the moment at which it is put into its window. An environment variable
//! would say it too, to every program that this one starts.

use gtk::glib::subclass::signal::SignalId;
use gtk::glib::translate::{IntoGlib, from_glib_none};
use gtk::glib::{StaticType, Value, ffi, gobject_ffi};
use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebView, WebViewExt};

const PUT_INTO_ITS_PARENT: &str = "parent-set";

/// For all web views from here on.
#[expect(unsafe_code, reason = "the library has no safe name for a hook of one signal on all widgets")]
pub fn needs_no_gpu() {
    let Some(signal) = SignalId::lookup(PUT_INTO_ITS_PARENT, gtk::Widget::static_type()) else {
        tracing::warn!("web views keep their own way of drawing");
        return;
    };
    unsafe {
        gobject_ffi::g_signal_add_emission_hook(
            signal.into_glib(),
            0,
            Some(meet),
            std::ptr::null_mut(),
            None,
        );
    }
}

/// The first of the signal's values is the widget.
#[expect(
    unsafe_code,
    reason = "called by the library, on the main thread, with values that live as long as the call"
)]
unsafe extern "C" fn meet(
    _: *mut gobject_ffi::GSignalInvocationHint,
    count: u32,
    values: *const gobject_ffi::GValue,
    _: ffi::gpointer,
) -> ffi::gboolean {
    let widget: Option<Value> = (count > 0).then(|| unsafe { from_glib_none(values) });
    let view = widget.and_then(|widget| widget.get::<WebView>().ok());
    if let Some(settings) = view.and_then(|view| view.settings()) {
        settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
    }
    ffi::GTRUE
}
