use ::windows::Win32::UI::WindowsAndMessaging::{
    HWND_TOPMOST, SWP_NOACTIVATE, SWP_NOSIZE, SWP_SHOWWINDOW, SetWindowPos,
};
use tauri::{PhysicalPosition, WebviewWindow};

pub fn may_place_windows() -> bool {
    true
}

/// The system itself moves windows of displays that go.
pub fn follow_displays(_moved: impl Fn() + Clone + 'static) {}

/// Above everything that is not above all by itself, full screens included.
#[expect(unsafe_code, reason = "a call into the system, on the thread that owns the window")]
pub fn show_unfocused_at(
    window: &WebviewWindow,
    corner: PhysicalPosition<i32>,
    _scale: f64,
) -> tauri::Result<()> {
    let shown = SWP_NOACTIVATE | SWP_NOSIZE | SWP_SHOWWINDOW;
    unsafe { SetWindowPos(window.hwnd()?, Some(HWND_TOPMOST), corner.x, corner.y, 0, 0, shown) }
        .map_err(|error| std::io::Error::other(error).into())
}
