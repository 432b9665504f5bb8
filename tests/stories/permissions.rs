//! What a viewer may do, and how that changes while a session runs.

use std::time::Duration;

use beckon_client::Turn;
use beckon_client::custom::CustomClient;
use beckon_client::profiles::OwnProfileId;
use beckon_client::view::{EditFields, NewRequest, SessionState};
use beckon_domain::invitation::InvitationStateName;
use beckon_domain::session_request::StatusName;
use beckon_domain::{
    NamedProfile, Permission, PermissionSet, ProfileId, ProposedProfile, RequestId, SessionId,
};
use beckon_tests::cast::{Person, draft};
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;
use beckon_wire::request::AssignTo;
use uuid::Uuid;

use crate::introduced::{are_in_a_call, invites, sees_invitation, two_people};

const SYSINFO: Permission = Permission::Sysinfo;

fn only(permission: Permission) -> PermissionSet {
    PermissionSet::NONE.with(permission)
}

async fn sees_session(person: &Person, what: &str, is: impl Fn(&SessionState) -> bool) -> SessionState {
    person
        .sees(what, |client| {
            let id = *client.state().sessions.first()?;
            client.session_state(id).filter(&is)
        })
        .await
}

async fn sees_asked(person: &Person, open: PermissionSet) -> SessionState {
    sees_session(person, "what is asked", |session| session.asks.open == open).await
}

async fn may_be_asked(viewer: &Person) {
    sees_session(viewer, "what it may ask for", |session| session.asks.possible.contains(SYSINFO)).await;
}

/// The viewer asks for one thing, is told *Not now*, asks again, and has it for 15 minutes.
async fn asks_and_is_answered(acme: &Organisation, viewer: &Person, host: &Person, session: SessionId) {
    may_be_asked(viewer).await;
    assert_eq!(viewer.client.system_info(session).await.unwrap(), None);

    step("The viewer asks; asking gives nothing");
    viewer.client.ask_for(session, SYSINFO).await.unwrap();
    assert_eq!(sees_asked(host, only(SYSINFO)).await.permissions, PermissionSet::NONE);
    sees_asked(viewer, only(SYSINFO)).await;
    assert_eq!(viewer.client.system_info(session).await.unwrap(), None);

    step("Not now");
    host.client.refuse_ask(session, SYSINFO).await.unwrap();
    let refused = sees_asked(viewer, PermissionSet::NONE).await;
    assert_eq!((refused.asks.refused, refused.permissions), (only(SYSINFO), PermissionSet::NONE));
    let too_soon = viewer.client.ask_for(session, SYSINFO).await.unwrap_err();
    assert_eq!(too_soon.code, Code::Throttled);

    step("Half a minute later it is asked again, and allowed for 15 minutes");
    acme.clock.advance(Duration::from_secs(31));
    viewer.client.ask_for(session, SYSINFO).await.unwrap();
    sees_asked(host, only(SYSINFO)).await;
    host.client.turn_switch(session, SYSINFO, Turn::OnForAWhile).unwrap();
    for side in [host, viewer] {
        let told = sees_session(side, "until when", |session| !session.asks.for_a_while.is_empty()).await;
        assert_eq!(told.asks.for_a_while.first().map(|switch| switch.permission), Some(SYSINFO));
    }
    // What may be done is told first, and what was asked a moment later.
    let may = |session: &SessionState| {
        session.permissions.contains(SYSINFO) && session.asks.open == PermissionSet::NONE
    };
    assert_eq!(sees_session(viewer, "that it may", may).await.asks.refused, PermissionSet::NONE);
    assert!(viewer.client.system_info(session).await.unwrap().is_some());

    step("The 15 minutes are over");
    acme.clock.advance(Duration::from_secs(15 * 60));
    sees_session(viewer, "that it may no more", |session| session.permissions == PermissionSet::NONE).await;
    assert_eq!(viewer.client.system_info(session).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_asks_for_more_during_a_session() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let (_, session) = acme.session(&ana, &dana).await;
    asks_and_is_answered(&acme, &ana, &dana, session).await;

    step("What this computer cannot do is not asked for");
    let refused = ana.client.ask_for(session, Permission::TcpTunnel).await.unwrap_err();
    assert_eq!(refused.code, Code::BadRequest);
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_asks_for_more_during_a_session() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    let session = are_in_a_call(&ana, &dana, PermissionSet::NONE).await;
    asks_and_is_answered(&acme, &ana, &dana, session).await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_invited_asks_for_more_during_a_session() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    let id = invites(&dana, &ana).await;
    let shown = sees_invitation(&ana, id, InvitationStateName::Pending).await;
    let session = ana.client.accept_invitation(id, shown.view.revision).await.unwrap();
    ana.talks().await;
    let at_dana = dana.talks().await;
    for permission in at_dana.permissions.iter() {
        dana.client.turn_switch(session, permission, Turn::Off).unwrap();
    }
    sees_session(&ana, "that nothing is on", |session| session.permissions == PermissionSet::NONE).await;
    asks_and_is_answered(&acme, &ana, &dana, session).await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_ends_with_the_session() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let (request, session) = acme.session(&ana, &dana).await;
    may_be_asked(&ana).await;
    ana.client.ask_for(session, SYSINFO).await.unwrap();
    sees_asked(&dana, only(SYSINFO)).await;
    dana.client.turn_switch(session, Permission::FileManager, Turn::OnForAWhile).unwrap();
    sees_session(&ana, "files", |session| session.permissions.contains(Permission::FileManager)).await;

    step("Ana leaves, and comes back");
    ana.client.end_session(session).await.unwrap();
    dana.sees_the_end_of(session).await;
    let ended = dana.client.session_state(session).unwrap();
    assert_eq!(ended.asks.open, PermissionSet::NONE);
    ana.sees_request(request, StatusName::Ready).await;
    let again = ana.client.connect(request).await.unwrap();
    ana.talks().await;
    let at_dana = dana.talks().await;
    assert_eq!((at_dana.id, at_dana.asks.open), (again, PermissionSet::NONE));
    assert_eq!(at_dana.permissions, PermissionSet::NONE, "a while ends with its session");
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn own_profiles_stay_with_their_person() {
    let acme = Organisation::opens().await;
    let dana = acme.guest("Dana").await;
    let id = OwnProfileId(Uuid::now_v7());
    dana.client.keep_profile(id, "  Only show  ".into(), only(SYSINFO)).unwrap();
    let forged = dana.client.keep_profile(OwnProfileId(Uuid::now_v7()), "A\u{202E}B".into(), only(SYSINFO));
    assert_eq!(forged.unwrap_err().code, Code::TextForbidden);

    step("Dana's computer starts again");
    let dana = dana.restarts().await;
    let profiles = dana.client.permission_profiles();
    let kept: Vec<_> = profiles.own.iter().map(|own| (own.id, own.name.as_str())).collect();
    assert_eq!((kept, profiles.lock), (vec![(id, "Only show")], None));
    dana.client.delete_profile(id).unwrap();
    assert!(dana.client.permission_profiles().own.is_empty());
    acme.closes([dana]).await;
}

fn only_show(permission: Permission) -> ProposedProfile {
    ProposedProfile::Own(NamedProfile { name: "Only show".parse().unwrap(), permissions: only(permission) })
}

async fn edits_the_profile(agent: &Person, id: RequestId, profile: ProposedProfile) {
    let edit = EditFields { profile: Some(profile), ..EditFields::default() };
    agent.client.edit_request(id, edit).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_proposes_an_own_profile_and_the_host_decides() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let profile = only_show(SYSINFO);
    let request = NewRequest { profile: profile.clone(), ..draft("Dana Fox", AssignTo::Myself) };
    let id = request.id;
    ana.client.create_request(request).await.unwrap();
    let row = ana.sees_request(id, StatusName::Open).await;
    assert_eq!(ProposedProfile::together(row.profile, row.own_profile), profile);

    step("Dana is shown its name, and what it proposes as switches");
    let code = ana.client.request_link(id).await.unwrap().code;
    dana.joins(&code.to_string()).await.unwrap();
    let shown = dana.is_asked().await;
    assert_eq!((shown.profile, shown.switches), (profile, only(SYSINFO)));

    step("Ana puts another permission into it: what Dana saw can be allowed no more");
    let other = only_show(Permission::Clipboard);
    edits_the_profile(&ana, id, other.clone()).await;
    let outdated = dana.client.allow(id, shown.revision, only(SYSINFO)).await.unwrap_err();
    assert_eq!(outdated.code, Code::OlderRevision);
    let proposes = |profile: ProposedProfile| {
        move |client: &beckon_client::Client| client.state().joined.filter(|joined| joined.profile == profile)
    };
    let shown = dana.sees("the other permission", proposes(other)).await;
    assert_eq!(shown.switches, only(Permission::Clipboard));

    step("Dana turns it off before she allows access");
    dana.client.allow(id, shown.revision, PermissionSet::NONE).await.unwrap();
    ana.sees_request(id, StatusName::Ready).await;
    ana.client.connect(id).await.unwrap();
    assert_eq!(dana.talks().await.permissions, PermissionSet::NONE);

    step("A built-in profile takes its place");
    edits_the_profile(&ana, id, ProfileId::FullAccess.into()).await;
    dana.sees("the built-in profile", proposes(ProfileId::FullAccess.into())).await;
    assert_eq!(dana.talks().await.permissions, PermissionSet::NONE, "an edit moves no switch");
    acme.closes([ana, dana]).await;
}

fn custom_client(locked: &str) -> CustomClient {
    let file = format!(r#"{{ "prefix": "acme", "name": "Acme Support", "locked": {locked} }}"#);
    CustomClient::parse(file.as_bytes()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_that_a_custom_client_locks_stay_as_they_are() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await.restarts_as(custom_client("{}")).await;
    ana.is_online().await;
    ana.client.sign_in("ana@acme.example".into(), "correct horse battery".into()).await.unwrap();
    let (kept, other) = (OwnProfileId(Uuid::now_v7()), OwnProfileId(Uuid::now_v7()));
    let name = "Only show".to_owned();
    ana.client.keep_profile(kept, name.clone(), only(SYSINFO)).unwrap();
    let of = |profile| NewRequest { profile, ..draft("Dana Fox", AssignTo::Myself) };
    let forged = only_show(Permission::Input);
    let before = of(forged.clone());
    let id = before.id;
    ana.client.create_request(before).await.unwrap();

    step("Her organisation locks the profiles, and the most that a viewer of her computer is given");
    let ana = ana.restarts_as(custom_client(r#"{ "permissions": ["clipboard"] }"#)).await;
    ana.is_signed_in().await;
    let profiles = ana.client.permission_profiles();
    let lock = profiles.lock.unwrap();
    assert_eq!((lock.by.as_str(), lock.most), ("Acme Support", only(Permission::Clipboard)));
    let refused = [
        ana.client.keep_profile(other, "Another".into(), only(SYSINFO)),
        ana.client.keep_profile(kept, name, only(Permission::Input)),
        ana.client.delete_profile(kept),
    ];
    assert_eq!(refused.map(|refused| refused.unwrap_err().code), [Code::BadRequest; 3]);
    assert_eq!(ana.client.permission_profiles().own, profiles.own);

    step("She proposes what is among them, and nothing else under a name of its own");
    ana.client.create_request(of(only_show(SYSINFO))).await.unwrap();
    let refused = ana.client.create_request(of(forged.clone())).await;
    assert_eq!(refused.unwrap_err().code, Code::BadRequest);

    step("What a request proposed before may stay, and does not come back");
    edits_the_profile(&ana, id, forged.clone()).await;
    edits_the_profile(&ana, id, ProfileId::FullAccess.into()).await;
    let edit = EditFields { profile: Some(forged), ..EditFields::default() };
    assert_eq!(ana.client.edit_request(id, edit).await.unwrap_err().code, Code::BadRequest);
    acme.closes([ana]).await;
}
