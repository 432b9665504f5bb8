use beckon_domain::Act;
use beckon_domain::session_request::StatusName;
use beckon_service::admin;
use beckon_wire::request::{AgentAct, AssignTo};
use futures_util::StreamExt;

use crate::cast::{Stage, email};
use crate::scenes::{Joined, Ready, eventually};

#[tokio::test]
async fn a_change_wakes_who_sees_it_and_nobody_else() {
    let stage = Stage::open().await;
    let (ana, ben, guest) = (stage.agent("Ana").await, stage.agent("Ben").await, stage.guest().await);
    let (mut anas, mut bens, mut guests) =
        (ana.opens_push().await, ben.opens_push().await, guest.opens_push().await);
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let woken = anas.wakes().await.unwrap();
    assert_eq!(woken, ana.changes("", 0).await.cursor);
    ana.acts(id, AgentAct::Release).await.unwrap();
    let latest = ana.changes("", 0).await.cursor;
    assert_eq!(bens.wakes().await, Some(latest), "the first that Ben sees is the one that he may see");
    guest.joins(&ana.code(id).await).await.unwrap();
    assert!(guests.wakes().await.unwrap() > latest);
}

#[tokio::test]
async fn an_act_of_the_command_line_wakes_within_a_second() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let mut push = ana.opens_push().await;
    let office = stage.office().await;
    let link = admin::create_request(&office, "Dana".parse().unwrap(), &email("Ana"), None).await.unwrap();
    assert!(link.starts_with(&format!("{}/s/", stage.origin())));
    stage.pass(1);
    let cursor = push.wakes().await.unwrap();
    let changes = ana.changes("", 0).await;
    assert_eq!((changes.cursor, changes.changes.len()), (cursor, 1));
}

#[tokio::test]
async fn a_host_whose_socket_is_gone_for_a_minute_is_ready_no_more() {
    let Ready { stage, ana, dana, danas_push, id, .. } = Ready::for_ana().await;
    drop(danas_push);
    let gone = async || ana.sees(id).await.unwrap().host.filter(|host| !host.present);
    eventually(gone).await;
    stage.pass(59);
    assert_eq!(ana.sees(id).await.unwrap().status, StatusName::Ready);
    let back = dana.opens_push().await;
    eventually(async || ana.sees(id).await.unwrap().host.filter(|host| host.present)).await;
    stage.pass(60);
    assert_eq!(ana.sees(id).await.unwrap().status, StatusName::Ready, "it came back in time");
    drop(back);
    eventually(gone).await;
    stage.pass(60);
    let view = eventually(async || {
        let view = ana.sees(id).await.unwrap();
        (view.status == StatusName::Waiting).then_some(view)
    });
    assert_eq!(view.await.host.unwrap().device, dana.id, "still bound");
    assert_eq!(ana.history(id).await.last().unwrap().act, Act::HostSilent);
}

#[tokio::test]
async fn an_ask_ends_when_the_askers_client_is_gone() {
    let Joined { stage: _stage, ana, dana, view, danas_push: _push, .. } = Joined::by_dana().await;
    let push = ana.opens_push().await;
    ana.asks(view.request).await.unwrap();
    assert!(dana.joined().await.unwrap().ask.is_some());
    drop(push);
    eventually(async || dana.joined().await.unwrap().ask.is_none().then_some(())).await;
    assert_eq!(ana.history(view.request).await.last().unwrap().act, Act::CancelAsk);
}

#[tokio::test]
async fn a_socket_that_answers_no_ping_is_dropped() {
    let Joined { stage, ana, dana, view, danas_push } = Joined::by_dana().await;
    let mut nobody_reads = dana.opens_socket(None).await.unwrap();
    nobody_reads.next().await.expect("it is served").unwrap();
    drop(danas_push);
    for _ in 0..2 {
        stage.pass(20);
        for _ in 0..20 {
            assert!(ana.sees(view.request).await.unwrap().host.unwrap().present);
        }
    }
    stage.pass(20);
    eventually(async || ana.sees(view.request).await.unwrap().host.filter(|host| !host.present)).await;
}

#[tokio::test]
async fn a_socket_that_answers_stays() {
    let Joined { stage, ana, view, danas_push: _push, .. } = Joined::by_dana().await;
    for _ in 0..10 {
        stage.pass(20);
        for _ in 0..10 {
            assert!(ana.sees(view.request).await.unwrap().host.unwrap().present);
        }
    }
}

#[tokio::test]
async fn a_page_of_somebody_else_cannot_listen() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    assert!(ana.opens_socket(Some("https://evil.example")).await.is_err());
    assert!(ana.opens_socket(Some(stage.origin())).await.is_ok());
}

#[tokio::test]
async fn a_ninth_socket_of_one_device_closes_its_oldest() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let oldest = ana.opens_push().await;
    let mut others = Vec::new();
    for _ in 0..8 {
        others.push(ana.opens_push().await);
    }
    oldest.sees_the_service_close_it().await;
    ana.creates("Dana", AssignTo::Myself).await;
    for push in &mut others {
        assert!(push.wakes().await.is_some());
    }
}
