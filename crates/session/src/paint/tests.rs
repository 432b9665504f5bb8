use super::rough::STILL;
use super::scope::STILL_RUNNING;
use super::*;
use canvas::{Canvas, Drawn};

pub(super) mod canvas;

const SIZE: (u16, u16) = (1_280, 720);
pub(super) const NOW: Duration = Duration::from_secs(100);

pub(super) struct Scene {
    pub(super) painter: Painter,
    pub(super) picture: Picture,
    pub(super) manner: Manner,
    pub(super) canvas: Canvas,
    /// Of the last update.
    pub(super) bytes: usize,
}

impl Scene {
    fn new(encodings: Encodings) -> Self {
        Self::of_size(SIZE, encodings)
    }

    /// Everything was seen already.
    pub(super) fn of_size(size: (u16, u16), encodings: Encodings) -> Self {
        let manner = Manner { format: PixelFormat::NATIVE, encodings, path: Path::default() };
        let (picture, canvas) = (Picture::new(size.0, size.1), Canvas::of_size(size));
        let mut scene = Self { painter: Painter::default(), picture, manner, canvas, bytes: 0 };
        scene.painter.restart(size);
        scene.paint(NOW - Duration::from_secs(10));
        scene
    }

    /// Draws stripes, which are more than one colour.
    pub(super) fn draw(&mut self, area: Area, seed: u8) {
        for y in area.y..area.y + area.height {
            let row: Vec<u8> = (0..area.width)
                .flat_map(|x| [seed, u8::try_from(x % 251).unwrap(), u8::try_from(y % 241).unwrap(), 0])
                .collect();
            self.picture.put_row(area.x, y, &row);
        }
    }

    pub(super) fn paint(&mut self, now: Duration) -> Drawn {
        let changed = self.picture.take_changed();
        let mut update = Update::default();
        self.painter.paint(&self.picture, &changed, &self.manner, now, &mut update);
        let message = update.finish().unwrap_or_default();
        self.bytes = message.len();
        self.canvas.hear(&message, &self.picture)
    }
}

pub(super) fn all() -> Encodings {
    Encodings { tight: true, jpeg: true, h264: true, ..Encodings::default() }
}

const SMALL: Area = Area { x: 70, y: 70, width: 20, height: 20 };
const TILE_OF_SMALL: Area = Area { x: 64, y: 64, width: 64, height: 64 };
/// Half of it.
const CORNER: Area = Area { x: 0, y: 0, width: 640, height: 448 };
const LARGE: Area = Area { x: 0, y: 0, width: 1_280, height: 640 };

#[test]
fn a_small_change_is_sent_at_once_as_tiles() {
    let mut scene = Scene::new(all());
    scene.draw(SMALL, 1);
    assert_eq!(scene.paint(NOW), [(SMALL, encoding::TIGHT)]);
    assert_eq!(scene.paint(NOW), [], "once");
    assert_eq!(scene.painter.due_in(NOW), None, "and well enough");
}

#[test]
fn a_large_change_is_video_where_the_viewer_can_and_jpeg_where_not() {
    let mut scene = Scene::new(all());
    scene.draw(LARGE, 1);
    assert_eq!(scene.paint(NOW), [(LARGE, encoding::H264)]);
    let mut scene = Scene::new(Encodings { h264: false, ..all() });
    scene.draw(LARGE, 1);
    assert!(scene.paint(NOW).iter().all(|(_, encoding)| *encoding == encoding::TIGHT));
}

#[test]
fn video_goes_on_with_less_and_ends_with_little() {
    let mut scene = Scene::new(all());
    scene.draw(LARGE, 1);
    scene.paint(NOW);
    scene.draw(Area { height: 60, ..LARGE }, 2);
    assert_eq!(scene.paint(NOW + STILL_RUNNING / 2)[0].1, encoding::H264);
    scene.draw(SMALL, 3);
    assert_eq!(scene.paint(NOW + STILL_RUNNING / 2)[0].1, encoding::TIGHT);
    scene.draw(Area { height: 60, ..LARGE }, 4);
    assert_eq!(scene.paint(NOW + 3 * STILL_RUNNING)[0].1, encoding::TIGHT);
}

#[test]
fn what_stood_still_after_video_is_touched_up_in_parts() {
    let mut scene = Scene::new(all());
    scene.draw(LARGE, 1);
    scene.paint(NOW);
    assert_eq!(scene.painter.due_in(NOW), Some(STILL));
    assert_eq!(scene.paint(NOW + STILL / 2), []);
    let mut parts = 0;
    while scene.painter.due_in(NOW + STILL).is_some() {
        assert!(scene.paint(NOW + STILL).iter().all(|(_, encoding)| *encoding == encoding::TIGHT));
        parts += 1;
    }
    assert_eq!(parts, 4, "200 tiles, 60 at a time");
}

#[test]
fn what_stands_still_is_touched_up_while_something_else_blinks() {
    let mut scene = Scene::new(all());
    scene.manner.path.measure(500_000);
    scene.draw(SMALL, 1);
    scene.paint(NOW);
    let mut touched_up = Vec::new();
    for tenth in 1..=5 {
        scene.draw(Area { x: 640, y: 320, ..SMALL }, tenth);
        touched_up.extend(scene.paint(NOW + STILL / 4 * tenth.into()));
    }
    assert!(touched_up.contains(&(TILE_OF_SMALL, encoding::TIGHT)), "{touched_up:?}");
}

#[test]
fn a_video_in_a_corner_leaves_the_rest_as_it_is() {
    let mut scene = Scene::new(all());
    for frame in 1..5 {
        scene.draw(CORNER, frame);
        assert_eq!(scene.paint(NOW), [(CORNER, encoding::H264)], "{frame}");
    }
    let mut touched_up = Vec::new();
    while scene.painter.due_in(NOW + STILL).is_some() {
        touched_up.extend(scene.paint(NOW + STILL));
    }
    assert!(touched_up.iter().all(|(area, _)| area.x < CORNER.width && area.y < CORNER.height));
    assert_eq!(touched_up.iter().map(|(area, _)| u32::from(area.width) / 64).sum::<u32>(), 70);
}

#[test]
fn what_a_slow_path_got_roughly_is_touched_up_too() {
    let mut scene = Scene::new(all());
    scene.manner.path.measure(500_000);
    scene.draw(SMALL, 1);
    assert_eq!(scene.paint(NOW).len(), 1);
    assert_eq!(scene.paint(NOW + STILL).len(), 1);
    assert_eq!(scene.painter.due_in(NOW + STILL), None);
}

#[test]
fn text_is_sharp_at_once_however_slow_the_path_is() {
    let mut scene = Scene::new(all());
    scene.manner.path.measure(500_000);
    (0..720).for_each(|y| scene.picture.put_row(40, y, &[[y as u8 & 1; 4], [0; 4]].concat().repeat(300)));
    scene.manner.encodings.h264 = false;
    let painted = scene.paint(NOW);
    assert_eq!(painted[0], (Area { x: 40, y: 1, width: 599, height: 63 }, encoding::TIGHT));
    assert_eq!(painted.len(), 12, "a rectangle for each row of tiles");
    assert_eq!(scene.painter.due_in(NOW), None, "and well enough");
}

#[test]
fn one_colour_is_four_bytes() {
    let mut scene = Scene::new(all());
    scene.painter.restart(SIZE);
    let painted = scene.paint(NOW);
    assert_eq!(painted.len(), 240);
}

#[test]
fn a_viewer_that_knows_nothing_gets_plain_pixels() {
    let mut scene = Scene::new(Encodings::default());
    scene.draw(SMALL, 1);
    assert_eq!(scene.paint(NOW), [(SMALL, encoding::RAW)]);
}

#[test]
fn an_odd_edge_is_sent_beside_the_video() {
    let (width, height) = (1_281, 721);
    let mut scene = Scene::of_size((width, height), all());
    scene.draw(Area { width, height, ..Area::default() }, 1);
    let painted = scene.paint(NOW);
    assert_eq!(painted[0], (Area { width: 1_280, height: 720, ..Area::default() }, encoding::H264));
    assert!(
        painted[1..].iter().all(|(area, _)| area.x + area.width == width || area.y + area.height == height)
    );
    assert!(scene.painter.unseen.is_empty());
}
