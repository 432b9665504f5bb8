//! A session's own bad days.

use std::time::Duration;

use beckon_client::view::{Ending, Phase};
use beckon_domain::Act;
use beckon_domain::session_request::StatusName;
use beckon_tests::organisation::Organisation;
use beckon_tests::step;

fn is_lost(phase: &Phase) -> bool {
    matches!(phase, Phase::Lost { .. })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_for_half_a_minute_is_resumed() {
    let acme = Organisation::opens_with_only_its_relay().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let (request, session) = acme.session(&ana, &dana).await;
    let words = ana.talks().await.words;

    step("The cable is pulled");
    acme.relay_cable().pull();
    ana.is_in_session("lost", is_lost).await;
    dana.is_in_session("lost", is_lost).await;
    acme.clock.advance(Duration::from_secs(30));
    assert_eq!(ana.client.get_request(request).unwrap().status, StatusName::Connected);

    step("It is plugged in again");
    acme.relay_cable().plug_in();
    acme.clock_creeps_until(ana.talks()).await;
    assert_eq!(dana.talks().await.words, words, "the same session has the same words");
    dana.client.send_chat(session, "still here".into()).await.unwrap();
    ana.reads(session, "still here").await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_resumed_within_two_minutes_is_over() {
    let acme = Organisation::opens_with_only_its_relay().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let (request, session) = acme.session(&ana, &dana).await;

    acme.relay_cable().pull();
    ana.is_in_session("lost", is_lost).await;
    dana.is_in_session("lost", is_lost).await;
    acme.clock_runs_until(ana.sees_request(request, StatusName::Ready)).await;
    assert_eq!(ana.sees_the_end_of(session).await, Phase::Ended { why: Ending::Lost });
    assert_eq!(dana.sees_the_end_of(session).await, Phase::Ended { why: Ending::Lost });

    step("Dana's consent stands; Ana may connect again");
    acme.relay_cable().plug_in();
    ana.client.connect(request).await.unwrap();
    ana.talks().await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lively_session_stays_connected() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let (request, session) = acme.session(&ana, &dana).await;

    step("For four minutes somebody writes every five seconds");
    for line in 0..48 {
        acme.clock.advance(Duration::from_secs(5));
        let text = format!("line {line}");
        ana.client.send_chat(session, text.clone()).await.unwrap();
        dana.reads(session, &text).await;
    }
    let history = ana.client.request_history(request).await.unwrap();
    assert!(history.iter().all(|entry| entry.act != Act::ResumeEnded), "{history:?}");
    assert_eq!(ana.client.get_request(request).unwrap().status, StatusName::Connected);
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_ends_while_cut_off_is_not_resumed_to() {
    let acme = Organisation::opens_with_only_its_relay().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let (request, session) = acme.session(&ana, &dana).await;

    acme.relay_cable().pull();
    ana.is_in_session("lost", is_lost).await;
    dana.is_in_session("lost", is_lost).await;
    step("Dana has enough; Ana hears it from the service, long before the two minutes are over");
    dana.client.end_session(session).await.unwrap();
    assert_eq!(ana.sees_the_end_of(session).await, Phase::Ended { why: Ending::ByHost });
    ana.sees_request(request, StatusName::Waiting).await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_outlives_its_service() {
    let mut acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let (request, session) = acme.session(&ana, &dana).await;
    acme.is_direct(&ana, session).await;

    step("The service is gone for a while");
    acme.stops().await;
    ana.client.send_chat(session, "can you hear me?".into()).await.unwrap();
    dana.reads(session, "can you hear me?").await;

    step("It is back, and everything is as it was");
    acme.starts_again().await;
    acme.clock_runs_until(async { (ana.is_online().await, dana.is_online().await) }).await;
    assert_eq!(ana.sees_request(request, StatusName::Connected).await.status, StatusName::Connected);
    assert_eq!(ana.talks().await.id, session);
    acme.closes([ana, dana]).await;
}
