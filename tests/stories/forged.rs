//! A service that says what no honest one would: names that are too long to be shown, and names that pretend.

use std::time::Duration;

use beckon_client::view::{CallState, InvitationState, NewRequest};
use beckon_domain::call::CallStateName;
use beckon_domain::invitation::InvitationStateName;
use beckon_domain::session_request::StatusName;
use beckon_tests::cast::draft;
use beckon_tests::forger::Forger;
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;
use beckon_wire::request::AssignTo;
use serde::Serialize;
use serde_json::Value;

use crate::introduced::{
    are_in_a_call, chat_and_mouse, device_of, invitation_for, invites, is_at_home, places_call, rings,
    sees_call, sees_invitation,
};

const LIES: [&str; 7] = ["Lie0", "Lie1", "Lie2", "Lie3", "Lie4", "Lie5", "Lie6"];
/// Plain text, however odd.
const ODD: [&str; 3] = ["<img src=x onerror=\"alert(1)\"> {name} &amp;", "👩🏽‍💻👩🏽‍💻👩🏽‍💻", "\u{5d3}\u{5e0}\u{5d4}"];
/// Comments may be so long; everything else is shorter.
const LONGEST: usize = 4_000;

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_pretend_are_left_out_and_all_others_come_in() {
    let acme = Organisation::opens().await;
    let forger = Forger::before(acme.address(), forges).await;
    let (ana, ben) = (acme.agent_behind(&forger, "Ana").await, acme.agent("Ben").await);
    for name in LIES {
        ben.creates_a_request_for(name, AssignTo::Unassigned).await;
        let told = NewRequest { comments: name.into(), ..draft("Eve Moss", AssignTo::Unassigned) };
        ben.client.create_request(told).await.unwrap();
    }
    for name in ODD {
        ben.creates_a_request_for(name, AssignTo::Unassigned).await;
    }
    let last = ben.creates_a_request_for("Li Wei", AssignTo::Unassigned).await;

    ana.sees_request(last, StatusName::Open).await;
    let mut names: Vec<_> = ana.lists().iter().map(|row| row.recipient.to_string()).collect();
    names.retain(|name| name != "Eve Moss");
    names.sort();
    let mut honest = [ODD.as_slice(), &["Li Wei"]].concat();
    honest.sort();
    assert_eq!(names, honest);
    is_harmless(&ana.lists());

    step("It goes on, also when the program is started anew");
    let ana = ana.restarts().await;
    acme.clock_runs_until(ana.is_online()).await;
    let next = ben.creates_a_request_for("João Prado", AssignTo::Unassigned).await;
    ana.sees_request(next, StatusName::Open).await;
    assert_eq!(ana.client.get_request(last).map(|row| row.status), Some(StatusName::Open));
    acme.closes([ana, ben]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invitations_and_calls_that_pretend_are_not_shown_and_honest_ones_are() {
    let acme = Organisation::opens().await;
    let forger = Forger::before(acme.address(), forges).await;
    let (ana, dana) = (acme.agent_behind(&forger, "Ana").await, acme.guest("Dana").await);
    is_at_home(&ana).await;
    is_at_home(&dana).await;
    let anas = device_of(&ana).to_string();
    for name in LIES {
        step(&format!("{name} is the name of a device, and of a permission profile"));
        let liar = acme.guest(name).await;
        is_at_home(&liar).await;
        invites(&liar, &ana).await;
        let call = places_call(&liar, &anas).await;
        let mut pretending = invitation_for(&anas);
        pretending.profile = name.to_owned();
        dana.client.invite(pretending.clone()).await.unwrap();

        let honest = invites(&dana, &ana).await;
        let shown = sees_invitation(&ana, honest, InvitationStateName::Pending).await;
        let real = places_call(&dana, &anas).await;
        assert_eq!(rings(&ana).await.view.id, real);
        let all = ana.client.introductions_state();
        let pending = |one: &&InvitationState| one.view.state == InvitationStateName::Pending;
        assert_eq!(all.invitations.iter().filter(pending).collect::<Vec<_>>(), [&shown]);
        let ringing = |one: &&CallState| one.view.state == CallStateName::Ringing;
        assert_eq!(all.calls.iter().filter(ringing).count(), 1);
        is_harmless(&all);
        is_harmless(&ana.client.tiles());

        liar.client.cancel_call(call).await.unwrap();
        dana.client.cancel_call(real).await.unwrap();
        sees_call(&ana, real, CallStateName::Cancelled).await;
        for id in [pretending.id, honest] {
            dana.client.cancel_invitation(id).await.unwrap();
        }
        liar.client.shut_down().await;
        acme.clock.advance(Duration::from_secs(20));
    }

    step("And one that is honest leads to a session");
    are_in_a_call(&dana, &ana, chat_and_mouse()).await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_with_a_refusal_is_cut_to_what_may_be_shown() {
    let acme = Organisation::opens().await;
    let forger = Forger::before(acme.address(), forges).await;
    let (ana, ben) = (acme.agent_behind(&forger, "Ana").await, acme.agent("Ben").await);
    for name in LIES {
        let liar = acme.agent(name).await;
        let request = ben.creates_a_request_for("Dana Fox", AssignTo::Unassigned).await;
        ana.sees_request(request, StatusName::Open).await;
        liar.sees_request(request, StatusName::Open).await;
        liar.client.claim_request(request).await.unwrap();
        let refused = ana.client.claim_request(request).await.unwrap_err();
        assert_eq!(refused.code, Code::TakenBy);
        is_harmless(&refused);
        liar.client.shut_down().await;
    }
    is_harmless(&ana.lists());
    acme.closes([ana, ben]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_pretends_to_be_another_is_none_and_an_account_is_cut_to_what_may_be_shown() {
    let acme = Organisation::opens().await;
    let lies =
        |said: &mut Value| replaces(said, "ana@acme.example", &format!("\u{202e}{}", "x".repeat(10_000)));
    let forger = Forger::before(acme.address(), lies).await;
    let ana = acme.agent_behind(&forger, "Ana").await;
    let account = ana.client.state().home.unwrap().account.unwrap();
    assert_eq!(account.email, "x".repeat(254));
    is_harmless(&ana.client.state());

    let forger = Forger::before(acme.address(), |said| replaces(said, "Acme", "Acme\u{202e}")).await;
    let dana = acme.guest_who_starts_behind(&forger, "Dana");
    assert_eq!(dana.joins("7Q4MX-2K9TD").await.unwrap_err().code, Code::NotOurService);
    assert_eq!(dana.client.state().home.unwrap().organisation, None);
    acme.closes([ana, dana]).await;
}

fn forges(said: &mut Value) {
    let long = |piece: &str| piece.repeat(10_000);
    let lies = [
        long("x"),
        long("😀"),
        "\u{202e}xoF anaD".to_owned(),
        "\u{2066}Dana\u{2069}".to_owned(),
        "Dana\u{1b}[31m\0".to_owned(),
        "Dana\u{2028}Fox".to_owned(),
        long("\u{200b}\u{301}"),
    ];
    for (honest, lie) in LIES.iter().zip(&lies) {
        replaces(said, honest, lie);
    }
}

fn replaces(said: &mut Value, honest: &str, lie: &str) {
    match said {
        Value::String(text) if text == honest => *text = lie.to_owned(),
        Value::Array(all) => all.iter_mut().for_each(|one| replaces(one, honest, lie)),
        Value::Object(all) => all.values_mut().for_each(|one| replaces(one, honest, lie)),
        _ => {}
    }
}

/// Everything that a window, a toast or a menu could get of it.
fn is_harmless(shown: &impl Serialize) {
    texts(&serde_json::to_value(shown).unwrap(), &mut |text| {
        let pretends = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
        assert!(text.chars().count() <= LONGEST, "{} characters", text.chars().count());
        assert!(!text.chars().any(|c| pretends(c) || c.is_control() && c != '\n'), "{text:?}");
    });
}

fn texts(shown: &Value, look: &mut impl FnMut(&str)) {
    match shown {
        Value::String(text) => look(text),
        Value::Array(all) => all.iter().for_each(|one| texts(one, look)),
        Value::Object(all) => all.iter().for_each(|(name, one)| {
            look(name);
            texts(one, look);
        }),
        _ => {}
    }
}
