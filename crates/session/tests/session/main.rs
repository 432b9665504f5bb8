//! Two sides on this machine, with real endpoints and a real relay between them.
//!
//! The clock stands still unless a test moves it; only the transport's own timers run in real time.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps, helpers among it")]

mod cut_line;
mod hostile;
mod meeting;
mod raw_viewer;
mod refused;
mod resumed;
mod stage;
