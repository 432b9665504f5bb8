//! Which windows are this program's own. A viewer's input never reaches them.

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
