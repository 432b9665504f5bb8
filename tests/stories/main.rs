//! Whole stories: real clients, a real service and real connections on loopback. No window.

mod answers;
mod bad_days;
#[cfg(test)]
mod beside;
#[cfg(test)]
mod call_bad_days;
#[cfg(test)]
mod call_links;
#[cfg(test)]
mod calls;
mod dishonest;
#[cfg(test)]
mod dropped;
#[cfg(test)]
mod forged;
mod interruptions;
#[cfg(test)]
mod introduced;
#[cfg(test)]
mod introductions;
#[cfg(test)]
mod invitations;
mod links;
#[cfg(test)]
mod links_at_questions;
mod main_line;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod permissions;
mod races;
#[cfg(test)]
mod requests;
mod sessions;
#[cfg(test)]
mod tiles;
