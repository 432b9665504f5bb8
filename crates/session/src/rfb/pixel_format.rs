//! How a viewer wants the bytes of a pixel.

use bytes::{Buf, BufMut, Bytes};

use super::client_messages::Malformed;

/// Where red, green and blue stand in the four bytes of a pixel. Fewer bits, and palettes, are refused: no
/// viewer needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelFormat {
    red: u8,
    green: u8,
    blue: u8,
}

impl PixelFormat {
    /// As pictures are kept here: blue, green, red, nothing.
    pub const NATIVE: Self = Self { red: 2, green: 1, blue: 0 };

    pub(super) fn read(bytes: &mut Bytes) -> Result<Self, Malformed> {
        let bits = bytes.get_u8();
        let depth = bytes.get_u8();
        let big_endian = bytes.get_u8() != 0;
        let true_colour = bytes.get_u8() != 0;
        let maxima = [bytes.get_u16(), bytes.get_u16(), bytes.get_u16()];
        let place = |shift: u8| {
            let place = shift / 8;
            let is_whole = shift.is_multiple_of(8) && place < 4;
            is_whole.then(|| if big_endian { 3 - place } else { place })
        };
        let places = (place(bytes.get_u8()), place(bytes.get_u8()), place(bytes.get_u8()));
        bytes.advance(3);
        let (Some(red), Some(green), Some(blue)) = places else { return Err(Malformed::PixelFormat) };
        let distinct = red != green && green != blue && blue != red;
        if (bits, depth) == (32, 24) && true_colour && maxima == [255; 3] && distinct {
            Ok(Self { red, green, blue })
        } else {
            Err(Malformed::PixelFormat)
        }
    }

    pub(super) fn write_native(bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&[32, 24, 0, 1]);
        (0..3).for_each(|_| bytes.put_u16(255));
        bytes.extend_from_slice(&[16, 8, 0, 0, 0, 0]);
    }

    /// Adds pixels that are kept as [`PixelFormat::NATIVE`].
    pub(crate) fn write(self, pixels: &[u8], bytes: &mut Vec<u8>) {
        if self == Self::NATIVE {
            return bytes.extend_from_slice(pixels);
        }
        for pixel in pixels.as_chunks::<4>().0 {
            let [blue, green, red, _] = *pixel;
            let place = |at: u8| match at {
                at if at == self.red => red,
                at if at == self.green => green,
                at if at == self.blue => blue,
                _ => 0,
            };
            bytes.extend_from_slice(&[place(0), place(1), place(2), place(3)]);
        }
    }
}
