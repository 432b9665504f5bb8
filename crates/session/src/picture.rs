//! A picture of a screen, and what of it changed.

use crate::tiles::{TILE, Tiles};

/// A rectangle of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

impl Area {
    pub(crate) fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    pub(crate) fn contains(self, other: Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        u32::from(self.x) < other.right()
            && u32::from(other.x) < self.right()
            && u32::from(self.y) < other.bottom()
            && u32::from(other.y) < self.bottom()
    }

    fn right(self) -> u32 {
        u32::from(self.x) + u32::from(self.width)
    }

    fn bottom(self) -> u32 {
        u32::from(self.y) + u32::from(self.height)
    }
}

/// Four bytes for each pixel: blue, green, red, and one that means nothing.
#[derive(Debug, Default)]
pub struct Picture {
    width: u16,
    height: u16,
    pixels: Vec<u8>,
    changed: Tiles,
}

const PIXEL: usize = 4;

impl Picture {
    pub fn new(width: u16, height: u16) -> Self {
        let pixels = vec![0; usize::from(width) * usize::from(height) * PIXEL];
        Self { width, height, pixels, changed: Tiles::all(width, height) }
    }

    pub fn size(&self) -> (u16, u16) {
        (self.width, self.height)
    }

    /// Everything, as it stands.
    pub fn whole(&self) -> Area {
        Area { width: self.width, height: self.height, ..Area::default() }
    }

    /// Takes over part of a row, from `x` on; notes the tiles in which it differs. What is outside is left out.
    pub fn put_row(&mut self, x: u16, y: u16, pixels: &[u8]) {
        if y >= self.height || x >= self.width {
            return;
        }
        let width = (pixels.len() / PIXEL).min(usize::from(self.width - x));
        let start = (usize::from(y) * usize::from(self.width) + usize::from(x)) * PIXEL;
        let Some(row) = self.pixels.get_mut(start..start + width * PIXEL) else { return };
        let (mut at, mut rest, mut new) = (usize::from(x), row, pixels);
        while !rest.is_empty() {
            let length = ((TILE - at % TILE) * PIXEL).min(rest.len());
            let (old_tile, old_rest) = rest.split_at_mut(length);
            let (new_tile, new_rest) = new.split_at(length);
            if old_tile != new_tile {
                old_tile.copy_from_slice(new_tile);
                self.changed.mark(at / TILE, usize::from(y) / TILE);
            }
            at += length / PIXEL;
            (rest, new) = (old_rest, new_rest);
        }
    }

    /// What changed since it was last asked.
    pub(crate) fn take_changed(&mut self) -> Tiles {
        std::mem::replace(&mut self.changed, Tiles::none(self.width, self.height))
    }

    /// The one colour of an area, if it has only one: red, green, blue.
    pub(crate) fn one_colour(&self, area: Area) -> Option<[u8; 3]> {
        let mut pixels = self.rows(area).flat_map(|row| row.as_chunks::<PIXEL>().0);
        let [blue, green, red, _] = *pixels.next()?;
        pixels.all(|pixel| pixel.starts_with(&[blue, green, red])).then_some([red, green, blue])
    }

    /// The bytes of an area that lies inside, row after row.
    pub(crate) fn pixels(&self, area: Area) -> Vec<u8> {
        let mut pixels = Vec::with_capacity(usize::from(area.width) * usize::from(area.height) * PIXEL);
        self.rows(area).for_each(|row| pixels.extend_from_slice(row));
        pixels
    }

    /// The rows of an area that lies inside.
    pub(crate) fn rows(&self, area: Area) -> impl Iterator<Item = &[u8]> {
        let stride = usize::from(self.width) * PIXEL;
        let (from, to) =
            (usize::from(area.x) * PIXEL, usize::from(area.x.saturating_add(area.width)) * PIXEL);
        self.pixels
            .chunks_exact(stride.max(1))
            .skip(usize::from(area.y))
            .take(usize::from(area.height))
            .filter_map(move |row| row.get(from..to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tiles_that_differ_are_noted() {
        let mut picture = Picture::new(200, 100);
        assert_eq!(picture.take_changed().count(), 8, "a new picture is all new");
        picture.put_row(60, 70, &[0; 8 * PIXEL]);
        assert_eq!(picture.take_changed().count(), 0, "nothing differs");
        picture.put_row(60, 70, &[1; 8 * PIXEL]);
        let changed = picture.take_changed();
        let areas: Vec<Area> = changed.runs(usize::MAX).collect();
        assert_eq!(areas, [Area { x: 0, y: 64, width: 128, height: 36 }]);
    }

    #[test]
    fn what_lies_outside_is_left_out() {
        let mut picture = Picture::new(10, 10);
        picture.take_changed();
        picture.put_row(8, 9, &[1; 8 * PIXEL]);
        picture.put_row(0, 10, &[1; 8 * PIXEL]);
        picture.put_row(10, 0, &[1; 8 * PIXEL]);
        let bright = picture.rows(picture.whole()).flatten().filter(|byte| **byte == 1).count();
        assert_eq!(bright, 2 * PIXEL);
    }
}
