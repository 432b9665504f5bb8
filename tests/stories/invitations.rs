//! Inviting somebody to see and control this computer.

use std::time::Duration;

use beckon_client::invitations::NewInvitation;
use beckon_client::view::{Ending, Occasion, Phase, SessionSide};
use beckon_domain::invitation::InvitationStateName as State;
use beckon_domain::session_request::Revision;
use beckon_domain::{Permission, PermissionSet};
use beckon_service::{admin, open_core};
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;
use chrono::TimeDelta;

use crate::introduced::{
    chat_and_mouse, device_of, invitation_for, invites, is_at_home, sees_invitation, two_people,
};

#[tokio::test(flavor = "multi_thread")]
async fn who_is_invited_connects_at_once_with_what_the_inviter_chose() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;

    step("Dana invites Ana by her ID, typed with blanks");
    let digits = device_of(&ana).to_string();
    let (first, rest) = digits.split_at(digits.len() - 6);
    let new = invitation_for(&format!("  {first} {} {} ", &rest[..3], &rest[3..]));
    let id = new.id;
    dana.client.invite(new).await.unwrap();
    sees_invitation(&dana, id, State::Pending).await;
    let shown = sees_invitation(&ana, id, State::Pending).await;
    assert_eq!(shown.view.peer.as_ref().unwrap().device, device_of(&dana));
    assert_eq!((shown.view.profile.as_str(), shown.view.permissions), ("Default", chat_and_mouse()));

    step("Ana presses Connect; nobody asks Dana again");
    let session = ana.client.accept_invitation(id, shown.view.revision).await.unwrap();
    let (at_ana, at_dana) = (ana.talks().await, dana.talks().await);
    assert_eq!((at_ana.id, at_dana.id), (session, session));
    assert_eq!((at_ana.side, at_dana.side), (SessionSide::Viewer, SessionSide::Host));
    assert_eq!((at_ana.occasion, at_ana.words), (Occasion::Invitation(id), at_dana.words));
    ana.client.send_chat(session, "here I am".into()).await.unwrap();
    dana.reads(session, "here I am").await;

    step("Ana leaves; the invitation was good for one session");
    ana.client.end_session(session).await.unwrap();
    assert_eq!(dana.sees_the_end_of(session).await, Phase::Ended { why: Ending::ByViewer });
    ana.sees("that the session is over", |client| {
        client.introductions_state().invitations.into_iter().find_map(|one| one.view.session?.ended_at)
    })
    .await;
    let refused = ana.client.accept_invitation(id, shown.view.revision).await.unwrap_err();
    assert_eq!(refused.code, Code::InvitationOver);
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_a_new_revision_and_the_older_one_is_refused() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    let id = invites(&dana, &ana).await;
    let seen = sees_invitation(&ana, id, State::Pending).await.view;

    step("Dana takes everything out of it");
    dana.client.edit_invitation(id, "Screen sharing".into(), PermissionSet::NONE).await.unwrap();
    let edited = ana
        .sees("the edited invitation", |client| {
            let mut all = client.introductions_state().invitations.into_iter();
            all.find(|one| one.view.id == id && one.view.revision != seen.revision)
        })
        .await
        .view;
    assert_eq!(edited.expires_at, seen.expires_at, "an edit does not extend the time");

    step("Ana's pop-up still named the older one");
    let refused = ana.client.accept_invitation(id, seen.revision).await.unwrap_err();
    assert_eq!(refused.code, Code::OlderRevision);
    ana.client.accept_invitation(id, edited.revision).await.unwrap();
    ana.talks().await;
    let at_dana = dana.talks().await;
    assert_eq!(at_dana.permissions, PermissionSet::NONE, "exactly those of the accepted revision");
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_changes_nothing_changes_nothing() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    let id = invites(&dana, &ana).await;
    let seen = sees_invitation(&ana, id, State::Pending).await.view;

    step("Dana opens it, and saves it as it is; then with less, and that once more");
    dana.client.edit_invitation(id, "Default".into(), chat_and_mouse()).await.unwrap();
    let kept = sees_invitation(&dana, id, State::Pending).await.view;
    assert_eq!(kept.revision, seen.revision);
    for _ in 0..2 {
        dana.client.edit_invitation(id, "Screen sharing".into(), PermissionSet::NONE).await.unwrap();
        let edited = sees_invitation(&dana, id, State::Pending).await.view;
        assert_eq!(edited.revision, Revision(seen.revision.0 + 1));
    }

    step("Ana connects to what is there now");
    let refused = ana.client.accept_invitation(id, seen.revision).await.unwrap_err();
    assert_eq!(refused.code, Code::OlderRevision);
    let session = ana.client.accept_invitation(id, Revision(seen.revision.0 + 1)).await.unwrap();
    ana.talks().await;
    let at_dana = dana.talks().await;
    assert_eq!((at_dana.id, at_dana.permissions), (session, PermissionSet::NONE));
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_unchanged_connects_as_it_was_sent() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    let facts = PermissionSet::NONE.with(Permission::Sysinfo);
    let new = NewInvitation { permissions: facts, ..invitation_for(&device_of(&ana).to_string()) };
    let id = new.id;
    dana.client.invite(new).await.unwrap();
    let seen = sees_invitation(&ana, id, State::Pending).await.view;
    dana.client.edit_invitation(id, "Default".into(), facts).await.unwrap();
    let session = ana.client.accept_invitation(id, seen.revision).await.unwrap();
    ana.talks().await;
    for person in [&ana, &dana] {
        person
            .sees("what Dana allowed", |client| {
                client.session_state(session).filter(|state| state.permissions == facts)
            })
            .await;
    }
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_ends_by_cancel_reject_or_after_two_minutes() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;

    step("Dana cancels one");
    let cancelled = invites(&dana, &ana).await;
    sees_invitation(&ana, cancelled, State::Pending).await;
    dana.client.cancel_invitation(cancelled).await.unwrap();
    sees_invitation(&ana, cancelled, State::Cancelled).await;
    let late = ana.client.accept_invitation(cancelled, Revision(1)).await.unwrap_err();
    assert_eq!(late.code, Code::InvitationOver);

    step("Ana rejects the next");
    let rejected = invites(&dana, &ana).await;
    sees_invitation(&ana, rejected, State::Pending).await;
    ana.client.reject_invitation(rejected).await.unwrap();
    sees_invitation(&dana, rejected, State::Rejected).await;

    step("Sent again, it is not answered");
    let again = beckon_domain::InvitationId(uuid::Uuid::now_v7());
    dana.client.send_invitation_again(rejected, again).await.unwrap();
    sees_invitation(&ana, again, State::Pending).await;
    acme.clock_runs_until(sees_invitation(&dana, again, State::Expired)).await;
    sees_invitation(&ana, again, State::Expired).await;
    assert!(dana.client.state().sessions.is_empty() && ana.client.state().sessions.is_empty());
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_invited_is_refused_and_who_is_not_there_does_not_answer() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    for (typed, code) in [
        (device_of(&dana).to_string(), Code::OwnId),
        ("not an ID".to_owned(), Code::NotAnAddress),
        ("7Q4MX-2K9TD".to_owned(), Code::NotAnAddress),
        ("9".repeat(600), Code::NotAnAddress),
    ] {
        let refused = dana.client.invite(invitation_for(&typed)).await.unwrap_err();
        assert_eq!(refused.code, code, "{typed}");
    }

    step("Unknown and blocking look the same");
    ana.client.set_block(device_of(&dana), true).await.unwrap();
    let (unknown, blocked) = (invitation_for("nobody@nowhere"), invitation_for(&device_of(&ana).to_string()));
    let ids = [unknown.id, blocked.id];
    dana.client.invite(unknown).await.unwrap();
    dana.client.invite(blocked).await.unwrap();
    for id in ids {
        assert_eq!(sees_invitation(&dana, id, State::Pending).await.view.peer, None);
    }
    for id in ids {
        let over = acme.clock_runs_until(sees_invitation(&dana, id, State::Expired)).await;
        assert_eq!((over.view.peer, over.view.session), (None, None));
    }
    assert!(ana.client.introductions_state().invitations.is_empty());
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_within_the_two_minutes_still_gets_it() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    let ana_id = device_of(&ana).to_string();
    let new = invitation_for(&ana_id);
    let id = new.id;

    step("Ana's computer is off while Dana invites");
    ana.client.shut_down().await;
    dana.client.invite(new).await.unwrap();
    acme.clock.advance(Duration::from_secs(20));
    let ana = ana.restarts().await;
    let shown = sees_invitation(&ana, id, State::Pending).await;
    ana.client.accept_invitation(id, shown.view.revision).await.unwrap();
    ana.talks().await;
    dana.talks().await;
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_invite_each_other_have_two_invitations() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    let (to_ana, to_dana) = (invites(&dana, &ana).await, invites(&ana, &dana).await);
    for id in [to_ana, to_dana] {
        sees_invitation(&ana, id, State::Pending).await;
        sees_invitation(&dana, id, State::Pending).await;
    }

    step("Ana accepts Dana's; while she sees Dana's screen, Dana cannot see hers");
    ana.client.accept_invitation(to_ana, Revision(1)).await.unwrap();
    ana.talks().await;
    dana.talks().await;
    let refused = dana.client.accept_invitation(to_dana, Revision(1)).await.unwrap_err();
    assert_eq!(refused.code, Code::InASession);
    sees_invitation(&dana, to_dana, State::Pending).await;
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quitting_takes_back_what_is_pending() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    let id = invites(&dana, &ana).await;
    sees_invitation(&ana, id, State::Pending).await;
    let dana = dana.restarts().await;
    sees_invitation(&ana, id, State::Cancelled).await;
    is_at_home(&dana).await;
    sees_invitation(&dana, id, State::Cancelled).await;
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_the_service_makes_up_admits_nobody() {
    let acme = Organisation::opens().await;
    let (dana, ana) = two_people(&acme).await;
    let id = invites(&dana, &ana).await;
    sees_invitation(&ana, id, State::Pending).await;
    dana.client.cancel_invitation(id).await.unwrap();
    sees_invitation(&ana, id, State::Cancelled).await;

    step("The service writes down that it is pending, and Ana accepts it");
    acme.forges_an_invitation(id);
    let session = ana.client.accept_invitation(id, Revision(1)).await.unwrap();
    let end = acme.clock_runs_until(ana.sees_the_end_of(session)).await;
    assert!(matches!(end, Phase::Ended { why: Ending::ByHost | Ending::CouldNotConnect }), "{end:?}");
    assert!(dana.client.session_state(session).is_none(), "nothing began at Dana's");
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_an_hour_wrong_counts_down_the_same_two_minutes() {
    let acme = Organisation::opens().await;
    let dana = acme.guest_with_clock("Dana", TimeDelta::hours(1)).await;
    let ana = acme.guest_with_clock("Ana", TimeDelta::hours(-1)).await;
    is_at_home(&dana).await;
    is_at_home(&ana).await;
    let id = invites(&dana, &ana).await;
    for (person, ahead) in [(&dana, TimeDelta::hours(1)), (&ana, TimeDelta::hours(-1))] {
        let shown = sees_invitation(person, id, State::Pending).await;
        assert_eq!(shown.until - shown.view.expires_at, ahead);
    }
    ana.client.accept_invitation(id, Revision(1)).await.unwrap();
    ana.talks().await;
    dana.talks().await;
    acme.closes([dana, ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_by_email_leads_to_the_page_of_this_device() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    is_at_home(&ana).await;
    let device = device_of(&ana);
    let page = format!("{}/c/{device}", ana.client.state().home.unwrap().origin);
    let own = ana.client.own_address().unwrap();
    assert_eq!((own.shown, &own.page), (device.grouped(), &page));

    step("Once she has an alias, the message names it; the link goes on naming the ID, which stays");
    let office = open_core(acme.data(), acme.clock.shared()).await.unwrap();
    admin::set_namespace(&office, "acme").await.unwrap();
    ana.client.set_alias("Ana.Lopez".into()).await.unwrap();
    let own = ana.client.own_address().unwrap();
    assert_eq!((own.shown.as_str(), &own.page), ("Ana.Lopez@acme", &page));
    acme.closes([ana]).await;
}
