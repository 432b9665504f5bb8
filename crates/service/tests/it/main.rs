//! The service from outside: over HTTP, on real files, with a clock that only the test moves.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod address_book;
#[cfg(test)]
mod address_discovery;
#[cfg(test)]
mod assigning;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod call_page;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod cast;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod downloads;
#[cfg(test)]
mod invitation_races;
#[cfg(test)]
mod invitation_targets;
#[cfg(test)]
mod invitations;
#[cfg(test)]
mod join_page;
#[cfg(test)]
mod landing;
#[cfg(test)]
mod landing_schedule;
#[cfg(test)]
mod line;
#[cfg(test)]
mod lookups;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod mail_arrives;
#[cfg(test)]
mod mail_edits;
#[cfg(test)]
mod mail_outbox;
#[cfg(test)]
mod mail_server;
#[cfg(test)]
mod neighbours;
#[cfg(test)]
mod no_answer;
#[cfg(test)]
mod old_database;
#[cfg(test)]
mod push;
#[cfg(test)]
mod relay;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod scenes;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod sockets;
#[cfg(test)]
mod throttles;
#[cfg(test)]
mod user_agents;
#[cfg(test)]
mod who;
