//! What the host's screen shows, system by system.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::files::is_plain;
use crate::picture::Picture;

#[cfg(target_os = "macos")]
mod macos;
mod monitors;
#[cfg(windows)]
mod windows;
#[cfg(target_os = "linux")]
mod x11;

pub(crate) use monitors::MONITORS_MOST;
pub use monitors::Monitors;
#[cfg(target_os = "linux")]
pub(crate) use x11::X11;

/// Where captures come from; asked anew for every viewer.
pub trait CaptureSource: Send + Sync {
    /// The primary one first.
    fn monitors(&self) -> Result<Vec<Monitor>, CannotCapture>;

    /// Called on the thread on which the capture is used and dropped. A number that there is not is that of
    /// the first monitor.
    fn open(&self, monitor: u8) -> Result<Box<dyn Capture>, CannotCapture>;
}

/// Looks at one monitor. Once that has gone, it looks at the primary one.
pub trait Capture {
    /// Brings `picture` up to date, and returns once something changed or `patience` is over. It never waits
    /// longer.
    ///
    /// A picture of another size takes the place of `picture`.
    fn look(&mut self, picture: &mut Picture, patience: Duration) -> Result<Seen, CannotCapture>;

    /// All of them, as the last look found them.
    fn monitors(&self) -> &Monitors;
}

#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub monitor: Monitor,
    /// When it is another than before.
    pub pointer: Option<PointerShape>,
    /// The system shows something that no program may see: its lock screen, a question about rights.
    pub hidden: bool,
}

/// One screen of the host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Monitor {
    /// As the system calls it: plain text of at most 32 characters.
    pub name: String,
    /// Where its upper left corner is among all monitors, in the units in which the system places pointers.
    pub x: i32,
    pub y: i32,
    /// In pixels.
    pub width: u16,
    pub height: u16,
    /// Pixels for each of those units.
    pub scale: f32,
}

/// How the pointer looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointerShape {
    pub width: u16,
    pub height: u16,
    /// The pixel that points.
    pub hot_spot: (u16, u16),
    /// Four bytes for each pixel; the colours are not multiplied by the last.
    pub rgba: Vec<u8>,
}

/// Why this host cannot show its screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum CannotCapture {
    #[error("a Wayland session cannot be shown yet")]
    CannotHostOnWayland,
    #[error("there is no screen")]
    NoScreen,
    #[error("the system does not let this program see the screen")]
    NotPermitted,
    #[error("the system's way to see the screen failed")]
    Failed,
}

impl Monitor {
    const NAME_MOST: usize = 32;

    /// The name loses what is not plain text.
    pub fn new(name: &str, (x, y): (i32, i32), (width, height): (u16, u16), scale: f32) -> Self {
        let mut monitor = Self { name: name.to_owned(), x, y, width, height, scale };
        monitor.make_plain();
        monitor
    }

    fn make_plain(&mut self) {
        let plain = self.name.chars().filter(|char| is_plain(*char));
        self.name = plain.take(Self::NAME_MOST).collect();
    }

    /// Where a pixel of it is among all monitors.
    pub(crate) fn place(&self, x: u16, y: u16) -> (i32, i32) {
        let unit = |pixel: u16, size: u16| {
            let inside = f32::from(pixel.min(size.saturating_sub(1)));
            (inside / self.scale.max(f32::MIN_POSITIVE)) as i32
        };
        (self.x + unit(x, self.width), self.y + unit(y, self.height))
    }
}

/// What this system offers.
pub(crate) fn of_this_system() -> Box<dyn CaptureSource> {
    #[cfg(target_os = "linux")]
    return Box::new(X11::default());
    #[cfg(windows)]
    return Box::new(windows::Windows);
    #[cfg(target_os = "macos")]
    return Box::new(macos::Macos);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_has_its_place_among_all_monitors() {
        let right = Monitor::new("right", (1_440, -10), (2_880, 1_800), 2.0);
        assert_eq!(right.place(0, 0), (1_440, -10));
        assert_eq!(right.place(2_000, 100), (2_440, 40));
        assert_eq!(right.place(u16::MAX, u16::MAX), (2_879, 889), "what lies outside is at the edge");
    }
}
