//! The disk of the service is full, and later there is room again.

use std::collections::BTreeSet;
use std::time::Duration;

use beckon_client::SessionNetwork;
use beckon_client::view::RequestQuery;
use beckon_domain::{RequestId, SystemClock};
use beckon_session::Timing;
use beckon_tests::cast::{Person, draft};
use beckon_tests::recipient::Browser;
use beckon_tests::step;
use beckon_wire::request::AssignTo;
use reqwest::StatusCode;
use tokio::time::timeout;

use crate::computer::{Computer, Start};
use crate::service::ServiceProgram;

const TOP_ROW: &str = "[role=row][data-index='0']";
const DETAIL: &str = "[data-part='detail']";
const TYPED: &str = "The printer prints blue only";
/// Enough for some requests, and not for many.
const LITTLE: u64 = 200_000;
const ROUNDS: u32 = 3;

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_reads_why_keeps_what_they_typed_and_tries_again_when_there_is_room() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let email = service.hires("Ana");
    let link = service.requests_for("Dana Fox", &email);
    let code = service.signs_in(&email);
    let start = Start { service: Some(&service.origin), sign_in_code: Some(&code), ..Start::default() };
    let ana = computer.opens_beckon(start).await;
    ana.page.sees_in(TOP_ROW, "Dana Fox").await;

    step("The disk is full, and what Ana creates waits by itself");
    service.has_room_for(0);
    ana.page.presses("New request").await;
    ana.page.focus_reaches("Recipient name").await;
    ana.page.types("Eve Moss\u{e007}").await;
    let outbox = "[data-part='outbox']";
    ana.page.sees_in(outbox, "Eve Moss").await;
    ana.page.sees_in(outbox, "It goes as soon as the service can take it.").await;

    step("What she comments is refused in words, and stays where she typed it");
    ana.page.presses_at(TOP_ROW).await;
    ana.page.presses("Add comments for other agents").await;
    ana.page.focus_reaches("Comments").await;
    ana.page.types(TYPED).await;
    ana.page.presses("Save").await;
    ana.page.sees_in(DETAIL, "The service cannot do that now. Try again in a minute.").await;
    assert_eq!(ana.page.holds("Comments").await, TYPED);
    ana.page.is_pictured("full-disk").await;

    step("Everything can be read, by Dana too; what they press is refused in words");
    ana.page.sees_in("aside", "Online").await;
    let browser = Browser::open();
    let landing = browser.visits(&link).await;
    assert_eq!(landing.status, StatusCode::OK);
    let refused = browser.continues(&link).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.html.contains("Please try again in a little while."), "{}", refused.html);

    step("There is room again: what waited goes by itself, and Ana presses once more");
    service.has_room();
    ana.page.presses("Save").await;
    ana.page.sees_in(DETAIL, TYPED).await;
    ana.page.is_not_there(outbox).await;
    ana.page.sees_in("[role=grid]", "Eve Moss").await;
    assert!(browser.continues(&link).await.join_code().is_some());
    ana.page.sees_in("[role=grid]", "Waiting").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_service_acknowledged_before_its_disk_was_full_is_lost() {
    let mut service = ServiceProgram::starts().await;
    let folder = tempfile::tempdir().unwrap();
    let ana = Person::at_a_computer(
        "Ana",
        folder.path().to_owned(),
        Some(service.origin.clone()),
        Some(service.signs_in(&service.hires("Ana"))),
        SystemClock::shared(),
        SessionNetwork { timing: Timing::default(), relay_only: false },
    );
    ana.is_signed_in().await;
    ana.is_online().await;

    let mut sent = BTreeSet::new();
    for round in 1..=ROUNDS {
        step(&format!("Round {round}: Ana creates requests until the disk is full"));
        service.has_room_for(LITTLE);
        let before = sent.len();
        while waiting(&ana).is_empty() {
            sent.insert(creates(&ana).await);
        }
        assert!(sent.len() > before + 1, "there was room for some");
        let acknowledged: BTreeSet<_> = sent.iter().copied().filter(|id| listed(&ana).contains(id)).collect();

        if round == ROUNDS {
            step("It is killed, and starts where there is room");
            service.is_killed();
            service.starts_again().await;
        } else {
            step("There is room again");
            service.has_room();
        }
        ana.sees("that nothing waits", |_| waiting(&ana).is_empty().then_some(())).await;
        assert!(listed(&ana).is_superset(&acknowledged));
        assert_eq!(listed(&ana), sent, "and the rest was sent once");
    }
    assert_eq!(ana.lists().len(), sent.len());
    timeout(Duration::from_secs(20), ana.client.shut_down()).await.expect("the client quits");
}

async fn creates(ana: &Person) -> RequestId {
    let request = draft("Dana Fox", AssignTo::Myself);
    let id = request.id;
    ana.client.create_request(request).await.unwrap();
    id
}

fn waiting(ana: &Person) -> Vec<RequestId> {
    let page = ana.client.list_requests(&RequestQuery::default());
    page.waiting.iter().map(|waiting| waiting.id).collect()
}

fn listed(ana: &Person) -> BTreeSet<RequestId> {
    ana.lists().iter().map(|row| row.id).collect()
}
