//! What a viewer says, taken from bytes that may come in any pieces. Every length is bounded before anything is
//! kept for it.

use bytes::{Buf, Bytes, BytesMut};
use tokio_util::codec::Decoder;

use super::encoding;
use super::pixel_format::PixelFormat;
use crate::picture::Area;

/// The most encodings that one list may have.
const ENCODINGS_MOST: usize = 128;
/// The longest text of a clipboard, in bytes. It is thrown away: the clipboard has a way of its own.
const CUT_TEXT_MOST: usize = 1024 * 1024;
/// As the protocol says.
const FENCE_MOST: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientMessage {
    SetPixelFormat(PixelFormat),
    SetEncodings(Vec<i32>),
    UpdateRequest {
        incremental: bool,
        area: Area,
    },
    Key {
        down: bool,
        keysym: u32,
        /// The physical key, as a PC's keyboard would say it; none where the viewer does not know it.
        scancode: Option<u8>,
    },
    /// Each bit of `buttons` is a button or a direction of the wheel that is down.
    Pointer {
        buttons: u16,
        x: u16,
        y: u16,
    },
    /// Its text is not kept.
    CutText,
    ContinuousUpdates {
        enable: bool,
        area: Area,
    },
    Fence {
        flags: u32,
        payload: Bytes,
    },
    /// Wants another resolution.
    SetDesktopSize,
}

#[derive(Debug, thiserror::Error)]
pub enum Malformed {
    #[error("not a version of RFB that is spoken here")]
    Version,
    #[error("a kind of security that was not offered")]
    Security,
    #[error("a message of the unknown kind {0}")]
    UnknownKind(u8),
    #[error("a list of {0} encodings")]
    TooManyEncodings(usize),
    #[error("a clipboard of {0} bytes")]
    CutTextTooLong(usize),
    #[error("a fence of {0} bytes")]
    FenceTooLong(usize),
    #[error("pixels that are not 32 bits of true colour")]
    PixelFormat,
    #[error("more to answer than is kept")]
    Flood,
    #[error(transparent)]
    Transport(#[from] std::io::Error),
}

/// Takes messages from bytes.
#[derive(Debug, Default)]
pub struct ClientMessages {
    /// What is left of a clipboard to throw away.
    to_skip: usize,
    /// The viewer was told that a pointer may have more than seven buttons.
    more_buttons: bool,
}

impl Decoder for ClientMessages {
    type Item = ClientMessage;
    type Error = Malformed;

    fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<ClientMessage>, Malformed> {
        let skipped = self.to_skip.min(buffer.len());
        buffer.advance(skipped);
        self.to_skip -= skipped;
        if self.to_skip > 0 {
            return Ok(None);
        }
        let Some(length) = self.length(buffer)? else { return Ok(None) };
        if buffer.len() < length {
            buffer.reserve(length - buffer.len());
            return Ok(None);
        }
        self.read(buffer.split_to(length).freeze()).map(Some)
    }
}

impl ClientMessages {
    /// How long the message at the front is, once enough of it is there to say so.
    fn length(&self, buffer: &[u8]) -> Result<Option<usize>, Malformed> {
        let Some(kind) = buffer.first() else { return Ok(None) };
        let at = |index: usize| buffer.get(index).map(|byte| usize::from(*byte));
        let length = match kind {
            0 => Some(20),
            2 => at(2).zip(at(3)).map(|(high, low)| encodings_length(high << 8 | low)).transpose()?,
            3 | 150 => Some(10),
            4 => Some(8),
            5 => at(1).map(|mask| if self.more_buttons && mask & 0x80 != 0 { 7 } else { 6 }),
            6 => Some(8),
            248 => at(8).map(fence_length).transpose()?,
            251 => at(6).map(|screens| 8 + 16 * screens),
            // The one message of QEMU's that is offered.
            255 => match at(1) {
                None => None,
                Some(0) => Some(12),
                Some(_) => return Err(Malformed::UnknownKind(255)),
            },
            kind => return Err(Malformed::UnknownKind(*kind)),
        };
        Ok(length)
    }

    fn read(&mut self, mut bytes: Bytes) -> Result<ClientMessage, Malformed> {
        let message = match bytes.get_u8() {
            0 => {
                bytes.advance(3);
                ClientMessage::SetPixelFormat(PixelFormat::read(&mut bytes)?)
            }
            2 => {
                bytes.advance(3);
                let encodings = std::iter::from_fn(|| bytes.try_get_i32().ok()).collect::<Vec<_>>();
                self.more_buttons = encodings.contains(&encoding::EXTENDED_MOUSE_BUTTONS);
                ClientMessage::SetEncodings(encodings)
            }
            3 => {
                let incremental = bytes.get_u8() != 0;
                ClientMessage::UpdateRequest { incremental, area: area(&mut bytes) }
            }
            4 => {
                let down = bytes.get_u8() != 0;
                bytes.advance(2);
                ClientMessage::Key { down, keysym: bytes.get_u32(), scancode: None }
            }
            5 => pointer(bytes),
            6 => self.cut_text(&mut bytes)?,
            150 => {
                let enable = bytes.get_u8() != 0;
                ClientMessage::ContinuousUpdates { enable, area: area(&mut bytes) }
            }
            248 => {
                bytes.advance(3);
                let flags = bytes.get_u32();
                bytes.advance(1);
                ClientMessage::Fence { flags, payload: bytes }
            }
            251 => ClientMessage::SetDesktopSize,
            _ => qemu_key(bytes),
        };
        Ok(message)
    }

    /// A negative length is that of the extended clipboard.
    fn cut_text(&mut self, bytes: &mut Bytes) -> Result<ClientMessage, Malformed> {
        bytes.advance(3);
        let length = usize::try_from(bytes.get_i32().unsigned_abs()).unwrap_or(usize::MAX);
        if length > CUT_TEXT_MOST {
            return Err(Malformed::CutTextTooLong(length));
        }
        self.to_skip = length;
        Ok(ClientMessage::CutText)
    }
}

fn encodings_length(count: usize) -> Result<usize, Malformed> {
    if count > ENCODINGS_MOST { Err(Malformed::TooManyEncodings(count)) } else { Ok(4 + 4 * count) }
}

fn fence_length(payload: usize) -> Result<usize, Malformed> {
    if payload > FENCE_MOST { Err(Malformed::FenceTooLong(payload)) } else { Ok(9 + payload) }
}

fn area(bytes: &mut Bytes) -> Area {
    Area { x: bytes.get_u16(), y: bytes.get_u16(), width: bytes.get_u16(), height: bytes.get_u16() }
}

/// A seventh byte carries the buttons beyond the seventh; the mask's highest bit says that it is there.
fn pointer(mut bytes: Bytes) -> ClientMessage {
    let mask = u16::from(bytes.get_u8());
    let (x, y) = (bytes.get_u16(), bytes.get_u16());
    let more = bytes.try_get_u8().map(u16::from);
    let buttons = more.map_or(mask, |more| mask & 0x7f | more << 7);
    ClientMessage::Pointer { buttons, x, y }
}

fn qemu_key(mut bytes: Bytes) -> ClientMessage {
    bytes.advance(1);
    let down = bytes.get_u16() != 0;
    let keysym = bytes.get_u32();
    let scancode = u8::try_from(bytes.get_u32()).ok().filter(|scancode| *scancode != 0);
    ClientMessage::Key { down, keysym, scancode }
}

#[cfg(test)]
mod tests;
