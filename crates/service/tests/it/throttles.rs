use beckon_domain::{JoinCode, Role};
use beckon_service::Config;
use beckon_wire::account::{AccountView, SignIn};
use beckon_wire::join::{Join, JoinedView};
use beckon_wire::request::AssignTo;
use beckon_wire::{ApiError, Code, paths};

use crate::cast::{PASSWORD, Player, Stage, email, read};
use crate::scenes::code;

#[tokio::test]
async fn after_ten_wrong_codes_an_address_waits_and_is_told_how_long() {
    let stage = Stage::open().await;
    let (ana, dana) = (stage.agent("Ana").await, stage.guest().await);
    let right = ana.code(ana.creates("Dana", AssignTo::Myself).await).await;
    for _ in 0..10 {
        assert_eq!(code(dana.joins(&JoinCode::draw()).await), Code::LinkUnknown);
    }
    let refused = dana.joins(&JoinCode::draw()).await.unwrap_err();
    assert_eq!((refused.code, refused.params["retry_after_s"].as_str()), (Code::Throttled, "600"));
    assert_eq!(code(dana.joins(&right).await), Code::Throttled, "also with the right one");
    let eve = stage.guest().await;
    assert_eq!(code(eve.joins(&right).await), Code::Throttled, "another device at the same address too");
    stage.pass(600);
    assert!(dana.joins(&right).await.is_ok());
}

#[tokio::test]
async fn right_codes_are_not_counted() {
    let stage = Stage::open().await;
    let (ana, dana) = (stage.agent("Ana").await, stage.guest().await);
    let right = ana.code(ana.creates("Dana", AssignTo::Myself).await).await;
    for _ in 0..30 {
        dana.joins(&right).await.unwrap();
    }
}

async fn sign_in(player: &Player, email: &str, password: &str) -> Result<AccountView, ApiError> {
    let sign_in = SignIn::Password { email: email.to_owned(), password: password.to_owned() };
    player.post(paths::ACCOUNT_SIGN_IN, &sign_in).await
}

#[tokio::test]
async fn wrong_passwords_make_an_account_wait_even_for_the_right_one() {
    let stage = Stage::open().await;
    stage.account("Ana", Role::Admin).await;
    let device = stage.guest().await;
    for _ in 0..10 {
        assert_eq!(code(sign_in(&device, &email("Ana"), "wrong").await), Code::WrongCredentials);
    }
    assert_eq!(code(sign_in(&device, "ANA@ACME.EXAMPLE", PASSWORD).await), Code::Throttled);
    stage.pass(600);
    assert!(sign_in(&device, &email("Ana"), PASSWORD).await.is_ok());
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_waits_too() {
    let stage = Stage::open().await;
    let device = stage.guest().await;
    for n in 0..20 {
        assert_eq!(code(sign_in(&device, &email(&format!("a{n}")), "wrong").await), Code::WrongCredentials);
    }
    assert_eq!(code(sign_in(&device, &email("b"), "wrong").await), Code::Throttled);
}

#[tokio::test]
async fn behind_a_proxy_each_address_has_its_own_budget_if_the_proxy_is_trusted() {
    for (trust_proxy, expected) in [(true, Code::LinkUnknown), (false, Code::Throttled)] {
        let mut stage = Stage::open().await;
        stage.running.take().unwrap().shutdown().await.unwrap();
        stage.start(Config { trust_proxy, ..Config::on_free_ports(stage.folder.path()) }).await;
        let dana = stage.guest().await;
        let from = async |address: &str| {
            let join = Join::Code(JoinCode::draw());
            let request = stage.http.post(format!("{}{}", stage.origin(), paths::JOIN)).json(&join);
            let request = request.bearer_auth(&dana.token).header("x-forwarded-for", address);
            code(read::<JoinedView>(request.send().await.unwrap()).await)
        };
        for _ in 0..10 {
            from("198.51.100.1").await;
        }
        assert_eq!(from("198.51.100.1").await, Code::Throttled);
        assert_eq!(from("198.51.100.1, 203.0.113.5").await, expected);
    }
}

#[tokio::test]
async fn unknown_links_are_throttled_and_known_ones_are_not() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let url = ana.link(ana.creates("Dana", AssignTo::Myself).await).await.url;
    let mut last = (0, String::new());
    for _ in 0..61 {
        last = stage.page("/s/AAAAAAAAAAAAAAAAAAAAAA").await;
    }
    assert!(last.0 == 429 && last.1.contains("60 seconds"), "{last:?}");
    assert_eq!(stage.http.get(url).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn what_proves_nothing_is_counted_before_it_is_read() {
    let stage = Stage::open().await;
    for path in [paths::DEVICE_CHALLENGE, paths::DEVICE_SIGN_IN] {
        let post = async || {
            let post = stage.http.post(format!("{}{path}", stage.origin())).body("nothing");
            code(read::<()>(post.send().await.unwrap()).await)
        };
        for _ in 0..240 {
            assert_eq!(post().await, Code::BadRequest);
        }
        assert_eq!(post().await, Code::Throttled, "{path}");
    }
}
