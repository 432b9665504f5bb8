//! Tight: one colour, and JPEG. What lies between them is in `palette`.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::picture::{Area, Picture};
use crate::rfb::tight::{FILL, JPEG};

/// The quality of what need not be sent again.
pub(super) const GOOD: u8 = 85;
/// The quality of what is sent again.
pub(super) const BETTER: u8 = 93;

/// What three bytes of length can say.
const LONGEST: usize = (1 << 22) - 1;

pub(super) fn fill(bytes: &mut Vec<u8>, colour: [u8; 3]) {
    bytes.push(FILL << 4);
    bytes.extend_from_slice(&colour);
}

/// Nothing where it cannot be encoded.
pub(super) fn jpeg(picture: &Picture, area: Area, quality: u8) -> Option<Vec<u8>> {
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, quality);
    // Coloured text is unreadable with fewer colours than pixels.
    encoder.set_sampling_factor(if quality >= GOOD { SamplingFactor::F_1_1 } else { SamplingFactor::F_2_2 });
    encoder.encode(&picture.pixels(area), area.width, area.height, ColorType::Bgra).ok()?;
    let mut bytes = vec![JPEG << 4];
    put_length(&mut bytes, jpeg.len())?;
    bytes.append(&mut jpeg);
    Some(bytes)
}

/// Seven bits in each byte, the lowest first; the last has eight.
pub(super) fn put_length(bytes: &mut Vec<u8>, length: usize) -> Option<()> {
    if length > LONGEST {
        return None;
    }
    let low = |shift: usize| u8::try_from(length >> shift & 0x7f).unwrap_or(0);
    match length {
        ..0x80 => bytes.push(low(0)),
        0x80..0x4000 => bytes.extend_from_slice(&[low(0) | 0x80, low(7)]),
        _ => {
            bytes.extend_from_slice(&[low(0) | 0x80, low(7) | 0x80, u8::try_from(length >> 14).unwrap_or(0)])
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_as_the_protocol_says() {
        let written = |length| {
            let mut bytes = Vec::new();
            put_length(&mut bytes, length).map(|()| bytes)
        };
        assert_eq!(written(127).unwrap(), [0x7f]);
        assert_eq!(written(10_000).unwrap(), [0x90, 0x4e]);
        assert_eq!(written(LONGEST).unwrap(), [0xff, 0xff, 0xff]);
        assert_eq!(written(LONGEST + 1), None);
    }
}
