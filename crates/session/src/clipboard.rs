//! Text that is copied on one side can be pasted on the other.
//!
//! The viewer opens one stream for it. What a person copied before it was allowed does not leave the host; what
//! the viewer's person copied leaves only after their first act in the session window.
//!
//! Absent on purpose: pictures, and files, which have transfers of their own.

mod exchange;
mod system;
#[cfg(test)]
mod tests;

pub use exchange::{ClipboardEnd, ClipboardExchange};
pub use system::{Clipboard, ClipboardBoard};

/// The longest text that passes, in bytes of UTF-8; a longer one stays where it is.
pub const LONGEST_TEXT: usize = 1024 * 1024;
