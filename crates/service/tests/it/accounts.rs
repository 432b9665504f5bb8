use beckon_domain::Role;
use beckon_service::admin;
use beckon_wire::account::{AccountView, SignIn};
use beckon_wire::request::AssignTo;
use beckon_wire::{ApiError, Code, paths};

use crate::cast::{PASSWORD, Player, Stage, email};
use crate::scenes::code;

async fn by_password(player: &Player, email: &str, password: &str) -> Result<AccountView, ApiError> {
    let sign_in = SignIn::Password { email: email.to_owned(), password: password.to_owned() };
    player.post(paths::ACCOUNT_SIGN_IN, &sign_in).await
}

#[tokio::test]
async fn a_person_signs_in_with_the_email_in_any_case_and_out_again() {
    let stage = Stage::open().await;
    stage.account("Ana", Role::Admin).await;
    let device = stage.guest().await;
    let view = by_password(&device, " ANA@acme.example", PASSWORD).await.unwrap();
    assert_eq!((view.name.as_str(), view.role), ("Ana", Role::Admin));
    assert_eq!(device.changes("", 0).await.account, Some(view.clone()));
    device.post::<()>(paths::ACCOUNT_SIGN_OUT, &()).await.unwrap();
    assert_eq!(device.changes("", 0).await.account, None);
}

#[tokio::test]
async fn a_wrong_password_an_unknown_email_and_a_wrong_code_are_one_answer() {
    let stage = Stage::open().await;
    stage.account("Ana", Role::Admin).await;
    let device = stage.guest().await;
    assert_eq!(code(by_password(&device, &email("Ana"), "something else").await), Code::WrongCredentials);
    assert_eq!(code(by_password(&device, &email("Nobody"), PASSWORD).await), Code::WrongCredentials);
    assert_eq!(code(by_password(&device, &email("Ana"), "short").await), Code::WrongCredentials);
    let wrong = SignIn::Code("AAAAAAAAAAAAAAAAAAAAAAAA".to_owned());
    assert_eq!(
        code(device.post::<AccountView>(paths::ACCOUNT_SIGN_IN, &wrong).await),
        Code::WrongCredentials
    );
}

#[tokio::test]
async fn a_sign_in_code_is_good_once_and_for_ten_minutes() {
    let stage = Stage::open().await;
    stage.account("Ana", Role::Admin).await;
    let (device, office) = (stage.guest().await, stage.office().await);
    let sign_in = async |text: &str| {
        device.post::<AccountView>(paths::ACCOUNT_SIGN_IN, &SignIn::Code(text.to_owned())).await
    };
    let first = admin::sign_in_code(&office, &email("Ana")).await.unwrap();
    assert!(sign_in(&first).await.is_ok());
    assert_eq!(code(sign_in(&first).await), Code::WrongCredentials);
    let second = admin::sign_in_code(&office, &email("Ana")).await.unwrap();
    stage.pass(10 * 60);
    assert_eq!(code(sign_in(&second).await), Code::WrongCredentials);
}

#[tokio::test]
async fn a_disabled_account_is_cut_at_once_and_can_be_enabled_again() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let push = ana.opens_push().await;
    let office = stage.office().await;
    admin::disable_account(&office, &email("Ana")).await.unwrap();
    assert_eq!(code(ana.get::<()>(&paths::with_id(paths::REQUEST_LINK, id.0)).await), Code::Forbidden);
    assert!(ana.changes("", 0).await.changes.is_empty());
    stage.pass(1);
    push.sees_the_service_close_it().await;
    assert_eq!(code(by_password(&ana, &email("Ana"), PASSWORD).await), Code::WrongCredentials);

    admin::enable_account(&office, &email("Ana")).await.unwrap();
    by_password(&ana, &email("Ana"), PASSWORD).await.unwrap();
    assert!(ana.sees(id).await.is_some());
}

#[tokio::test]
async fn a_new_password_signs_out_whoever_knew_the_old_one() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    admin::set_password(&stage.office().await, &email("Ana"), "another long password").await.unwrap();
    assert_eq!(ana.changes("", 0).await.account, None);
    assert_eq!(code(by_password(&ana, &email("Ana"), PASSWORD).await), Code::WrongCredentials);
    by_password(&ana, &email("Ana"), "another long password").await.unwrap();
}

#[tokio::test]
async fn accounts_that_make_no_sense_are_not_made() {
    let stage = Stage::open().await;
    stage.account("Ana", Role::Admin).await;
    let office = stage.office().await;
    let make = async |email: &str, password: &str| {
        let (name, role) = ("Ana".parse().unwrap(), Role::Admin);
        let (email, password) = (email.to_owned(), password.to_owned().into());
        let new = admin::NewAccount { name, email, role, password, organisation: None };
        admin::create_account(&office, new).await
    };
    assert!(make("ANA@acme.example", PASSWORD).await.is_err(), "there is one");
    assert!(make("no address", PASSWORD).await.is_err());
    assert!(make("ben@acme.example", "123456789").await.is_err(), "too short");
    assert!(make("ben@acme.example", &"x".repeat(257)).await.is_err(), "too long");
    assert_eq!(admin::list_accounts(&office).await.unwrap().len(), 1);
}
