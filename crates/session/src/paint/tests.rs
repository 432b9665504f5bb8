use super::rough::STILL;
use super::scope::STILL_RUNNING;
use super::*;

const SIZE: (u16, u16) = (1_280, 720);
const NOW: Duration = Duration::from_secs(100);

struct Scene {
    painter: Painter,
    picture: Picture,
    manner: Manner,
}

/// The areas and encodings of an update.
type Drawn = Vec<(Area, i32)>;

impl Scene {
    /// Everything was seen already.
    fn new(encodings: Encodings) -> Self {
        let manner = Manner { format: PixelFormat::NATIVE, encodings, path: Path::default() };
        let mut painter = Painter::default();
        painter.restart(SIZE);
        let mut scene = Self { painter, picture: Picture::new(SIZE.0, SIZE.1), manner };
        scene.picture.take_changed();
        scene.paint(NOW - Duration::from_secs(10));
        scene
    }

    /// Draws stripes, which are more than one colour.
    fn draw(&mut self, area: Area, seed: u8) {
        for y in area.y..area.y + area.height {
            let row: Vec<u8> = (0..area.width)
                .flat_map(|x| [seed, u8::try_from(x % 251).unwrap(), u8::try_from(y % 241).unwrap(), 0])
                .collect();
            self.picture.put_row(area.x, y, &row);
        }
    }

    fn paint(&mut self, now: Duration) -> Drawn {
        let changed = self.picture.take_changed();
        self.painter.changed(&changed);
        let mut update = Update::default();
        self.painter.paint(&self.picture, &self.manner, now, &mut update);
        drawn(&update.finish().unwrap_or_default())
    }
}

fn drawn(message: &[u8]) -> Drawn {
    let number = |at: usize| u16::from_be_bytes([message[at], message[at + 1]]);
    let mut found = Vec::new();
    if message.is_empty() {
        return found;
    }
    let mut at = 4;
    for _ in 0..number(2) {
        let area = Area { x: number(at), y: number(at + 2), width: number(at + 4), height: number(at + 6) };
        let encoding = i32::from_be_bytes(message[at + 8..at + 12].try_into().unwrap());
        at += 12;
        at += match encoding {
            encoding::RAW => usize::from(area.width) * usize::from(area.height) * 4,
            encoding::H264 => 8 + u32::from_be_bytes(message[at..at + 4].try_into().unwrap()) as usize,
            encoding::TIGHT if message[at] == 0x80 => 4,
            encoding::TIGHT => {
                let is_palette = message[at] != 0x90;
                let begin = if is_palette { 3 + 3 * (usize::from(message[at + 2]) + 1) } else { 1 };
                let length = message[at + begin..at + begin + 3].iter().enumerate();
                let mut total = 0;
                let mut bytes = begin;
                for (place, byte) in length {
                    bytes += 1;
                    total |= usize::from(byte & if place < 2 { 0x7f } else { 0xff }) << (7 * place);
                    if place == 2 || byte & 0x80 == 0 {
                        break;
                    }
                }
                bytes + total
            }
            other => panic!("an encoding {other}"),
        };
        found.push((area, encoding));
    }
    assert_eq!(at, message.len(), "nothing is left over");
    found
}

fn all() -> Encodings {
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
    let tile = Area { x: 64, y: 64, width: 64, height: 64 };
    assert_eq!(scene.paint(NOW), [(tile, encoding::TIGHT)]);
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
    assert_eq!(painted[0], (Area { x: 0, y: 0, width: 640, height: 64 }, encoding::TIGHT));
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
    assert_eq!(scene.paint(NOW), [(Area { x: 64, y: 64, width: 64, height: 64 }, encoding::RAW)]);
}

#[test]
fn an_odd_edge_is_sent_beside_the_video() {
    let (width, height) = (1_281, 721);
    let mut scene = Scene::new(all());
    scene.picture = Picture::new(width, height);
    scene.painter.restart((width, height));
    scene.draw(Area { width, height, ..Area::default() }, 1);
    let painted = scene.paint(NOW);
    assert_eq!(painted[0], (Area { width: 1_280, height: 720, ..Area::default() }, encoding::H264));
    assert!(
        painted[1..].iter().all(|(area, _)| area.x + area.width == width || area.y + area.height == height)
    );
    assert!(scene.painter.unseen.is_empty());
}
