//! Invitations and calls on bad days.

use std::time::Duration;

use beckon_client::view::{Ending, Phase};
use beckon_domain::PermissionSet;
use beckon_domain::call::CallStateName;
use beckon_domain::invitation::InvitationStateName as State;
use beckon_domain::session_request::Revision;
use beckon_service::{admin, open_core};
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;

use crate::introduced::{
    chat_and_mouse, device_of, invitation_for, invites, is_at_home, places_call, rings, sees_call,
    sees_invitation, two_people,
};

/// Each race is run this often; the service's own tests run it a thousand times.
const ROUNDS: u32 = 5;

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_and_a_connect_at_once_have_one_outcome_and_no_session_without_consent() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    for round in 0..ROUNDS {
        let id = invites(&dana, &ana).await;
        sees_invitation(&ana, id, State::Pending).await;
        let (cancelled, accepted) =
            tokio::join!(dana.client.cancel_invitation(id), ana.client.accept_invitation(id, Revision(1)));
        assert_ne!(cancelled.is_ok(), accepted.is_ok(), "round {round}: {cancelled:?} {accepted:?}");
        let outcome = if accepted.is_ok() { State::Accepted } else { State::Cancelled };
        sees_invitation(&dana, id, outcome).await;
        sees_invitation(&ana, id, outcome).await;
        if let Ok(session) = accepted {
            step("Dana pressed Cancel: whatever the service says, nobody is let in");
            acme.clock_runs_until(ana.sees_the_end_of(session)).await;
            acme.clock_runs_until(
                dana.sees("no session", |client| client.state().sessions.is_empty().then_some(())),
            )
            .await;
        }
        acme.clock.advance(Duration::from_secs(10));
    }
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_and_a_connect_at_once_never_give_what_was_not_seen() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    for round in 0..ROUNDS {
        let id = invites(&dana, &ana).await;
        sees_invitation(&ana, id, State::Pending).await;
        let (edited, accepted) = tokio::join!(
            dana.client.edit_invitation(id, "Screen sharing".into(), PermissionSet::NONE),
            ana.client.accept_invitation(id, Revision(1))
        );
        assert_ne!(edited.is_ok(), accepted.is_ok(), "round {round}: {edited:?} {accepted:?}");
        match accepted {
            Ok(session) => {
                let at_dana = dana.talks().await;
                assert_eq!((at_dana.id, edited.unwrap_err().code), (session, Code::InvitationOver));
                ana.talks().await;
                ana.client.end_session(session).await.unwrap();
                dana.sees_the_end_of(session).await;
            }
            Err(refused) => {
                assert_eq!(refused.code, Code::OlderRevision);
                dana.client.cancel_invitation(id).await.unwrap();
            }
        }
        acme.clock.advance(Duration::from_secs(10));
    }
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alias_in_odd_case_is_invited_and_called() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    is_at_home(&ana).await;
    is_at_home(&dana).await;
    let office = open_core(acme.data(), acme.clock.shared()).await.unwrap();
    admin::set_namespace(&office, "acme").await.unwrap();
    ana.client.set_alias("Ana.Lopez".into()).await.unwrap();

    let new = invitation_for("  ANA.lopez@ACME ");
    let id = new.id;
    dana.client.invite(new).await.unwrap();
    sees_invitation(&ana, id, State::Pending).await;
    let session = ana.client.accept_invitation(id, Revision(1)).await.unwrap();
    ana.talks().await;
    assert_eq!(dana.talks().await.peer, "Ana.Lopez@acme", "the window names what the service vouches for");
    ana.client.end_session(session).await.unwrap();
    dana.sees("that the service knows of the end", |client| {
        client.introductions_state().invitations.into_iter().find_map(|one| one.view.session?.ended_at)
    })
    .await;

    let call = places_call(&dana, "aNa.LoPeZ@acme").await;
    assert_eq!(rings(&ana).await.view.id, call);
    ana.client.deny_call(call).await.unwrap();
    sees_call(&dana, call, CallStateName::Rejected).await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sixth_invitation_waits_until_one_is_over() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    for number in 0..4 {
        dana.client.invite(invitation_for(&format!("nobody{number}@nowhere"))).await.unwrap();
    }
    let fifth = invites(&dana, &ana).await;
    let refused = dana.client.invite(invitation_for("nobody@nowhere")).await.unwrap_err();
    assert_eq!(refused.code, Code::TooManyPending);
    dana.client.cancel_invitation(fifth).await.unwrap();
    invites(&dana, &ana).await;
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_pending_outlives_a_restart_of_the_service() {
    let mut acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    let id = invites(&dana, &ana).await;
    let shown = sees_invitation(&ana, id, State::Pending).await;
    acme.stops().await;
    let unreached = ana.client.accept_invitation(id, Revision(1)).await.unwrap_err();
    assert_eq!(unreached.code, Code::Unreachable);
    acme.starts_again().await;
    acme.clock_runs_until(async { (ana.is_online().await, dana.is_online().await) }).await;
    assert_eq!(sees_invitation(&ana, id, State::Pending).await, shown);
    ana.client.accept_invitation(id, Revision(1)).await.unwrap();
    ana.talks().await;
    dana.talks().await;
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hosts_is_told_so_when_they_want_to_see_another_screen() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    let ben = acme.guest("Ben").await;
    is_at_home(&ben).await;
    let first = invites(&dana, &ana).await;
    sees_invitation(&ana, first, State::Pending).await;
    ana.client.accept_invitation(first, Revision(1)).await.unwrap();
    ana.talks().await;
    dana.talks().await;

    let second = invites(&ben, &dana).await;
    sees_invitation(&dana, second, State::Pending).await;
    let refused = dana.client.accept_invitation(second, Revision(1)).await.unwrap_err();
    assert_eq!(refused.code, Code::InASession);
    let refused = dana.client.call_typed(&device_of(&ben).to_string()).unwrap_err();
    assert_eq!(refused.code, Code::InASession);
    step("It stays pending; Dana connects once her session is over");
    let session = dana.talks().await.id;
    dana.client.end_session(session).await.unwrap();
    assert_eq!(ana.sees_the_end_of(session).await, Phase::Ended { why: Ending::ByHost });
    dana.sees("that the service knows", |client| {
        let mut all = client.introductions_state().invitations.into_iter();
        all.find(|one| one.view.id == first)?.view.session?.ended_at
    })
    .await;
    dana.client.accept_invitation(second, Revision(1)).await.unwrap();
    dana.talks().await;
    ben.talks().await;
    acme.closes([dana, ana, ben]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_ends_the_session_of_a_call_ends_it_for_both() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    for (caller_first, why) in [(true, Ending::ByViewer), (false, Ending::ByHost)] {
        let call = places_call(&ana, &device_of(&dana).to_string()).await;
        rings(&dana).await;
        dana.client.allow_call(call, chat_and_mouse()).await.unwrap();
        let session = ana.talks().await.id;
        dana.talks().await;
        let (ending, staying) = if caller_first { (&ana, &dana) } else { (&dana, &ana) };
        ending.client.end_session(session).await.unwrap();
        assert_eq!(staying.sees_the_end_of(session).await, Phase::Ended { why });
        for person in [&ana, &dana] {
            person
                .sees("that the service knows", |client| {
                    let mut all = client.introductions_state().calls.into_iter();
                    all.find(|one| one.view.id == call)?.view.session?.ended_at
                })
                .await;
        }
    }
    acme.closes([ana, dana]).await;
}
