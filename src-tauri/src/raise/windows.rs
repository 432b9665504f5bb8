use ::windows::Win32::UI::WindowsAndMessaging::{
    HWND_TOPMOST, IsIconic, SW_SHOWNOACTIVATE, SWP_NOACTIVATE, SWP_NOMOVE, SWP_NOSIZE, SWP_SHOWWINDOW,
    SetWindowPos, ShowWindow,
};
use tauri::WebviewWindow;

#[expect(unsafe_code, reason = "calls into the system, on the thread that owns the window")]
pub fn show_unfocused(window: &WebviewWindow) -> tauri::Result<()> {
    let handle = window.hwnd()?;
    let unmoved = SWP_NOACTIVATE | SWP_NOMOVE | SWP_NOSIZE | SWP_SHOWWINDOW;
    unsafe {
        if IsIconic(handle).as_bool() {
            // What it answers is whether the window was visible before.
            let _ = ShowWindow(handle, SW_SHOWNOACTIVATE);
        }
        SetWindowPos(handle, Some(HWND_TOPMOST), 0, 0, 0, 0, unmoved)
    }
    .map_err(|error| std::io::Error::other(error).into())
}
