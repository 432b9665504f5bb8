//! The service's pages, opened in a real browser.
