//! A viewer's keys and pointer, on the host: what may be done with them, and how it is done, system by system.

mod hands;
#[cfg(target_os = "linux")]
mod key_repeat;
mod keysym;
#[cfg(target_os = "linux")]
mod layout;
#[cfg(target_os = "macos")]
mod macos;
mod own_windows;
mod scancode;
mod system;
mod typing;
#[cfg(windows)]
mod virtual_desk;

use std::sync::Arc;

pub(crate) use hands::{Hands, InputWatch, Order};
pub use own_windows::MARK;
#[cfg(not(target_os = "macos"))]
pub(crate) use system::System;
pub use typing::Typing;

/// Where inputs come from; asked anew for every viewer.
pub trait InputSource: Send + Sync {
    /// Called on the thread on which the input is used and dropped.
    fn open(&self) -> Result<Box<dyn Input>, InputFailed>;
}

/// Does what a person at the host would do.
pub trait Input {
    /// One that is held is not repeated by the system, as far as that can be had.
    fn key(&mut self, key: Key, down: bool) -> Result<(), InputFailed>;

    /// Of a key that is down, as often as whoever holds it says so.
    fn repeat(&mut self, key: Key) -> Result<(), InputFailed>;

    /// In the units of the system, among all monitors.
    fn move_to(&mut self, at: (i32, i32)) -> Result<(), InputFailed>;

    fn button(&mut self, button: Button, down: bool) -> Result<(), InputFailed>;

    /// One notch.
    fn turn(&mut self, wheel: Wheel) -> Result<(), InputFailed>;

    /// Whether a click there would reach a window of this program.
    fn is_own_window_at(&mut self, at: (i32, i32)) -> bool;

    /// Whether a key would reach a window of this program.
    fn is_own_window_focused(&mut self) -> bool;

    /// Whether the computer shows something else, such as its lock screen, so that nobody sees what input does.
    /// Where the system itself takes no input then, it need not be known.
    fn is_hidden(&mut self) -> bool {
        false
    }
}

/// One key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The physical key: set 1 of a PC's keyboard, with the highest bit for what has `e0` in front.
    pub scancode: Option<u8>,
    /// What the viewer's layout makes of it, as X calls it. For keys that are not physical.
    pub keysym: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Button {
    Left,
    Middle,
    Right,
    Back,
    Forward,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wheel {
    Up,
    Down,
    Left,
    Right,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the system does not take input: {0}")]
pub struct InputFailed(pub String);

/// Runs something on the program's main thread, soon. macOS wants input to come from there.
pub type MainThread = Arc<dyn Fn(Box<dyn FnOnce() + Send>) + Send + Sync>;

/// What this system offers.
pub(crate) fn of_this_system(main_thread: Option<MainThread>) -> Box<dyn InputSource> {
    #[cfg(target_os = "macos")]
    return Box::new(macos::Macos { main_thread });
    #[cfg(not(target_os = "macos"))]
    {
        // Here any thread may do it.
        drop(main_thread);
        Box::new(System::default())
    }
}
