use ::windows::Win32::Foundation::HWND;
use ::windows::Win32::UI::WindowsAndMessaging::{
    GetForegroundWindow, HWND_TOPMOST, SWP_NOACTIVATE, SWP_NOSIZE, SWP_SHOWWINDOW, SetForegroundWindow,
    SetWindowPos,
};
use tauri::{PhysicalPosition, WebviewWindow};

/// The window that had the focus before a pop-up, as a number: it is used on the main thread alone.
pub struct Elsewhere(isize);

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

/// The system lets whoever hears a hot key take the focus, also for a window that a click does not activate.
#[expect(unsafe_code, reason = "calls into the system, on the thread that owns the window")]
pub fn take_focus(window: &WebviewWindow) -> tauri::Result<Option<Elsewhere>> {
    let before = unsafe { GetForegroundWindow() };
    give_focus_to(window.hwnd()?);
    Ok((!before.is_invalid()).then_some(Elsewhere(before.0 as isize)))
}

pub fn give_focus(_window: &WebviewWindow, elsewhere: Elsewhere) -> tauri::Result<()> {
    give_focus_to(HWND(elsewhere.0 as *mut _));
    Ok(())
}

#[expect(unsafe_code, reason = "a call into the system; a window that is gone is refused by it")]
fn give_focus_to(window: HWND) {
    if !unsafe { SetForegroundWindow(window) }.as_bool() {
        tracing::warn!("the system gives the focus to nobody");
    }
}
