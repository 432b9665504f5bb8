use beckon_domain::introduction::Ending;
use beckon_domain::invitation::InvitationStateName as State;
use beckon_domain::link::Target;
use beckon_domain::session_request::Revision;
use beckon_domain::statement::Side;
use beckon_domain::{InvitationId, ProfileId, SessionId, SessionPurpose};
use beckon_service::{Config, admin};
use beckon_wire::changes::Thing;
use beckon_wire::introduction::{IntroductionPhase as Phase, Way};
use beckon_wire::invitation::{InvitationAct, InvitationView};
use beckon_wire::session::HostReport;
use beckon_wire::{Code, paths};
use chrono::TimeDelta;
use uuid::Uuid;

use crate::neighbours::{Neighbours, full, invitation_to};
use crate::scenes::{code, eventually};

#[tokio::test]
async fn the_invited_device_sees_who_invites_and_what_it_may_do() {
    let Neighbours { stage: _stage, ana, ben, mut bens_push, anas_push: _push } = Neighbours::at_home().await;
    let sent = ana.invites(&ben).await.unwrap();
    assert!(bens_push.wakes().await.is_some(), "it is woken");
    let seen = ben.invitation(sent.id).await.unwrap();
    let peer = seen.peer.clone().unwrap();
    assert_eq!((peer.device, peer.key), (ana.id, ana.key.public()));
    assert_eq!((seen.way, seen.state, seen.target.clone()), (Way::Incoming, State::Pending, None));
    assert_eq!((seen.permissions, seen.profile.as_str()), (ProfileId::Default.permissions(), "Default"));
    assert_eq!(seen.expires_at - seen.sent_at, TimeDelta::minutes(2));
    assert_eq!((sent.way, &sent.target, &sent.peer), (Way::Outgoing, &Some(Target::Id(ben.id)), &None));
    assert_eq!(ana.invitation(sent.id).await.unwrap(), sent);
}

#[tokio::test]
async fn on_connect_the_inviter_is_the_host_of_exactly_the_accepted_revision() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let sent = ana.invites(ben).await.unwrap();
    ana.edits(sent.id).await.unwrap();
    let accept = ben.acceptance(&ben.invitation(sent.id).await.unwrap());
    let accepted = ben.does(sent.id, accept.clone()).await.unwrap();
    let session = accepted.session.clone().unwrap();
    assert_eq!(
        (accepted.state, session.side, session.phase),
        (State::Accepted, Side::Viewer, Phase::Reserved)
    );
    assert_eq!(code(ben.grant(session.id).await), Code::GrantNotReady);
    assert_eq!(ben.does(sent.id, accept).await.unwrap(), accepted, "the same once more is once");

    let hosting = ana.invitation(sent.id).await.unwrap();
    assert_eq!(hosting.peer.clone().unwrap().device, ben.id);
    assert_eq!(hosting.session.clone().unwrap().side, Side::Host);
    let signed = ana.hosts_invitation(&hosting).await.unwrap();
    assert_eq!(ben.grant(session.id).await.unwrap(), signed);
    let info = stage.info().await;
    let grant = signed.verify(&info.key, info.now).unwrap();
    assert_eq!((grant.host.device, grant.viewer.device), (ana.id, ben.id));
    let purpose = SessionPurpose::Invitation { invitation: sent.id, revision: Revision(2) };
    assert_eq!((grant.purpose(), grant.permissions), (purpose, full()));
    assert_eq!((grant.account, grant.account_name, grant.queue), (None, None, None));

    ana.reports(session.id, HostReport::Connected).await.unwrap();
    let running = ben.invitation(sent.id).await.unwrap().session.unwrap();
    assert!(running.phase == Phase::Running && running.since.is_some());
    ana.reports(session.id, HostReport::HostEnded).await.unwrap();
    let ended = ben.invitation(sent.id).await.unwrap().session.unwrap();
    assert_eq!((ended.phase, ended.ending, ended.since), (Phase::Ended, Some(Ending::ByHost), running.since));
    assert_eq!(code(ben.grant(session.id).await), Code::OtherSession);
}

#[tokio::test]
async fn an_edit_is_a_new_revision_and_the_older_one_is_accepted_no_more() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let first = ana.invites(ben).await.unwrap();
    stage.pass(10);
    let second = ana.edits(first.id).await.unwrap();
    assert_eq!((second.revision, second.expires_at), (Revision(2), first.expires_at));
    let refused = ben.accepts(&first).await.unwrap_err();
    assert_eq!((refused.code, refused.params["current"].as_str()), (Code::OlderRevision, "2"));
    assert_eq!(ana.edits(first.id).await.unwrap(), second, "the same once more is no new revision");
    assert_eq!(ben.does(first.id, InvitationAct::Reject).await.unwrap().state, State::Rejected);
    assert_eq!(ana.invitation(first.id).await.unwrap().state, State::Rejected);
    let refused = ana.edits(first.id).await.unwrap_err();
    assert_eq!((refused.code, refused.params["state"].as_str()), (Code::InvitationOver, "rejected"));
}

#[tokio::test]
async fn cancelling_takes_it_back_on_both_sides() {
    let Neighbours { ana, ben, .. } = &Neighbours::at_home().await;
    let sent = ana.invites(ben).await.unwrap();
    ana.does(sent.id, InvitationAct::Cancel).await.unwrap();
    ana.does(sent.id, InvitationAct::Cancel).await.unwrap();
    assert_eq!(ben.invitation(sent.id).await.unwrap().state, State::Cancelled);
    assert_eq!(code(ben.accepts(&sent).await), Code::InvitationOver);
}

#[tokio::test]
async fn it_expires_two_minutes_after_it_was_sent_by_the_services_clock() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let sent = ana.invites(ben).await.unwrap();
    stage.pass(119);
    assert_eq!(ben.invitation(sent.id).await.unwrap().state, State::Pending);
    stage.pass(1);
    assert_eq!(code(ben.accepts(&sent).await), Code::InvitationOver);
    assert_eq!(ana.invitation_becomes(sent.id, State::Expired).await.decided_at, Some(sent.expires_at));
    assert_eq!(ben.invitation_becomes(sent.id, State::Expired).await.decided_at, Some(sent.expires_at));
}

#[tokio::test]
async fn only_the_two_know_of_it_and_each_has_acts_of_its_own() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let eve = stage.neighbour().await;
    let sent = ana.invites(ben).await.unwrap();
    assert_eq!(eve.invitation(sent.id).await, None);
    for act in [eve.acceptance(&sent), InvitationAct::Reject, InvitationAct::Cancel] {
        assert_eq!(code(eve.does(sent.id, act).await), Code::NotFound);
    }
    assert_eq!(code(ana.accepts(&sent).await), Code::Forbidden);
    assert_eq!(code(ben.edits(sent.id).await), Code::Forbidden);
    assert_eq!(code(ben.does(sent.id, InvitationAct::Cancel).await), Code::Forbidden);
}

#[tokio::test]
async fn a_statement_that_does_not_fit_is_refused_and_nothing_is_decided() {
    let Neighbours { ana, ben, .. } = &Neighbours::at_home().await;
    let sent = ana.invites(ben).await.unwrap();
    let (revision, session) = (sent.revision, SessionId(Uuid::now_v7()));
    let good = SessionPurpose::Invitation { invitation: sent.id, revision };
    let other = SessionPurpose::Invitation { invitation: sent.id, revision: Revision(2) };
    let elsewhere = SessionPurpose::Invitation { invitation: InvitationId(Uuid::now_v7()), revision };
    let mut swapped = ben.signs(session, good, Side::Viewer);
    swapped.statement.endpoint = ana.key.public();
    for (statement, what) in [
        (ben.signs(session, good, Side::Host), "the other side"),
        (ben.signs(session, other, Side::Viewer), "another revision"),
        (ben.signs(session, elsewhere, Side::Viewer), "another invitation"),
        (ana.signs(session, good, Side::Viewer), "another device's key"),
        (swapped, "a swapped endpoint key"),
    ] {
        let refused = ben.does(sent.id, InvitationAct::Accept { revision, statement }).await;
        assert_eq!(code(refused), Code::WrongStatement, "{what}");
    }
    assert_eq!(ben.invitation(sent.id).await.unwrap().state, State::Pending);
}

#[tokio::test]
async fn creating_twice_is_creating_once_and_an_id_is_used_once() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let create = invitation_to(Target::Id(ben.id));
    let first: InvitationView = ana.post(paths::INVITATIONS, &create).await.unwrap();
    let again: InvitationView = ana.post(paths::INVITATIONS, &create).await.unwrap();
    assert_eq!(first, again);
    let mut other = create.clone();
    other.permissions = full();
    assert_eq!(code(ana.post::<InvitationView>(paths::INVITATIONS, &other).await), Code::IdTaken);
    assert_eq!(code(ben.post::<InvitationView>(paths::INVITATIONS, &create).await), Code::IdTaken);

    let accepted = ben.accepts(&first).await.unwrap();
    let eve = stage.neighbour().await;
    let second = ana.invites(&eve).await.unwrap();
    let purpose = SessionPurpose::Invitation { invitation: second.id, revision: second.revision };
    let statement = eve.signs(accepted.session.unwrap().id, purpose, Side::Viewer);
    let act = InvitationAct::Accept { revision: second.revision, statement };
    assert_eq!(code(eve.does(second.id, act).await), Code::IdTaken);
}

#[tokio::test]
async fn an_invited_device_that_is_offline_gets_it_if_it_returns_in_time() {
    for (after, expected) in [(90, State::Pending), (180, State::Expired)] {
        let Neighbours { stage, ana, ben, bens_push, anas_push: _push } = Neighbours::at_home().await;
        drop(bens_push);
        let sent = ana.invites(&ben).await.unwrap();
        stage.pass(after);
        let _push = ben.opens_push().await;
        assert_eq!(ben.invitation(sent.id).await.unwrap().state, expected, "after {after} s");
    }
}

#[tokio::test]
async fn two_that_invite_each_other_both_stand_and_one_session_comes_of_it() {
    let Neighbours { ana, ben, .. } = &Neighbours::at_home().await;
    let (anas, bens) = (ana.invites(ben).await.unwrap(), ben.invites(ana).await.unwrap());
    ben.accepts(&anas).await.unwrap();
    assert_eq!(code(ana.accepts(&bens).await), Code::InASession, "no device is host and viewer at once");
    assert_eq!(ben.invitation(bens.id).await.unwrap().state, State::Pending);
}

#[tokio::test]
async fn an_inviter_who_looks_at_another_screen_by_now_takes_it_back() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let eve = stage.neighbour().await;
    let _push = eve.opens_push().await;
    let anas = ana.invites(ben).await.unwrap();
    ana.accepts(&eve.invites(ana).await.unwrap()).await.unwrap();
    let refused = ben.accepts(&anas).await.unwrap_err();
    assert_eq!((refused.code, refused.params["state"].as_str()), (Code::InvitationOver, "cancelled"));
    assert_eq!(ana.invitation(anas.id).await.unwrap().state, State::Cancelled);
    assert_eq!(code(ana.invites(ben).await), Code::InASession);
}

#[tokio::test]
async fn an_inviter_whose_client_is_gone_for_half_a_minute_takes_back_what_is_pending() {
    let Neighbours { stage, ana, ben, anas_push, bens_push: _push } = Neighbours::at_home().await;
    let sent = ana.invites(&ben).await.unwrap();
    let seen = ben.changes("", 0).await;
    drop(anas_push);
    let back = ana.opens_push().await;
    stage.pass(40);
    assert_eq!(ben.invitation(sent.id).await.unwrap().state, State::Pending, "it came back");
    assert!(ben.changes(&seen.epoch, seen.cursor).await.changes.is_empty(), "and nobody was told");
    drop(back);
    let view = eventually(async || {
        stage.pass(1);
        ben.invitation(sent.id).await.filter(|view| view.state == State::Cancelled)
    });
    let decided_at = view.await.decided_at.unwrap();
    assert!(decided_at >= sent.sent_at + TimeDelta::seconds(70) && decided_at < sent.expires_at);
    assert_eq!(code(ben.accepts(&sent).await), Code::InvitationOver);
}

#[tokio::test]
async fn a_pending_invitation_outlives_a_restart_of_the_service() {
    let Neighbours { mut stage, ana, ben, .. } = Neighbours::at_home().await;
    let sent = ana.invites(&ben).await.unwrap();
    stage.restart().await;
    let (ana, ben) = (ana.back(&stage).await, ben.back(&stage).await);
    stage.pass(29);
    let _push = ana.opens_push().await;
    stage.pass(31);
    assert_eq!(ben.accepts(&sent).await.unwrap().state, State::Accepted);

    let late = ana.invites(&ben).await.unwrap();
    stage.running.take().unwrap().shutdown().await.unwrap();
    stage.pass(300);
    stage.start(Config::on_free_ports(stage.folder.path())).await;
    let ben = ben.back(&stage).await;
    assert_eq!(ben.invitation_becomes(late.id, State::Expired).await.decided_at, Some(late.expires_at));
}

#[tokio::test]
async fn two_who_do_not_meet_within_two_minutes_could_not_connect() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let sent = ana.invites(ben).await.unwrap();
    ben.accepts(&sent).await.unwrap();
    ana.hosts_invitation(&ana.invitation(sent.id).await.unwrap()).await.unwrap();
    stage.pass(120);
    let ended = eventually(async || {
        ana.invitation(sent.id).await.unwrap().session.filter(|session| session.phase == Phase::Ended)
    })
    .await;
    assert_eq!((ended.ending, ended.since), (Some(Ending::CouldNotConnect), None));
    assert_eq!(code(ana.reports(ended.id, HostReport::Connected).await), Code::OtherSession);
}

#[tokio::test]
async fn a_viewer_may_say_that_it_left_and_nothing_else() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let sent = ana.invites(ben).await.unwrap();
    let session = ben.accepts(&sent).await.unwrap().session.unwrap().id;
    ana.hosts_invitation(&ana.invitation(sent.id).await.unwrap()).await.unwrap();
    for report in [HostReport::Connected, HostReport::Beat, HostReport::Lost, HostReport::HostEnded] {
        assert_eq!(code(ben.reports(session, report).await), Code::OtherSession, "{report:?}");
    }
    let eve = stage.neighbour().await;
    assert_eq!(code(eve.reports(session, HostReport::ViewerLeft).await), Code::NotTheHost);
    assert_eq!(code(eve.grant(session).await), Code::NotFound);
    ben.reports(session, HostReport::ViewerLeft).await.unwrap();
    let ended = ana.invitation(sent.id).await.unwrap().session.unwrap();
    assert_eq!(ended.ending, Some(Ending::ByViewer));
}

#[tokio::test]
async fn what_came_of_it_is_kept_for_ninety_days_and_what_nobody_accepted_for_seven() {
    let Neighbours { stage, ana, ben, anas_push, bens_push } = Neighbours::at_home().await;
    let (accepted, rejected) = (ana.invites(&ben).await.unwrap(), ana.invites(&ben).await.unwrap());
    ben.accepts(&accepted).await.unwrap();
    ben.does(rejected.id, InvitationAct::Reject).await.unwrap();
    drop((anas_push, bens_push));
    const DAY: u64 = 24 * 60 * 60;
    stage.pass(7 * DAY);
    let ben = ben.back(&stage).await;
    eventually(async || ben.invitation(rejected.id).await.is_none().then_some(())).await;
    let seen = ben.changes("", 0).await;
    assert!(ben.invitation(accepted.id).await.is_some());
    stage.pass(83 * DAY);
    let ben = ben.back(&stage).await;
    eventually(async || ben.invitation(accepted.id).await.is_none().then_some(())).await;
    let gone = ben.changes(&seen.epoch, seen.cursor).await.changes;
    assert!(matches!(&gone[..], [change] if change.thing == Thing::InvitationGone(accepted.id)));
}

#[tokio::test]
async fn a_forgotten_device_takes_back_what_it_sent_and_ends_its_sessions() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let (pending, running) = (ana.invites(ben).await.unwrap(), ana.invites(ben).await.unwrap());
    let bens = ben.invites(ana).await.unwrap();
    ben.accepts(&running).await.unwrap();
    admin::forget_device(&stage.office().await, ana.id).await.unwrap();
    assert_eq!(ben.invitation(pending.id).await.unwrap().state, State::Cancelled);
    assert_eq!(ben.invitation(running.id).await.unwrap().session.unwrap().ending, Some(Ending::ByHost));
    assert_eq!(ben.invitation(bens.id).await.unwrap().state, State::Pending, "nobody answers it any more");
}
