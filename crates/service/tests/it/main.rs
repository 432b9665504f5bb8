//! The service from outside: over HTTP, on real files, with a clock that only the test moves.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod cast;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod downloads;
#[cfg(test)]
mod landing;
#[cfg(test)]
mod mail;
mod mail_outbox;
#[cfg(test)]
mod mail_server;
#[cfg(test)]
mod push;
#[cfg(test)]
mod relay;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod scenes;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod sockets;
#[cfg(test)]
mod throttles;
#[cfg(test)]
mod who;
