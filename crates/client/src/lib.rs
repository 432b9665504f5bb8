//! The desktop without a window.
#![forbid(unsafe_code)]

pub mod view;
