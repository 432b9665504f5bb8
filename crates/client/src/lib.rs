//! The desktop without a window: what this computer does for Beckon.
//!
//! A [`Client`] is one profile. What it learns it writes into a cache, and then hints that something
//! changed; the window reads again. Nothing that a command returns is shown.

#![forbid(unsafe_code)]

mod address;
pub mod address_book;
pub mod alerts;
mod api;
mod asking;
mod at_home;
mod autostart;
mod beside;
pub mod cache;
mod calls;
mod client;
pub mod computer;
pub mod custom;
#[cfg(target_os = "linux")]
mod desktop_entry;
mod discovery;
pub mod file_offers;
mod folders;
mod forms;
mod hints;
mod hosting;
pub mod hot_keys;
mod identity;
pub mod installation;
mod introductions;
pub mod invitations;
pub mod links;
pub mod mail;
mod marks;
mod outbox;
mod own_screen;
mod own_tiles;
mod place;
mod placing;
pub mod preferences;
mod profile_lock;
pub mod profiles;
mod requests;
pub mod schemes;
mod screen_door;
mod screens;
mod service_link;
mod session_clipboard;
pub mod session_files;
pub mod session_monitors;
mod session_network;
mod session_screen;
pub mod session_system;
mod sessions;
mod settings;
mod sync;
mod talking;
pub mod tiles;
pub mod transfers;
mod undelivered;
pub mod view;
mod viewing;

pub use beckon_session::Turn;
pub use beckon_session::input::{MARK, MainThread};
pub use client::{Client, ClientConfig};
pub use discovery::LocalNetwork;
pub use session_network::SessionNetwork;
