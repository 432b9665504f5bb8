//! Which windows are Beckon's own: of this program, and of any other Beckon that runs here, be it another profile's
//! or a custom client. A viewer's input never reaches them.

#[cfg(any(target_os = "macos", all(test, target_os = "linux")))]
mod program;
#[cfg(target_os = "linux")]
#[path = "own_windows/x11.rs"]
mod system;
#[cfg(windows)]
#[path = "own_windows/windows.rs"]
mod system;
#[cfg(target_os = "macos")]
#[path = "own_windows/macos.rs"]
mod system;

pub(super) use system::OwnWindows;

/// What the windows of a Beckon bear. On X11, a property of the window that leads them; on Windows, their class. On
/// macOS, the program's file says it.
pub const MARK: &str = "_BECKON_WINDOW";
