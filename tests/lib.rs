//! The cast and the stage of the stories: real clients, a real service, real connections, and a clock that
//! only the story moves.

#![expect(clippy::unwrap_used, reason = "a story stops where it goes wrong")]

pub mod backlog;
pub mod board;
pub mod cable;
pub mod cast;
#[cfg(unix)]
pub mod chromium;
pub mod forger;
pub mod organisation;
#[cfg(unix)]
pub mod page;
pub mod recipient;
#[cfg(unix)]
pub mod stage;

/// Says what happens next, so that a story that fails tells how far it came.
pub fn step(what: &str) {
    tracing::info!("── {what}");
}
