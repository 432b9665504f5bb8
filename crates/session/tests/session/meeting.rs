//! Two sides that may meet.

use beckon_domain::{Permission, PermissionSet};
use beckon_session::{EndedWhy, SendRefusal, SessionEvent};

use crate::stage::{Stage, available, failsafe};

#[tokio::test]
async fn both_show_the_same_words_and_chat_goes_both_ways() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    viewer.say("hello").await;
    assert_eq!(host.chat().await, "hello");
    host.say("good morning\nin two lines").await;
    assert_eq!(viewer.chat().await, "good morning\nin two lines");
}

#[tokio::test]
async fn the_viewer_ends_it_and_the_consent_stays() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    viewer.say("that was it").await;
    failsafe(viewer.session.end()).await;
    assert_eq!(viewer.ended().await, EndedWhy::ByViewer);
    assert_eq!(host.chat().await, "that was it");
    assert_eq!(host.ended().await, EndedWhy::ByViewer);
    let consent = stage.consents.get(&stage.purpose).unwrap();
    assert!(consent.lapses_at().is_some(), "the half hour after the last session runs");
}

#[tokio::test]
async fn the_host_ends_it_and_its_consent_with_it() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    host.say("thank you").await;
    failsafe(host.session.end()).await;
    assert_eq!(host.ended().await, EndedWhy::ByHost);
    assert_eq!(viewer.chat().await, "thank you");
    assert_eq!(viewer.ended().await, EndedWhy::ByHost);
    assert!(stage.consents.get(&stage.purpose).is_none());
}

#[tokio::test]
async fn withdrawing_the_consent_ends_a_running_session() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    stage.consents.withdraw(&stage.purpose);
    assert_eq!(host.ended().await, EndedWhy::ByHost);
    assert_eq!(viewer.ended().await, EndedWhy::ByHost);
}

#[tokio::test]
async fn dropping_a_side_ends_the_session_and_its_last_event_is_there() {
    let stage = Stage::new().await;
    let (mut host, viewer) = stage.connected().await;
    drop(viewer.session);
    assert_eq!(host.ended().await, EndedWhy::ByViewer);
    let mut events = viewer.events;
    let mut last = None;
    while let Some(event) = failsafe(events.recv()).await {
        last = Some(event);
    }
    assert_eq!(last, Some(SessionEvent::Ended(EndedWhy::ByViewer)));
}

#[tokio::test]
async fn ending_the_tasks_is_something_one_can_wait_for() {
    let stage = Stage::new().await;
    let config = stage.config(&stage.viewer);
    let tasks = config.tasks.clone();
    let (session, _events) = beckon_session::LiveSession::viewer(config).unwrap();
    drop(session);
    tasks.close();
    failsafe(tasks.wait()).await;
}

#[tokio::test]
async fn the_viewer_may_do_what_the_host_left_on_and_this_version_can() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    assert_eq!(viewer.permissions().await, available());
    assert_eq!(host.permissions().await, available());
    let switches = [Permission::Clipboard, Permission::TcpTunnel].into_iter().collect();
    assert!(host.session.set_switches(switches));
    let clipboard = PermissionSet::NONE.with(Permission::Clipboard);
    assert_eq!(viewer.permissions().await, clipboard);
    assert_eq!(host.permissions().await, clipboard);
    assert!(!viewer.session.set_switches(available()), "only the host has switches");
}

#[tokio::test]
async fn a_direct_way_is_found_where_there_is_one() {
    let mut stage = Stage::new().await;
    stage.relay_only = false;
    let (mut host, mut viewer) = stage.connected().await;
    let direct = |event: &SessionEvent| match event {
        SessionEvent::Path(path) if !path.relayed => Some(()),
        _ => None,
    };
    stage.running(viewer.until(direct)).await;
    stage.running(host.until(direct)).await;
}

#[tokio::test]
async fn through_the_relay_alone_the_path_is_relayed() {
    let stage = Stage::new().await;
    let (_host, mut viewer) = stage.connected().await;
    let relayed = |event: &SessionEvent| match event {
        SessionEvent::Path(path) => Some(path.relayed),
        _ => None,
    };
    assert!(stage.running(viewer.until(relayed)).await);
}

#[tokio::test]
async fn more_than_a_person_writes_is_refused_here() {
    let stage = Stage::new().await;
    let (mut host, viewer) = stage.connected().await;
    for number in 0..10 {
        viewer.say(&format!("{number}")).await;
    }
    let eleventh = viewer.session.send_chat("10".parse().unwrap()).await;
    assert_eq!(eleventh, Err(SendRefusal::TooMuch));
    for number in 0..10 {
        assert_eq!(host.chat().await, format!("{number}"));
    }
}

#[tokio::test]
async fn a_side_that_reads_no_events_can_still_be_ended() {
    let stage = Stage::new().await;
    let (host, viewer) = stage.connected().await;
    // The host's queue, and then as much again on the way to it.
    let full = host.events.max_capacity();
    for number in 1..=full * 2 {
        stage.advance(1);
        viewer.say(&format!("{number}")).await;
        while host.events.len() < number.min(full) {
            tokio::task::yield_now().await;
        }
    }
    failsafe(stage.running(host.session.end())).await;
    failsafe(stage.running(viewer.session.end())).await;
}

#[tokio::test]
async fn a_viewer_that_finds_nobody_gives_up_after_twenty_seconds() {
    let stage = Stage::new().await;
    let mut viewer = stage.viewer();
    for seconds in [19, 1] {
        assert_eq!(viewer.session.send_chat("hello".parse().unwrap()).await, Err(SendRefusal::NotConnected));
        stage.advance(seconds);
    }
    assert_eq!(viewer.ended().await, EndedWhy::CouldNotConnect);
    failsafe(viewer.session.ended()).await;
    assert_eq!(viewer.session.send_chat("hello".parse().unwrap()).await, Err(SendRefusal::Ended));
}

#[tokio::test]
async fn a_host_to_whom_nobody_comes_gives_up_when_the_grant_runs_out() {
    let stage = Stage::new().await;
    let mut host = stage.allow().host();
    assert_eq!(host.session.send_chat("hello".parse().unwrap()).await, Err(SendRefusal::NotConnected));
    stage.advance(120);
    assert_eq!(host.ended().await, EndedWhy::CouldNotConnect);
}

#[tokio::test]
async fn a_viewer_that_is_ended_while_it_dials_says_so() {
    let stage = Stage::new().await;
    let mut viewer = stage.viewer();
    failsafe(viewer.session.end()).await;
    assert_eq!(viewer.ended().await, EndedWhy::ByViewer);
}

#[tokio::test]
async fn both_sides_can_end_at_the_same_moment() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = stage.connected().await;
    failsafe(async { tokio::join!(host.session.end(), viewer.session.end()) }).await;
    assert!(matches!(host.ended().await, EndedWhy::ByHost | EndedWhy::ByViewer));
    assert!(matches!(viewer.ended().await, EndedWhy::ByHost | EndedWhy::ByViewer));
}
