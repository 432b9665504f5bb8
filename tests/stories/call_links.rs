//! Links that call: at once, one at a time, and the other side is asked.

use beckon_client::links::{AT_ONCE, Followed, LinkNotice, LinkStep};
use beckon_client::view::{CallState, IntroductionsState, Joining, PlacingState};
use beckon_client::{Client, ClientConfig};
use beckon_domain::call::CallStateName;
use beckon_domain::link::Target;
use beckon_domain::{CallId, RequestId, SystemClock};
use beckon_tests::cast::Person;
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;
use beckon_wire::introduction::Way;

use crate::introduced::{are_in_a_call, chat_and_mouse, device_of, is_at_home, rings, sees_call, two_people};
use crate::links::{dismisses_all, every_form, is_handed, notice};

#[tokio::test(flavor = "multi_thread")]
async fn a_link_calls_at_once_and_the_person_who_is_called_answers() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    let link = format!("anydesk:{}", device_of(&dana));

    let call = calls(&ana, &link).await;
    assert_eq!(rings(&dana).await.view.id, call);
    assert_eq!((notice(&ana.client), ana.client.links().behind), (None, 0));

    step("Clicked twice, it is the same call");
    assert_eq!(calls(&ana, &link).await, call);

    step("A link at the called device does not answer it");
    for form in every_form(&acme.origin(), &"7Q4MX-2K9TD".parse().unwrap(), RequestId(call.0)) {
        is_handed(&dana.client, &form).await;
        assert_eq!(rings(&dana).await.view.id, call, "{form:?}");
        dismisses_all(&dana.client);
        cancels_own_call(&dana).await;
    }
    dana.client.deny_call(call).await.unwrap();
    sees_call(&ana, call, CallStateName::Rejected).await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_call_link_waits_for_a_press_of_the_person() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    let number = device_of(&dana);
    let first = calls(&ana, "anydesk:nobody@nowhere").await;

    is_handed(&ana.client, &format!("anydesk:{number}")).await;
    let link = ana.client.links().first.unwrap();
    let LinkNotice::NotCalled { target, error } = link.notice else { panic!("{:?}", link.notice) };
    assert_eq!((target, error.code), (Target::Id(number), Code::AlreadyCalling));

    step("While the first one rings, a press does not help either");
    assert_eq!(ana.client.call_by_link(link.number).unwrap_err().code, Code::AlreadyCalling);

    step("After it the second one still waits, until it is pressed");
    ana.client.cancel_call(first).await.unwrap();
    sees_call(&ana, first, CallStateName::Cancelled).await;
    assert!(dana.client.introductions_state().calls.is_empty());
    let second = ana.client.call_by_link(link.number).unwrap();
    assert_eq!(rings(&dana).await.view.id, second);
    assert_eq!(notice(&ana.client), None);
    assert_eq!(ana.client.call_by_link(link.number).unwrap_err().code, Code::NotFound);
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_link_that_cannot_be_followed_is_told_with_the_reason() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;

    step("One's own ID");
    assert_eq!(not_called(&ana, &format!("anydesk:{}", device_of(&ana))).await, Code::OwnId);

    step("While somebody sees this screen");
    are_in_a_call(&dana, &ana, chat_and_mouse()).await;
    assert_eq!(not_called(&ana, "anydesk:nobody@nowhere").await, Code::InASession);
    acme.closes([ana, dana]).await;

    step("Without a home service");
    let folder = tempfile::tempdir().unwrap();
    let config =
        ClientConfig { folder: Some(folder.path().to_owned()), ..ClientConfig::new(SystemClock::shared()) };
    let homeless = Client::open(config).unwrap();
    is_handed(&homeless, "anydesk:123456789").await;
    let Some(LinkNotice::NotCalled { error, .. }) = notice(&homeless) else { panic!("no notice") };
    assert_eq!(error.code, Code::NoService);
    homeless.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_link_is_shown_before_the_service_answers_and_the_next_one_takes_no_window_that_says_why_not()
{
    let mut acme = Organisation::opens().await;
    let ana = acme.guest("Ana").await;
    is_at_home(&ana).await;
    acme.stops().await;

    step("The service cannot be reached: the window says so");
    let LinkStep::Calling(call) = ana.client.take_link(b"anydesk:nobody@nowhere") else {
        panic!("not shown")
    };
    assert_eq!(is_refused(&ana, call).await, Code::Unreachable);
    assert_eq!(notice(&ana.client), None);

    step("Other links are told in the main window, which comes forward once");
    let mut raised = Vec::new();
    for number in 0..AT_ONCE {
        let link = format!("anydesk:{}", 300_000_000 + number);
        let LinkStep::Follow(link) = ana.client.take_link(link.as_bytes()) else { panic!("not followed") };
        raised.push(ana.client.follow_link(link).await);
    }
    assert_eq!(raised.remove(0), Followed::Told { raise: true });
    assert!(raised.iter().all(|told| *told == Followed::Told { raise: false }));
    assert_eq!(ana.client.introductions_state().placing.map(|placing| placing.id), Some(call));
    dismisses_all(&ana.client);

    step("Once the service is back, the person calls again");
    acme.starts_again().await;
    let again = ana.client.call_again(call).unwrap();
    sees_call(&ana, again, CallStateName::Ringing).await;
    ana.client.cancel_call(again).await.unwrap();

    step("After the window is closed, a link has one at once");
    acme.stops().await;
    let LinkStep::Calling(call) = ana.client.take_link(b"anydesk:nobody@nowhere") else {
        panic!("not shown")
    };
    is_refused(&ana, call).await;
    ana.client.call_window_closed(call).await;
    assert_eq!(ana.client.introductions_state().placing, None);
    assert!(matches!(ana.client.take_link(b"anydesk:123456789"), LinkStep::Calling(_)));
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_a_link_starts_calls_as_soon_as_its_service_knows_it() {
    let acme = Organisation::opens().await;
    let dana = acme.guest("Dana").await;
    is_at_home(&dana).await;
    let ana = acme.guest_who_just_starts("Ana");
    let call = calls(&ana, &format!("anydesk:{}", device_of(&dana))).await;
    assert_eq!(rings(&dana).await.view.id, call);
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_connect_field_calls_an_id_or_an_alias() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    let grouped = device_of(&dana).grouped();
    let Joining::Calling { call } = ana.client.connect_to(&grouped, false).await.unwrap() else {
        panic!("{grouped} is not called")
    };
    assert_eq!(rings(&dana).await.view.id, call);
    assert_eq!(ana.client.connect_to("nobody@nowhere", false).await.unwrap_err().code, Code::AlreadyCalling);
    assert_eq!(dana.client.connect_to(&grouped, false).await.unwrap_err().code, Code::OwnId);
    acme.closes([ana, dana]).await;
}

async fn calls(person: &Person, link: &str) -> CallId {
    let LinkStep::Calling(call) = person.client.take_link(link.as_bytes()) else {
        panic!("nobody is called")
    };
    sees_call(person, call, CallStateName::Ringing).await;
    call
}

/// What the window of the call says.
async fn is_refused(person: &Person, call: CallId) -> Code {
    person
        .sees("why the call did not begin", |client| {
            let placing = client.introductions_state().placing.filter(|placing| placing.id == call)?;
            Some(placing.refused?.code)
        })
        .await
}

/// Why, for a person who reads it and dismisses it.
async fn not_called(person: &Person, link: &str) -> Code {
    is_handed(&person.client, link).await;
    let Some(LinkNotice::NotCalled { error, .. }) = notice(&person.client) else { panic!("no notice") };
    dismisses_all(&person.client);
    error.code
}

pub async fn cancels_own_call(person: &Person) {
    let IntroductionsState { calls, placing, .. } = person.client.introductions_state();
    if let Some(PlacingState { id, .. }) = placing {
        person.client.cancel_call(id).await.unwrap();
    }
    let own = |call: &CallState| call.view.way == Way::Outgoing && call.view.state == CallStateName::Ringing;
    for call in calls.into_iter().filter(own) {
        person.client.cancel_call(call.view.id).await.unwrap();
    }
}
