//! Two at once: exactly one is first, and the other is told.

use beckon_domain::session_request::StatusName;
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;
use beckon_wire::request::AssignTo;

#[tokio::test(flavor = "multi_thread")]
async fn two_agents_connect_at_once() {
    let acme = Organisation::opens().await;
    let (ana, ben, dana) = (acme.agent("Ana").await, acme.agent("Ben").await, acme.guest("Dana").await);
    let request = acme.unassigned_ready_request(&ana, &dana).await;
    ben.sees_request(request, StatusName::Ready).await;

    let (first, second) = tokio::join!(ana.client.connect(request), ben.client.connect(request));
    let (winner, loser) = if first.is_ok() { (&ana, second) } else { (&ben, first) };
    let refused = loser.unwrap_err();
    assert_eq!(refused.code, Code::TakenBy);
    assert_eq!(refused.params["name"], winner.name);
    winner.talks().await;
    acme.closes([ana, ben, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_agents_claim_at_once() {
    let acme = Organisation::opens().await;
    let (ana, ben) = (acme.agent("Ana").await, acme.agent("Ben").await);
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Unassigned).await;
    ben.sees_request(request, StatusName::Open).await;

    let (first, second) = tokio::join!(ana.client.claim_request(request), ben.client.claim_request(request));
    let (winner, loser) = if first.is_ok() { (&ana, second) } else { (&ben, first) };
    let refused = loser.unwrap_err();
    assert_eq!(refused.code, Code::TakenBy);
    assert_eq!(refused.params["name"], winner.name);
    let kept = ana.client.get_request(request).unwrap().agent.unwrap();
    assert_eq!(kept.name.as_str(), winner.name);
    acme.closes([ana, ben]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_agents_ask_at_once() {
    let acme = Organisation::opens().await;
    let (ana, ben, dana) = (acme.agent("Ana").await, acme.agent("Ben").await, acme.guest("Dana").await);
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Unassigned).await;
    let code = ana.client.request_link(request).await.unwrap().code.to_string();
    dana.joins(&code).await.unwrap();
    dana.is_asked().await;
    ana.sees_request(request, StatusName::Waiting).await;
    ben.sees_request(request, StatusName::Waiting).await;

    let (first, second) = tokio::join!(ana.client.connect(request), ben.client.connect(request));
    let (winner, loser) = if first.is_ok() { (&ana, second) } else { (&ben, first) };
    let refused = loser.unwrap_err();
    assert!(matches!(refused.code, Code::TakenBy | Code::AssignedTo), "{refused:?}");
    assert_eq!(refused.params["name"], winner.name);
    dana.sees("who asks", |client| {
        client.state().joined?.asked_by.filter(|name| name.as_str() == winner.name)
    })
    .await;
    acme.closes([ana, ben, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_join_at_once() {
    let acme = Organisation::opens().await;
    let (ana, dana, eve) = (acme.agent("Ana").await, acme.guest("Dana").await, acme.guest("Eve").await);
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let code = ana.client.request_link(request).await.unwrap().code.to_string();

    let (first, second) = tokio::join!(dana.joins(&code), eve.joins(&code));
    let (winner, loser) = if first.is_ok() { (&dana, second) } else { (&eve, first) };
    assert_eq!(loser.unwrap_err().code, Code::AnotherDeviceJoined);
    winner.is_asked().await;

    step("A device has one joined request at a time");
    let other = ana.creates_a_request_for("Somebody Else", AssignTo::Myself).await;
    let code = ana.client.request_link(other).await.unwrap().code.to_string();
    assert_eq!(winner.joins(&code).await.unwrap_err().code, Code::JoinedAnother);
    acme.closes([ana, dana, eve]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn creating_twice_creates_once() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let draft = beckon_tests::cast::draft("Dana Fox", AssignTo::Myself);
    let (first, second) =
        tokio::join!(ana.client.create_request(draft.clone()), ana.client.create_request(draft.clone()));
    first.unwrap();
    second.unwrap();
    assert_eq!(ana.lists().len(), 1);

    let mut other = draft;
    other.recipient = "Somebody Else".into();
    assert_eq!(ana.client.create_request(other).await.unwrap_err().code, Code::IdTaken);
    acme.closes([ana]).await;
}
