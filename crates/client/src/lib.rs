//! The desktop without a window: what this computer does for Beckon.
//!
//! A [`Client`] is one profile. What it learns it writes into a cache, and then hints that something
//! changed; the window reads again. Nothing that a command returns is shown.

#![forbid(unsafe_code)]

mod address;
pub mod alerts;
mod api;
mod autostart;
mod cache;
mod client;
pub mod computer;
#[cfg(target_os = "linux")]
mod desktop_entry;
mod folders;
mod hints;
mod hosting;
mod identity;
pub mod links;
mod place;
pub mod preferences;
mod requests;
pub mod schemes;
mod service_link;
mod session_network;
mod sessions;
mod settings;
mod sync;
mod talking;
pub mod view;
mod viewing;

pub use client::{Client, ClientConfig};
pub use session_network::SessionNetwork;
