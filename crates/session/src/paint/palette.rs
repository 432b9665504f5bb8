//! Tiles of few colours, such as text: each pixel is the number of its colour, and the numbers are packed. What
//! arrives is what was there.

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::tight::put_length;
use crate::picture::{Area, Picture};
use crate::rfb::tight::{FILTERED, PALETTE, SHORT};

/// With more of them a tile is a picture, which JPEG makes smaller.
const COLOURS_MOST: usize = 96;
/// So wide is a rectangle at most, in pixels.
const WIDEST: u16 = 1_024;
/// Looking harder for what was there before costs more than it saves.
const EFFORT: u32 = 6;

/// An area, and its colours in order: red, green, blue.
#[derive(Debug)]
pub(super) struct FewColours {
    pub(super) area: Area,
    colours: Vec<[u8; 3]>,
}

impl FewColours {
    pub(super) fn of(picture: &Picture, area: Area) -> Option<Self> {
        let mut few = Self { area, colours: Vec::new() };
        let mut last = None;
        for [blue, green, red, _] in picture.rows(area).flat_map(|row| row.as_chunks::<4>().0) {
            let colour = [*red, *green, *blue];
            if last.replace(colour) != Some(colour) && !few.takes(colour) {
                return None;
            }
        }
        Some(few)
    }

    /// Those side by side together, where that costs less than each alone.
    pub(super) fn joined(tiles: Vec<Self>) -> Vec<Self> {
        let mut joined: Vec<Self> = Vec::new();
        for tile in tiles {
            let both = joined.last().and_then(|last| last.with(&tile));
            match (joined.last_mut(), both) {
                (Some(last), Some(both)) => *last = both,
                _ => joined.push(tile),
            }
        }
        joined
    }

    fn with(&self, next: &Self) -> Option<Self> {
        let area = Area { width: self.area.width + next.area.width, ..self.area };
        let beside = Area { x: self.area.x + self.area.width, width: next.area.width, ..self.area };
        if next.area != beside || area.width > WIDEST {
            return None;
        }
        let mut both = Self { area, colours: self.colours.clone() };
        let few = next.colours.iter().all(|colour| both.takes(*colour));
        // Of two colours, eight pixels are a byte; of more, each is one.
        let alike = self.is_plain() == next.is_plain() && next.is_plain() == both.is_plain();
        (few && alike).then_some(both)
    }

    fn takes(&mut self, colour: [u8; 3]) -> bool {
        match self.colours.binary_search(&colour) {
            Ok(_) => true,
            Err(_) if self.colours.len() == COLOURS_MOST => false,
            Err(place) => {
                self.colours.insert(place, colour);
                true
            }
        }
    }

    fn is_plain(&self) -> bool {
        self.colours.len() <= 2
    }

    fn numbers(&self, picture: &Picture) -> Vec<u8> {
        let mut numbers = Vec::new();
        for row in picture.rows(self.area) {
            let row = self.numbers_of(row);
            if self.is_plain() {
                let byte = |eight: &[u8]| {
                    eight.iter().zip(0..).fold(0, |byte, (bit, place)| byte | bit << (7 - place))
                };
                numbers.extend(row.chunks(8).map(byte));
            } else {
                numbers.extend(row);
            }
        }
        numbers
    }

    fn numbers_of(&self, row: &[u8]) -> Vec<u8> {
        let mut last = ([0; 3], None);
        let number = |[blue, green, red, _]: &[u8; 4]| {
            let colour = [*red, *green, *blue];
            if let (before, Some(number)) = last
                && before == colour
            {
                return number;
            }
            let place = self.colours.binary_search(&colour).unwrap_or_default();
            let number = u8::try_from(place).unwrap_or_default();
            last = (colour, Some(number));
            number
        };
        row.as_chunks::<4>().0.iter().map(number).collect()
    }
}

/// Packs with what it packed before in mind, as the viewer unpacks: the same ones for a whole connection.
#[derive(Debug)]
pub(super) struct Packers {
    plain: ZlibEncoder<Vec<u8>>,
    other: ZlibEncoder<Vec<u8>>,
}

impl Default for Packers {
    fn default() -> Self {
        let packer = || ZlibEncoder::new(Vec::new(), Compression::new(EFFORT));
        Self { plain: packer(), other: packer() }
    }
}

impl Packers {
    /// The content of a rectangle.
    pub(super) fn palette(&mut self, few: &FewColours, picture: &Picture) -> io::Result<Vec<u8>> {
        let (number, packer) = if few.is_plain() { (0, &mut self.plain) } else { (1, &mut self.other) };
        let last = u8::try_from(few.colours.len().saturating_sub(1)).unwrap_or(u8::MAX);
        let mut bytes = vec![(FILTERED | number) << 4, PALETTE, last];
        bytes.extend(few.colours.iter().flatten());
        let numbers = few.numbers(picture);
        if (numbers.len() as u64) < SHORT {
            bytes.extend(numbers);
            return Ok(bytes);
        }
        packer.write_all(&numbers)?;
        packer.flush()?;
        let packed = std::mem::take(packer.get_mut());
        put_length(&mut bytes, packed.len()).ok_or(io::ErrorKind::InvalidInput)?;
        bytes.extend(packed);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests;
