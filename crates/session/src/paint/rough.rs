//! Tiles that the viewer has roughly, each with the time since which it is as it is.

use std::collections::BTreeMap;
use std::time::Duration;

use super::moved::Moved;
use crate::tiles::Tiles;

/// What did not change for so long is still.
pub(super) const STILL: Duration = Duration::from_millis(400);

#[derive(Debug, Default)]
pub(super) struct Rough(BTreeMap<usize, Duration>);

impl Rough {
    pub(super) fn add(&mut self, tiles: &Tiles, now: Duration) {
        self.0.extend(tiles.numbers().map(|number| (number, now)));
    }

    pub(super) fn remove(&mut self, tiles: &Tiles) {
        for number in tiles.numbers() {
            self.0.remove(&number);
        }
    }

    /// What was copied is as rough as what it was copied from. `none` of the picture's tiles is where that goes.
    pub(super) fn copy(&mut self, moved: &Moved, none: &Tiles, now: Duration) {
        let (mut rough, mut copied) = (none.clone(), none.clone());
        self.0.keys().for_each(|number| rough.mark_number(*number));
        rough.runs(usize::MAX).filter_map(|area| moved.arrives(area)).for_each(|area| copied.mark(area));
        self.add(&copied, now);
    }

    /// Of tiles that are rough, all is meant.
    pub(super) fn widen(&self, tiles: &mut Tiles) {
        let rough: Vec<usize> = tiles.numbers().filter(|number| self.0.contains_key(number)).collect();
        rough.into_iter().for_each(|number| tiles.mark_number(number));
    }

    /// How long until one of them was still long enough; nothing where there is none.
    pub(super) fn due_in(&self, now: Duration) -> Option<Duration> {
        self.0.values().min().map(|since| (*since + STILL).saturating_sub(now))
    }

    /// Takes so many of those that are still, from the top. `none` of the picture's tiles is where they go.
    pub(super) fn take_still(&mut self, most: usize, now: Duration, mut none: Tiles) -> Tiles {
        let still = self.0.extract_if(.., |_, since| *since + STILL <= now);
        still.take(most).for_each(|(number, _)| none.mark_number(number));
        none
    }
}
