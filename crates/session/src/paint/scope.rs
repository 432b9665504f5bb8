//! Which part of the picture is a video: where things move, and as little else as can be. A frame makes all that
//! it covers rough, and what was touched up there would be lost with the next one.

use std::time::Duration;

use crate::picture::Area;
use crate::tiles::Tiles;

/// More tiles than this at once are sent as video, where the viewer can decode it …
pub(super) const MANY: usize = 60;
/// … and this many while it runs already. So many may also move beside it.
const SOME: usize = 8;
/// Video that was not used for so long does not run any longer.
pub(super) const STILL_RUNNING: Duration = Duration::from_millis(400);
/// So often it is asked whether less would do: a video that begins anew costs a whole picture of it.
pub(super) const LESS_AFTER: Duration = Duration::from_secs(3);

#[derive(Debug, Default)]
pub(super) struct Scope {
    area: Area,
    used_at: Option<Duration>,
    /// In the area, since that time.
    moved: Tiles,
    since: Duration,
}

impl Scope {
    /// Of what the next frame is, if what moves is worth one.
    pub(super) fn next(&mut self, moving: &Tiles, whole: Area, now: Duration) -> Option<Area> {
        let runs = self.used_at.is_some_and(|at| now < at + STILL_RUNNING);
        let area = if runs { self.go_on(moving, whole, now) } else { self.begin(moving) }?;
        if area != self.area {
            (self.area, self.since, self.moved) = (area, now, moving.clone());
        }
        self.used_at = Some(now);
        Some(area)
    }

    fn begin(&self, moving: &Tiles) -> Option<Area> {
        let bounds = (moving.count() > MANY).then(|| moving.bounds())?;
        // What the last video showed is known to the viewer.
        let again = self.area.contains(bounds) && self.area.pixels() <= 2 * bounds.pixels();
        Some(if again { self.area } else { bounds })
    }

    /// What leaves its area moves about, and is followed over the whole picture.
    fn go_on(&mut self, moving: &Tiles, whole: Area, now: Duration) -> Option<Area> {
        let (inside, beside) = moving.part(|tile| self.area.contains(tile));
        if beside.count() > SOME {
            return Some(whole);
        }
        if inside.count() <= SOME {
            return None;
        }
        self.moved.add(&inside);
        if now < self.since + LESS_AFTER {
            return Some(self.area);
        }
        let moved = std::mem::replace(&mut self.moved, inside.clone());
        self.since = now;
        let bounds = inside.bounds();
        let less = 2 * bounds.pixels() <= self.area.pixels();
        let enough = moved.part(|tile| bounds.contains(tile)).1.count() <= SOME;
        Some(if less && enough { bounds } else { self.area })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Area = Area { x: 0, y: 0, width: 1_280, height: 704 };
    const CORNER: Area = Area { x: 640, y: 0, width: 640, height: 448 };
    const NOW: Duration = Duration::from_secs(9);
    const FRAME: Duration = Duration::from_millis(33);

    fn tiles(areas: &[Area]) -> Tiles {
        let all = Tiles::all(WHOLE.width, WHOLE.height);
        all.part(|tile| areas.iter().any(|area| area.contains(tile))).0
    }

    fn some_tiles(x: u16, count: u16) -> Area {
        Area { x, y: 640, width: 64 * count, height: 64 }
    }

    fn begun(area: Area) -> Scope {
        let mut scope = Scope::default();
        assert_eq!(scope.next(&tiles(&[area]), WHOLE, NOW), Some(area));
        scope
    }

    #[test]
    fn a_video_is_where_things_move() {
        let mut scope = begun(CORNER);
        assert_eq!(scope.next(&tiles(&[CORNER]), WHOLE, NOW + FRAME), Some(CORNER));
        let few = tiles(&[some_tiles(0, 8)]);
        assert_eq!(scope.next(&few, WHOLE, NOW + FRAME), None, "few tiles are none");
        let mut beside = tiles(&[CORNER]);
        beside.add(&few);
        assert_eq!(scope.next(&beside, WHOLE, NOW + FRAME), Some(CORNER), "nor do they widen one");
    }

    #[test]
    fn what_moves_about_is_followed_over_the_whole_picture() {
        let mut scope = begun(CORNER);
        let left = tiles(&[CORNER, some_tiles(0, 9)]);
        assert_eq!(scope.next(&left, WHOLE, NOW + FRAME), Some(WHOLE));
        assert_eq!(scope.next(&tiles(&[CORNER]), WHOLE, NOW + FRAME), Some(WHOLE));
    }

    #[test]
    fn a_video_that_is_much_too_large_becomes_smaller_also_while_something_blinks_beside_it() {
        let mut scope = begun(WHOLE);
        let (moves, blinks) = (tiles(&[CORNER]), tiles(&[CORNER, some_tiles(0, 1)]));
        let mut after = |tenths: u32| {
            let moving = if tenths.is_multiple_of(7) { &blinks } else { &moves };
            scope.next(moving, WHOLE, NOW + LESS_AFTER / 30 * tenths)
        };
        // What moved before is still remembered the first time.
        assert!((1..60).all(|tenths| after(tenths) == Some(WHOLE)));
        assert!((60..99).all(|tenths| after(tenths) == Some(CORNER)));
    }

    #[test]
    fn what_begins_again_goes_on_where_it_was() {
        let mut scope = begun(CORNER);
        let nearly = Area { width: 576, ..CORNER };
        let later = NOW + STILL_RUNNING;
        assert_eq!(scope.next(&tiles(&[some_tiles(0, 20)]), WHOLE, later), None, "too little to begin");
        assert_eq!(scope.next(&tiles(&[nearly]), WHOLE, later), Some(CORNER));
        let elsewhere = Area { x: 0, ..CORNER };
        assert_eq!(scope.next(&tiles(&[elsewhere]), WHOLE, later * 2), Some(elsewhere));
    }
}
