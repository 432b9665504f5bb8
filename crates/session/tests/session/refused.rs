//! Who is not let in.

use beckon_domain::Clock;
use beckon_domain::grant::GrantRefusal;
use beckon_domain::{Consent, Cover, PermissionSet, QueueId, SecretKey};
use beckon_session::{CloseCode, EndedWhy, LiveSession, OpenRefusal};
use uuid::Uuid;

use crate::raw_viewer::{RawViewer, chat, closed_with, first_hello, resuming_hello};
use crate::stage::{Stage, available, failsafe};

#[tokio::test]
async fn a_grant_without_consent_admits_nobody() {
    let stage = Stage::new().await;
    let (mut host, mut viewer) = (stage.host(), stage.viewer());
    let refused = EndedWhy::Refused(CloseCode::NoConsent);
    assert_eq!(stage.running(viewer.ended()).await, refused);
    stage.advance(120);
    assert_eq!(host.ended().await, EndedWhy::CouldNotConnect);
}

#[tokio::test]
async fn consent_for_somebody_else_admits_nobody() {
    let stage = Stage::new().await;
    let queue = Cover::Queue(QueueId(Uuid::from_u128(5)));
    stage.consents.give(Consent::given(stage.purpose, queue, PermissionSet::NONE, stage.clock.monotonic()));
    let (_host, mut viewer) = (stage.host(), stage.viewer());
    assert_eq!(stage.running(viewer.ended()).await, EndedWhy::Refused(CloseCode::NotCovered));
}

#[tokio::test]
async fn another_key_is_refused_and_the_right_one_still_gets_in() {
    let stage = Stage::new().await;
    let mut host = stage.allow().host();
    let stranger = RawViewer::new(&stage, &SecretKey::generate()).await;
    assert_eq!(closed_with(&stranger.connect().await).await, CloseCode::WrongViewer as u64);
    let mut viewer = stage.viewer();
    let words = stage.running(viewer.words()).await;
    assert_eq!(host.words().await, words);
    assert_eq!(closed_with(&stranger.connect().await).await, CloseCode::WrongViewer as u64);
    viewer.say("still here").await;
    assert_eq!(host.chat().await, "still here");
}

#[tokio::test]
async fn a_grant_admits_once() {
    let stage = Stage::new().await;
    let mut host = stage.allow().host();
    let viewer = RawViewer::new(&stage, &stage.viewer.endpoint).await;
    let mut first = viewer.welcomed().await;
    let mut second = viewer.call().await;
    second.say(&first_hello()).await;
    assert_eq!(closed_with(&second.connection).await, CloseCode::AlreadyAdmitted as u64);
    first.say(&chat(1, "still here")).await;
    assert_eq!(host.chat().await, "still here");
}

#[tokio::test]
async fn a_resume_without_the_secret_is_refused() {
    let stage = Stage::new().await;
    let mut host = stage.allow().host();
    let viewer = RawViewer::new(&stage, &stage.viewer.endpoint).await;
    let mut early = viewer.call().await;
    early.say(&resuming_hello([0; 32])).await;
    assert_eq!(closed_with(&early.connection).await, CloseCode::NothingToResume as u64);
    let mut first = viewer.welcomed().await;
    let mut second = viewer.call().await;
    second.say(&resuming_hello([0; 32])).await;
    assert_eq!(closed_with(&second.connection).await, CloseCode::WrongProof as u64);
    first.say(&chat(1, "still here")).await;
    assert_eq!(host.chat().await, "still here");
}

#[tokio::test]
async fn a_grant_that_is_not_for_this_device_opens_nothing() {
    let stage = Stage::new().await;
    let open = |config| LiveSession::host(config, stage.consents.clone(), available()).map(drop);

    let mut config = stage.config(&stage.host);
    config.service_key = SecretKey::generate().public();
    assert_eq!(open(config), Err(OpenRefusal::Grant(GrantRefusal::WrongService)));

    let mut config = stage.config(&stage.host);
    config.device = SecretKey::generate().public();
    assert_eq!(open(config), Err(OpenRefusal::NotThisDevice));

    let mut config = stage.config(&stage.host);
    config.endpoint = SecretKey::generate();
    assert_eq!(open(config), Err(OpenRefusal::NotThisDevice));

    assert_eq!(open(stage.config(&stage.viewer)), Err(OpenRefusal::NotThisDevice), "the sides change places");

    let mut config = stage.config(&stage.host);
    config.network.relay = "http://relay.example.com".to_owned();
    assert_eq!(open(config), Err(OpenRefusal::BadRelay));

    let config = stage.config(&stage.host);
    stage.advance(121);
    assert_eq!(open(config), Err(OpenRefusal::Grant(GrantRefusal::Expired)));
}

#[tokio::test]
async fn who_says_nothing_is_forgotten() {
    let stage = Stage::new().await;
    let mut host = stage.allow().host();
    let viewer = RawViewer::new(&stage, &stage.viewer.endpoint).await;
    let silent = viewer.connect().await;
    failsafe(stage.running(silent.closed())).await;
    let mut call = viewer.welcomed().await;
    call.say(&chat(1, "sorry, I was away")).await;
    assert_eq!(host.chat().await, "sorry, I was away");
}
