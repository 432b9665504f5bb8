//! The service from outside: over HTTP, on real files, with a clock that only the test moves.

mod accounts;
mod cast;
mod changes;
mod command_line;
mod devices;
mod landing;
mod push;
mod relay;
mod requests;
mod restart;
mod sessions;
mod setup;
mod throttles;
mod who;
