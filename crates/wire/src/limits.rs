//! Bounds that both ends hold.

/// The most bytes of a request body.
pub const BODY_MAX_BYTES: usize = 64 * 1024;
/// The most changes in one answer.
pub const CHANGES_MAX: u32 = 500;
/// How often the service pings a push socket, in seconds; a client that hears nothing for twice as long
/// connects anew.
pub const PUSH_PING_S: u64 = 20;
/// How often a host reports that its session lives, in seconds.
pub const BEAT_S: u64 = 20;
/// Passwords: at least, at most, in characters.
pub const PASSWORD_MIN: usize = 10;
pub const PASSWORD_MAX: usize = 256;
/// The most entries of one address book.
pub const BOOK_MAX: u32 = 2_000;
/// The most targets of one lookup.
pub const LOOKUP_MAX: usize = 200;
/// The most devices that one device blocks.
pub const BLOCKS_MAX: u32 = 1_000;
