//! Links from the system while the person is asked something: none of them answers it, whoever it names.

use beckon_client::links::LinkNotice;
use beckon_client::view::{
    AppState, AsksState, CallState, IntroductionsState, InvitationState, Joining, SessionState,
};
use beckon_domain::invitation::InvitationStateName;
use beckon_domain::{JoinCode, Permission, PermissionSet, RequestId, SessionId};
use beckon_tests::cast::Person;
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::introduction::Way;
use uuid::Uuid;

use crate::call_links::cancels_own_call;
use crate::introduced::{are_in_a_call, device_of, invites, places_call, rings, sees_invitation, two_people};
use crate::links::{dismisses_all, every_form, is_handed, notice};

/// Everything that an answer would change. Whom the person calls meanwhile answers nothing.
#[derive(Debug, PartialEq)]
struct Standing {
    app: AppState,
    invitations: Vec<InvitationState>,
    called: Vec<CallState>,
    sessions: Vec<(SessionId, PermissionSet, AsksState)>,
}

impl Standing {
    fn of(person: &Person) -> Self {
        let app = person.client.state();
        let IntroductionsState { invitations, calls, .. } = person.client.introductions_state();
        let called = calls.into_iter().filter(|call| call.view.way == Way::Incoming).collect();
        let running = app.sessions.iter().filter_map(|id| person.client.session_state(*id));
        let sessions = running.map(|SessionState { id, permissions, asks, .. }| (id, permissions, asks));
        Self { sessions: sessions.collect(), app, invitations, called }
    }
}

fn code() -> JoinCode {
    "7Q4MX-2K9TD".parse().unwrap()
}

/// Every form of links, and one to whoever asks.
fn forms(acme: &Organisation, other: &Person) -> Vec<String> {
    let mut forms = every_form(&acme.origin(), &code(), RequestId(Uuid::now_v7()));
    forms.push(format!("anydesk:{}", device_of(other)));
    forms
}

async fn is_left_alone(acme: &Organisation, person: &Person, other: &Person) {
    let before = Standing::of(person);
    for form in forms(acme, other) {
        is_handed(&person.client, &form).await;
        cancels_own_call(person).await;
        assert_eq!(Standing::of(person), before, "{form:?}");
        dismisses_all(&person.client);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_and_a_call_wait_for_the_person_and_for_no_link() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;

    step("Ana invites Dana");
    let invitation = invites(&ana, &dana).await;
    sees_invitation(&dana, invitation, InvitationStateName::Pending).await;
    is_left_alone(&acme, &dana, &ana).await;

    step("Ana calls her, too");
    places_call(&ana, &device_of(&dana).to_string()).await;
    rings(&dana).await;
    is_left_alone(&acme, &dana, &ana).await;
    assert!(ana.client.state().sessions.is_empty(), "nobody let her in");
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_viewer_asks_for_waits_for_the_person_and_for_no_link() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    let session = are_in_a_call(&ana, &dana, PermissionSet::NONE).await;
    ana.sees("what it may ask for", |client| {
        client.session_state(session).filter(|state| state.asks.possible.contains(Permission::Sysinfo))
    })
    .await;
    dana.sees("that the service knows it", |client| {
        client.introductions_state().calls.into_iter().find_map(|call| call.view.session?.since)
    })
    .await;
    ana.client.ask_for(session, Permission::Sysinfo).await.unwrap();
    dana.sees("what is asked", |client| {
        client.session_state(session).filter(|state| state.asks.open.contains(Permission::Sysinfo))
    })
    .await;
    is_left_alone(&acme, &dana, &ana).await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_to_join_at_a_new_service_is_asked_in_order_and_answered_by_no_link() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;

    step("The connect field asks");
    let asked = dana.client.join_with_code("https://third.example", code(), false).await.unwrap();
    assert!(matches!(asked, Joining::AskFirst { .. }), "{asked:?}");
    is_left_alone(&acme, &dana, &ana).await;

    step("Two links ask");
    let before = Standing::of(&dana);
    for service in ["https://one.example", "https://two.example"] {
        is_handed(&dana.client, &format!("beckon:join?service={service}&code={}", code())).await;
    }
    let asked = dana.client.links().first.unwrap();
    for form in forms(&acme, &ana) {
        is_handed(&dana.client, &form).await;
        cancels_own_call(&dana).await;
        assert_eq!(dana.client.links().first.as_ref(), Some(&asked), "{form:?}");
        assert_eq!(Standing::of(&dana), before, "{form:?}");
    }
    dana.client.dismiss_link(asked.number);
    let Some(LinkNotice::Join { service, .. }) = notice(&dana.client) else { panic!("no second question") };
    assert_eq!(service.to_string(), "https://two.example");
    acme.closes([ana, dana]).await;
}
