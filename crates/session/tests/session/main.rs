//! Two sides on this machine, with real endpoints and a real relay between them.
//!
//! The clock stands still unless a test moves it; only the transport's own timers run in real time.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails where it unwraps, helpers among it"
)]

mod asks;
mod beside;
mod board;
#[cfg(target_os = "linux")]
mod busy_line;
mod cut_line;
mod desk;
#[cfg(target_os = "linux")]
mod display;
mod hostile;
mod hostile_host;
mod hostile_picture;
mod matrix;
mod meeting;
mod monitors;
mod pointer;
mod raw_host;
mod raw_viewer;
mod reach;
mod refused;
mod resumed;
mod rfb_viewer;
mod screen;
mod several;
mod stage;
#[cfg(target_os = "linux")]
mod terminal;
#[cfg(target_os = "linux")]
mod tigervnc;
mod wire;
#[cfg(target_os = "linux")]
mod x11;
#[cfg(target_os = "linux")]
mod x11_behind;
#[cfg(target_os = "linux")]
mod x11_layouts;
#[cfg(target_os = "linux")]
mod x11_monitors;
#[cfg(target_os = "linux")]
mod x11_pointer;
