//! Tiles that the viewer has roughly, each with the time since which it is as it is.

use std::collections::BTreeMap;
use std::time::Duration;

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
