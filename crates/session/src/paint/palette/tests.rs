use super::*;
use crate::paint::tests::canvas::Unpacker;

const BLACK: [u8; 3] = [0; 3];
const RED: [u8; 3] = [255, 0, 0];
const WHITE: [u8; 3] = [255; 3];

/// As many colours as wanted, by columns.
fn striped(width: u16, height: u16, colours: u8) -> Picture {
    let mut picture = Picture::new(width, height);
    let row: Vec<u8> = (0..width).flat_map(|x| [0, 0, (x % u16::from(colours)) as u8, 0]).collect();
    (0..height).for_each(|y| picture.put_row(0, y, &row));
    picture
}

fn put(picture: &mut Picture, (x, y): (u16, u16), [red, green, blue]: [u8; 3]) {
    picture.put_row(x, y, &[blue, green, red, 0]);
}

fn shown(picture: &Picture, area: Area) -> Vec<[u8; 3]> {
    let pixels = picture.rows(area).flat_map(|row| row.as_chunks::<4>().0);
    pixels.map(|[blue, green, red, _]| [*red, *green, *blue]).collect()
}

#[test]
fn what_is_unpacked_is_what_was_there_picture_after_picture() {
    let (mut packers, mut unpacker) = (Packers::default(), Unpacker::default());
    for (size, colours) in
        [((64, 64), 2), ((61, 7), 2), ((64, 64), 96), ((33, 64), 3), ((9, 2), 2), ((1_024, 64), 5)]
    {
        let picture = striped(size.0, size.1, colours);
        let few = FewColours::of(&picture, picture.whole()).unwrap();
        let bytes = packers.palette(&few, &picture).unwrap();
        let mut rest = &bytes[..];
        assert_eq!(unpacker.pixels(few.area, &mut rest), shown(&picture, few.area), "{size:?}");
        assert!(rest.is_empty());
    }
}

#[test]
fn two_colours_are_bits_and_few_of_them_stay_as_they_are() {
    let mut picture = Picture::new(10, 2);
    put(&mut picture, (1, 0), RED);
    put(&mut picture, (9, 1), RED);
    let few = FewColours::of(&picture, picture.whole()).unwrap();
    let bytes = Packers::default().palette(&few, &picture).unwrap();
    assert_eq!(bytes, [0x40, 1, 1, 0, 0, 0, 255, 0, 0, 0b0100_0000, 0, 0, 0b0100_0000]);
}

#[test]
fn what_was_packed_before_costs_little_the_second_time() {
    let picture = striped(512, 64, 96);
    let few = FewColours::of(&picture, picture.whole()).unwrap();
    let mut packers = Packers::default();
    let [first, second] = [(); 2].map(|()| packers.palette(&few, &picture).unwrap().len() - 3 - 3 * 96);
    assert!(second < first && second < 250, "{first}, then {second}");
}

#[test]
fn more_colours_are_a_picture() {
    let picture = striped(128, 64, 97);
    assert!(FewColours::of(&picture, picture.whole()).is_none());
    assert!(FewColours::of(&picture, Area { width: 96, ..picture.whole() }).is_some());
}

#[test]
fn tiles_beside_each_other_are_joined_while_they_have_few_colours_together() {
    let mut picture = Picture::new(256, 128);
    let pixels: &[((u16, u16), [u8; 3])] = &[
        ((0, 0), WHITE),
        ((64, 0), WHITE),
        ((128, 0), WHITE),
        ((129, 0), RED),
        ((192, 0), WHITE),
        ((0, 64), WHITE),
    ];
    pixels.iter().for_each(|(at, colour)| put(&mut picture, *at, *colour));
    let tile = |x, y| FewColours::of(&picture, Area { x, y, width: 64, height: 64 }).unwrap();
    let tiles = vec![tile(0, 0), tile(64, 0), tile(128, 0), tile(192, 0), tile(0, 64)];
    let joined = FewColours::joined(tiles);
    let areas: Vec<_> = joined.iter().map(|few| (few.area.x, few.area.y, few.area.width)).collect();
    let apart = [(0, 0, 128), (128, 0, 64), (192, 0, 64), (0, 64, 64)];
    assert_eq!(areas, apart, "not with a third colour, nor below");
    assert_eq!(joined[0].colours, [BLACK, WHITE]);
    let wide = FewColours::joined(
        (0..20)
            .map(|n| FewColours {
                area: Area { x: n * 64, y: 0, width: 64, height: 64 },
                colours: vec![BLACK, RED],
            })
            .collect(),
    );
    assert_eq!(wide.iter().map(|few| few.area.width).collect::<Vec<_>>(), [1_024, 256]);
}
