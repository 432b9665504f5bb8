//! Links from the system: what they open, and that they answer nothing.

use std::time::Duration;

use beckon_client::links::{AT_ONCE, LinkNotice, LinkStep, LinksState};
use beckon_client::view::JoinedState;
use beckon_client::{Client, ClientConfig};
use beckon_domain::call::CallStateName;
use beckon_domain::link::ServiceOrigin;
use beckon_domain::session_request::StatusName;
use beckon_domain::{JoinCode, RequestId};
use beckon_tests::cast::Person;
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;
use beckon_wire::request::AssignTo;
use uuid::Uuid;

use crate::introduced::sees_call;

/// Everything that the table of links has, and what a hostile page would try.
pub fn every_form(service: &str, code: &JoinCode, id: RequestId) -> Vec<String> {
    let mut forms = vec![
        format!("beckon:join?service={service}&code={code}"),
        format!("beckon:join?service=https://support.example.com&code={code}"),
        format!("beckon:request?service={service}&id={}", id.0),
        format!("beckon:request?service=https://support.example.com&id={}", id.0),
    ];
    forms.extend(
        [
            "anydesk:123456789",
            "anydesk:user@namespace",
            "anydesk-abc12345:123456789",
            "anydesk:AnyDesk-abc12345_msi:123456789",
            "anydesk:AnyDesk-ad_abc12345:123456789",
            "anydesk:AnyDesk-ad_abc12345_msi:123456789",
            "anydesk://register-license?key=ABCDE",
            "anydesk:--help",
            "--profile=x",
            "-",
            "anydesk:\\\\attacker\\share",
            "file:///etc/passwd",
            "anydesk:123456789\" --play",
            "anydesk:123\0",
            "anydesk:123\n456",
            "anydesk:\u{202e}987654321",
            "anydesk:%2531%32345678",
            "beckon:allow?service=https://support.example.com",
            "beckon:config?home=https://evil.example",
            "",
        ]
        .map(str::to_owned),
    );
    forms.push("anydesk:".to_owned() + &"1".repeat(10_000));
    forms
}

pub async fn is_handed(client: &Client, raw: &str) -> LinkStep {
    let step = client.take_link(raw.as_bytes());
    if let LinkStep::Follow(link) = &step {
        client.follow_link(link.clone()).await;
    }
    step
}

pub fn notice(client: &Client) -> Option<LinkNotice> {
    client.links().first.map(|link| link.notice)
}

/// As a person who reads one after the other.
pub fn dismisses_all(client: &Client) {
    while let Some(link) = client.links().first {
        client.dismiss_link(link.number);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_join_link_opens_the_question_where_the_client_has_been_before() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let code = ana.client.request_link(request).await.unwrap().code;
    let mut hints = dana.client.hints();

    let link = format!("beckon:join?service={}&code={code}", acme.origin());
    is_handed(&dana.client, &link).await;
    dana.hears_a_question(&mut hints).await;
    let asked = dana.is_asked().await;
    assert_eq!(asked.agent.unwrap().as_str(), "Ana");
    assert_eq!(notice(&dana.client), None);
    assert_eq!(ana.sees_request(request, StatusName::Waiting).await.status, StatusName::Waiting);

    step("A link for another request is told that this device has joined one");
    let other = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let code = ana.client.request_link(other).await.unwrap().code;
    is_handed(&dana.client, &format!("beckon:join?service={}&code={code}", acme.origin())).await;
    let Some(LinkNotice::NotJoined { error, .. }) = notice(&dana.client) else { panic!("no notice") };
    assert_eq!(error.code, Code::JoinedAnother);
    assert_eq!(dana.is_asked().await.request, request);
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_was_never_used_is_named_first() {
    let (acme, other) = (Organisation::opens().await, Organisation::opens().await);
    let (ana, dana) = (other.agent("Ana").await, acme.guest("Dana").await);
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let code = ana.client.request_link(request).await.unwrap().code;
    let service: ServiceOrigin = other.origin().parse().unwrap();

    is_handed(&dana.client, &format!("beckon:join?service={service}&code={code}")).await;
    assert_eq!(notice(&dana.client), Some(LinkNotice::Join { service, code }));
    assert_eq!(dana.client.state().joined, None);

    step("A no is a no");
    dismisses_all(&dana.client);
    assert_eq!(ana.client.get_request(request).unwrap().status, StatusName::Open);

    step("A yes opens the question there, and the home service stays");
    let code = ana.client.request_link(request).await.unwrap().code;
    is_handed(&dana.client, &format!("beckon:join?service={}&code={code}", other.origin())).await;
    let number = dana.client.links().first.unwrap().number;
    dana.client.join_by_link(number).await.unwrap();
    assert_eq!(dana.is_asked().await.service, other.origin());
    assert_eq!(dana.client.state().home.unwrap().origin, acme.origin());
    assert_eq!(notice(&dana.client), None);
    assert_eq!(dana.client.join_by_link(number).await.unwrap_err().code, Code::NotFound);
    other.closes([ana]).await;
    acme.closes([dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_link_answers_a_question_or_changes_what_was_answered() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let code = ana.client.request_link(request).await.unwrap().code;
    dana.joins(&code.to_string()).await.unwrap();
    let (open, other) = (dana.is_asked().await, ana.creates_a_request_for("Li Wei", AssignTo::Myself).await);
    let others_code = ana.client.request_link(other).await.unwrap().code;

    step("While the question is open");
    stays_as_it_is(&acme, &dana, &open, &code, &others_code).await;

    step("While access is allowed");
    dana.allows().await.unwrap();
    let allowed = dana.has_joined(StatusName::Ready).await;
    stays_as_it_is(&acme, &dana, &allowed, &code, &others_code).await;

    step("While a session runs");
    ana.client.connect(request).await.unwrap();
    dana.talks().await;
    let connected = dana.has_joined(StatusName::Connected).await;
    stays_as_it_is(&acme, &dana, &connected, &code, &others_code).await;
    dana.talks().await;

    assert_eq!(ana.client.get_request(other).unwrap().status, StatusName::Open);
    acme.closes([ana, dana]).await;
}

async fn stays_as_it_is(
    acme: &Organisation,
    dana: &Person,
    before: &JoinedState,
    code: &JoinCode,
    others_code: &JoinCode,
) {
    let mut forms = every_form(&acme.origin(), code, before.request);
    forms.extend(every_form(&acme.origin(), others_code, before.request));
    for form in forms {
        is_handed(&dana.client, &form).await;
        assert_eq!(dana.client.state().joined.as_ref(), Some(before), "{form:?}");
        dismisses_all(&dana.client);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_link_shows_a_request_of_the_home_service_and_no_other() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let here = format!("beckon:request?service={}&id={}", acme.origin(), request.0);
    let there = format!("beckon:request?service=https://support.example.com&id={}", request.0);

    assert_eq!(is_handed(&ana.client, &here).await, LinkStep::Request { id: request, raise: true });
    ana.client.main_window_touched();
    assert_eq!(is_handed(&ana.client, &there).await, LinkStep::Look { raise: true });
    let elsewhere = LinkNotice::RequestElsewhere {
        service: "https://support.example.com".parse().unwrap(),
        home: Some(acme.origin()),
    };
    assert_eq!(notice(&ana.client), Some(elsewhere));
    assert_eq!(is_handed(&dana.client, &here).await, LinkStep::Look { raise: true });
    let service = acme.origin().parse().unwrap();
    assert_eq!(notice(&dana.client), Some(LinkNotice::RequestSignedOut { service }));
    assert!(ana.client.state().sessions.is_empty(), "it never connects by itself");
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_for_another_client_stays_as_it_came() {
    let acme = Organisation::opens().await;
    let dana = acme.guest("Dana").await;
    for raw in [
        "anydesk-abc:123456789",
        "anydesk:AnyDesk-abc_msi:123456789",
        "anydesk:AnyDesk-ad_abc:123 456 789",
        "AnyDesk://AnyDesk-ad_ABC_msi%3Auser@namespace/",
    ] {
        assert!(matches!(is_handed(&dana.client, raw).await, LinkStep::Look { .. }));
        let (prefix, link) = ("abc".parse().unwrap(), raw.to_owned());
        assert_eq!(notice(&dana.client), Some(LinkNotice::OtherClient { prefix, link, former: None }));
        dismisses_all(&dana.client);
    }
    acme.closes([dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_question_takes_the_place_of_what_is_being_read() {
    let acme = Organisation::opens().await;
    let dana = acme.guest("Dana").await;
    let join = "beckon:join?service=https://support.example.com&code=7Q4MX-2K9TD";
    let LinkStep::Follow(link) = dana.client.take_link(join.as_bytes()) else { panic!("not followed") };
    is_handed(&dana.client, "file:///etc/passwd").await;
    is_handed(&dana.client, "anydesk:--help").await;
    let read = dana.client.links().first.unwrap();

    step("The service answers late");
    dana.client.follow_link(link).await;
    assert_eq!(dana.client.links().first.as_ref(), Some(&read));
    assert_eq!(dana.client.links().behind, 2);
    dana.client.dismiss_link(read.number);
    assert!(matches!(notice(&dana.client), Some(LinkNotice::Join { .. })));
    acme.closes([dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_links_are_five_and_a_word_about_the_rest() {
    let acme = Organisation::opens().await;
    let dana = acme.guest("Dana").await;
    let steps: Vec<LinkStep> = (0..1_000_u32)
        .map(|number| dana.client.take_link(format!("anydesk:{}", 123_456_789 + number).as_bytes()))
        .collect();
    let raised = steps.iter().filter(|step| **step == LinkStep::Look { raise: true }).count();
    assert_eq!(raised, 1, "the window is not raised a thousand times");

    step("One is called, and the person reads of five more");
    let Some(LinkStep::Calling(call)) = steps.first() else { panic!("nobody is called") };
    assert!(!steps.iter().skip(1).any(|step| matches!(step, LinkStep::Calling(_))));
    let state = dana.client.links();
    assert_eq!((state.behind, state.more), (AT_ONCE - 1, true));
    sees_call(&dana, *call, CallStateName::Ringing).await;
    assert_eq!(dana.client.introductions_state().calls.len(), 1);
    acme.closes([dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_links_to_requests_are_five_and_a_word_about_the_rest() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let link = |number: u32| {
        format!("beckon:request?service={}&id={}", acme.origin(), Uuid::from_u128(number.into()))
    };
    let steps: Vec<LinkStep> =
        (0..1_000).map(|number| ana.client.take_link(link(number).as_bytes())).collect();
    let shown = |raised| {
        let is_shown = |step: &&LinkStep| matches!(step, LinkStep::Request { raise, .. } if *raise == raised);
        steps.iter().filter(is_shown).count()
    };
    assert_eq!((shown(true), shown(false)), (1, AT_ONCE - 1), "the window comes forward once");
    let looks = steps.iter().filter(|step| matches!(step, LinkStep::Look { .. })).collect::<Vec<_>>();
    assert_eq!(looks, [&LinkStep::Look { raise: false }]);
    assert!(ana.client.links().raised);
    assert_eq!(notice(&ana.client), Some(LinkNotice::More));

    step("Once Ana touches the window, the next link is shown");
    dismisses_all(&ana.client);
    let next = RequestId(Uuid::from_u128(2_000));
    let shown = is_handed(&ana.client, &link(2_000)).await;
    assert_eq!(shown, LinkStep::Request { id: next, raise: true });
    ana.client.main_window_touched();
    assert_eq!(ana.client.links(), LinksState::default());
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_link_again_and_again_pulls_the_window_forward_once() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let link = format!("beckon:request?service={}&id={}", acme.origin(), request.0);
    let shown = LinkStep::Request { id: request, raise: true };
    assert_eq!(is_handed(&ana.client, &link).await, shown);

    step("A page floods her with it, and she turns to another window each time");
    for _ in 0..100 {
        assert_eq!(is_handed(&ana.client, &link).await, LinkStep::Nothing);
        ana.client.main_window_touched();
        acme.clock.advance(Duration::from_millis(500));
    }

    step("So does what is told of another link");
    assert_eq!(is_handed(&ana.client, "file:///etc/passwd").await, LinkStep::Look { raise: true });
    for _ in 0..100 {
        assert_eq!(is_handed(&ana.client, "file:///etc/passwd").await, LinkStep::Nothing);
    }
    dismisses_all(&ana.client);
    ana.client.main_window_touched();

    step("Later she clicks it herself");
    acme.clock.advance(Duration::from_secs(2));
    assert_eq!(is_handed(&ana.client, &link).await, shown);
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assist_can_be_helped_and_nothing_else() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let code = ana.client.request_link(request).await.unwrap().code;
    let folder = tempfile::tempdir().unwrap();
    let config = ClientConfig {
        folder: Some(folder.path().to_owned()),
        home: Some(acme.origin()),
        only_host: true,
        ..ClientConfig::new(acme.clock.shared())
    };
    let assist = Client::open(config).unwrap();
    assert_eq!(assist.state().home, None, "a guest's program has no home");

    for refused in [
        assist.choose_service(&acme.origin()).await,
        assist.sign_in("ana@acme.example".into(), "correct horse battery".into()).await,
        assist.connect(request).await.map(drop),
    ] {
        assert_eq!(refused.unwrap_err().code, Code::Forbidden);
    }

    let mut hints = assist.hints();
    assist.join_with_code(&acme.origin(), code, true).await.unwrap();
    while assist.state().joined.is_none_or(|joined| joined.request != request) {
        hints.recv().await.unwrap();
    }
    assert_eq!(assist.state().home, None);
    assist.shut_down().await;
    acme.closes([ana]).await;
}
