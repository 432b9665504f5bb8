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
        self.shared(other).is_some()
    }

    /// What lies in both.
    pub(crate) fn shared(self, other: Self) -> Option<Self> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let side = |from: u16, end: u32| {
            u16::try_from(end.saturating_sub(from.into())).ok().filter(|length| *length > 0)
        };
        let width = side(x, self.right().min(other.right()))?;
        let height = side(y, self.bottom().min(other.bottom()))?;
        Some(Self { x, y, width, height })
    }

    /// The smallest one with both in it.
    pub(crate) fn around(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let side = |from: u16, end: u32| u16::try_from(end - u32::from(from)).unwrap_or(u16::MAX);
        let width = side(x, self.right().max(other.right()));
        let height = side(y, self.bottom().max(other.bottom()));
        Self { x, y, width, height }
    }

    fn right(self) -> u32 {
        u32::from(self.x) + u32::from(self.width)
    }

    fn bottom(self) -> u32 {
        u32::from(self.y) + u32::from(self.height)
    }
}

/// Four bytes for each pixel: blue, green, red, and one that means nothing.
#[derive(Debug, Clone, Default)]
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

    /// Takes over part of a row, from `x` on; notes where it differs. What is outside is left out.
    pub fn put_row(&mut self, x: u16, y: u16, pixels: &[u8]) {
        if y >= self.height || x >= self.width {
            return;
        }
        let width = (pixels.len() / PIXEL).min(usize::from(self.width - x));
        let start = self.place(x, y);
        let Some(row) = self.pixels.get_mut(start..start + width * PIXEL) else { return };
        let (mut x, mut rest, mut new) = (x, row, pixels);
        while !rest.is_empty() {
            let length = ((TILE - usize::from(x) % TILE) * PIXEL).min(rest.len());
            let (old_tile, old_rest) = rest.split_at_mut(length);
            let (new_tile, new_rest) = new.split_at(length);
            if let Some((first, width)) = difference(old_tile, new_tile) {
                old_tile.copy_from_slice(new_tile);
                self.changed.mark(Area { x: x + first, y, width, height: 1 });
            }
            x = x.saturating_add(u16::try_from(length / PIXEL).unwrap_or(u16::MAX));
            (rest, new) = (old_rest, new_rest);
        }
    }

    /// Fills `to`, which lies inside, with what is as many columns and rows from `from` on. Nothing is noted.
    pub(crate) fn copy(&mut self, from: (u16, u16), to: Area) {
        let mut rows: Vec<u16> = (0..to.height).collect();
        if from.1 < to.y {
            rows.reverse();
        }
        for row in rows {
            let source = self.place(from.0, from.1 + row);
            let target = self.place(to.x, to.y + row);
            self.pixels.copy_within(source..source + usize::from(to.width) * PIXEL, target);
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

    fn place(&self, x: u16, y: u16) -> usize {
        (usize::from(y) * usize::from(self.width) + usize::from(x)) * PIXEL
    }
}

/// The first pixel that differs in two parts of a row, and how many there are up to the last one.
fn difference(old: &[u8], new: &[u8]) -> Option<(u16, u16)> {
    if old == new {
        return None;
    }
    let mut pairs = old.as_chunks::<PIXEL>().0.iter().zip(new.as_chunks::<PIXEL>().0);
    let first = pairs.position(|(old, new)| old != new)?;
    let last = pairs.rposition(|(old, new)| old != new).map_or(0, |last| last + 1);
    Some((u16::try_from(first).ok()?, u16::try_from(last + 1).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_noted() {
        let mut picture = Picture::new(200, 100);
        assert_eq!(picture.take_changed().count(), 8, "a new picture is all new");
        picture.put_row(60, 70, &[0; 8 * PIXEL]);
        assert_eq!(picture.take_changed().count(), 0, "nothing differs");
        picture.put_row(60, 70, &[1; 8 * PIXEL]);
        let changed = picture.take_changed();
        let areas: Vec<Area> = changed.runs(1).collect();
        let beginning = Area { x: 60, y: 70, width: 4, height: 1 };
        assert_eq!(areas, [beginning, Area { x: 64, ..beginning }]);
        picture.put_row(64, 70, &[[1; 4], [2; 4], [1; 4], [1; 4], [3; 4], [0; 4]].concat());
        picture.put_row(64, 71, &[[0; 4], [0; 4], [1; 4], [0; 4]].concat());
        let areas: Vec<Area> = picture.take_changed().runs(1).collect();
        assert_eq!(areas, [Area { x: 65, y: 70, width: 4, height: 2 }]);
    }

    #[test]
    fn an_area_is_copied_up_and_down_also_over_itself() {
        let numbered = || {
            let mut picture = Picture::new(10, 10);
            (0..10).for_each(|y| picture.put_row(0, y, &[y as u8; 10 * PIXEL]));
            picture
        };
        let column = |picture: &Picture, x| -> Vec<u8> {
            picture.rows(Area { x, width: 1, ..picture.whole() }).map(|row| row[0]).collect()
        };
        for (from, to, expected) in
            [((0, 3), 1, [0, 3, 4, 5, 6, 7, 6, 7, 8, 9]), ((1, 1), 3, [0, 1, 2, 1, 2, 3, 4, 5, 8, 9])]
        {
            let mut picture = numbered();
            picture.copy(from, Area { x: 2, y: to, width: 3, height: 5 });
            assert_eq!(column(&picture, 4), expected);
            assert_eq!([1, 5].map(|x| column(&picture, x)), [1, 5].map(|x| column(&numbered(), x)));
        }
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
