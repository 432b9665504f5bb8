//! Whole stories: real clients, a real service and real connections on loopback. No window.

mod answers;
mod bad_days;
mod dishonest;
mod links;
mod main_line;
mod races;
mod sessions;
