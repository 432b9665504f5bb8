//! A viewer that was let in, and breaks the protocol: the host survives, closes, and says so.

use beckon_session::CloseCode;

use crate::raw_viewer::{Call, RawViewer, chat, closed_with, first_hello, is_thrown_out};
use crate::stage::{Seat, Stage, failsafe};

async fn let_in(stage: &Stage) -> (Seat, Call) {
    let host = stage.allow().host();
    let call = RawViewer::new(stage, &stage.viewer.endpoint).await.welcomed().await;
    (host, call)
}

#[tokio::test]
async fn garbage_in_place_of_a_hello() {
    let stage = Stage::new().await;
    let host = stage.allow().host();
    let mut call = RawViewer::new(&stage, &stage.viewer.endpoint).await.call().await;
    call.say(&[0xff; 100]).await;
    is_thrown_out(host, &call, CloseCode::Unreadable).await;
}

#[tokio::test]
async fn a_hello_for_another_session() {
    let stage = Stage::new().await;
    let host = stage.allow().host();
    let mut call = RawViewer::new(&stage, &stage.viewer.endpoint).await.call().await;
    let mut hello = first_hello();
    hello[10] ^= 1;
    call.say(&hello).await;
    is_thrown_out(host, &call, CloseCode::NotAllowed).await;
}

#[tokio::test]
async fn a_version_that_nobody_knows_is_refused_and_the_host_waits_on() {
    let stage = Stage::new().await;
    let mut host = stage.allow().host();
    let viewer = RawViewer::new(&stage, &stage.viewer.endpoint).await;
    let mut call = viewer.call().await;
    let mut hello = first_hello();
    hello[1] = 99;
    call.say(&hello).await;
    assert_eq!(closed_with(&call.connection).await, CloseCode::UnknownVersion as u64);
    let mut call = viewer.welcomed().await;
    call.say(&chat(1, "hello")).await;
    assert_eq!(host.chat().await, "hello");
}

#[tokio::test]
async fn garbage_later() {
    let stage = Stage::new().await;
    let (host, mut call) = let_in(&stage).await;
    call.say(&[9, 9, 9]).await;
    is_thrown_out(host, &call, CloseCode::Unreadable).await;
}

#[tokio::test]
async fn a_frame_longer_than_any_may_be() {
    let stage = Stage::new().await;
    let (host, mut call) = let_in(&stage).await;
    call.write(&u32::MAX.to_be_bytes()).await;
    is_thrown_out(host, &call, CloseCode::Unreadable).await;
}

#[tokio::test]
async fn chat_that_pretends_to_be_something_else() {
    let stage = Stage::new().await;
    let (host, mut call) = let_in(&stage).await;
    call.say(&chat(1, "gnp.\u{202E}exe")).await;
    is_thrown_out(host, &call, CloseCode::Unreadable).await;
}

#[tokio::test]
async fn permissions_that_only_the_host_gives() {
    let stage = Stage::new().await;
    let (host, mut call) = let_in(&stage).await;
    call.say(&[3, 1, 0]).await;
    is_thrown_out(host, &call, CloseCode::NotAllowed).await;
}

#[tokio::test]
async fn a_second_hello() {
    let stage = Stage::new().await;
    let (host, mut call) = let_in(&stage).await;
    call.say(&first_hello()).await;
    is_thrown_out(host, &call, CloseCode::NotAllowed).await;
}

#[tokio::test]
async fn a_control_stream_that_is_closed_under_the_session() {
    let stage = Stage::new().await;
    let (host, mut call) = let_in(&stage).await;
    call.wire.send.reset(0_u32.into()).unwrap();
    is_thrown_out(host, &call, CloseCode::NotAllowed).await;
}

#[tokio::test]
async fn a_flood_of_chat() {
    let stage = Stage::new().await;
    let (mut host, mut call) = let_in(&stage).await;
    for number in 1..=100 {
        call.say(&chat(number, "spam")).await;
    }
    for _ in 0..40 {
        assert_eq!(host.chat().await, "spam");
    }
    is_thrown_out(host, &call, CloseCode::Flood).await;
}

#[tokio::test]
async fn one_that_never_reads() {
    let stage = Stage::new().await;
    let (host, _call) = let_in(&stage).await;
    let long = "\u{1F600}".repeat(4_000);
    // Until the other side's window and this side's queue are full.
    loop {
        stage.advance(1);
        if host.session.send_chat(long.parse().unwrap()).await.is_err() {
            break;
        }
    }
    failsafe(stage.running(host.session.end())).await;
}

#[tokio::test]
async fn one_that_wants_more_streams() {
    let stage = Stage::new().await;
    let (mut host, mut call) = let_in(&stage).await;
    // As many as it may; it never says what they are for.
    let mut open = Vec::new();
    for _ in 1..12 {
        open.push(call.connection.open_bi().await.unwrap());
    }
    let more = async {
        tokio::select! {
            _ = call.connection.open_bi() => panic!("a thirteenth stream"),
            _ = call.connection.open_uni() => panic!("a one-way stream"),
            () = std::future::pending() => {}
        }
    };
    let heard = async {
        call.wire.send.write_all(&[&[0, 0, 0, 5][..], &chat(1, "hi")].concat()).await.unwrap();
        host.chat().await
    };
    tokio::select! { () = more => {}, text = heard => assert_eq!(text, "hi") }
    assert!(call.connection.send_datagram(vec![1].into()).is_err());
}
