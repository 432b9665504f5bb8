//! The service is gone, or goes in the middle of something.

use std::collections::BTreeSet;
use std::time::Duration;

use beckon_client::SessionNetwork;
use beckon_domain::{RequestId, SystemClock};
use beckon_session::Timing;
use beckon_tests::cast::{Person, draft};
use beckon_tests::stage::PATIENCE;
use beckon_tests::step;
use beckon_wire::request::AssignTo;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::computer::{Computer, Start};
use crate::service::ServiceProgram;

#[tokio::test(flavor = "multi_thread")]
async fn without_the_service_the_window_still_opens() {
    let mut service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let email = service.hires("Ana");
    service.requests_for("Dana Fox", &email);
    let code = service.signs_in(&email);
    let origin = service.origin.clone();
    let start = Start { service: Some(&origin), ..Start::default() };
    let ana = computer.opens_beckon(Start { sign_in_code: Some(&code), ..start }).await;
    ana.page.sees_in("[role=row][data-index='0']", "Dana Fox").await;
    ana.quits().await;

    step("The service is gone, and Ana starts the client");
    service.is_killed();
    let ana = computer.opens_beckon(start).await;
    ana.page.sees_in("[role=row][data-index='0']", "Dana Fox").await;
    ana.page.sees("Offline. What you see was last updated at").await;
    ana.page.sees_in("aside", "Ana").await;
    ana.page.is_pictured("offline").await;

    step("What Ana creates now waits in the list");
    ana.page.types("n").await;
    ana.page.focus_reaches("Recipient name").await;
    ana.page.types("Eve Moss\u{e007}").await;
    ana.page.sees("Eve Moss").await;
    ana.page.is_pictured("offline-create").await;

    step("The service comes back by itself, and the request is sent without another press");
    service.starts_again().await;
    ana.page.no_longer_sees("Offline. What you see").await;
    ana.page.sees_in("[role=grid]", "Eve Moss").await;
}

const AT_ONCE: usize = 6;
const ACKNOWLEDGED_BEFORE: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_kill_minus_nine() {
    let mut service = ServiceProgram::starts().await;
    let folder = tempfile::tempdir().unwrap();
    let code = service.signs_in(&service.hires("Ana"));
    let network = SessionNetwork { timing: Timing::default(), relay_only: false };
    let ana = Person::at_a_computer(
        "Ana",
        folder.path().to_owned(),
        Some(service.origin.clone()),
        Some(code),
        SystemClock::shared(),
        network,
    );
    ana.is_signed_in().await;

    let (mut acknowledged, mut sent) = (BTreeSet::new(), BTreeSet::new());
    for round in 1..=3 {
        step(&format!(
            "Round {round}: Ana creates request after request, and the service is killed meanwhile"
        ));
        ana.is_online().await;
        let mut creating = JoinSet::new();
        let (mut killed, before) = (false, acknowledged.len());
        while !killed || !creating.is_empty() {
            while !killed && creating.len() < AT_ONCE {
                sent.insert(creates_one(&ana, &mut creating));
            }
            let done = timeout(PATIENCE, creating.join_next()).await.expect("an answer, or none, in time");
            if let Some(done) = done {
                let (id, there) = done.unwrap();
                if there {
                    acknowledged.insert(id);
                }
            }
            if !killed && acknowledged.len() >= before + ACKNOWLEDGED_BEFORE {
                service.freezes();
                sent.insert(creates_one(&ana, &mut creating));
                service.is_killed();
                killed = true;
            }
        }
        assert!(sent.len() > acknowledged.len(), "some were on their way when it died");
        service.starts_again().await;
    }

    step("Everything that was acknowledged is there");
    ana.is_online().await;
    ana.sees("every acknowledged request", |_| {
        let listed = ids(&ana);
        acknowledged.is_subset(&listed.iter().copied().collect()).then_some(())
    })
    .await;

    step(
        "What was not acknowledged is sent again under its own number, and what was already there stays one",
    );
    for id in &sent {
        let again = beckon_client::view::NewRequest { id: *id, ..draft("Dana Fox", AssignTo::Myself) };
        ana.client.create_request(again).await.unwrap();
    }
    ana.sees("every request", |_| (ids(&ana).len() >= sent.len()).then_some(())).await;
    once_each(&ana, &sent);

    step("A computer that knew nothing sees the same");
    let fresh = tempfile::tempdir().unwrap();
    let code = service.signs_in("ana@acme.example");
    let origin = Some(service.origin.clone());
    let elsewhere = Person::at_a_computer(
        "Ana elsewhere",
        fresh.path().to_owned(),
        origin,
        Some(code),
        SystemClock::shared(),
        network,
    );
    elsewhere.sees("every request", |_| (ids(&elsewhere).len() >= sent.len()).then_some(())).await;
    once_each(&elsewhere, &sent);
    for person in [ana, elsewhere] {
        timeout(Duration::from_secs(20), person.client.shut_down()).await.expect("the client quits");
    }
}

fn ids(person: &Person) -> Vec<RequestId> {
    person.lists().into_iter().map(|row| row.id).collect()
}

/// Tells in the end whether the service acknowledged it.
fn creates_one(ana: &Person, creating: &mut JoinSet<(RequestId, bool)>) -> RequestId {
    let request = draft("Dana Fox", AssignTo::Myself);
    let (id, client) = (request.id, ana.client.clone());
    creating.spawn(async move {
        let answer = client.create_request(request).await;
        // What only waits in the outbox was acknowledged by nobody.
        (id, answer.is_ok() && client.get_request(id).is_some())
    });
    id
}

fn once_each(person: &Person, sent: &BTreeSet<RequestId>) {
    let listed = ids(person);
    assert_eq!(listed.len(), sent.len(), "none is there twice");
    assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), *sent);
}
