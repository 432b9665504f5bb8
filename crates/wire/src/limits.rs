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
