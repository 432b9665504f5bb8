use beckon_domain::call::CallStateName as State;
use beckon_domain::introduction::Ending;
use beckon_domain::link::Target;
use beckon_domain::statement::Side;
use beckon_domain::{CallId, PermissionSet, SecretKey, SessionPurpose};
use beckon_wire::call::{CallAct, CallView};
use beckon_wire::changes::Thing;
use beckon_wire::introduction::{IntroductionPhase as Phase, Way};
use beckon_wire::request::AssignTo;
use beckon_wire::session::HostReport;
use beckon_wire::{Code, paths};
use chrono::TimeDelta;
use std::time::Duration;

use crate::cast::Player;
use crate::neighbours::Neighbours;
use crate::relay::{is_admitted, known_by};
use crate::scenes::{Ready, code, eventually};

async fn becomes(player: &Player, id: CallId, state: State) -> CallView {
    eventually(async || player.call_seen(id).await.filter(|view| view.state == state)).await
}

#[tokio::test]
async fn the_called_device_sees_who_calls_and_lets_them_in_as_the_viewer() {
    let Neighbours { stage, ana, ben, mut bens_push, anas_push: _push } = Neighbours::at_home().await;
    let placed = ana.calls(&ben).await.unwrap();
    assert!(bens_push.wakes().await.is_some(), "it is woken");
    assert_eq!((placed.way, &placed.peer, placed.state), (Way::Outgoing, &None, State::Ringing));
    assert_eq!(placed.rings_until - placed.placed_at, TimeDelta::seconds(60));
    let seen = ben.call_seen(placed.id).await.unwrap();
    let peer = seen.peer.clone().unwrap();
    assert_eq!((seen.way, peer.device, peer.key), (Way::Incoming, ana.id, ana.key.public()));
    assert_eq!((seen.target, seen.session), (None, None));

    let accepted = ben.on_call(placed.id, CallAct::Accept).await.unwrap();
    assert_eq!(ben.on_call(placed.id, CallAct::Accept).await.unwrap(), accepted, "twice is once");
    let session = accepted.session.clone().unwrap();
    assert_eq!((session.side, session.phase), (Side::Host, Phase::Reserved));
    assert_eq!(code(ana.grant(session.id).await), Code::GrantNotReady);
    let signed = ben.hosts_call(&accepted).await.unwrap();
    assert_eq!(ana.grant(session.id).await.unwrap(), signed);
    let info = stage.info().await;
    let grant = signed.verify(&info.key, info.now).unwrap();
    assert_eq!((grant.host.device, grant.viewer.device), (ben.id, ana.id));
    assert_eq!(grant.purpose(), SessionPurpose::Call { call: placed.id });
    assert_eq!((grant.account, grant.permissions), (None, PermissionSet::NONE));

    let calling = ana.call_seen(placed.id).await.unwrap();
    assert_eq!(calling.peer.unwrap().device, ben.id);
    assert_eq!(calling.session.unwrap().phase, Phase::Granted);
    ben.reports(session.id, HostReport::Connected).await.unwrap();
    ben.reports(session.id, HostReport::ViewerLeft).await.unwrap();
    let ended = ana.call_seen(placed.id).await.unwrap().session.unwrap();
    assert_eq!((ended.phase, ended.ending), (Phase::Ended, Some(Ending::ByViewer)));
}

#[tokio::test]
async fn a_call_rings_for_a_minute_and_may_be_answered_until_its_last_moment() {
    for (milliseconds, answered) in [(59_999, true), (60_000, false)] {
        let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
        let placed = ana.calls(ben).await.unwrap();
        stage.clock.advance(Duration::from_millis(milliseconds));
        let answer = ben.on_call(placed.id, CallAct::Accept).await;
        assert_eq!(answer.is_ok(), answered, "after {milliseconds} ms: {answer:?}");
        let state = if answered { State::Accepted } else { State::Missed };
        becomes(ana, placed.id, state).await;
        becomes(ben, placed.id, state).await;
    }
}

#[tokio::test]
async fn either_side_ends_the_ringing_and_the_other_is_told() {
    let Neighbours { ana, ben, .. } = &Neighbours::at_home().await;
    let denied = ana.calls(ben).await.unwrap();
    ben.on_call(denied.id, CallAct::Reject).await.unwrap();
    assert_eq!(ana.call_seen(denied.id).await.unwrap().state, State::Rejected);
    let taken_back = ana.calls(ben).await.unwrap();
    ana.on_call(taken_back.id, CallAct::Cancel).await.unwrap();
    assert_eq!(ben.call_seen(taken_back.id).await.unwrap().state, State::Cancelled);
    let refused = ben.on_call(taken_back.id, CallAct::Accept).await.unwrap_err();
    assert_eq!((refused.code, refused.params["state"].as_str()), (Code::CallOver, "cancelled"));
}

#[tokio::test]
async fn only_the_two_know_of_it_and_each_has_acts_of_its_own() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let eve = stage.neighbour().await;
    let placed = ana.calls(ben).await.unwrap();
    for act in [CallAct::Accept, CallAct::Reject, CallAct::Cancel] {
        assert_eq!(code(eve.on_call(placed.id, act).await), Code::NotFound);
    }
    assert_eq!(code(ana.on_call(placed.id, CallAct::Accept).await), Code::Forbidden);
    assert_eq!(code(ben.on_call(placed.id, CallAct::Cancel).await), Code::Forbidden);
}

#[tokio::test]
async fn a_device_has_one_call_at_a_time_and_ten_a_minute() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    for _ in 0..10 {
        let placed = ana.calls(ben).await.unwrap();
        assert_eq!(code(ana.calls(ben).await), Code::AlreadyCalling);
        ana.on_call(placed.id, CallAct::Cancel).await.unwrap();
    }
    stage.pass(15);
    let refused = ana.calls(ben).await.unwrap_err();
    assert_eq!((refused.code, refused.params["retry_after_s"].as_str()), (Code::Throttled, "45"));
    stage.pass(45);
    assert!(ana.calls(ben).await.is_ok());
}

#[tokio::test]
async fn placing_twice_is_placing_once_and_a_statement_must_fit() {
    let Neighbours { ana, ben, .. } = &Neighbours::at_home().await;
    let place = ana.call_to(Target::Id(ben.id));
    let first: CallView = ana.post(paths::CALLS, &place).await.unwrap();
    assert_eq!(ana.post::<CallView>(paths::CALLS, &place).await.unwrap(), first);
    let mut other = ana.call_to(Target::Id(ben.id));
    other.id = place.id;
    assert_eq!(code(ana.post::<CallView>(paths::CALLS, &other).await), Code::IdTaken);
    ana.on_call(place.id, CallAct::Cancel).await.unwrap();

    let good = ana.call_to(Target::Id(ben.id));
    let purpose = good.statement.statement.purpose;
    let session = good.statement.statement.session;
    for (statement, what) in [
        (ana.signs(session, purpose, Side::Host), "the other side"),
        (ana.signs(session, SessionPurpose::Call { call: place.id }, Side::Viewer), "another call"),
        (ben.signs(session, purpose, Side::Viewer), "another device's key"),
    ] {
        let wrong = beckon_wire::call::PlaceCall { statement, ..good.clone() };
        assert_eq!(code(ana.post::<CallView>(paths::CALLS, &wrong).await), Code::WrongStatement, "{what}");
    }
    let used = place.statement.statement.session;
    let mut again = good.clone();
    again.statement = ana.signs(used, purpose, Side::Viewer);
    assert_eq!(code(ana.post::<CallView>(paths::CALLS, &again).await), Code::IdTaken);
}

#[tokio::test]
async fn two_that_call_each_other_both_ring_and_one_answer_is_enough() {
    let Neighbours { ana, ben, .. } = &Neighbours::at_home().await;
    let (anas, bens) = (ana.calls(ben).await.unwrap(), ben.calls(ana).await.unwrap());
    assert_eq!(ana.call_seen(bens.id).await.unwrap().state, State::Ringing);
    ben.on_call(anas.id, CallAct::Accept).await.unwrap();
    assert_eq!(code(ana.on_call(bens.id, CallAct::Accept).await), Code::InASession, "it views by now");
    assert_eq!(code(ben.calls(ana).await), Code::InASession, "who shares their screen calls nobody");
}

#[tokio::test]
async fn a_caller_who_shares_their_own_screen_by_now_is_let_in_nowhere() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let eve = stage.neighbour().await;
    let _push = eve.opens_push().await;
    let anas = ana.calls(ben).await.unwrap();
    let eves = eve.calls(ana).await.unwrap();
    ana.on_call(eves.id, CallAct::Accept).await.unwrap();
    assert_eq!(code(ben.on_call(anas.id, CallAct::Accept).await), Code::CallOver);
    assert_eq!(ana.call_seen(anas.id).await.unwrap().state, State::Cancelled);
}

#[tokio::test]
async fn a_device_that_hosts_a_request_calls_nobody_and_one_that_views_joins_nothing() {
    let (Ready { stage, ana, dana, .. }, _session) = Ready::connected().await;
    let eve = stage.neighbour().await;
    let _push = eve.opens_push().await;
    dana.comes_home().await;
    ana.comes_home().await;
    assert_eq!(code(dana.calls(&eve).await), Code::InASession);
    let _anas = ana.opens_push().await;
    let calls = eve.calls(&ana).await.unwrap();
    assert_eq!(code(ana.on_call(calls.id, CallAct::Accept).await), Code::InASession, "the agent views");
    assert_eq!(ana.call_seen(calls.id).await.unwrap().state, State::Ringing);
    eve.on_call(calls.id, CallAct::Cancel).await.unwrap();

    let calls = eve.calls(&dana).await.unwrap();
    dana.on_call(calls.id, CallAct::Accept).await.unwrap();
    let id = ana.creates("Eve", AssignTo::Myself).await;
    assert_eq!(code(eve.joins(&ana.code(id).await).await), Code::InASession);
}

async fn told(ana: &Player, placed: &CallView) -> String {
    let view = ana.call_seen(placed.id).await.unwrap();
    let own = serde_json::to_string(&view).unwrap();
    let own = own.replace(&serde_json::to_string(&view.id).unwrap(), "ID");
    let own = own.replace(&serde_json::to_string(&view.target).unwrap(), "TARGET");
    let since_placed = |at: chrono::DateTime<chrono::Utc>| (at - placed.placed_at).num_milliseconds();
    let moments =
        [Some(view.placed_at), Some(view.rings_until), view.decided_at].map(|at| at.map(since_placed));
    let times = [Some(view.placed_at), Some(view.rings_until), view.decided_at].into_iter().flatten();
    let own = times.fold(own, |own, at| own.replace(&serde_json::to_string(&at).unwrap(), "AT"));
    format!("{own} {moments:?}")
}

#[tokio::test]
async fn unknown_offline_guest_blocking_and_silent_devices_all_look_like_no_answer() {
    let Neighbours { stage, ana, ben: silent, .. } = &Neighbours::at_home().await;
    let (offline, guest, blocking) = (stage.neighbour().await, stage.guest().await, stage.neighbour().await);
    blocking.blocks(ana).await;
    let unknown = Target::Id(beckon_domain::DeviceId::draw());
    let targets = [silent, &offline, &guest, &blocking].map(|player| Target::Id(player.id));
    let mut seen = Vec::new();
    for target in targets.into_iter().chain([unknown]) {
        let placed = ana.calls_by(target).await.unwrap();
        let ringing = told(ana, &placed).await;
        stage.pass(60);
        becomes(ana, placed.id, State::Missed).await;
        seen.push((ringing, told(ana, &placed).await));
    }
    assert!(seen.iter().all(|told| *told == seen[0]), "{seen:#?}");
    for hidden in [&guest, &blocking] {
        assert!(hidden.changes("", 0).await.changes.is_empty());
    }
}

#[tokio::test]
async fn blocking_ends_the_ringing_here_and_the_caller_waits_on() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let placed = ana.calls(ben).await.unwrap();
    let seen = ben.changes("", 0).await;
    ben.blocks(ana).await;
    let news = ben.changes(&seen.epoch, seen.cursor).await.changes;
    assert!(matches!(&news[..], [change] if change.thing == Thing::CallGone(placed.id)));
    assert_eq!(ana.call_seen(placed.id).await.unwrap(), placed);
    stage.pass(60);
    becomes(ana, placed.id, State::Missed).await;
}

#[tokio::test]
async fn a_caller_that_vanishes_stops_the_ringing_after_half_a_minute() {
    let Neighbours { stage, ana, ben, anas_push, bens_push: _push } = Neighbours::at_home().await;
    let placed = ana.calls(&ben).await.unwrap();
    drop(anas_push);
    let view = eventually(async || {
        stage.pass(1);
        ben.call_seen(placed.id).await.filter(|view| view.state != State::Ringing)
    });
    let view = view.await;
    assert_eq!(view.state, State::Cancelled);
    assert!(view.decided_at.unwrap() >= placed.placed_at + TimeDelta::seconds(30));
}

#[tokio::test]
async fn a_ringing_call_outlives_a_restart_of_the_service() {
    let Neighbours { mut stage, ana, ben, .. } = Neighbours::at_home().await;
    let placed = ana.calls(&ben).await.unwrap();
    stage.pass(20);
    stage.restart().await;
    let (ana, ben) = (ana.back(&stage).await, ben.back(&stage).await);
    let _push = ana.opens_push().await;
    stage.pass(39);
    assert!(ben.on_call(placed.id, CallAct::Accept).await.is_ok());
}

#[tokio::test]
async fn a_session_goes_on_over_a_restart_and_is_over_when_its_beats_stop() {
    let Neighbours { mut stage, ana, ben, .. } = Neighbours::at_home().await;
    let placed = ana.calls(&ben).await.unwrap();
    let accepted = ben.on_call(placed.id, CallAct::Accept).await.unwrap();
    ben.hosts_call(&accepted).await.unwrap();
    let session = accepted.session.unwrap().id;
    ben.reports(session, HostReport::Connected).await.unwrap();
    stage.restart().await;
    let (ana, ben) = (ana.back(&stage).await, ben.back(&stage).await);
    let before = ana.changes("", 0).await.cursor;
    for _ in 0..10 {
        stage.pass(20);
        ben.reports(session, HostReport::Beat).await.unwrap();
    }
    assert_eq!(ana.changes("", 0).await.cursor, before, "beats wake nobody");
    ben.reports(session, HostReport::Lost).await.unwrap();
    assert_eq!(ana.call_seen(placed.id).await.unwrap().session.unwrap().phase, Phase::Lost);
    stage.pass(120);
    let ended = eventually(async || {
        ana.call_seen(placed.id).await.unwrap().session.filter(|session| session.phase == Phase::Ended)
    });
    assert_eq!(ended.await.ending, Some(Ending::Lost));
    ben.reports(session, HostReport::Beat).await.unwrap();
    let back = ana.call_seen(placed.id).await.unwrap().session.unwrap();
    assert_eq!((back.phase, back.ending), (Phase::Running, None), "a host that returns still in session");
}

#[tokio::test]
async fn the_relay_admits_the_two_keys_from_the_answer_to_the_end_of_the_session() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let (viewer, host) = (SecretKey::generate(), SecretKey::generate());
    let mut place = ana.call_to(Target::Id(ben.id));
    place.statement = known_by(&viewer, ana, place.statement);
    ana.post::<CallView>(paths::CALLS, &place).await.unwrap();
    assert!(!is_admitted(stage, &viewer).await, "while it rings");
    let session = ben.on_call(place.id, CallAct::Accept).await.unwrap().session.unwrap().id;
    assert!(is_admitted(stage, &viewer).await && !is_admitted(stage, &host).await);
    let signed = ben.signs(session, SessionPurpose::Call { call: place.id }, Side::Host);
    ben.answers_with(session, known_by(&host, ben, signed)).await.unwrap();
    ben.reports(session, HostReport::Connected).await.unwrap();
    assert!(is_admitted(stage, &viewer).await && is_admitted(stage, &host).await);
    ben.reports(session, HostReport::HostEnded).await.unwrap();
    assert!(!is_admitted(stage, &viewer).await && !is_admitted(stage, &host).await);
}
