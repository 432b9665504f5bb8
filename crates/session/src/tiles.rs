//! A set of the square tiles of a picture, and how much of each is meant.

use crate::picture::Area;

/// The side of a tile, in pixels.
pub(crate) const TILE: usize = 64;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tiles {
    width: u16,
    height: u16,
    columns: usize,
    /// What is meant of each, if it is marked.
    marks: Vec<Option<Area>>,
}

impl Tiles {
    pub(crate) fn none(width: u16, height: u16) -> Self {
        let (columns, rows) = (usize::from(width).div_ceil(TILE), usize::from(height).div_ceil(TILE));
        Self { width, height, columns, marks: vec![None; columns * rows] }
    }

    pub(crate) fn all(width: u16, height: u16) -> Self {
        let mut tiles = Self::none(width, height);
        (0..tiles.marks.len()).for_each(|number| tiles.mark_number(number));
        tiles
    }

    /// An area of the picture: of each tile what lies in it.
    pub(crate) fn mark(&mut self, area: Area) {
        let tiles = |start: u16, length: u16| {
            let start = usize::from(start);
            start / TILE..(start + usize::from(length)).div_ceil(TILE)
        };
        for row in tiles(area.y, area.height) {
            for column in tiles(area.x, area.width) {
                let number = row * self.columns + column;
                let shared = self.tile(number).shared(area);
                if let Some(mark) = self.marks.get_mut(number) {
                    *mark = together(*mark, shared);
                }
            }
        }
    }

    /// A whole tile.
    pub(crate) fn mark_number(&mut self, number: usize) {
        let tile = self.tile(number);
        if let Some(mark) = self.marks.get_mut(number) {
            *mark = Some(tile);
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.marks.iter().flatten().count()
    }

    /// Of each column.
    pub(crate) fn counts(&self) -> Vec<usize> {
        let column = |column| self.marks.iter().skip(column).step_by(self.columns);
        (0..self.columns).map(|number| column(number).flatten().count()).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count() == 0
    }

    pub(crate) fn add(&mut self, others: &Self) {
        self.marks.iter_mut().zip(&others.marks).for_each(|(mark, other)| *mark = together(*mark, *other));
    }

    /// Of those that are marked, row after row.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = usize> {
        self.marks.iter().enumerate().filter_map(|(number, mark)| mark.map(|_| number))
    }

    /// The smallest area with all that is marked in it.
    pub(crate) fn bounds(&self) -> Area {
        self.marks.iter().copied().flatten().reduce(Area::around).unwrap_or_default()
    }

    /// The same tiles, and all of each.
    pub(crate) fn whole(&self) -> Self {
        let mut whole = Self::none(self.width, self.height);
        self.numbers().for_each(|number| whole.mark_number(number));
        whole
    }

    /// The same tiles; those side by side reach equally far up and down, and up to each other.
    pub(crate) fn aligned(&self) -> Self {
        let mut aligned = self.clone();
        self.runs(usize::MAX).for_each(|run| aligned.mark(run));
        aligned
    }

    /// Those of which the marked area is so, and the others.
    pub(crate) fn part(&self, mut is_so: impl FnMut(Area) -> bool) -> (Self, Self) {
        let (mut so, mut others) = (self.clone(), self.clone());
        for (so, other) in so.marks.iter_mut().zip(&mut others.marks) {
            if so.is_some_and(&mut is_so) { *other = None } else { *so = None }
        }
        (so, others)
    }

    /// Marked tiles that lie side by side, as areas of the picture of at most so many tiles.
    pub(crate) fn runs(&self, longest: usize) -> impl Iterator<Item = Area> {
        self.marks.chunks(self.columns.max(1)).flat_map(move |row| {
            row.chunk_by(|one, next| one.is_some() && next.is_some())
                .flat_map(move |run| run.chunks(longest))
                .filter_map(|run| run.iter().copied().flatten().reduce(Area::around))
        })
    }

    fn tile(&self, number: usize) -> Area {
        let pixels = |tiles: usize| u16::try_from(tiles.saturating_mul(TILE)).unwrap_or(u16::MAX);
        let (x, y) = (pixels(number % self.columns.max(1)), pixels(number / self.columns.max(1)));
        let side = |from: u16, end: u16| pixels(1).min(end.saturating_sub(from));
        Area { x, y, width: side(x, self.width), height: side(y, self.height) }
    }
}

fn together(one: Option<Area>, other: Option<Area>) -> Option<Area> {
    one.into_iter().chain(other).reduce(Area::around)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_side_by_side_are_one_area_up_to_a_length() {
        let tiles = Tiles::all(300, 65);
        let widths: Vec<(u16, u16, u16)> = tiles.runs(2).map(|area| (area.x, area.y, area.width)).collect();
        assert_eq!(
            widths,
            [(0, 0, 128), (128, 0, 128), (256, 0, 44), (0, 64, 128), (128, 64, 128), (256, 64, 44)]
        );
    }

    #[test]
    fn all_that_is_marked_lies_within_its_bounds() {
        let mut tiles = Tiles::none(300, 200);
        assert_eq!(tiles.bounds().pixels(), 0);
        tiles.mark_number(2 * 5 + 1);
        tiles.mark(Area { x: 290, y: 70, width: 5, height: 5 });
        assert_eq!(tiles.bounds(), Area { x: 64, y: 70, width: 231, height: 122 });
        assert_eq!(tiles.whole().bounds(), Area { x: 64, y: 64, width: 236, height: 128 });
        assert_eq!(tiles.counts(), [0, 1, 0, 0, 1]);
    }

    #[test]
    fn what_is_marked_of_tiles_side_by_side_can_be_one_area() {
        let mut tiles = Tiles::none(300, 200);
        tiles.mark(Area { x: 50, y: 10, width: 10, height: 10 });
        tiles.mark(Area { x: 100, y: 30, width: 10, height: 5 });
        let areas: Vec<Area> = tiles.aligned().runs(1).collect();
        let first = Area { x: 50, y: 10, width: 14, height: 25 };
        assert_eq!(areas, [first, Area { x: 64, width: 46, ..first }]);
    }
}
