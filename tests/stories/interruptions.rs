//! What is interrupted: a computer that sleeps, an account that is disabled, a token that is taken back, a list
//! that is still coming in.

use std::time::Duration;

use beckon_client::Client;
use beckon_client::view::{EditFields, ExpiryChoice, NewRequest, RequestQuery};
use beckon_domain::session_request::StatusName;
use beckon_service::admin;
use beckon_tests::cast::draft;
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;
use beckon_wire::directory::Directory;
use beckon_wire::request::AssignTo;

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_slept_for_a_day_shows_what_is_so_now() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let short =
        NewRequest { expiry: ExpiryChoice::AfterSeconds(3_600), ..draft("Dana Fox", AssignTo::Myself) };
    let id = short.id;
    ana.client.create_request(short).await.unwrap();
    let week =
        NewRequest { expiry: ExpiryChoice::AfterSeconds(7 * 86_400), ..draft("Li Wei", AssignTo::Myself) };
    let other = week.id;
    ana.client.create_request(week).await.unwrap();
    acme.clock.advance(Duration::from_secs(24 * 60 * 60));
    acme.clock_runs_until(ana.sees_request(id, StatusName::Expired)).await;
    acme.clock_runs_until(ana.is_online()).await;
    assert_eq!(ana.client.get_request(other).unwrap().status, StatusName::Open);
    step("Her sign-in of yesterday still counts");
    ana.client.close_request(other).await.unwrap();
    ana.sees_request(other, StatusName::Closed).await;
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_disabled_is_out_at_once() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let (id, session) = acme.session(&ana, &dana).await;
    let core = beckon_service::open_core(acme.data(), acme.clock.shared()).await.unwrap();
    admin::disable_account(&core, "ana@acme.example").await.unwrap();
    drop(core);
    let signed_out = ana
        .sees("that she is signed out", |client| client.state().home.filter(|home| home.account.is_none()));
    acme.clock_runs_until(signed_out).await;
    assert!(ana.lists().is_empty(), "nothing of what she saw is left");
    assert_eq!(ana.client.directory(), Directory::default());
    acme.clock_runs_until(ana.sees_the_end_of(session)).await;
    acme.clock_runs_until(dana.sees_the_end_of(session)).await;
    let refused = ana.client.close_request(id).await.unwrap_err();
    assert!(matches!(refused.code, Code::Forbidden | Code::NotFound), "{refused:?}");
    let again = ana.client.sign_in("ana@acme.example".into(), "correct horse battery".into()).await;
    assert_eq!(again.unwrap_err().code, Code::WrongCredentials);
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_taken_back_costs_nobody_anything() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let id = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let database = rusqlite::Connection::open(acme.data().join("beckon.sqlite")).unwrap();
    assert!(database.execute("DELETE FROM device_tokens", []).unwrap() > 0);
    ana.client.close_request(id).await.unwrap();
    ana.sees_request(id, StatusName::Closed).await;
    assert_eq!(ana.client.state().home.unwrap().account.unwrap().name.as_str(), "Ana");
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn time_that_runs_out_cuts_no_session_and_the_request_is_expired_after_it() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let (request, session) = acme.session(&ana, &dana).await;
    let soon = EditFields { expiry: Some(ExpiryChoice::AfterSeconds(60)), ..EditFields::default() };
    ana.client.edit_request(request, soon).await.unwrap();

    step("Two minutes later they still talk");
    for line in 0..24 {
        acme.clock.advance(Duration::from_secs(5));
        let text = format!("line {line}");
        ana.client.send_chat(session, text.clone()).await.unwrap();
        dana.reads(session, &text).await;
    }
    assert_eq!(ana.client.get_request(request).unwrap().status, StatusName::Connected);

    step("They part, and it is over");
    ana.client.end_session(session).await.unwrap();
    acme.clock_runs_until(ana.sees_request(request, StatusName::Expired)).await;
    let over = dana.sees("that it has expired", |client| {
        client.state().joined.filter(|joined| joined.status == StatusName::Expired)
    });
    acme.clock_runs_until(over).await;
    acme.closes([ana, dana]).await;
}

const MANY: u32 = 10_000;

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_requests_come_in_at_once_even_if_the_program_ends_in_the_middle() {
    let mut acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    acme.stops().await;
    acme.has_as_many_requests(MANY);
    acme.starts_again().await;

    step("Some are there, and Ana quits");
    let some = ana.sees("some of them", |client| Some(count(client)).filter(|count| *count > 1));
    let some = acme.clock_runs_until(some).await;
    let ana = ana.restarts().await;
    assert!(count(&ana.client) >= some, "what had come in is kept");

    step("Started again, the rest comes, each once");
    acme.clock_runs_until(ana.sees("all of them", |client| (count(client) == MANY).then_some(()))).await;
    ana.creates_a_request_for("Li Wei", AssignTo::Myself).await;
    assert_eq!(count(&ana.client), MANY + 1);
    acme.closes([ana]).await;
}

fn count(client: &Client) -> u32 {
    client.list_requests(&RequestQuery { limit: 1, ..RequestQuery::default() }).total
}
