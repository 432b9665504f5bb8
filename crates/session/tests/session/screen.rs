//! What a viewer sees and does on a host, through the whole session.

use beckon_domain::{Permission, PermissionSet};
use beckon_session::{CloseCode, EndedWhy, NoScreen, ScreenState};
use tokio::io::AsyncReadExt;

use crate::desk::SIZE;
use crate::raw_viewer::{RawViewer, closed_with};
use crate::rfb_viewer::RfbViewer;
use crate::stage::{Seat, Stage, failsafe};

const AT: (u16, u16) = (3, 4);
const A: u8 = 0x1e;

fn without_input() -> PermissionSet {
    PermissionSet::NONE.with(Permission::Clipboard)
}

async fn reads_to_its_end(mut viewer: RfbViewer) {
    let mut rest = Vec::new();
    // It may be cut off or closed.
    let _ = failsafe(viewer.stream.read_to_end(&mut rest)).await;
}

#[tokio::test]
async fn the_viewer_sees_the_screen_and_what_becomes_of_it() {
    let stage = Stage::new().await;
    stage.desk.paint(7);
    let (host, viewer) = stage.connected().await;
    let mut states = viewer.session.screen_state();
    let mut rfb = RfbViewer::of(&viewer.session).await;
    assert_eq!(rfb.size, SIZE);
    assert_eq!(rfb.stream.monitors[rfb.stream.shown].name, "desk");
    rfb.look(true).await;
    assert_eq!(rfb.pixel(AT), [7, 0, 0]);
    failsafe(states.wait_for(|state| *state == ScreenState::Shown)).await.unwrap();
    assert_eq!(*host.session.screen_state().borrow(), ScreenState::Shown);
    stage.desk.paint(9);
    stage.running(rfb.until_pixel(AT, [9, 0, 0])).await;
    drop(rfb);
    failsafe(states.wait_for(|state| *state == ScreenState::Closed)).await.unwrap();
}

#[tokio::test]
async fn keys_and_pointer_reach_the_host() {
    let stage = Stage::new().await;
    let (_host, viewer) = stage.connected().await;
    let mut rfb = RfbViewer::of(&viewer.session).await;
    rfb.pointer(AT, 1).await;
    rfb.key(A, true).await;
    stage.desk.notes("key Some(30) down").await;
    assert_eq!(stage.desk.noted(), ["at 3 4", "Left down", "key Some(30) down"]);
}

#[tokio::test]
async fn what_is_held_comes_up_at_once_when_the_host_turns_the_switch() {
    let stage = Stage::new().await;
    let (host, viewer) = stage.connected().await;
    let mut rfb = RfbViewer::of(&viewer.session).await;
    rfb.key(A, true).await;
    stage.desk.notes("key Some(30) down").await;
    host.session.set_switches(without_input());
    stage.desk.notes("key Some(30) up").await;
    stage.desk.paint(9);
    stage.running(rfb.until_pixel(AT, [9, 0, 0])).await;
}

#[tokio::test]
async fn what_is_held_comes_up_when_the_viewers_window_hears_keys_no_longer() {
    let stage = Stage::new().await;
    let (_host, viewer) = stage.connected().await;
    let mut rfb = RfbViewer::of(&viewer.session).await;
    rfb.pointer(AT, 4).await;
    stage.desk.notes("Right down").await;
    viewer.session.let_go();
    stage.desk.notes("Right up").await;
}

#[tokio::test]
async fn what_is_held_comes_up_when_the_screen_is_closed_or_the_session_ends() {
    let stage = Stage::new().await;
    let (host, viewer) = stage.connected().await;
    let mut rfb = RfbViewer::of(&viewer.session).await;
    rfb.key(A, true).await;
    stage.desk.notes("key Some(30) down").await;
    drop(rfb);
    stage.desk.notes("key Some(30) up").await;
    let mut rfb = RfbViewer::of(&viewer.session).await;
    rfb.key(A + 1, true).await;
    stage.desk.notes("key Some(31) down").await;
    failsafe(stage.running(host.session.end())).await;
    stage.desk.notes("key Some(31) up").await;
    reads_to_its_end(rfb).await;
}

#[tokio::test]
async fn a_viewer_that_does_not_stop_without_the_permission_is_thrown_out() {
    let stage = Stage::new().await;
    let (mut host, viewer) = stage.connected().await;
    host.session.set_switches(without_input());
    let mut rfb = RfbViewer::of(&viewer.session).await;
    rfb.look(true).await;
    stage.advance(3);
    for _ in 0..50 {
        rfb.key(A, true).await;
    }
    assert_eq!(host.ended().await, EndedWhy::Misbehaved);
    assert_eq!(stage.desk.noted(), [""; 0]);
}

#[tokio::test]
async fn garbage_in_place_of_messages_ends_the_session() {
    let stage = Stage::new().await;
    let (mut host, viewer) = stage.connected().await;
    let mut rfb = RfbViewer::of(&viewer.session).await;
    rfb.say(&[99; 64]).await;
    assert_eq!(host.ended().await, EndedWhy::Misbehaved);
    reads_to_its_end(rfb).await;
}

#[tokio::test]
async fn a_stream_for_nothing_that_is_known_ends_the_session() {
    let stage = Stage::new().await;
    let mut host = stage.allow().host();
    let call = RawViewer::new(&stage, &stage.viewer.endpoint).await.welcomed().await;
    let (mut send, _receive) = call.connection.open_bi().await.unwrap();
    send.write_all(&[0, 0, 0, 2, 0xff, 0]).await.unwrap();
    assert_eq!(host.ended().await, EndedWhy::Misbehaved);
    assert_eq!(closed_with(&call.connection).await, CloseCode::Unreadable as u64);
}

#[tokio::test]
async fn a_flood_of_input_and_a_viewer_that_never_reads_leave_the_host_its_end() {
    let stage = Stage::new().await;
    let (host, viewer) = stage.connected().await;
    let mut rfb = RfbViewer::of(&viewer.session).await;
    rfb.say(&[150, 1, 0, 0, 0, 0, 0, 10, 0, 10]).await;
    for _ in 0..2_000 {
        rfb.pointer(AT, 0).await;
    }
    stage.desk.notes("at 3 4").await;
    failsafe(stage.running(host.session.end())).await;
}

#[tokio::test]
async fn after_a_resume_the_screen_is_asked_for_anew() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    let mut rfb = RfbViewer::of(&viewer.session).await;
    rfb.key(A, true).await;
    stage.desk.notes("key Some(30) down").await;
    stage.line.cut().await;
    host.lost().await;
    viewer.lost().await;
    stage.desk.notes("key Some(30) up").await;
    assert_eq!(refused(&viewer).await, NoScreen::NotConnected);
    reads_to_its_end(rfb).await;
    stage.line.mend();
    stage.running(viewer.resumed()).await;
    host.resumed().await;
    let mut rfb = RfbViewer::of(&viewer.session).await;
    rfb.look(true).await;
}

async fn refused(viewer: &Seat) -> NoScreen {
    failsafe(viewer.session.screen(0)).await.err().unwrap()
}

#[tokio::test]
async fn a_host_has_no_screen_of_the_viewers() {
    let stage = Stage::new().await;
    let (host, _viewer) = stage.connected().await;
    assert_eq!(refused(&host).await, NoScreen::NotConnected);
}
