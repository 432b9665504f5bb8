//! The connection breaks, and comes back or does not.

use std::time::Duration;

use beckon_domain::Clock;
use beckon_session::{EndedWhy, SendRefusal};

use crate::stage::{Seat, Stage, failsafe};

/// Cuts the line and waits until both sides know.
async fn cut(stage: &Stage, host: &mut Seat, viewer: &mut Seat) {
    stage.line.cut().await;
    for seat in [host, viewer] {
        let until = seat.lost().await;
        assert_eq!(until, stage.clock.monotonic() + Duration::from_secs(120));
    }
}

#[tokio::test]
async fn a_cut_line_is_mended_and_the_session_goes_on() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    viewer.say("one").await;
    assert_eq!(host.chat().await, "one");
    stage.line.cut().await;
    // It is on its way when the line breaks.
    viewer.say("two").await;
    cut(&stage, &mut host, &mut viewer).await;
    assert_eq!(viewer.session.send_chat("three".parse().unwrap()).await, Err(SendRefusal::NotConnected));
    stage.line.mend();
    stage.running(viewer.resumed()).await;
    host.resumed().await;
    assert_eq!(host.chat().await, "two");
    host.say("four").await;
    assert_eq!(viewer.chat().await, "four");
    viewer.say("five").await;
    assert_eq!(host.chat().await, "five");
}

#[tokio::test]
async fn it_is_resumed_long_after_the_grant_ran_out_and_more_than_once() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    stage.advance(3_600);
    for round in ["first", "second"] {
        cut(&stage, &mut host, &mut viewer).await;
        stage.line.mend();
        stage.running(viewer.resumed()).await;
        host.resumed().await;
        viewer.say(round).await;
        assert_eq!(host.chat().await, round);
    }
}

#[tokio::test]
async fn the_switches_set_while_lost_count_after_the_resume() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    cut(&stage, &mut host, &mut viewer).await;
    let none = beckon_domain::PermissionSet::NONE;
    assert!(host.session.set_switches(none));
    stage.line.mend();
    stage.running(viewer.resumed()).await;
    assert_eq!(viewer.permissions().await, none);
}

#[tokio::test]
async fn what_is_not_resumed_within_two_minutes_is_over_on_both_sides() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    cut(&stage, &mut host, &mut viewer).await;
    stage.advance(119);
    assert_eq!(viewer.session.send_chat("hello".parse().unwrap()).await, Err(SendRefusal::NotConnected));
    stage.advance(1);
    assert_eq!(host.ended().await, EndedWhy::Lost);
    assert_eq!(viewer.ended().await, EndedWhy::Lost);
    assert!(stage.consents.get(&stage.purpose).unwrap().lapses_at().is_some());
}

#[tokio::test]
async fn a_host_that_withdraws_while_lost_takes_nobody_back() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    cut(&stage, &mut host, &mut viewer).await;
    stage.consents.withdraw(&stage.purpose);
    assert_eq!(host.ended().await, EndedWhy::ByHost);
    stage.line.mend();
    assert_eq!(stage.running(viewer.ended()).await, EndedWhy::ByHost);
}

#[tokio::test]
async fn both_sides_can_end_while_lost_without_waiting_for_the_other() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    cut(&stage, &mut host, &mut viewer).await;
    failsafe(viewer.session.end()).await;
    assert_eq!(viewer.ended().await, EndedWhy::ByViewer);
    failsafe(host.session.end()).await;
    assert_eq!(host.ended().await, EndedWhy::ByHost);
}

#[tokio::test]
async fn try_now_does_not_wait_for_the_clock() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    cut(&stage, &mut host, &mut viewer).await;
    stage.line.mend();
    // The clock stands still: every attempt but the first is asked for. Each begins anew, so none is asked for while
    // one may still get through.
    let mut again = tokio::time::interval(Duration::from_secs(5));
    let session = &viewer.session;
    let asking = async {
        loop {
            again.tick().await;
            session.try_now();
        }
    };
    tokio::select! { () = asking => {}, () = host.resumed() => {} }
    viewer.resumed().await;
}
