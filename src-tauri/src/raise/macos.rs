use objc2_app_kit::NSWindow;
use tauri::WebviewWindow;

#[expect(unsafe_code, reason = "the pointer is that of a window which lives, used on the main thread")]
pub fn show_unfocused(window: &WebviewWindow) -> tauri::Result<()> {
    let window = window.ns_window()?.cast::<NSWindow>();
    if let Some(window) = unsafe { window.as_ref() } {
        window.orderFrontRegardless();
    }
    Ok(())
}
