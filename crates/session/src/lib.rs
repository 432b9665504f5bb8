//! The remote session: how two machines see each other, and what passes between them.
//!
//! The only crate that names iroh. A session is opened by [`LiveSession::host`] on one side and
//! [`LiveSession::viewer`] on the other, each with the service's [`SignedGrant`](beckon_domain::SignedGrant)
//! and an endpoint key that was made for this session alone. Both return at once; everything that happens
//! afterwards comes as [`SessionEvent`]s.
//!
//! Whether a viewer is let in is decided on the host, in one place: [`admission::admit`].
//!
//! Absent on purpose: the service. It introduces the two devices and carries sealed packets; it is not
//! asked again, neither for a resume nor for a permission.

#![forbid(unsafe_code)]

pub mod admission;
mod arrivals;
mod asks;
mod available;
mod beside;
mod budget;
pub mod capture;
mod chat;
pub mod clipboard;
mod close_code;
mod consents;
mod control;
mod core;
mod endpoint;
pub mod files;
mod for_a_while;
#[cfg(target_os = "linux")]
mod foreground;
mod frames;
mod gate;
mod host;
mod host_news;
pub mod input;
mod live;
pub mod lock;
mod opening;
mod paint;
mod parts;
pub mod picture;
pub mod pointer;
mod reports;
mod requests;
mod resume;
pub mod rfb;
mod screen;
mod streams;
pub mod system_info;
mod talk;
mod tiles;
mod timing;
mod viewer;
mod words;

pub use asks::{AskRefusal, Asks};
pub use available::available_beside_screen;
pub use chat::ChatId;
pub use close_code::CloseCode;
pub use consents::{Consents, Turn};
#[cfg(feature = "fuzzing")]
pub use control::fuzzing;
pub use gate::Gate;
pub use live::{
    AddressDiscovery, EndedWhy, LiveSession, Network, OpenRefusal, PathInfo, SendRefusal, ServiceNow,
    SessionConfig, SessionEvent, SessionEvents,
};
pub use parts::{HostParts, available_permissions};
pub use screen::{HostMonitors, NoScreen, ScreenState, ScreenStream};
pub use timing::Timing;
