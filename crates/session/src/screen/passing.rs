//! A host's RFB, looked at while it passes to the viewer's page: a picture of a size that no screen has, or pixels
//! beside the picture, would take all of that page's memory. What no host of ours sends does not pass either, so
//! that the page reads every message as it is read here.
//!
//! Absent on purpose: what is in the pictures. The page unpacks them, which is made for it.

use std::io::{Error, ErrorKind};

use bytes::Buf;

use crate::picture::Area;
use crate::rfb::{encoding, message, tight};

/// The version, the one kind of security, and that it is settled: `greet` on the host says so.
const GREETING: &[u8; 18] = b"RFB 003.008\n\x01\x01\0\0\0\0";
/// Its bytes.
const PIXEL_FORMAT: u64 = 16;
/// Twice as many as the largest screens have.
const PIXELS_MOST: u64 = 1 << 26;
/// The largest pointers are a tenth of it.
const POINTER_SIDE_MOST: u16 = 1_024;
const NAME_MOST: u32 = 1_024;
/// Of a screen with this name, the page reads a pixel as one byte.
const READ_OTHERWISE: &[u8] = b"Intel(r) AMT KVM";
const FENCE_MOST: u8 = 64;
/// A frame of the largest picture, hardly packed.
const FRAME_MOST: u32 = 1 << 24;

#[derive(Debug)]
pub(super) struct Passing {
    /// So many bytes pass unseen.
    unseen: u64,
    /// What is looked at next, as far as it has come.
    head: Vec<u8>,
    next: Next,
    size: (u16, u16),
}

/// What is looked at next. Within an update: how many rectangles are to come, this one among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Greeting,
    Size,
    /// How long the name is, and the name.
    FirstNameLength,
    FirstName(u32),
    Message,
    FenceLength,
    Rectangles,
    Rectangle(u16),
    FrameLength(u16),
    NameLength(u16),
    Screens(u16),
    PointerKind(u16, u64),
    /// Where that area is copied from.
    Source(u16, Area),
    Tight(u16, Area),
    Filter(u16, Area),
    Colours(u16, Area),
    /// Of what is packed: its first, second and third byte.
    Length(u16, u8, u64),
    /// Something was refused.
    Nothing,
}

impl Default for Passing {
    fn default() -> Self {
        Self { unseen: 0, head: Vec::new(), next: Next::Greeting, size: (0, 0) }
    }
}

impl Passing {
    /// The next bytes, in whatever pieces they come.
    pub(super) fn pass(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        while !bytes.is_empty() {
            if self.unseen > 0 {
                let passes = bytes.len().min(usize::try_from(self.unseen).unwrap_or(usize::MAX));
                bytes.advance(passes);
                self.unseen -= passes as u64;
                continue;
            }
            let missing = self.next.length().saturating_sub(self.head.len());
            let (now, later) = bytes.split_at(missing.min(bytes.len()));
            self.head.extend_from_slice(now);
            bytes = later;
            if now.len() == missing {
                let head = std::mem::take(&mut self.head);
                let next = std::mem::replace(&mut self.next, Next::Nothing);
                (self.unseen, self.next) = self.look(next, &head)?;
            }
        }
        Ok(())
    }

    /// How much passes unseen after it, and what comes then.
    fn look(&mut self, next: Next, mut head: &[u8]) -> Result<(u64, Next), Error> {
        Ok(match next {
            Next::Greeting if head == GREETING => (0, Next::Size),
            Next::Greeting => return Err(refused("no screen")),
            Next::Size => {
                self.resize(head.get_u16(), head.get_u16())?;
                (PIXEL_FORMAT, Next::FirstNameLength)
            }
            Next::FirstNameLength => (0, Next::FirstName(name(head.get_u32())?)),
            Next::FirstName(_) if head == READ_OTHERWISE => return Err(refused("a name for other pixels")),
            Next::FirstName(_) => (0, Next::Message),
            Next::Message => match head.get_u8() {
                message::UPDATE => (1, Next::Rectangles),
                message::END_OF_CONTINUOUS_UPDATES => (0, Next::Message),
                message::FENCE => (7, Next::FenceLength),
                _ => return Err(refused("a message that no host sends")),
            },
            Next::FenceLength => match head.get_u8() {
                length @ ..=FENCE_MOST => (length.into(), Next::Message),
                _ => return Err(refused("a fence that is too long")),
            },
            Next::Rectangles => (0, Next::rectangles(head.get_u16())),
            Next::Rectangle(left) => self.rectangle(left, head)?,
            Next::FrameLength(left) => match head.get_u32() {
                length @ ..=FRAME_MOST => (4 + u64::from(length), Next::after(left)),
                _ => return Err(refused("a frame that is too long")),
            },
            Next::NameLength(left) => (name(head.get_u32())?.into(), Next::after(left)),
            Next::Screens(left) => (3 + 16 * u64::from(head.get_u8()), Next::after(left)),
            Next::PointerKind(left, pixels) => match head.get_u8() {
                1 => (1 + 4 * pixels, Next::after(left)),
                _ => return Err(refused("a pointer of a kind that no host sends")),
            },
            Next::Source(left, area) => {
                self.inside(Area { x: head.get_u16(), y: head.get_u16(), ..area })?;
                (0, Next::after(left))
            }
            Next::Tight(left, area) => match head.get_u8() >> 4 {
                tight::FILL => (3, Next::after(left)),
                tight::JPEG => (0, Next::Length(left, 0, 0)),
                0..tight::FILTERED => Next::packed(left, 3 * area.pixels()),
                tight::FILTERED..tight::FILL => (0, Next::Filter(left, area)),
                _ => return Err(refused("pixels that no host packs so")),
            },
            Next::Filter(left, area) => match head.get_u8() {
                tight::PALETTE => (0, Next::Colours(left, area)),
                _ => return Err(refused("pixels that no host filters so")),
            },
            Next::Colours(left, area) => {
                let colours = u64::from(head.get_u8()) + 1;
                let width = if colours <= 2 { area.width.div_ceil(8) } else { area.width };
                let (numbers, next) = Next::packed(left, u64::from(width) * u64::from(area.height));
                (3 * colours + numbers, next)
            }
            Next::Length(left, place, length) => {
                let byte = head.get_u8();
                let bits = if place < 2 { byte & 0x7f } else { byte };
                let length = length | u64::from(bits) << (7 * place);
                let goes_on = place < 2 && byte & 0x80 != 0;
                if goes_on { (0, Next::Length(left, place + 1, length)) } else { (length, Next::after(left)) }
            }
            Next::Nothing => return Err(refused("nothing more was to come")),
        })
    }

    fn rectangle(&mut self, left: u16, mut head: &[u8]) -> Result<(u64, Next), Error> {
        let area =
            Area { x: head.get_u16(), y: head.get_u16(), width: head.get_u16(), height: head.get_u16() };
        Ok(match head.get_i32() {
            encoding::RAW => (4 * self.inside(area)?.pixels(), Next::after(left)),
            encoding::COPY => (0, Next::Source(left, self.inside(area)?)),
            encoding::TIGHT => (0, Next::Tight(left, self.inside(area)?)),
            encoding::H264 => self.inside(area).map(|_| (0, Next::FrameLength(left)))?,
            encoding::CURSOR => {
                let mask = u64::from(area.width.div_ceil(8)) * u64::from(area.height);
                (4 * pointer(area)? + mask, Next::after(left))
            }
            encoding::CURSOR_WITH_ALPHA => (0, Next::PointerKind(left, pointer(area)?)),
            encoding::DESKTOP_SIZE => {
                self.resize(area.width, area.height)?;
                (0, Next::after(left))
            }
            encoding::EXTENDED_DESKTOP_SIZE => {
                let is_refused = area.x == 1 && area.y != 0;
                if !is_refused {
                    self.resize(area.width, area.height)?;
                }
                (0, Next::Screens(left))
            }
            encoding::DESKTOP_NAME => (0, Next::NameLength(left)),
            encoding::QEMU_EXTENDED_KEY | encoding::EXTENDED_MOUSE_BUTTONS => (0, Next::after(left)),
            _ => return Err(refused("an encoding that no host uses")),
        })
    }

    fn resize(&mut self, width: u16, height: u16) -> Result<(), Error> {
        let size = Area { width, height, ..Area::default() };
        if !(1..=PIXELS_MOST).contains(&size.pixels()) {
            return Err(refused("a screen of a size that none has"));
        }
        self.size = (width, height);
        Ok(())
    }

    fn inside(&self, area: Area) -> Result<Area, Error> {
        let (width, height) = self.size;
        let picture = Area { width, height, ..Area::default() };
        if area.pixels() > 0 && picture.contains(area) {
            Ok(area)
        } else {
            Err(refused("pixels beside the picture"))
        }
    }
}

impl Next {
    /// In bytes.
    fn length(self) -> usize {
        match self {
            Self::Greeting => GREETING.len(),
            Self::Rectangle(_) => 12,
            Self::Size
            | Self::FirstNameLength
            | Self::FrameLength(_)
            | Self::NameLength(_)
            | Self::Source(..) => 4,
            Self::Rectangles => 2,
            Self::FirstName(length) => usize::try_from(length).unwrap_or(usize::MAX),
            _ => 1,
        }
    }

    fn rectangles(left: u16) -> Self {
        if left == 0 { Self::Message } else { Self::Rectangle(left) }
    }

    /// Behind this rectangle.
    fn after(left: u16) -> Self {
        Self::rectangles(left.saturating_sub(1))
    }

    /// Of so many bytes, once they are unpacked.
    fn packed(left: u16, bytes: u64) -> (u64, Self) {
        if bytes < tight::SHORT { (bytes, Self::after(left)) } else { (0, Self::Length(left, 0, 0)) }
    }
}

/// How many pixels it has.
fn pointer(area: Area) -> Result<u64, Error> {
    let fits = area.width <= POINTER_SIDE_MOST && area.height <= POINTER_SIDE_MOST;
    if fits { Ok(area.pixels()) } else { Err(refused("a pointer of a size that none has")) }
}

fn name(length: u32) -> Result<u32, Error> {
    if length <= NAME_MOST { Ok(length) } else { Err(refused("a name that is too long")) }
}

fn refused(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests;
