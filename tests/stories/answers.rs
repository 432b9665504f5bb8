//! What a recipient may answer, and take back.

use beckon_client::view::{Ending, ExpiryChoice, Phase};
use beckon_domain::PermissionSet;
use beckon_domain::session_request::StatusName;
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;
use beckon_wire::request::Connect;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_declines_and_later_allows() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let request = acme.joined_request(&ana, &dana).await;

    step("Ana asks, Dana says no");
    let session = ana.client.connect(request).await.unwrap();
    let asked = dana
        .sees("who asks", |client| client.state().joined.filter(|joined| joined.asked_by.is_some()))
        .await;
    assert_eq!(asked.asked_by.unwrap().as_str(), "Ana");
    dana.client.deny(request).await.unwrap();
    assert_eq!(ana.sees_the_end_of(session).await, Phase::Ended { why: Ending::Declined });
    let row = ana.sees_request(request, StatusName::Waiting).await;
    assert!(row.declined_at.is_some());

    step("Another ask must wait half a minute");
    let refused = ana.client.connect(request).await.unwrap_err();
    assert_eq!(refused.code, Code::DeclinedJustNow);
    acme.clock.advance(Duration::from_secs(30));

    step("Dana changes their mind");
    dana.allows().await.unwrap();
    ana.sees_request(request, StatusName::Ready).await;
    ana.client.connect(request).await.unwrap();
    ana.talks().await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_while_waiting_connects_at_once_when_the_host_allows() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let request = acme.joined_request(&ana, &dana).await;
    assert_eq!(ana.client.get_request(request).unwrap().connect, Connect::Ask);

    let mut hints = dana.client.hints();
    let session = ana.client.connect(request).await.unwrap();
    ana.is_in_session("asking", |phase| *phase == Phase::Asking).await;
    dana.hears_a_question(&mut hints).await;
    dana.sees("who asks", |client| client.state().joined?.asked_by).await;
    dana.allows().await.unwrap();
    assert_eq!(ana.talks().await.id, session, "no second click was needed");
    dana.talks().await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_no_answer() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let request = acme.joined_request(&ana, &dana).await;
    let session = ana.client.connect(request).await.unwrap();
    dana.sees("who asks", |client| client.state().joined?.asked_by).await;

    step("A minute passes");
    acme.clock.advance(Duration::from_secs(60));
    assert_eq!(
        acme.clock_runs_until(ana.sees_the_end_of(session)).await,
        Phase::Ended { why: Ending::NotAnswered }
    );
    dana.sees("that nobody asks any more", |client| {
        client.state().joined.filter(|joined| joined.asked_by.is_none())
    })
    .await;
    assert_eq!(ana.client.get_request(request).unwrap().status, StatusName::Waiting);

    step("Ana asks again and takes it back");
    let session = ana.client.connect(request).await.unwrap();
    dana.sees("who asks", |client| client.state().joined?.asked_by).await;
    ana.client.cancel_ask(session).await.unwrap();
    dana.sees("that nobody asks any more", |client| {
        client.state().joined.filter(|joined| joined.asked_by.is_none())
    })
    .await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn allow_counts_only_for_what_the_window_showed() {
    let acme = Organisation::opens().await;
    let (ana, ben, dana) = (acme.agent("Ana").await, acme.agent("Ben").await, acme.guest("Dana").await);
    let request = acme.joined_request(&ana, &dana).await;
    let shown = dana.is_asked().await;

    step("Meanwhile the request goes from Ana to Ben");
    ana.client.release_request(request).await.unwrap();
    ben.sees_request(request, StatusName::Waiting).await;
    ben.client.claim_request(request).await.unwrap();
    dana.sees("Ben's name", |client| client.state().joined?.agent.filter(|agent| agent.as_str() == "Ben"))
        .await;
    let refused = dana.client.allow(request, shown.revision, PermissionSet::NONE).await.unwrap_err();
    assert_eq!(refused.code, Code::OlderRevision);
    assert_eq!(ben.client.get_request(request).unwrap().status, StatusName::Waiting);

    step("Dana allows Ben, whose name is shown now; Ana is not covered");
    dana.allows().await.unwrap();
    ben.sees_request(request, StatusName::Ready).await;
    ana.sees_request(request, StatusName::Ready).await;
    let refused = ana.client.connect(request).await.unwrap_err();
    assert!(matches!(refused.code, Code::NotCovered | Code::AssignedTo | Code::NotFound), "{refused:?}");
    ben.client.connect(request).await.unwrap();
    ben.talks().await;
    acme.closes([ana, ben, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_ends_and_consent_is_over() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let request = acme.ready_request(&ana, &dana).await;
    let session = ana.client.connect(request).await.unwrap();
    ana.talks().await;
    let at_dana = dana.talks().await;

    dana.client.end_session(at_dana.id).await.unwrap();
    assert_eq!(ana.sees_the_end_of(session).await, Phase::Ended { why: Ending::ByHost });
    let row = ana.sees_request(request, StatusName::Waiting).await;
    assert_eq!(row.connect, Connect::Ask, "Dana must be asked again");
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_leaves_and_another_device_may_join() {
    let acme = Organisation::opens().await;
    let (ana, dana, eve) = (acme.agent("Ana").await, acme.guest("Dana").await, acme.guest("Eve").await);
    let request = acme.ready_request(&ana, &dana).await;
    let code = ana.client.request_link(request).await.unwrap().code.to_string();

    step("A second device is refused while the first is bound");
    assert_eq!(eve.joins(&code).await.unwrap_err().code, Code::AnotherDeviceJoined);

    step("Closing the accept window is leaving");
    dana.client.accept_window_closed().await;
    assert!(dana.client.state().joined.is_none());
    ana.sees("nobody", |client| client.get_request(request).filter(|row| row.host.is_none())).await;
    eve.joins(&code).await.unwrap();
    eve.is_asked().await;
    acme.closes([ana, dana, eve]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_link_kills_the_old_one() {
    let acme = Organisation::opens().await;
    let (ana, dana, eve) = (acme.agent("Ana").await, acme.guest("Dana").await, acme.guest("Eve").await);
    let request = acme.ready_request(&ana, &dana).await;
    let old = ana.client.request_link(request).await.unwrap();

    ana.client.new_link(request).await.unwrap();
    ana.sees_request(request, StatusName::Open).await;
    dana.has_joined(StatusName::Closed).await;
    let refused = eve.joins(&old.url).await.unwrap_err();
    assert_eq!(refused.code, Code::LinkReplaced);
    let new = ana.client.request_link(request).await.unwrap();
    assert_ne!((old.url, old.code), (new.url.clone(), new.code));
    eve.joins(&new.url).await.unwrap();
    eve.is_asked().await;

    step("Closed and reopened, it has yet another link");
    ana.client.close_request(request).await.unwrap();
    eve.has_joined(StatusName::Closed).await;
    ana.client.reopen_request(request, ExpiryChoice::AfterSeconds(3_600)).await.unwrap();
    ana.sees_request(request, StatusName::Open).await;
    let refused = eve.joins(&new.url).await.unwrap_err();
    assert_eq!(refused.code, Code::LinkReplaced);
    acme.closes([ana, dana, eve]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_runs_out_after_eight_hours() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let request = acme.ready_request(&ana, &dana).await;

    acme.clock.advance(Duration::from_secs(8 * 60 * 60));
    let row = acme.clock_runs_until(ana.sees_request(request, StatusName::Waiting)).await;
    assert!(row.host.is_some(), "the device is still bound");
    acme.clock_runs_until(dana.is_online()).await;
    dana.allows().await.unwrap();
    ana.sees_request(request, StatusName::Ready).await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_host_has_forgotten_its_consent() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let request = acme.ready_request(&ana, &dana).await;

    let dana = dana.restarts().await;
    dana.is_online().await;
    let row = ana.sees_request(request, StatusName::Waiting).await;
    assert_ne!(row.connect, Connect::Connect);
    assert!(row.host.is_some(), "the device is still bound");
    dana.is_asked().await;
    acme.closes([ana, dana]).await;
}
