//! A set of the square tiles of a picture.

use crate::picture::Area;

/// The side of a tile, in pixels.
pub(crate) const TILE: usize = 64;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tiles {
    width: u16,
    height: u16,
    columns: usize,
    marks: Vec<bool>,
}

impl Tiles {
    pub(crate) fn none(width: u16, height: u16) -> Self {
        let (columns, rows) = (usize::from(width).div_ceil(TILE), usize::from(height).div_ceil(TILE));
        Self { width, height, columns, marks: vec![false; columns * rows] }
    }

    pub(crate) fn all(width: u16, height: u16) -> Self {
        let mut tiles = Self::none(width, height);
        tiles.marks.fill(true);
        tiles
    }

    pub(crate) fn mark(&mut self, column: usize, row: usize) {
        self.mark_number(row * self.columns + column);
    }

    pub(crate) fn count(&self) -> usize {
        self.marks.iter().filter(|mark| **mark).count()
    }

    pub(crate) fn is_empty(&self) -> bool {
        !self.marks.contains(&true)
    }

    pub(crate) fn add(&mut self, others: &Self) {
        self.marks.iter_mut().zip(&others.marks).for_each(|(mark, other)| *mark |= other);
    }

    pub(crate) fn mark_number(&mut self, number: usize) {
        if let Some(mark) = self.marks.get_mut(number) {
            *mark = true;
        }
    }

    /// Of those that are marked, row after row.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = usize> {
        self.marks.iter().enumerate().filter_map(|(number, mark)| mark.then_some(number))
    }

    /// The smallest area with all of them in it.
    pub(crate) fn bounds(&self) -> Area {
        let (mut left, mut top, mut right, mut bottom) = (u16::MAX, u16::MAX, 0, 0);
        for area in self.runs(usize::MAX) {
            (left, top) = (left.min(area.x), top.min(area.y));
            (right, bottom) = (right.max(area.x + area.width), bottom.max(area.y + area.height));
        }
        Area { x: left, y: top, width: right.saturating_sub(left), height: bottom.saturating_sub(top) }
    }

    /// Those whose area is so, and the others.
    pub(crate) fn part(&self, mut is_so: impl FnMut(Area) -> bool) -> (Self, Self) {
        let (mut so, mut others) = (self.clone(), self.clone());
        for (number, (so, other)) in so.marks.iter_mut().zip(&mut others.marks).enumerate() {
            let (row, column) = (number / self.columns.max(1), number % self.columns.max(1));
            *so = *so && is_so(self.area(column, row, 1));
            *other = *other && !*so;
        }
        (so, others)
    }

    /// Marked tiles that lie side by side, as areas of the picture of at most so many tiles.
    pub(crate) fn runs(&self, longest: usize) -> impl Iterator<Item = Area> {
        let rows = self.marks.chunks(self.columns.max(1)).enumerate();
        rows.flat_map(move |(row, marks)| {
            let mut column = 0;
            std::iter::from_fn(move || {
                column += marks.get(column..)?.iter().position(|mark| *mark)?;
                let length = marks.get(column..)?.iter().take(longest).take_while(|mark| **mark).count();
                let start = column;
                column += length;
                Some((start, length))
            })
            .map(move |(start, length)| self.area(start, row, length))
        })
    }

    fn area(&self, column: usize, row: usize, length: usize) -> Area {
        let pixels = |tiles: usize| u16::try_from(tiles.saturating_mul(TILE)).unwrap_or(u16::MAX);
        let (x, y) = (pixels(column), pixels(row));
        Area { x, y, width: pixels(length).min(self.width - x), height: pixels(1).min(self.height - y) }
    }
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
    fn all_of_them_lie_within_their_bounds() {
        let mut tiles = Tiles::none(300, 200);
        assert_eq!(tiles.bounds().pixels(), 0);
        tiles.mark(1, 2);
        tiles.mark(4, 1);
        assert_eq!(tiles.bounds(), Area { x: 64, y: 64, width: 236, height: 128 });
    }
}
