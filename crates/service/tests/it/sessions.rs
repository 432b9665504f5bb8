use beckon_domain::Act;
use beckon_domain::session_request::StatusName;
use beckon_domain::statement::Side;
use beckon_service::admin;
use beckon_wire::Code;
use beckon_wire::request::{AgentAct, AssignTo, Connect, SessionPhase};
use beckon_wire::session::HostReport;

use crate::cast::email;
use crate::scenes::{Joined, Ready, code, eventually};

#[tokio::test]
async fn both_sides_get_one_grant_that_names_both_keys() {
    let Ready { stage, ana, dana, id, danas_push: _push, .. } = Ready::for_ana().await;
    let viewer = ana.statement(id, 1, Side::Viewer);
    let session = viewer.statement.session;
    let reserved = ana.acts(id, AgentAct::Connect(viewer)).await.unwrap();
    assert_eq!(reserved.session.unwrap().phase, SessionPhase::Reserved);
    assert_eq!(code(ana.grant(session).await), Code::GrantNotReady);
    let offer = dana.joined().await.unwrap().session.unwrap();
    assert_eq!((offer.id, offer.viewer.device, offer.viewer.signed), (session, ana.id, viewer));

    let host = dana.statement_for(session, id, 1, Side::Host);
    let signed = dana.answers_with(session, host).await.unwrap();
    assert_eq!(ana.grant(session).await.unwrap(), signed);
    let info = stage.info().await;
    let grant = signed.verify(&info.key, info.now).unwrap();
    assert_eq!(
        (grant.endpoint_of(Side::Host), grant.endpoint_of(Side::Viewer)),
        (host.statement.endpoint, viewer.statement.endpoint)
    );
    assert_eq!((grant.host.device, grant.viewer.device), (dana.id, ana.id));
    assert_eq!((grant.account_name.unwrap().as_str(), grant.organisation.as_str()), ("Ana", "Acme"));
    assert_eq!(grant.not_after - info.now, beckon_domain::grant::GRANT_LIFETIME);
    assert_eq!(ana.sees(id).await.unwrap().session.unwrap().phase, SessionPhase::Granted);
}

#[tokio::test]
async fn a_viewers_statement_that_does_not_fit_is_refused() {
    let Ready { stage: _stage, ana, dana, id, danas_push: _push, .. } = Ready::for_ana().await;
    let good = ana.statement(id, 1, Side::Viewer);
    let elsewhere = beckon_domain::RequestId(uuid::Uuid::now_v7());
    let mut swapped = good;
    swapped.statement.endpoint = beckon_domain::SecretKey::generate().public();
    for (wrong, what) in [
        (ana.statement(id, 1, Side::Host), "the other side"),
        (ana.statement(id, 2, Side::Viewer), "another link"),
        (ana.statement(elsewhere, 1, Side::Viewer), "another request"),
        (dana.statement(id, 1, Side::Viewer), "another device's key"),
        (swapped, "a swapped endpoint key"),
    ] {
        assert_eq!(code(ana.acts(id, AgentAct::Connect(wrong)).await), Code::WrongStatement, "{what}");
    }
    assert_eq!(ana.sees(id).await.unwrap().session, None);
}

#[tokio::test]
async fn a_hosts_statement_that_does_not_fit_is_refused() {
    let Ready { stage, ana, dana, id, danas_push: _push, .. } = Ready::for_ana().await;
    let viewer = ana.statement(id, 1, Side::Viewer);
    let session = viewer.statement.session;
    ana.acts(id, AgentAct::Connect(viewer)).await.unwrap();
    let good = dana.statement_for(session, id, 1, Side::Host);
    let mut swapped = good;
    swapped.statement.endpoint = beckon_domain::SecretKey::generate().public();
    let mut same_endpoint = good.statement;
    same_endpoint.endpoint = viewer.statement.endpoint;
    for (wrong, what) in [
        (dana.statement_for(session, id, 1, Side::Viewer), "the other side"),
        (dana.statement_for(session, id, 2, Side::Host), "another link"),
        (dana.statement(id, 1, Side::Host), "another session"),
        (ana.statement_for(session, id, 1, Side::Host), "the viewer's key"),
        (swapped, "a swapped endpoint key"),
        (same_endpoint.sign(&dana.key), "the viewer's endpoint"),
    ] {
        assert_eq!(code(dana.answers_with(session, wrong).await), Code::WrongStatement, "{what}");
    }
    let eve = stage.guest().await;
    assert_eq!(code(eve.answers(id, session).await), Code::NotTheHost);
    assert_eq!(code(eve.grant(session).await), Code::Forbidden);
    assert_eq!(code(ana.grant(session).await), Code::GrantNotReady);
}

#[tokio::test]
async fn connecting_and_answering_twice_is_doing_it_once() {
    let Ready { stage: _stage, ana, dana, id, danas_push: _push, .. } = Ready::for_ana().await;
    let viewer = ana.statement(id, 1, Side::Viewer);
    let session = viewer.statement.session;
    ana.acts(id, AgentAct::Connect(viewer)).await.unwrap();
    ana.acts(id, AgentAct::Connect(viewer)).await.unwrap();
    let other_key = ana.statement_for(session, id, 1, Side::Viewer);
    assert_eq!(code(ana.acts(id, AgentAct::Connect(other_key)).await), Code::IdTaken);

    let host = dana.statement_for(session, id, 1, Side::Host);
    let first = dana.answers_with(session, host).await.unwrap();
    assert_eq!(dana.answers_with(session, host).await.unwrap(), first);
    let other_key = dana.statement_for(session, id, 1, Side::Host);
    assert_eq!(code(dana.answers_with(session, other_key).await), Code::WrongStatement);
}

#[tokio::test]
async fn a_later_attempt_takes_the_place_of_the_same_agents_earlier_one() {
    let Ready { stage: _stage, ana, dana, id, danas_push: _push, .. } = Ready::for_ana().await;
    let (earlier, later) = (ana.connects(id).await.unwrap(), ana.connects(id).await.unwrap());
    assert_eq!(code(dana.answers(id, earlier).await), Code::OtherSession, "one session at a time");
    dana.answers(id, later).await.unwrap();
    assert_eq!(code(ana.grant(earlier).await), Code::OtherSession);
    assert!(ana.grant(later).await.is_ok());
}

#[tokio::test]
async fn a_session_that_is_over_is_not_begun_again() {
    let (ready, session) = Ready::connected().await;
    let Ready { ana, dana, id, .. } = &ready;
    ana.acts(*id, AgentAct::Disconnect).await.unwrap();
    assert_eq!(code(ana.grant(session).await), Code::OtherSession);
    assert_eq!(code(dana.answers(*id, session).await), Code::OtherSession);
    assert_eq!(code(dana.reports(session, HostReport::Connected).await), Code::OtherSession);
    let again = ana.statement_for(session, *id, 1, Side::Viewer);
    assert_eq!(code(ana.acts(*id, AgentAct::Connect(again)).await), Code::IdTaken);
}

#[tokio::test]
async fn a_reservation_that_nobody_answers_ends_after_half_a_minute() {
    let Ready { stage, ana, dana, id, danas_push: _push, .. } = Ready::for_ana().await;
    let session = ana.connects(id).await.unwrap();
    stage.pass(30);
    assert_eq!(code(dana.answers(id, session).await), Code::OtherSession);
    eventually(async || ana.sees(id).await.unwrap().session.is_none().then_some(())).await;
    assert_eq!(ana.history(id).await.last().unwrap().act, Act::ReservationEnded);
}

#[tokio::test]
async fn connected_without_a_grant_is_not_believed() {
    let Ready { stage: _stage, ana, dana, id, danas_push: _push, .. } = Ready::for_ana().await;
    let session = ana.connects(id).await.unwrap();
    assert_eq!(code(dana.reports(session, HostReport::Connected).await), Code::OtherSession);
    assert_eq!(ana.sees(id).await.unwrap().status, StatusName::Ready);
}

#[tokio::test]
async fn a_lost_connection_may_come_back_and_beats_wake_nobody() {
    let (ready, session) = Ready::connected().await;
    let Ready { stage, ana, dana, id, .. } = &ready;
    let before = ana.changes("", 0).await.cursor;
    for _ in 0..10 {
        stage.pass(20);
        dana.reports(session, HostReport::Beat).await.unwrap();
    }
    assert_eq!(ana.changes("", 0).await.cursor, before);
    dana.reports(session, HostReport::Lost).await.unwrap();
    assert_eq!(ana.sees(*id).await.unwrap().session.unwrap().phase, SessionPhase::Lost);
    stage.pass(100);
    dana.reports(session, HostReport::Beat).await.unwrap();
    assert_eq!(ana.sees(*id).await.unwrap().session.unwrap().phase, SessionPhase::Running);

    stage.pass(120);
    eventually(async || (ana.sees(*id).await?.status == StatusName::Ready).then_some(())).await;
    dana.reports(session, HostReport::Beat).await.unwrap();
    assert_eq!(
        ana.sees(*id).await.unwrap().status,
        StatusName::Connected,
        "a host that returns still in session"
    );
    let acts: Vec<Act> = ana.history(*id).await.into_iter().map(|entry| entry.act).collect();
    assert_eq!(acts[5..], [Act::ConnectionLost, Act::ConnectionBack, Act::ResumeEnded, Act::ConnectionBack]);
}

#[tokio::test]
async fn a_host_that_returns_after_the_request_was_closed_is_sent_away() {
    let (ready, session) = Ready::connected().await;
    ready.ana.acts(ready.id, AgentAct::Close).await.unwrap();
    assert_eq!(code(ready.dana.reports(session, HostReport::Beat).await), Code::NotTheHost);
}

#[tokio::test]
async fn no_device_is_host_and_viewer_at_once() {
    let (ready, _) = Ready::connected().await;
    let Ready { stage, ana, dana, .. } = &ready;
    // Ana views a session, so her device cannot join another request.
    let other = ana.creates("Ana's own", AssignTo::Unassigned).await;
    assert_eq!(code(ana.joins(&ana.code(other).await).await), Code::InASession);
    // Dana's device shares its screen, so nobody views from it.
    dana.sign_in(stage, "Ana").await;
    let guest = stage.guest().await;
    let _push = guest.opens_push().await;
    let joined = guest.joins(&ana.code(other).await).await.unwrap();
    guest.allows(&joined).await.unwrap();
    assert_eq!(code(dana.connects(other).await), Code::InASession);
}

#[tokio::test]
async fn nobody_connects_to_the_device_they_sit_at() {
    let stage = crate::cast::Stage::open().await;
    let ana = stage.agent("Ana").await;
    let _push = ana.opens_push().await;
    let id = ana.creates("Ana herself", AssignTo::Myself).await;
    let joined = ana.joins(&ana.code(id).await).await.unwrap();
    assert_eq!(ana.sees(id).await.unwrap().connect, Connect::Mine);
    assert_eq!(code(ana.asks(id).await), Code::InASession);
    ana.allows(&joined).await.unwrap();
    assert_eq!(ana.sees(id).await.unwrap().connect, Connect::Mine);
    assert_eq!(code(ana.connects(id).await), Code::InASession);
}

#[tokio::test]
async fn only_the_device_that_asked_gets_the_grant() {
    let Ready { stage, ana, dana, id, danas_push: _push, .. } = Ready::for_ana().await;
    let session = ana.connects(id).await.unwrap();
    dana.answers(id, session).await.unwrap();
    let same_person_elsewhere = stage.guest().await;
    same_person_elsewhere.sign_in(&stage, "Ana").await;
    assert_eq!(code(same_person_elsewhere.grant(session).await), Code::NotFound);
    assert!(ana.grant(session).await.is_ok());
}

#[tokio::test]
async fn disabling_an_agent_ends_the_ask_and_the_session() {
    let (ready, session) = Ready::connected().await;
    admin::disable_account(&ready.stage.office().await, &email("Ana")).await.unwrap();
    let joined = ready.dana.joined().await.unwrap();
    assert_eq!((joined.status, joined.session), (StatusName::Ready, None));
    assert_eq!(code(ready.ana.grant(session).await), Code::Forbidden);

    let Joined { stage, ana, dana, view, danas_push: _push } = Joined::by_dana().await;
    ana.asks(view.request).await.unwrap();
    admin::disable_account(&stage.office().await, &email("Ana")).await.unwrap();
    assert_eq!(dana.joined().await.unwrap().ask, None);
}

#[tokio::test]
async fn an_agent_who_is_cut_off_is_let_into_nothing_that_was_granted() {
    for cut_off in ["disabled", "new password", "signed out, then disabled", "forgotten"] {
        let Ready { stage, ana, dana, id, danas_push: _push, .. } = Ready::for_ana().await;
        let session = ana.connects(id).await.unwrap();
        dana.answers(id, session).await.unwrap();
        let office = stage.office().await;
        match cut_off {
            "disabled" => admin::disable_account(&office, &email("Ana")).await.unwrap(),
            "new password" => admin::set_password(&office, &email("Ana"), "another password").await.unwrap(),
            "forgotten" => admin::forget_device(&office, ana.id).await.unwrap(),
            _ => {
                ana.post::<()>(beckon_wire::paths::ACCOUNT_SIGN_OUT, &()).await.unwrap();
                admin::disable_account(&office, &email("Ana")).await.unwrap();
            }
        }
        let refused = code(dana.reports(session, HostReport::Connected).await);
        assert_ne!(refused, Code::Internal);
        let view = dana.joined().await.unwrap();
        assert!(view.status == StatusName::Ready && view.session.is_none(), "{cut_off}");
    }
}

#[tokio::test]
async fn a_lost_session_of_a_disabled_account_does_not_come_back() {
    let (Ready { stage, dana, .. }, session) = Ready::connected().await;
    dana.reports(session, HostReport::Lost).await.unwrap();
    stage.pass(120);
    admin::disable_account(&stage.office().await, &email("Ana")).await.unwrap();
    assert_eq!(code(dana.reports(session, HostReport::Beat).await), Code::OtherSession);
}

#[tokio::test]
async fn whoever_asks_to_view_joins_nothing_meanwhile() {
    let Joined { stage, ana, view, danas_push: _push, .. } = Joined::by_dana().await;
    let ben = stage.agent("Ben").await;
    let other = ben.code(ben.creates("Ana", AssignTo::Myself).await).await;
    ana.asks(view.request).await.unwrap();
    assert_eq!(code(ana.joins(&other).await), Code::InASession);
    ana.acts(view.request, AgentAct::CancelAsk).await.unwrap();
    assert!(ana.joins(&other).await.is_ok());
}

#[tokio::test]
async fn who_is_viewed_by_now_is_not_let_in_by_what_they_asked_before() {
    let Joined { stage, ana, dana, view, danas_push: _push } = Joined::by_dana().await;
    let ben = stage.agent("Ben").await;
    let other = ben.creates("Ana", AssignTo::Myself).await;
    let anas = ana.joins(&ben.code(other).await).await.unwrap();
    ana.allows(&anas).await.unwrap();
    ana.asks(view.request).await.unwrap();
    ben.connects(other).await.unwrap();
    let allowed = dana.allows(&view).await.unwrap();
    assert!(allowed.status == StatusName::Ready && allowed.session.is_none());
}
