//! A viewer asks for one more permission, and the host's person answers, or does not.

use std::time::Duration;

use beckon_domain::{Permission, PermissionSet};
use beckon_session::{AskRefusal, CloseCode, EndedWhy, SessionEvent, Turn};

use crate::raw_viewer::{Call, RawViewer, closed_with, is_thrown_out};
use crate::rfb_viewer::RfbViewer;
use crate::stage::{Seat, Stage, available};

const QUARTER_OF_AN_HOUR: u64 = 15 * 60;
const A: u8 = 0x1e;

const ASK: u8 = 7;
const INPUT: u8 = 0;
const TCP_TUNNEL: u8 = 11;

/// Two who are connected, and the viewer may only look.
async fn only_looking(stage: &Stage) -> (Seat, Seat) {
    let (mut host, mut viewer) = stage.connected().await;
    host.session.set_switches(PermissionSet::NONE);
    for seat in [&mut host, &mut viewer] {
        while seat.permissions().await != PermissionSet::NONE {}
    }
    (host, viewer)
}

async fn hold<const N: usize>(seats: [&mut Seat; N], held: &[Permission]) {
    let held: PermissionSet = held.iter().copied().collect();
    for seat in seats {
        while seat.permissions().await != held {}
    }
}

/// When the viewer may no longer control, as this side was told.
async fn off_at(seat: &mut Seat) -> Duration {
    seat.until(|event| match event {
        SessionEvent::ForAWhile(switches) => switches.get(&Permission::Input).copied(),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn what_is_asked_shows_on_both_sides_until_the_person_allows_it() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = only_looking(&stage).await;
    viewer.session.ask(Permission::Input).await.unwrap();
    for seat in [&mut host, &mut viewer] {
        seat.open_asks(&[Permission::Input]).await;
    }
    assert!(host.session.turn(Permission::Input, Turn::On));
    hold([&mut host, &mut viewer], &[Permission::Input]).await;
    for seat in [&mut host, &mut viewer] {
        seat.open_asks(&[]).await;
    }
    let mut rfb = RfbViewer::of(&viewer.session).await;
    stage.advance(3);
    rfb.key(A, true).await;
    stage.desk.notes("key Some(30) down").await;
}

#[tokio::test]
async fn a_viewer_may_ask_for_what_the_host_can_give_and_nothing_else() {
    let stage = Stage::new().await;
    let (_host, mut viewer) = stage.connected().await;
    assert_eq!(viewer.asks().await.possible, available());
    assert_eq!(viewer.session.ask(Permission::TcpTunnel).await, Err(AskRefusal::NotPossible));
}

#[tokio::test]
async fn no_time_that_passes_answers() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = only_looking(&stage).await;
    viewer.session.ask(Permission::Input).await.unwrap();
    host.open_asks(&[Permission::Input]).await;
    stage.advance(7 * 3_600);
    viewer.session.ask(Permission::Clipboard).await.unwrap();
    for seat in [&mut host, &mut viewer] {
        seat.open_asks(&[Permission::Input, Permission::Clipboard]).await;
    }
}

#[tokio::test]
async fn after_not_now_the_same_is_not_asked_again_at_once() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = only_looking(&stage).await;
    viewer.session.ask(Permission::Input).await.unwrap();
    host.open_asks(&[Permission::Input]).await;
    host.session.refuse(Permission::Input).await;
    viewer.open_asks(&[Permission::Input]).await;
    viewer.open_asks(&[]).await;
    let refused = viewer.session.ask(Permission::Input).await;
    assert!(matches!(refused, Err(AskRefusal::TooSoon { .. })), "{refused:?}");
    stage.advance(30);
    viewer.session.ask(Permission::Input).await.unwrap();
    host.open_asks(&[]).await;
    host.open_asks(&[Permission::Input]).await;
}

#[tokio::test]
async fn after_fifteen_minutes_it_is_off_and_what_is_held_comes_up() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = only_looking(&stage).await;
    assert!(host.session.turn(Permission::Input, Turn::OnForAWhile));
    hold([&mut host, &mut viewer], &[Permission::Input]).await;
    for seat in [&mut host, &mut viewer] {
        assert_eq!(off_at(seat).await.as_secs(), QUARTER_OF_AN_HOUR);
    }
    let mut rfb = RfbViewer::of(&viewer.session).await;
    stage.advance(3);
    rfb.key(A, true).await;
    stage.desk.notes("key Some(30) down").await;
    stage.advance(QUARTER_OF_AN_HOUR - 3);
    stage.desk.notes("key Some(30) up").await;
    hold([&mut host, &mut viewer], &[]).await;
}

#[tokio::test]
async fn fifteen_minutes_pass_while_the_connection_is_lost_too() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = only_looking(&stage).await;
    host.session.turn(Permission::Input, Turn::OnForAWhile);
    hold([&mut host, &mut viewer], &[Permission::Input]).await;
    stage.advance(QUARTER_OF_AN_HOUR - 60);
    stage.line.cut().await;
    for seat in [&mut host, &mut viewer] {
        seat.lost().await;
    }
    stage.advance(60);
    hold([&mut host], &[]).await;
    stage.line.mend();
    stage.running(viewer.resumed()).await;
    assert_eq!(viewer.permissions().await, PermissionSet::NONE);
}

#[tokio::test]
async fn the_viewer_knows_after_a_resume_until_when_it_may() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = only_looking(&stage).await;
    host.session.turn(Permission::Input, Turn::OnForAWhile);
    assert_eq!(off_at(&mut viewer).await.as_secs(), QUARTER_OF_AN_HOUR);
    stage.line.cut().await;
    for seat in [&mut host, &mut viewer] {
        seat.lost().await;
    }
    stage.advance(60);
    stage.line.mend();
    stage.running(viewer.resumed()).await;
    assert_eq!(off_at(&mut viewer).await.as_secs(), QUARTER_OF_AN_HOUR);
}

#[tokio::test]
async fn what_was_asked_is_open_after_a_resume_and_what_was_refused_meanwhile_is_not() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = only_looking(&stage).await;
    for permission in [Permission::Input, Permission::Clipboard] {
        viewer.session.ask(permission).await.unwrap();
    }
    viewer.open_asks(&[Permission::Input, Permission::Clipboard]).await;
    stage.line.cut().await;
    for seat in [&mut host, &mut viewer] {
        seat.lost().await;
    }
    assert_eq!(viewer.session.ask(Permission::Input).await, Err(AskRefusal::NotConnected));
    host.session.refuse(Permission::Input).await;
    host.open_asks(&[Permission::Clipboard]).await;
    stage.line.mend();
    stage.running(viewer.resumed()).await;
    viewer.open_asks(&[Permission::Clipboard]).await;
}

/// A viewer that says what it wants, let in where it may only look.
async fn hostile(stage: &Stage) -> (Seat, Call) {
    let mut host = stage.allow().host();
    let call = RawViewer::new(stage, &stage.viewer.endpoint).await.welcomed().await;
    host.session.set_switches(PermissionSet::NONE);
    while host.permissions().await != PermissionSet::NONE {}
    (host, call)
}

#[tokio::test]
async fn a_flood_of_asks_shows_once_and_ends_the_session() {
    let stage = Stage::new().await;
    let (mut host, mut call) = hostile(&stage).await;
    for _ in 0..100 {
        call.say(&[ASK, INPUT]).await;
    }
    host.open_asks(&[Permission::Input]).await;
    let shown_again = |event: &SessionEvent| match event {
        SessionEvent::Asks(asks) => panic!("shown again: {asks:?}"),
        SessionEvent::Ended(why) => Some(*why),
        _ => None,
    };
    assert_eq!(host.until(shown_again).await, EndedWhy::Misbehaved);
    assert_eq!(closed_with(&call.connection).await, CloseCode::Flood as u64);
}

#[tokio::test]
async fn asking_for_what_this_host_cannot_do_ends_the_session() {
    let stage = Stage::new().await;
    let (host, mut call) = hostile(&stage).await;
    call.say(&[ASK, TCP_TUNNEL]).await;
    is_thrown_out(host, &call, CloseCode::NotAllowed).await;
}

#[tokio::test]
async fn asking_before_saying_hello_ends_the_session() {
    let stage = Stage::new().await;
    let host = stage.allow().host();
    let mut call = RawViewer::new(&stage, &stage.viewer.endpoint).await.call().await;
    call.say(&[ASK, INPUT]).await;
    is_thrown_out(host, &call, CloseCode::NotAllowed).await;
}

#[tokio::test]
async fn a_viewer_cannot_say_what_only_the_host_may_say_of_asks() {
    let stage = Stage::new().await;
    let (host, mut call) = hostile(&stage).await;
    call.say(&[8, 0, 0]).await;
    is_thrown_out(host, &call, CloseCode::NotAllowed).await;
}

#[tokio::test]
async fn asking_gives_nothing() {
    let stage = Stage::new().await;
    let (mut host, viewer) = only_looking(&stage).await;
    viewer.session.ask(Permission::Input).await.unwrap();
    host.open_asks(&[Permission::Input]).await;
    assert!(!viewer.session.turn(Permission::Input, Turn::On), "a viewer turns nothing");
    viewer.session.refuse(Permission::Input).await;
    let mut rfb = RfbViewer::of(&viewer.session).await;
    rfb.key(A, true).await;
    rfb.look(true).await;
    assert_eq!(stage.desk.noted(), [""; 0]);
}
