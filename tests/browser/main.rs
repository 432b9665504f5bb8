//! The service's pages, opened in a real browser.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story stops where it goes wrong")]

mod call;
mod downloads;
mod join;
mod landing;
mod looks;
mod scene;
mod schedule;
mod states;
