//! Requests that are created while the service is out of reach.

use std::time::Duration;

use beckon_client::view::{EditFields, ExpiryChoice, Reach, TypedTime, WaitingCreate};
use beckon_client::view::{NewRequest, RequestQuery};
use beckon_domain::RequestId;
use beckon_domain::session_request::{Expiry, StatusName};
use beckon_tests::cast::{Person, draft};
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;
use beckon_wire::request::AssignTo;

fn waiting(person: &Person) -> Vec<WaitingCreate> {
    person.client.list_requests(&RequestQuery::default()).waiting
}

async fn is_offline(person: &Person) {
    person
        .sees("that the service is gone", |client| {
            client.state().home.filter(|home| home.reach == Reach::Offline)
        })
        .await;
}

async fn creates(person: &Person, recipient: &str) -> RequestId {
    let request = draft(recipient, AssignTo::Myself);
    let id = request.id;
    person.client.create_request(request).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_created_without_the_service_is_listed_at_once_and_sent_once_in_order() {
    let mut acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    acme.stops().await;
    is_offline(&ana).await;

    step("Ana creates three requests; all are listed");
    let mut ids = Vec::new();
    for recipient in ["Dana Fox", "Li Wei", "João Prado"] {
        ids.push(creates(&ana, recipient).await);
    }
    assert_eq!(waiting(&ana).iter().map(|waiting| waiting.id).collect::<Vec<_>>(), ids);
    assert!(waiting(&ana).iter().all(|waiting| waiting.mine && waiting.error.is_none()));
    assert_eq!(waiting(&ana)[1].recipient.as_str(), "Li Wei");

    step("She thinks better of the second, and starts the program anew");
    ana.client.discard_create(ids.remove(1)).unwrap();
    let ana = ana.restarts().await;
    assert_eq!(waiting(&ana).iter().map(|waiting| waiting.id).collect::<Vec<_>>(), ids);

    step("The service is back");
    acme.starts_again().await;
    for id in &ids {
        acme.clock_runs_until(ana.sees_request(*id, StatusName::Open)).await;
    }
    ana.sees("that nothing waits", |_| waiting(&ana).is_empty().then_some(())).await;
    assert_eq!(ana.lists().len(), 2);
    let created = |id| ana.client.get_request(id).unwrap().created_at;
    assert!(created(ids[0]) <= created(ids[1]));
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_service_has_already_is_not_created_twice() {
    let mut acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let request = draft("Dana Fox", AssignTo::Myself);
    ana.client.create_request(request.clone()).await.unwrap();
    acme.stops().await;
    is_offline(&ana).await;

    step("The answer got lost, as far as Ana knows; she presses once more");
    ana.client.create_request(request.clone()).await.unwrap();
    assert!(waiting(&ana).is_empty(), "it stands in the list already");
    acme.starts_again().await;
    acme.clock_runs_until(ana.is_online()).await;
    let next = creates(&ana, "Li Wei").await;
    acme.clock_runs_until(ana.sees_request(next, StatusName::Open)).await;
    assert_eq!(ana.lists().len(), 2);
    let history = ana.client.request_history(request.id).await.unwrap();
    assert_eq!(history.len(), 1, "created once: {history:?}");
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_later_stays_with_its_reason() {
    let mut acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    acme.stops().await;
    is_offline(&ana).await;

    step("Ana creates one for nine o'clock, and one without a time; the service is back at ten");
    // The story begins at nine in Berlin.
    let schedule = TypedTime { local: "2027-01-15T09:30".into(), zone: "Europe/Berlin".into() };
    let late = NewRequest { schedule: Some(schedule), ..draft("Dana Fox", AssignTo::Myself) };
    let id = late.id;
    ana.client.create_request(late).await.unwrap();
    let other = creates(&ana, "Li Wei").await;
    acme.clock.advance(Duration::from_secs(60 * 60));
    acme.starts_again().await;
    acme.clock_runs_until(ana.sees_request(other, StatusName::Open)).await;
    let refused = |client: &beckon_client::Client| {
        let waiting = client.list_requests(&RequestQuery::default()).waiting;
        waiting.into_iter().find(|waiting| waiting.id == id)?.error
    };
    let error = ana.sees("why not", refused).await;
    assert_eq!(error.code, Code::ScheduleInThePast);

    step("It stays, also when the program is started anew, until Ana discards it");
    let ana = ana.restarts().await;
    acme.clock_runs_until(ana.is_online()).await;
    assert_eq!(refused(&ana.client).unwrap().code, Code::ScheduleInThePast);
    ana.client.retry_create(id).unwrap();
    let error = acme.clock_runs_until(ana.sees("why not, again", refused)).await;
    assert_eq!(error.code, Code::ScheduleInThePast);
    ana.client.discard_create(id).unwrap();
    assert!(waiting(&ana).is_empty());
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_later_is_edited_and_sent_in_its_place() {
    let mut acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    acme.stops().await;
    is_offline(&ana).await;

    step("Ana creates one for nine o'clock; the service is back at ten");
    // The story begins at nine in Berlin.
    let at = |local: &str| Some(TypedTime { local: local.into(), zone: "Europe/Berlin".into() });
    let late = NewRequest {
        comments: "The printer is on fire.".into(),
        schedule: at("2027-01-15T09:30"),
        expiry: ExpiryChoice::AfterSeconds(28_800),
        ..draft("Dana Fox", AssignTo::Unassigned)
    };
    let id = late.id;
    ana.client.create_request(late.clone()).await.unwrap();
    acme.clock.advance(Duration::from_secs(60 * 60));
    acme.starts_again().await;
    let refused = |client: &beckon_client::Client| {
        let waiting = client.list_requests(&RequestQuery::default()).waiting;
        waiting.into_iter().find(|waiting| waiting.id == id && waiting.error.is_some())
    };
    let kept = acme.clock_runs_until(ana.sees("that it was refused", refused)).await;
    assert!(!kept.retry_may_help, "the time stays in the past");

    step("Everything that was typed is there, also when the program is started anew");
    let ana = ana.restarts().await;
    acme.clock_runs_until(ana.is_online()).await;
    let kept = refused(&ana.client).unwrap();
    assert_eq!(kept.comments.as_str(), "The printer is on fire.");
    assert_eq!(kept.schedule.unwrap().at.to_rfc3339(), "2027-01-15T08:30:00+00:00");
    assert_eq!(kept.expiry, Expiry::AfterSeconds(28_800));

    step("She chooses another time that has passed: that is refused, and what she typed stays");
    let still_late = NewRequest { recipient: "Dana F.".into(), schedule: at("2027-01-15T09:45"), ..late };
    let error = ana.client.replace_create(still_late.clone()).await.unwrap_err();
    assert_eq!(error.code, Code::ScheduleInThePast);
    assert_eq!(refused(&ana.client).unwrap().recipient.as_str(), "Dana F.");

    step("She leaves the time away: one request stands in the list, and nothing waits");
    ana.client.replace_create(NewRequest { schedule: None, ..still_late }).await.unwrap();
    let row = ana.sees_request(id, StatusName::Open).await;
    assert_eq!((row.recipient.as_str(), row.schedule), ("Dana F.", None));
    assert!(waiting(&ana).is_empty());
    assert_eq!(ana.lists().len(), 1);
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sends_what_another_account_created() {
    let mut acme = Organisation::opens().await;
    let (ana, ben) = (acme.agent("Ana").await, acme.agent("Ben").await);
    acme.stops().await;
    is_offline(&ana).await;
    let id = creates(&ana, "Dana Fox").await;

    step("Before the service is back, Ana is signed out there; Ben signs in at her computer");
    let core = beckon_service::open_core(acme.data(), acme.clock.shared()).await.unwrap();
    beckon_service::admin::set_password(&core, "ana@acme.example", "another horse battery").await.unwrap();
    drop(core);
    acme.starts_again().await;
    let signed_out = |client: &beckon_client::Client| {
        client.state().home.filter(|home| home.reach == Reach::Online && home.account.is_none())
    };
    acme.clock_runs_until(ana.sees("that she is signed out", signed_out)).await;
    assert!(waiting(&ana).is_empty(), "nobody is signed in: nobody sees it");
    let sign_in = |email: &str, password: &str| ana.client.sign_in(email.into(), password.into());
    sign_in("ben@acme.example", "correct horse battery").await.unwrap();
    let [other] = waiting(&ana).try_into().unwrap();
    assert_eq!((other.by.as_str(), other.mine), ("Ana", false));
    let bens = creates(&ana, "Li Wei").await;
    ben.sees_request(bens, StatusName::Open).await;
    assert_eq!(ben.client.get_request(id), None);

    step("Ana is back, and it is hers");
    ana.client.sign_out().await.unwrap();
    sign_in("ana@acme.example", "another horse battery").await.unwrap();
    let row = acme.clock_runs_until(ana.sees_request(id, StatusName::Open)).await;
    assert_eq!(row.created_by.name.as_str(), "Ana");
    ana.sees("that nothing waits", |_| waiting(&ana).is_empty().then_some(())).await;
    acme.closes([ana, ben]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_need_the_service() {
    let mut acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let id = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let before = ana.client.get_request(id);
    acme.stops().await;
    is_offline(&ana).await;
    let edit = EditFields { recipient: Some("Dana F.".into()), ..EditFields::default() };
    let hour = ExpiryChoice::AfterSeconds(3_600);
    for refused in [
        ana.client.edit_request(id, edit).await,
        ana.client.comment_request(id, "printer".into()).await,
        ana.client.assign_request(id, AssignTo::Unassigned).await,
        ana.client.close_request(id).await,
        ana.client.reopen_request(id, hour).await,
    ] {
        assert_eq!(refused.unwrap_err().code, Code::Unreachable);
    }
    assert_eq!(ana.client.get_request(id), before);
    acme.closes([ana]).await;
}
