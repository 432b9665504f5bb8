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
        if let Some(mark) = self.marks.get_mut(row * self.columns + column) {
            *mark = true;
        }
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

    pub(crate) fn remove(&mut self, others: &Self) {
        self.marks.iter_mut().zip(&others.marks).for_each(|(mark, other)| *mark &= !other);
    }

    /// Those whose area is so, and the others.
    pub(crate) fn part(&self, is_so: impl Fn(Area) -> bool) -> (Self, Self) {
        let (mut so, mut others) = (self.clone(), self.clone());
        for (number, (so, other)) in so.marks.iter_mut().zip(&mut others.marks).enumerate() {
            let (row, column) = (number / self.columns.max(1), number % self.columns.max(1));
            *so = *so && is_so(self.area(column, row, 1));
            *other = *other && !*so;
        }
        (so, others)
    }

    /// Takes so many of them away, from the top.
    pub(crate) fn take_first(&mut self, most: usize) -> Self {
        let mut taken = Self::none(self.width, self.height);
        let marked = self.marks.iter_mut().zip(&mut taken.marks).filter(|(mark, _)| **mark);
        for (mark, taken) in marked.take(most) {
            (*mark, *taken) = (false, true);
        }
        taken
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
    fn the_first_ones_are_taken_and_the_rest_stay() {
        let mut tiles = Tiles::all(300, 64);
        assert_eq!(tiles.take_first(2).runs(9).map(|area| area.x).collect::<Vec<_>>(), [0]);
        assert_eq!(tiles.count(), 3);
        assert!(!tiles.is_empty());
    }
}
