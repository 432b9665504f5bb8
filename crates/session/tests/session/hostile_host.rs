//! A host that breaks the protocol, floods, or stops reading: the viewer survives, and says so.

use beckon_session::capture::Monitor;
use beckon_session::clipboard::ClipboardEnd;
use beckon_session::files::{FilePath, FileStop};
use beckon_session::system_info::NoSystemInfo;
use beckon_session::{CloseCode, EndedWhy, NoScreen, SendRefusal};
use tokio::io::AsyncReadExt;

use crate::board::Board;
use crate::raw_host::{RawHost, called, welcome, welcomed};
use crate::raw_viewer::{Call, chat, first_hello, is_thrown_out, opening};
use crate::stage::{Seat, Stage, failsafe};
use crate::wire::Wire;

const NOTHING_ALLOWED: [u8; 2] = [3, 0];
const SCREEN_IS_SHOWN: [u8; 2] = [5, 1];
const NOTHING_TO_ASK_FOR: [u8; 3] = [8, 0, 0];

/// The viewer is in its session as before.
async fn goes_on(viewer: &mut Seat, call: &mut Call) {
    call.say(&chat(1, "still here")).await;
    assert_eq!(viewer.chat().await, "still here");
    viewer.say("so am I").await;
    assert_eq!(call.chat().await, "so am I");
}

#[tokio::test]
async fn something_else_in_place_of_a_welcome() {
    let resumed = [&[1, 0, 1][..], &[7; 32], &[0]].concat();
    for (answer, code) in [
        (vec![0xff; 100], CloseCode::Unreadable),
        (first_hello(), CloseCode::NotAllowed),
        (chat(1, "hello"), CloseCode::NotAllowed),
        (resumed, CloseCode::NotAllowed),
    ] {
        let stage = Stage::new().await;
        let (viewer, mut call) = called(&stage).await;
        call.say(&answer).await;
        is_thrown_out(viewer, &call, code).await;
    }
}

#[tokio::test]
async fn one_that_answers_nothing_is_given_up() {
    let stage = Stage::new().await;
    let host = RawHost::new(&stage).await;
    let mut viewer = stage.viewer();
    let _silent = host.called().await;
    assert_eq!(stage.running(viewer.ended()).await, EndedWhy::CouldNotConnect);
}

#[tokio::test]
async fn what_a_host_may_not_say_or_nobody_reads() {
    for (frame, code) in [
        (vec![9, 9, 9], CloseCode::Unreadable),
        (chat(1, "gnp.\u{202E}exe"), CloseCode::Unreadable),
        (first_hello(), CloseCode::NotAllowed),
        (welcome(), CloseCode::NotAllowed),
        (vec![6], CloseCode::NotAllowed),
        (vec![7, 0], CloseCode::NotAllowed),
    ] {
        let stage = Stage::new().await;
        let (viewer, mut call) = welcomed(&stage).await;
        call.say(&frame).await;
        is_thrown_out(viewer, &call, code).await;
    }
}

#[tokio::test]
async fn a_frame_longer_than_any_may_be() {
    let stage = Stage::new().await;
    let (viewer, mut call) = welcomed(&stage).await;
    call.write(&u32::MAX.to_be_bytes()).await;
    is_thrown_out(viewer, &call, CloseCode::Unreadable).await;
}

#[tokio::test]
async fn a_control_stream_that_is_closed_under_the_session() {
    let stage = Stage::new().await;
    let (viewer, mut call) = welcomed(&stage).await;
    call.wire.send.reset(0_u32.into()).unwrap();
    is_thrown_out(viewer, &call, CloseCode::NotAllowed).await;
}

#[tokio::test]
async fn a_flood_on_the_control_stream() {
    for frame in [&NOTHING_ALLOWED[..], &SCREEN_IS_SHOWN, &NOTHING_TO_ASK_FOR, &chat(1, "spam")] {
        let stage = Stage::new().await;
        let (viewer, mut call) = welcomed(&stage).await;
        for _ in 0..1_000 {
            call.say(frame).await;
        }
        is_thrown_out(viewer, &call, CloseCode::Flood).await;
    }
}

#[tokio::test]
async fn a_person_who_plays_with_the_switches_floods_nothing() {
    let stage = Stage::new().await;
    let (mut viewer, mut call) = welcomed(&stage).await;
    for _ in 0..60 {
        call.say(&NOTHING_ALLOWED).await;
        call.say(&SCREEN_IS_SHOWN).await;
        call.say(&NOTHING_TO_ASK_FOR).await;
    }
    goes_on(&mut viewer, &mut call).await;
}

#[tokio::test]
async fn one_that_never_reads() {
    let stage = Stage::new().await;
    let (viewer, _call) = welcomed(&stage).await;
    let long = "\u{1F600}".repeat(4_000);
    // Until the other side's window and this side's queue are full.
    let refused = loop {
        stage.advance(1);
        if let Err(refusal) = viewer.session.send_chat(long.parse().unwrap()).await {
            break refusal;
        }
    };
    assert_eq!(refused, SendRefusal::TooMuch);
    failsafe(stage.running(viewer.session.end())).await;
}

#[tokio::test]
async fn one_that_wants_streams_of_its_own() {
    let stage = Stage::new().await;
    let (mut viewer, mut call) = welcomed(&stage).await;
    let connection = call.connection.clone();
    tokio::select! {
        _ = connection.open_bi() => panic!("a stream of the host's"),
        _ = connection.open_uni() => panic!("a one-way stream"),
        () = goes_on(&mut viewer, &mut call) => {}
    }
    assert!(call.connection.send_datagram(vec![1].into()).is_err());
}

#[tokio::test]
async fn a_flood_of_the_clipboard_changes_it_a_few_times_and_never_before_the_first_act() {
    for (acted, writes) in [(false, 0), (true, 20)] {
        let stage = Stage::new().await;
        let (mut viewer, mut call) = welcomed(&stage).await;
        let board = Board::default();
        viewer.session.share_clipboard(board.clipboard());
        if acted {
            viewer.session.first_act();
        }
        let flood = async {
            let mut wire = Wire::accepted(&call.connection).await;
            assert_eq!(wire.hear().await, opening::CLIPBOARD);
            for number in 0..100 {
                wire.say(&[0, 2, b'a', b'0' + number % 10]).await;
            }
            wire.write(&u32::MAX.to_be_bytes()).await;
        };
        let (ended, ()) = tokio::join!(viewer.session.exchange_clipboards(), flood);
        assert_eq!(ended, Err(ClipboardEnd::Misbehaved), "a text of four gigabytes");
        goes_on(&mut viewer, &mut call).await;
        call.connection.close(0_u32.into(), b"");
        viewer.ended().await;
        drop(viewer);
        board.is_left_alone().await;
        assert_eq!(board.writes(), writes);
    }
}

#[tokio::test]
async fn a_folder_without_end_and_a_computer_that_is_nothing() {
    let stage = Stage::new().await;
    let (mut viewer, mut call) = welcomed(&stage).await;
    let page = [&[0, 100][..], &[1, b'a', 0, 0, 0].repeat(100)].concat();
    let lists = async {
        let mut wire = Wire::accepted(&call.connection).await;
        for _ in 0..200 {
            wire.say(&page).await;
        }
    };
    let (listed, ()) = tokio::join!(viewer.session.list(FilePath::default()), lists);
    assert_eq!(listed.unwrap_err(), FileStop::Misbehaved);
    let tells = async { Wire::accepted(&call.connection).await.say(&[9]).await };
    let (told, ()) = tokio::join!(viewer.session.system_info(), tells);
    assert_eq!(told.unwrap_err(), NoSystemInfo::Unreadable);
    goes_on(&mut viewer, &mut call).await;
}

/// One monitor, and the first one shown.
fn shown() -> Vec<u8> {
    let monitors = postcard::to_allocvec(&[Monitor::new("desk", (0, 0), (32, 16), 1.0)]).unwrap();
    [&[0, 1][..], &monitors, &[0]].concat()
}

#[tokio::test]
async fn garbage_where_a_screen_was_asked_for() {
    let stage = Stage::new().await;
    let (mut viewer, mut call) = welcomed(&stage).await;
    for answer in [&[0xff; 50][..], &[0, 0, 0], &[&shown()[..], &[0]].concat()] {
        let answers = async { Wire::accepted(&call.connection).await.say(answer).await };
        let (screen, ()) = tokio::join!(viewer.session.screen(0), answers);
        assert_eq!(screen.err(), Some(NoScreen::Unreadable));
    }
    goes_on(&mut viewer, &mut call).await;
}

/// What a host says until it says how big its screen is.
const GREETING: &[u8] = b"RFB 003.008\n\x01\x01\0\0\0\0";

#[tokio::test]
async fn a_screen_that_is_none_or_bigger_than_any_is_not_handed_on() {
    let stage = Stage::new().await;
    let (mut viewer, mut call) = welcomed(&stage).await;
    let sizes = [[0xff; 4], [0x40, 0, 0x10, 1], [0, 0, 0, 16], [0, 32, 0, 0]];
    let sized = sizes.map(|size| [GREETING, &size].concat());
    for rfb in sized.into_iter().chain([b"HTTP/1.1 200 OK\r\nServer: host".to_vec(), vec![0; 64]]) {
        let shows = async {
            let mut wire = Wire::accepted(&call.connection).await;
            wire.say(&shown()).await;
            // In pieces, as a network may bring them.
            for byte in &rfb {
                wire.write(&[*byte]).await;
            }
            wire
        };
        let (screen, _wire) = tokio::join!(viewer.session.screen(0), shows);
        let mut handed_on = Vec::new();
        let read = failsafe(screen.unwrap().read_to_end(&mut handed_on)).await;
        assert_eq!(read.unwrap_err().kind(), std::io::ErrorKind::InvalidData, "{rfb:?}");
    }
    goes_on(&mut viewer, &mut call).await;
}
