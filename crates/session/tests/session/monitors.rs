//! Which monitors a viewer learns of, and what a hostile one gets by asking.

use beckon_session::{CloseCode, EndedWhy};
use iroh::endpoint::{Connection, RecvStream, SendStream};

use crate::raw_viewer::{RawViewer, chat, closed_with, opening};
use crate::rfb_viewer::RfbViewer;
use crate::stage::{Stage, failsafe};

/// `Opening::Monitors`.
const MONITORS: [u8; 5] = [0, 0, 0, 1, 5];
/// So many are opened without a pause.
const AT_ONCE: u8 = 10;

fn screen(monitor: u8) -> [u8; 6] {
    [0, 0, 0, 2, 0, monitor]
}

async fn says(connection: &Connection, first: &[u8]) -> (SendStream, RecvStream) {
    let (mut send, receive) = failsafe(connection.open_bi()).await.unwrap();
    send.write_all(first).await.unwrap();
    (send, receive)
}

#[tokio::test]
async fn a_viewer_is_told_of_the_monitors_once_it_sees_a_screen() {
    let stage = Stage::new().await;
    let (_host, viewer) = stage.connected().await;
    let mut told = failsafe(viewer.session.monitors()).await.unwrap();
    let _rfb = RfbViewer::of(&viewer.session).await;
    let monitors = failsafe(told.next()).await.unwrap();
    assert_eq!((monitors.all[0].name.as_str(), monitors.shown, monitors.instead), ("desk", 0, false));
}

#[tokio::test]
async fn a_monitor_that_there_is_not_is_answered_with_the_primary_one() {
    let stage = Stage::new().await;
    let (_host, viewer) = stage.connected().await;
    let mut told = failsafe(viewer.session.monitors()).await.unwrap();
    for number in [1, 16, u8::MAX] {
        let mut rfb = RfbViewer::of_monitor(&viewer.session, number).await;
        assert_eq!(rfb.stream.shown, 0);
        rfb.look(true).await;
    }
    let monitors = failsafe(told.next()).await.unwrap();
    assert!(monitors.instead, "it is said, too");
}

#[tokio::test]
async fn who_sees_no_screen_learns_of_no_monitor() {
    let stage = Stage::new().await;
    let host = stage.allow().host();
    let mut call = RawViewer::new(&stage, &stage.viewer.endpoint).await.welcomed().await;
    let mut told = call.opens(&opening::MONITORS).await;
    assert!(call.answers().await);
    host.say("still here").await;
    assert_eq!(call.chat().await, "still here");
    assert!(told.is_silent());
}

#[tokio::test]
async fn who_was_not_allowed_in_or_no_longer_is_learns_of_no_monitor() {
    let stage = Stage::new().await;
    let host = stage.host();
    let call = RawViewer::new(&stage, &stage.viewer.endpoint).await.call().await;
    // It may be closed before it is said.
    if let Ok((mut send, mut receive)) = call.connection.open_bi().await {
        let _ = send.write_all(&[MONITORS, MONITORS].concat()).await;
        assert!(receive.read_to_end(1).await.is_err());
    }
    assert_eq!(closed_with(&call.connection).await, CloseCode::NoConsent as u64);

    stage.allow();
    let call = RawViewer::new(&stage, &stage.viewer.endpoint).await.welcomed().await;
    let (_send, mut receive) = says(&call.connection, &MONITORS).await;
    failsafe(stage.running(host.session.end())).await;
    let _late = says_if_it_can(&call.connection, &screen(0)).await;
    assert!(failsafe(receive.read_to_end(1)).await.is_err());
}

async fn says_if_it_can(connection: &Connection, first: &[u8]) -> Option<(SendStream, RecvStream)> {
    let (mut send, receive) = connection.open_bi().await.ok()?;
    send.write_all(first).await.ok()?;
    Some((send, receive))
}

#[tokio::test]
async fn garbage_where_nothing_is_to_be_said_ends_the_session() {
    let stage = Stage::new().await;
    let mut host = stage.allow().host();
    let call = RawViewer::new(&stage, &stage.viewer.endpoint).await.welcomed().await;
    let (mut send, _receive) = says(&call.connection, &MONITORS).await;
    send.write_all(&[0]).await.unwrap();
    assert_eq!(closed_with(&call.connection).await, CloseCode::NotAllowed as u64);
    assert_eq!(host.ended().await, EndedWhy::Misbehaved);
}

#[tokio::test]
async fn a_flood_of_switches_is_held_back_and_the_host_lives_on() {
    let stage = Stage::new().await;
    let mut host = stage.allow().host();
    let mut call = RawViewer::new(&stage, &stage.viewer.endpoint).await.welcomed().await;
    for number in 0..AT_ONCE {
        let (_send, mut receive) = says(&call.connection, &screen(number % 3)).await;
        failsafe(receive.read_exact(&mut [0; 4])).await.unwrap();
    }
    let mut late = call.opens(&opening::SCREEN).await;
    assert!(call.answers().await);
    call.say(&chat(1, "still here")).await;
    assert_eq!(host.chat().await, "still here");
    host.say("so am I").await;
    assert_eq!(call.chat().await, "so am I");
    assert!(late.is_silent(), "the clock stands still");
    stage.advance(1);
    late.hear().await;
}
