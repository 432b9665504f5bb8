//! The contract: what programs say to each other over HTTP, and what a push carries.
//!
//! Bodies, paths, error codes and limits; no sockets and no rules. What the two ends of a session say to
//! each other is not here: the service could not read it.

#![forbid(unsafe_code)]

pub mod account;
pub mod address_book;
pub mod call;
pub mod changes;
pub mod device;
pub mod directory;
pub mod error;
pub mod introduction;
pub mod invitation;
pub mod join;
pub mod limits;
pub mod lookup;
pub mod paths;
pub mod request;
pub mod service;
pub mod session;

pub use error::{ApiError, Code};
