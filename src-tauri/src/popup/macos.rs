use objc2::rc::Retained;
use objc2_app_kit::{
    NSApplicationActivationOptions, NSRunningApplication, NSStatusWindowLevel, NSWindow,
    NSWindowCollectionBehavior, NSWorkspace,
};
use tauri::{PhysicalPosition, WebviewWindow};

/// The program that was active before a pop-up was.
pub struct Elsewhere(Retained<NSRunningApplication>);

pub fn may_place_windows() -> bool {
    true
}

/// The system itself moves windows of displays that go.
pub fn follow_displays(_moved: impl Fn() + Clone + 'static) {}

/// Above the menus' level, and in the spaces of full screens too.
#[expect(unsafe_code, reason = "the pointer is that of a window which lives, used on the main thread")]
pub fn show_unfocused_at(
    window: &WebviewWindow,
    corner: PhysicalPosition<i32>,
    _scale: f64,
) -> tauri::Result<()> {
    window.set_position(corner)?;
    let window = window.ns_window()?.cast::<NSWindow>();
    if let Some(window) = unsafe { window.as_ref() } {
        window.setLevel(NSStatusWindowLevel);
        window.setCollectionBehavior(
            NSWindowCollectionBehavior::CanJoinAllSpaces
                | NSWindowCollectionBehavior::FullScreenAuxiliary
                | NSWindowCollectionBehavior::Stationary,
        );
        window.orderFrontRegardless();
    }
    Ok(())
}

pub fn take_focus(window: &WebviewWindow) -> tauri::Result<Option<Elsewhere>> {
    let before = NSWorkspace::sharedWorkspace().frontmostApplication();
    window.set_focusable(true)?;
    window.set_focus()?;
    Ok(before.map(Elsewhere))
}

pub fn give_focus(window: &WebviewWindow, elsewhere: Elsewhere) -> tauri::Result<()> {
    window.set_focusable(false)?;
    if !elsewhere.0.activateWithOptions(NSApplicationActivationOptions::empty()) {
        tracing::warn!("the program that was active before is not any more");
    }
    Ok(())
}
