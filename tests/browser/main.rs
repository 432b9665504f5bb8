//! The service's pages, opened in a real browser.

#![cfg(unix)]

mod landing;
mod looks;
mod scene;
