//! What most days are made of.

use beckon_client::view::{Ending, Phase};
use beckon_domain::session_request::StatusName;
use beckon_tests::organisation::Organisation;
use beckon_tests::recipient::Browser;
use beckon_tests::step;
use beckon_wire::request::{AssignTo, Connect};

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_helps_a_recipient_from_the_link_to_the_last_word() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);

    step("Ana creates a request and copies its link");
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let link = ana.client.request_link(request).await.unwrap();
    assert!(link.url.starts_with(&acme.origin()));

    step("Dana opens it in a browser; looking changes nothing, Continue does");
    let browser = Browser::open();
    let page = browser.visits(&link.url).await;
    assert!(page.html.contains("Acme") && page.html.contains("Ana"), "{}", page.html);
    assert_eq!(ana.client.get_request(request).unwrap().status, StatusName::Open);
    let page = browser.continues(&link.url).await;
    let code = page.join_code().expect("the page shows the join code");
    assert_eq!(code, link.code.to_string());
    let row = ana.sees_request(request, StatusName::Waiting).await;
    assert_eq!(row.connect, Connect::NobodyJoined);

    step("Dana types the code and is asked");
    dana.joins(&code.to_lowercase()).await.unwrap();
    let asked = dana.is_asked().await;
    assert_eq!(asked.organisation.as_str(), "Acme");
    assert_eq!(asked.agent.as_ref().unwrap().as_str(), "Ana");
    dana.allows().await.unwrap();
    let row = ana.sees_request(request, StatusName::Ready).await;
    assert_eq!(row.connect, Connect::Connect);

    step("Ana connects; both see the same four words");
    let session = ana.client.connect(request).await.unwrap();
    let (at_ana, at_dana) = (ana.talks().await, dana.talks().await);
    assert_eq!((at_ana.id, at_dana.id), (session, session));
    assert_eq!(at_ana.words, at_dana.words);
    assert_eq!(at_dana.peer, "Ana");
    ana.sees_request(request, StatusName::Connected).await;

    step("They talk");
    ana.client.send_chat(session, "Hello Dana, what do you see?".into()).await.unwrap();
    dana.reads(session, "Hello Dana, what do you see?").await;
    dana.client.send_chat(session, "A blue screen\nwith a sad face 🙁".into()).await.unwrap();
    ana.reads(session, "A blue screen\nwith a sad face 🙁").await;

    step("Ana leaves and connects again without another question");
    ana.client.end_session(session).await.unwrap();
    assert_eq!(dana.sees_the_end_of(session).await, Phase::Ended { why: Ending::ByViewer });
    ana.sees_request(request, StatusName::Ready).await;
    let again = ana.client.connect(request).await.unwrap();
    let words = ana.talks().await.words;
    assert_ne!(words, at_ana.words, "another session has other words");
    dana.talks().await;
    ana.sees_request(request, StatusName::Connected).await;

    step("Ana ends and closes");
    ana.client.end_and_close(again, Some("Solved.".into())).await.unwrap();
    ana.sees_request(request, StatusName::Closed).await;
    assert_eq!(ana.sees_the_end_of(again).await, Phase::Ended { why: Ending::RequestClosed });
    let heard = dana.sees_the_end_of(again).await;
    assert_ne!(heard, Phase::Ended { why: Ending::ByHost }, "it was not Dana's doing");
    let history = ana.client.request_history(request).await.unwrap();
    let said = history.iter().find_map(|entry| entry.comment.as_ref()).unwrap();
    assert_eq!(said.as_str(), "Solved.");
    dana.has_joined(StatusName::Closed).await;
    assert!(browser.visits(&link.url).await.join_code().is_none(), "a closed request shows no code");

    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_joins_with_the_link_itself() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Unassigned).await;
    let link = ana.client.request_link(request).await.unwrap();

    dana.joins(&link.url).await.unwrap();
    let asked = dana.is_asked().await;
    assert_eq!(asked.agent, None, "nobody is assigned, and the window says so");
    dana.allows().await.unwrap();
    ana.sees_request(request, StatusName::Ready).await;

    step("Connect claims a request without an agent");
    ana.client.connect(request).await.unwrap();
    ana.talks().await;
    let row = ana.sees_request(request, StatusName::Connected).await;
    assert_eq!(row.agent.unwrap().name.as_str(), "Ana");
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_never_used_before_is_asked_about_first() {
    let (acme, other) = (Organisation::opens().await, Organisation::opens().await);
    let ana = other.agent("Ana").await;
    let dana = acme.guest("Dana").await;
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let link = ana.client.request_link(request).await.unwrap();

    step("The link names a service that Dana's client has never met");
    let answer = dana.client.connect_to(&link.url, false).await.unwrap();
    assert_eq!(answer, beckon_client::view::Joining::AskFirst { origin: other.origin() });
    assert!(dana.client.state().joined.is_none(), "nothing was joined by asking");
    assert_eq!(ana.client.get_request(request).unwrap().status, StatusName::Open);

    step("Dana says yes to that service");
    dana.joins(&link.url).await.unwrap();
    let asked = dana.is_asked().await;
    assert_eq!(asked.service, other.origin());
    dana.allows().await.unwrap();
    ana.sees_request(request, StatusName::Ready).await;
    ana.client.connect(request).await.unwrap();
    ana.talks().await;
    assert_eq!(dana.client.state().home.unwrap().origin, acme.origin(), "home is still home");
    other.closes([ana, dana]).await;
    acme.closes([]).await;
}
