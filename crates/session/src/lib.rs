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
mod budget;
mod chat;
mod close_code;
mod consents;
mod control;
mod core;
mod endpoint;
mod host;
mod live;
mod resume;
mod talk;
mod timing;
mod viewer;
mod words;

pub use chat::ChatId;
pub use close_code::CloseCode;
pub use consents::Consents;
pub use live::{
    EndedWhy, LiveSession, Network, OpenRefusal, PathInfo, SendRefusal, ServiceNow, SessionConfig,
    SessionEvent, SessionEvents,
};
pub use timing::Timing;
