//! A host that shows a screen, and then sends what no screen sends: nothing of it reaches the viewer's page.

use beckon_session::capture::Monitor;
use tokio::io::AsyncReadExt;

use crate::raw_host::welcomed;
use crate::raw_viewer::chat;
use crate::stage::{Stage, failsafe};
use crate::wire::Wire;

/// What a host says until it says how big its screen is: 32 by 16.
const BEGINNING: &[u8] = b"RFB 003.008\n\x01\x01\0\0\0\0\0\x20\0\x10\
    \x20\x18\0\x01\0\xff\0\xff\0\xff\x10\x08\0\0\0\0\0\0\0\x04desk";
/// One rectangle.
const UPDATE: [u8; 4] = [0, 0, 0, 1];
const AREA: [u8; 8] = [0, 0, 0, 0, 0, 32, 0, 16];
/// The same once it turned.
const TURNED: [u8; 8] = [0, 0, 0, 0, 0, 16, 0, 32];
const COPY: i32 = 1;
const TIGHT: i32 = 7;
const H264: i32 = 50;
const ZRLE: i32 = 16;
const POINTER: i32 = -239;
const SIZE: i32 = -223;
const NAME: i32 = -307;
const EXTENDED_SIZE: i32 = -308;

/// One monitor, and the first one shown.
fn shown() -> Vec<u8> {
    let monitors = postcard::to_allocvec(&[Monitor::new("desk", (0, 0), (32, 16), 1.0)]).unwrap();
    [&[0, 1][..], &monitors, &[0]].concat()
}

fn rectangle(area: [u8; 8], encoding: i32, content: &[u8]) -> Vec<u8> {
    [&UPDATE[..], &area, &encoding.to_be_bytes(), content].concat()
}

/// Of a screen that turned and is now 16 by 32.
fn sound() -> Vec<u8> {
    let turned = rectangle(TURNED, EXTENDED_SIZE, &[[1].as_slice(), &[0; 19]].concat());
    let filled = rectangle([0, 8, 0, 0, 0, 8, 0, 32], TIGHT, &[0x80, 1, 2, 3]);
    [turned, vec![248, 0, 0, 0, 0x80, 0, 0, 1, 4, 0, 0, 0, 1], filled].concat()
}

#[tokio::test]
async fn a_picture_that_becomes_impossible_is_ended_before_the_page_hears_of_it() {
    let stage = Stage::new().await;
    let (mut viewer, mut call) = welcomed(&stage).await;
    let beyond = [0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
    for (what, hostile) in [
        ("a size that no screen has", rectangle(beyond, SIZE, &[])),
        ("the same, said in another way", rectangle(beyond, EXTENDED_SIZE, &[])),
        ("no size at all", rectangle([0; 8], SIZE, &[])),
        ("pixels outside of the picture", rectangle(beyond, TIGHT, &[])),
        ("a pixel beside it", rectangle([0, 1, 0, 0, 0, 16, 0, 32], TIGHT, &[])),
        ("a copy from beside it", rectangle(TURNED, COPY, &[0, 1, 0, 0])),
        ("a pointer like a house", rectangle(beyond, POINTER, &[])),
        ("a frame of gigabytes", rectangle(TURNED, H264, &[0xff; 8])),
        ("a name of gigabytes", rectangle([0; 8], NAME, &[0xff; 4])),
        ("what no host of ours sends", rectangle(AREA, ZRLE, &[])),
        ("a text for the clipboard", vec![3, 0, 0, 0, 0, 0, 0, 1]),
    ] {
        let bytes = [BEGINNING, &sound(), &hostile].concat();
        let shows = async {
            let mut wire = Wire::accepted(&call.connection).await;
            wire.say(&shown()).await;
            // In pieces, as a network may bring them.
            for piece in bytes.chunks(3) {
                wire.write(piece).await;
            }
            wire.write(&[0; 64]).await;
            wire
        };
        let (screen, _wire) = tokio::join!(viewer.session.screen(0), shows);
        let mut handed_on = Vec::new();
        let read = failsafe(screen.unwrap().read_to_end(&mut handed_on)).await;
        assert_eq!(read.unwrap_err().kind(), std::io::ErrorKind::InvalidData, "{what}");
        let sound = bytes.len() - hostile.len();
        assert!(handed_on.len() < sound + hostile.len(), "{what}");
        assert_eq!(handed_on[..], bytes[..handed_on.len()], "{what}");
    }
    call.say(&chat(1, "still here")).await;
    assert_eq!(viewer.chat().await, "still here");
}
