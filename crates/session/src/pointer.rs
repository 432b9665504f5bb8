//! Where a viewer points, shown on the host's screen while the viewer may not control it.

mod on_screen;
#[cfg(target_os = "linux")]
mod x11;

pub(crate) use on_screen::PointerOnScreen;
#[cfg(target_os = "linux")]
pub(crate) use x11::X11;

/// Where pointers come from; each viewer has its own.
pub trait PointerSource: Send + Sync {
    /// Called on the thread on which the pointer is used and dropped. Nothing is seen of it before it is placed.
    fn open(&self) -> Result<Box<dyn Pointer>, PointerFailed>;
}

/// It is seen and cannot be touched: a click there reaches whatever lies below it. Dropping it takes it away.
pub trait Pointer {
    /// In the units of the system, among all monitors. It is above everything that is there now.
    fn place(&mut self, at: (i32, i32)) -> Result<(), PointerFailed>;
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the system shows no further pointer: {0}")]
pub struct PointerFailed(pub String);

/// What this system offers.
pub(crate) fn of_this_system() -> Box<dyn PointerSource> {
    #[cfg(target_os = "linux")]
    return Box::new(X11::default());
    #[cfg(not(target_os = "linux"))]
    Box::new(NotHere)
}

/// Windows and macOS: a window that cannot be touched takes calls there that this crate does not make.
#[cfg(not(target_os = "linux"))]
struct NotHere;

#[cfg(not(target_os = "linux"))]
impl PointerSource for NotHere {
    fn open(&self) -> Result<Box<dyn Pointer>, PointerFailed> {
        Err(PointerFailed("not on this system".to_owned()))
    }
}
