use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::paint::tests::canvas::Drawn;
use crate::paint::tests::{NOW, Scene, all};
use crate::rfb::{Encodings, encoding};

const SIZE: (u16, u16) = (704, 576);
const PAGE: Area = Area { x: 30, y: 50, width: 500, height: 450 };
const CLOCK: Area = Area { x: 650, y: 560, width: 40, height: 12 };
const FRAME: Duration = Duration::from_millis(33);
const SECOND: Duration = Duration::from_secs(1);

fn copying() -> Encodings {
    Encodings { copy: true, ..all() }
}

/// Lines of letters, and no two rows of pixels alike.
fn text(x: u16, row: u16) -> [u8; 4] {
    let ink = (u64::from(x / 2) << 32 | u64::from(row)).wrapping_mul(SPREAD).rotate_left(29);
    if row % 13 < 9 && ink.wrapping_mul(SPREAD) >> 63 == 1 { [0; 4] } else { [255, 255, 255, 0] }
}

impl Scene {
    fn write(&mut self, area: Area, first_row: u16) {
        for y in 0..area.height {
            let row: Vec<u8> = (0..area.width).flat_map(|x| text(x, first_row + y)).collect();
            self.picture.put_row(area.x, area.y + y, &row);
        }
    }

    /// Up, or down where it is less than none; new lines follow.
    fn scroll(&mut self, area: Area, by: i16, new: u16) {
        let before = self.picture.clone();
        self.write(area, new);
        let height = area.height.saturating_sub(by.unsigned_abs());
        let (up, down) = (by.max(0).unsigned_abs(), by.min(0).unsigned_abs());
        let moving = Area { y: area.y + up, height, ..area };
        if height > 0 {
            let rows = (area.y + down..).zip(before.rows(moving));
            rows.for_each(|(y, row)| self.picture.put_row(area.x, y, row));
        }
    }

    fn is_as_it_should_be(&self) -> bool {
        self.canvas.picture.pixels(self.picture.whole()) == self.picture.pixels(self.picture.whole())
    }

    /// Until nothing is left to send. When that was.
    fn rests(&mut self, mut now: Duration) -> Duration {
        while let Some(due) = self.painter.due_in(now) {
            assert!(now < NOW + 100 * SECOND, "it ends");
            now += due.max(FRAME);
            self.paint(now);
        }
        now
    }

    /// Everything was seen well.
    fn of_page(encodings: Encodings) -> (Self, Duration) {
        let mut scene = Self::of_size(SIZE, encodings);
        scene.write(PAGE, 0);
        scene.paint(NOW);
        let now = scene.rests(NOW) + SECOND;
        (scene, now)
    }
}

fn copies(drawn: &Drawn) -> Vec<Area> {
    drawn.iter().filter(|(_, encoding)| *encoding == encoding::COPY).map(|(area, _)| *area).collect()
}

#[test]
fn text_that_scrolls_is_copied_and_only_its_new_lines_are_sent() {
    for h264 in [true, false] {
        let (mut scene, mut now) = Scene::of_page(Encodings { h264, ..copying() });
        for step in 1..=5 {
            scene.write(PAGE, 26 * step);
            now += FRAME;
            let drawn = scene.paint(now);
            assert_eq!(drawn[0], (Area { height: PAGE.height - 26, ..PAGE }, encoding::COPY));
            let new = Area { y: PAGE.y + PAGE.height - 26, height: 26, ..PAGE };
            assert!(drawn[1..].iter().all(|(area, kind)| new.contains(*area) && *kind == encoding::TIGHT));
            assert!(drawn.len() > 1 && scene.is_as_it_should_be());
            assert_eq!(scene.painter.due_in(now), None, "and well enough");
        }
    }
}

#[test]
fn what_goes_down_while_a_clock_ticks_and_lines_above_and_below_stay_is_copied_too() {
    let (mut scene, now) = Scene::of_page(copying());
    let within = Area { y: PAGE.y + 30, height: PAGE.height - 60, ..PAGE };
    scene.scroll(within, -40, 5_000);
    scene.draw(CLOCK, 1);
    let drawn = scene.paint(now);
    assert_eq!(copies(&drawn), [Area { y: within.y + 40, height: within.height - 40, ..within }]);
    assert!(scene.is_as_it_should_be());
}

#[test]
fn what_only_changes_what_is_small_and_what_nobody_can_copy_is_sent() {
    let (mut scene, now) = Scene::of_page(copying());
    scene.write(PAGE, 5_000);
    assert_eq!(copies(&scene.paint(now)), [], "another page");
    scene.scroll(Area { width: 120, height: 120, ..PAGE }, 13, 7_000);
    assert_eq!(copies(&scene.paint(now + SECOND)), [], "a small one");
    let (mut scene, now) = Scene::of_page(Encodings { copy: false, ..copying() });
    scene.scroll(PAGE, 13, 5_000);
    assert_eq!(copies(&scene.paint(now)), [], "of a viewer that does not copy");
}

#[test]
fn what_the_viewer_does_not_have_is_not_copied() {
    let (mut scene, now) = Scene::of_page(copying());
    scene.painter.restart(SIZE);
    scene.scroll(PAGE, 13, 5_000);
    assert_eq!(copies(&scene.paint(now)), []);
    scene.scroll(PAGE, 13, 6_000);
    assert_eq!(copies(&scene.paint(now + FRAME)).len(), 1);
}

#[test]
fn what_waits_for_a_frame_of_video_is_not_copied() {
    let (mut scene, begun) = Scene::of_page(copying());
    scene.manner.path.measure(1);
    // By then the video is of the new rate.
    let mut now = begun + 5 * SECOND;
    let left_out = (1..40).find(|frame| {
        scene.write(PAGE, 1_000 * frame);
        scene.paint(now);
        !scene.painter.unseen.is_empty()
    });
    assert!(left_out.is_some(), "frames cost more than the way carries");
    scene.scroll(PAGE, 26, 5_000);
    assert_eq!(copies(&scene.paint(now)), []);
    now = scene.rests(now);
    assert!(scene.is_as_it_should_be());
    scene.scroll(PAGE, 26, 6_000);
    assert_eq!(copies(&scene.paint(now)).len(), 1);
}

#[test]
fn a_video_ends_while_what_it_showed_only_scrolls() {
    let (mut scene, mut now) = Scene::of_page(copying());
    scene.write(PAGE, 5_000);
    assert_eq!(scene.paint(now)[0].1, encoding::H264);
    for step in 1..=5 {
        scene.write(PAGE, 5_000 + 26 * step);
        now += FRAME;
        let drawn = scene.paint(now);
        assert_eq!(copies(&drawn).len(), 1);
        assert!(drawn.iter().all(|(_, encoding)| *encoding != encoding::H264), "{drawn:?}");
    }
    scene.rests(now);
    assert!(scene.is_as_it_should_be());
}

#[test]
fn what_was_rough_is_touched_up_where_it_went() {
    let (mut scene, now) = Scene::of_page(Encodings { h264: false, ..copying() });
    scene.manner.path.measure(500_000);
    let photograph = Area { y: PAGE.y + 100, height: 150, ..PAGE };
    scene.draw(photograph, 1);
    scene.paint(now);
    scene.scroll(PAGE, 70, 5_000);
    assert_eq!(copies(&scene.paint(now + FRAME)).len(), 1);
    assert!(!scene.is_as_it_should_be());
    scene.rests(now + FRAME);
    assert!(scene.is_as_it_should_be());
}

#[derive(Debug, Clone)]
enum Act {
    Scroll(Area, i16),
    Write(Area),
    Draw(Area),
    /// The way becomes as fast.
    Measure(u64),
    /// The viewer asks for everything.
    Anew,
    /// The viewer says whether it copies.
    Copies(bool),
}

fn area() -> impl Strategy<Value = Area> {
    (0..SIZE.0 - 64, 0..SIZE.1 - 64, 64..SIZE.0, 64..SIZE.1).prop_map(|(x, y, width, height)| Area {
        x,
        y,
        width: width.min(SIZE.0 - x),
        height: height.min(SIZE.1 - y),
    })
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (area(), -90..90_i16).prop_map(|(area, by)| Act::Scroll(area, by)),
        8 => (-90..90_i16).prop_map(|by| Act::Scroll(PAGE, by)),
        1 => area().prop_map(Act::Write),
        5 => area().prop_map(Act::Draw),
        1 => prop_oneof![Just(300_000), Just(50_000_000)].prop_map(Act::Measure),
        1 => Just(Act::Anew),
        1 => any::<bool>().prop_map(Act::Copies),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_scrolls_and_changes_however_fast_the_viewer_has_it_in_the_end(
        (tight, jpeg, h264) in any::<(bool, bool, bool)>(),
        acts in prop::collection::vec((act(), prop::bool::weighted(0.8), 0..300_u64), 1..12),
    ) {
        let mut scene = Scene::of_size(SIZE, Encodings { tight, jpeg, h264, ..copying() });
        let mut now = NOW;
        for (number, (act, looks, later)) in (1_u16..).zip(acts) {
            let new = 1_000 * number;
            match act {
                Act::Scroll(area, by) => scene.scroll(area, by, new),
                Act::Write(area) => scene.write(area, new),
                Act::Draw(area) => scene.draw(area, number as u8),
                Act::Measure(bits) => scene.manner.path.measure(bits),
                Act::Anew => scene.painter.restart(SIZE),
                Act::Copies(copy) => scene.manner.encodings.copy = copy,
            }
            if looks {
                now += Duration::from_millis(later);
                scene.paint(now);
                let is_sharp = scene.painter.due_in(now).is_none();
                prop_assert!(is_sharp || h264 || jpeg, "nothing is lost on the way");
                prop_assert!(!is_sharp || scene.is_as_it_should_be());
            }
        }
        scene.paint(now);
        scene.rests(now);
        prop_assert!(scene.is_as_it_should_be());
    }
}
