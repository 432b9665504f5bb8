use beckon_domain::SecretKey;
use beckon_domain::keys::SignedFor;
use beckon_service::admin;
use beckon_wire::device::{Challenge, ChallengeBody, DeviceSignIn, DeviceToken};
use beckon_wire::{Code, paths};

use crate::cast::{Stage, read, sign_in_device};
use crate::scenes::code;

#[tokio::test]
async fn a_device_draws_its_id_once_and_keeps_it() {
    let stage = Stage::open().await;
    let key = SecretKey::generate();
    let first = sign_in_device(&stage.http, stage.origin(), &key).await.unwrap();
    let again = sign_in_device(&stage.http, stage.origin(), &key).await.unwrap();
    assert_eq!(first.device, again.device);
    assert_ne!(first.token, again.token);
    let other = sign_in_device(&stage.http, stage.origin(), &SecretKey::generate()).await.unwrap();
    assert_ne!(other.device, first.device);
}

#[tokio::test]
async fn only_the_key_that_asked_can_answer_its_challenge_and_only_once() {
    let stage = Stage::open().await;
    let (mine, other) = (SecretKey::generate(), SecretKey::generate());
    let draw = async |key: &SecretKey| {
        let url = format!("{}{}", stage.origin(), paths::DEVICE_CHALLENGE);
        let drawn = stage.http.post(url).json(&ChallengeBody { key: key.public() }).send().await.unwrap();
        read::<Challenge>(drawn).await.unwrap().challenge
    };
    let answer = async |key: &SecretKey, challenge: &str, purpose: SignedFor| {
        let signature = key.sign(purpose, challenge.as_bytes());
        let (challenge, version) = (challenge.to_owned(), "0.1.0".to_owned());
        let body = DeviceSignIn { key: key.public(), challenge, signature, name: None, version };
        let url = format!("{}{}", stage.origin(), paths::DEVICE_SIGN_IN);
        read::<DeviceToken>(stage.http.post(url).json(&body).send().await.unwrap()).await
    };
    let challenge = draw(&mine).await;
    assert_eq!(code(answer(&other, &challenge, SignedFor::SignIn).await), Code::Unauthenticated);
    let challenge = draw(&mine).await;
    assert_eq!(code(answer(&mine, &challenge, SignedFor::Statement).await), Code::Unauthenticated);
    let challenge = draw(&mine).await;
    assert!(answer(&mine, &challenge, SignedFor::SignIn).await.is_ok());
    assert_eq!(code(answer(&mine, &challenge, SignedFor::SignIn).await), Code::Unauthenticated);
    let challenge = draw(&mine).await;
    stage.pass(60);
    assert_eq!(code(answer(&mine, &challenge, SignedFor::SignIn).await), Code::Unauthenticated);
}

#[tokio::test]
async fn a_token_runs_out_after_a_quarter_of_an_hour() {
    let stage = Stage::open().await;
    let dana = stage.guest().await;
    stage.pass(15 * 60 - 1);
    dana.changes("", 0).await;
    stage.pass(1);
    assert_eq!(code(dana.get::<()>(paths::CHANGES).await), Code::Unauthenticated);
    assert_eq!(dana.back(&stage).await.id, dana.id);
}

#[tokio::test]
async fn a_forgotten_device_is_out_at_once_and_its_key_opens_nothing_any_more() {
    let stage = Stage::open().await;
    let dana = stage.guest().await;
    let push = dana.opens_push().await;
    admin::forget_device(&stage.office().await, dana.id).await.unwrap();
    assert_eq!(code(dana.get::<()>(paths::CHANGES).await), Code::Unauthenticated);
    stage.pass(1);
    push.sees_the_service_close_it().await;
    let back = sign_in_device(&stage.http, stage.origin(), &dana.key).await;
    assert_eq!(code(back), Code::Forbidden);
    assert!(admin::list_devices(&stage.office().await).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_device_is_listed_with_who_is_signed_in_and_can_be_adopted() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let office = stage.office().await;
    admin::adopt_device(&office, ana.id).await.unwrap();
    let listed = admin::list_devices(&office).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert!(listed[0].id == ana.id && listed[0].adopted);
    assert_eq!(listed[0].account.as_deref(), Some("ana@acme.example"));
}
