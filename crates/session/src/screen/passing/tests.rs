use proptest::prelude::*;

use super::*;
use crate::capture::PointerShape;
use crate::rfb::{PixelFormat, Update, end_of_continuous_updates, fence, server_init};

const SIZE: (u16, u16) = (32, 16);

/// Past the greetings.
fn begun() -> Passing {
    let mut passing = Passing::default();
    let bytes = [&GREETING[..], &server_init(SIZE, "desk")].concat();
    passing.pass(&bytes).unwrap();
    passing
}

fn passes(size: (u16, u16), in_pieces_of: usize) -> bool {
    let bytes = [&GREETING[..], &server_init(size, "desk")].concat();
    let mut passing = Passing::default();
    bytes.chunks(in_pieces_of).all(|piece| passing.pass(piece).is_ok())
}

/// An update with this one rectangle.
fn update(area: Area, encoding: i32, content: &[u8]) -> Vec<u8> {
    let mut update = Update::default();
    update.rectangle(area, encoding).extend_from_slice(content);
    update.finish().unwrap()
}

fn whole() -> Area {
    Area { width: SIZE.0, height: SIZE.1, ..Area::default() }
}

/// Everything that a host says; the picture is 20 by 10 from the middle on.
fn everything() -> Vec<u8> {
    let shape = PointerShape { width: 9, height: 2, hot_spot: (1, 0), rgba: vec![7; 9 * 2 * 4] };
    let mut update = Update::default();
    update.offer(encoding::QEMU_EXTENDED_KEY);
    update.offer(encoding::EXTENDED_MOUSE_BUTTONS);
    update.name("another");
    update.cursor(&shape, PixelFormat::NATIVE);
    update.cursor_with_alpha(&shape);
    update.copy((23, 8), Area { x: 1, y: 0, width: 9, height: 8 });
    update.rectangle(whole(), encoding::RAW).extend([9; 32 * 16 * 4]);
    update.rectangle(whole(), encoding::H264).extend([&[0, 0, 0, 5, 0, 0, 0, 2][..], &[9; 5]].concat());
    update.extended_size((20, 10), false);
    update.extended_size(SIZE, true);
    update.size((20, 10));
    let small = Area { x: 12, y: 4, width: 8, height: 6 };
    for content in [
        &[0x80, 1, 2, 3][..],
        &[0x90, 3, 7, 7, 7],
        &[&[0x90, 0x80, 0x01][..], &[7; 128]].concat(),
        &[&[0x90, 0x80, 0x80, 0x01][..], &[7; 1 << 14]].concat(),
        &[&[0x40, 1, 1, 0, 0, 0, 9, 9, 9][..], &[7; 6]].concat(),
        &[0x50, 1, 2, 0, 0, 0, 9, 9, 9, 8, 8, 8, 2, 7, 7],
        &[0x00, 2, 7, 7],
    ] {
        update.rectangle(small, encoding::TIGHT).extend_from_slice(content);
    }
    [update.finish().unwrap(), fence(1, &[7; 64]), end_of_continuous_updates()].concat()
}

#[test]
fn every_screen_passes_and_what_none_is_does_not() {
    for pieces in [1, 7, 100] {
        assert!(passes((1, 1), pieces));
        assert!(passes((7_680, 4_320), pieces));
        assert!(passes((8_192, 8_192), pieces));
        assert!(!passes((8_192, 8_193), pieces));
        assert!(!passes((u16::MAX, u16::MAX), pieces));
        assert!(!passes((0, u16::MAX), pieces));
    }
    assert!(Passing::default().pass(b"RFB 003.007\n\x01\x01\0\0\0\0").is_err());
}

#[test]
fn a_name_by_which_the_page_reads_pixels_otherwise_does_not_pass() {
    for (name, expected) in [("", true), ("desk", true), ("Intel(r) AMT KVM", false)] {
        let bytes = [&GREETING[..], &server_init(SIZE, name), &end_of_continuous_updates()].concat();
        assert_eq!(Passing::default().pass(&bytes).is_ok(), expected, "{name}");
    }
}

#[test]
fn all_that_a_host_says_passes_and_is_read_to_its_end() {
    for pieces in [1, 7, 100_000] {
        let mut passing = begun();
        for _ in 0..2 {
            everything().chunks(pieces).for_each(|piece| passing.pass(piece).unwrap());
            assert_eq!((passing.unseen, passing.next, passing.size), (0, Next::Message, (20, 10)));
            // Back to where it began.
            passing.pass(&update(whole(), encoding::DESKTOP_SIZE, &[])).unwrap();
        }
    }
}

#[test]
fn what_would_fill_the_pages_memory_or_is_read_otherwise_there_does_not_pass() {
    let far = Area { width: u16::MAX, height: u16::MAX, ..Area::default() };
    let beside = Area { x: 1, ..whole() };
    let corner = Area { width: 9, height: 8, ..Area::default() };
    let long = [[0xff; 4], [0; 4]].concat();
    for (what, bytes) in [
        ("a size that no screen has", update(far, encoding::DESKTOP_SIZE, &[])),
        ("the same in another way", update(far, encoding::EXTENDED_DESKTOP_SIZE, &[])),
        ("pixels beside the picture", update(beside, encoding::RAW, &[])),
        ("a copy to beside the picture", update(beside, encoding::COPY, &[0; 4])),
        ("a copy of no pixels", update(Area { width: 0, ..whole() }, encoding::COPY, &[0; 4])),
        ("a copy of the pixels right of it", update(corner, encoding::COPY, &[0, 24, 0, 0])),
        ("a copy of the pixels below it", update(corner, encoding::COPY, &[0, 0, 0, 9])),
        (
            "a copy from so far that it is near again",
            update(corner, encoding::COPY, &[0xff, 0xff, 0xff, 0xff]),
        ),
        ("no pixels", update(Area::default(), encoding::TIGHT, &[])),
        ("a huge pointer", update(far, encoding::CURSOR, &[])),
        ("another huge pointer", update(far, encoding::CURSOR_WITH_ALPHA, &[])),
        ("a pointer of another kind", update(Area::default(), encoding::CURSOR_WITH_ALPHA, &[0])),
        ("a frame without end", update(whole(), encoding::H264, &long)),
        ("a name without end", update(whole(), encoding::DESKTOP_NAME, &long)),
        ("an encoding that only others use", update(whole(), 16, &[])),
        ("a last rectangle", update(whole(), -224, &[])),
        ("a gradient", update(whole(), encoding::TIGHT, &[0x40, 2])),
        ("a PNG", update(whole(), encoding::TIGHT, &[0xa0])),
        ("a fence that the page cuts off", fence(0, &[0; 65])),
        ("a text for the clipboard", vec![3, 0]),
        ("a bell", vec![2]),
    ] {
        let mut passing = begun();
        assert!(passing.pass(&bytes).is_err(), "{what}");
        assert!(passing.pass(&[0]).is_err(), "and nothing after it: {what}");
    }
}

proptest! {
    #[test]
    fn pieces_make_no_difference_and_nothing_makes_it_fall(
        bytes in prop::collection::vec(prop_oneof![3 => 0..9_u8, 1 => any::<u8>()], 0..300),
        pieces in 1..40_usize,
    ) {
        let (mut whole, mut cut) = (begun(), begun());
        let verdict = whole.pass(&bytes).is_ok();
        prop_assert_eq!(bytes.chunks(pieces).all(|piece| cut.pass(piece).is_ok()), verdict);
        prop_assert_eq!(verdict.then_some((whole.unseen, whole.next)), verdict.then_some((cut.unseen, cut.next)));
    }
}
