//! What moved up or down, such as text that scrolls: the viewer has it already, and copies it itself.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::picture::{Area, Picture};
use crate::tiles::{TILE, Tiles};

/// Fewer tiles are sent sooner than it is found out whether they moved.
const FEW: usize = 12;
/// So many rows have to say that they moved as far.
const ENOUGH: usize = 16;
/// So many pixels of each row are looked at.
const WIDEST: u16 = 512;
/// Spreads the bits of what it is multiplied with.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// An area that shows what was above or below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) to: Area,
    from: u16,
}

impl Moved {
    pub(super) fn source(&self) -> (u16, u16) {
        (self.to.x, self.from)
    }

    /// Where it was, where it is, and what is between.
    pub(super) fn around(&self) -> Area {
        self.to.around(Area { y: self.from, ..self.to })
    }

    /// Where what moves of an area arrives.
    pub(super) fn arrives(&self, area: Area) -> Option<Area> {
        let moving = area.shared(Area { y: self.from, ..self.to })?;
        Some(Area { y: self.to.y + (moving.y - self.from), ..moving })
    }

    /// Where most of what changed did so, if it moved. That all of it did is not said.
    fn between(before: &Picture, now: &Picture, changed: &Tiles) -> Option<Self> {
        if changed.count() <= FEW {
            return None;
        }
        let area = busy(changed);
        let width = area.width.min(WIDEST);
        let looked_at = Area { x: area.x + (area.width - width) / 2, width, ..area };
        let prints = |picture: &Picture| picture.rows(looked_at).map(print).collect::<Vec<_>>();
        let (old, new) = (prints(before), prints(now));
        let by = distance(&old, &new)?;
        let rows = longest(&old, &new, by);
        let place = |row: usize| area.y + u16::try_from(row).unwrap_or_default();
        let to = Area { y: place(rows.start), height: u16::try_from(rows.len()).ok()?, ..area };
        Some(Self { to, from: place(rows.start.checked_add_signed(by)?) })
    }
}

/// What the viewer has been sent, but for what was lost on the way.
#[derive(Debug, Default)]
pub(super) struct Sent(Picture);

impl Sent {
    /// Follows the picture. What can be copied for it, as long as the viewer `has_all`, and what differs then.
    pub(super) fn follow(
        &mut self,
        picture: &Picture,
        changed: &Tiles,
        has_all: bool,
    ) -> (Option<Moved>, Tiles) {
        if self.0.size() != picture.size() {
            self.0 = picture.clone();
            return (None, changed.clone());
        }
        let moved = if has_all { Moved::between(&self.0, picture, changed) } else { None };
        let mut different = changed.clone();
        if let Some(moved) = moved {
            self.0.copy(moved.source(), moved.to);
            different.mark(moved.to);
        }
        for area in different.runs(usize::MAX) {
            (area.y..).zip(picture.rows(area)).for_each(|(y, row)| self.0.put_row(area.x, y, row));
        }
        (moved, self.0.take_changed())
    }
}

/// Around what changed, in the columns in which much did.
fn busy(changed: &Tiles) -> Area {
    let counts = changed.counts();
    let most = counts.iter().max().copied().unwrap_or_default();
    let columns = counts.into_iter().map(|count| 4 * count >= most).collect::<Vec<_>>();
    changed.part(|area| columns.get(usize::from(area.x) / TILE) == Some(&true)).0.bounds()
}

/// Rows that differ hardly ever have the same.
fn print(row: &[u8]) -> u64 {
    let words = row.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word));
    words.fold(0, |print: u64, word| (print.rotate_left(5) ^ word).wrapping_mul(SPREAD))
}

/// From most of the new rows to where they were, if enough of them are found, each in one place only.
fn distance(old: &[u64], new: &[u64]) -> Option<isize> {
    let mut places = HashMap::new();
    for (place, print) in (0_isize..).zip(old) {
        places.entry(print).and_modify(|place| *place = None).or_insert(Some(place));
    }
    let mut votes = BTreeMap::<isize, usize>::new();
    for (row, print) in (0_isize..).zip(new) {
        let by = places.get(print).copied().flatten().map(|place| place - row);
        by.filter(|by| *by != 0).into_iter().for_each(|by| *votes.entry(by).or_default() += 1);
    }
    let (by, agree) = votes.into_iter().max_by_key(|(_, agree)| *agree)?;
    (agree >= ENOUGH).then_some(by)
}

/// The rows of which most moved that far: as many more than did not as there are anywhere.
fn longest(old: &[u64], new: &[u64], by: isize) -> Range<usize> {
    let (mut longest, mut most) = (0..0, 0_usize);
    let (mut start, mut more) = (0, 0_usize);
    for (row, print) in new.iter().enumerate() {
        let moved = row.checked_add_signed(by).and_then(|place| old.get(place)) == Some(print);
        more = if moved { more + 1 } else { more.saturating_sub(1) };
        if more == 0 {
            start = row + 1;
        } else if more > most {
            (longest, most) = (start..row + 1, more);
        }
    }
    longest
}

#[cfg(test)]
mod tests;
