//! RFB 3.8, the host's side of it: the language of screens that viewers everywhere speak.
//!
//! Its own security is *None*, so it runs only inside a connection that both sides proved, never on a socket.
//! Everything here is bytes in and bytes out; who reads and writes them is `screen`.

mod client_messages;
mod encodings;
mod handshake;
mod pixel_format;
mod server_messages;

pub use client_messages::{ClientMessage, ClientMessages, Malformed};
pub use encodings::Encodings;
pub(crate) use handshake::greet;
pub use pixel_format::PixelFormat;
pub(crate) use server_messages::{Update, end_of_continuous_updates, fence, server_init};

/// The kinds of a host's messages.
pub(crate) mod message {
    pub(crate) const UPDATE: u8 = 0;
    pub(crate) const END_OF_CONTINUOUS_UPDATES: u8 = 150;
    pub(crate) const FENCE: u8 = 248;
}

/// How Tight packs a rectangle: the upper half of its first byte.
pub(crate) mod tight {
    pub(crate) const FILL: u8 = 8;
    pub(crate) const JPEG: u8 = 9;
    /// Packed bytes; this one if a byte says how they are filtered. The lower two say which stream packed them.
    pub(crate) const FILTERED: u8 = 4;
    /// The filter for few colours.
    pub(crate) const PALETTE: u8 = 1;
    /// Fewer bytes are not packed.
    pub(crate) const SHORT: u64 = 12;
}

/// Numbers of encodings, as viewers list them.
pub(crate) mod encoding {
    pub(crate) const RAW: i32 = 0;
    pub(crate) const COPY: i32 = 1;
    pub(crate) const TIGHT: i32 = 7;
    pub(crate) const H264: i32 = 50;
    pub(crate) const QUALITY_LOW: i32 = -32;
    pub(crate) const QUALITY_HIGH: i32 = -23;
    pub(crate) const DESKTOP_SIZE: i32 = -223;
    pub(crate) const CURSOR: i32 = -239;
    pub(crate) const QEMU_EXTENDED_KEY: i32 = -258;
    pub(crate) const DESKTOP_NAME: i32 = -307;
    pub(crate) const EXTENDED_DESKTOP_SIZE: i32 = -308;
    pub(crate) const FENCE: i32 = -312;
    pub(crate) const CONTINUOUS_UPDATES: i32 = -313;
    pub(crate) const EXTENDED_MOUSE_BUTTONS: i32 = -316;
    pub(crate) const CURSOR_WITH_ALPHA: i32 = 0x574d_5664;
}
