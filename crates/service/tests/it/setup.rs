use beckon_wire::account::{AccountView, SignIn};
use beckon_wire::paths;

use crate::cast::{PASSWORD, Stage, text_of};

async fn fills(stage: &Stage, link: &str, fields: [(&str, &str); 4]) -> (u16, String) {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = stage.http.post(link).header("content-type", "application/x-www-form-urlencoded");
    let response = request.header("sec-fetch-site", "same-origin").body(form).send().await.unwrap();
    (response.status().as_u16(), text_of(response).await)
}

const OLGA: [(&str, &str); 4] = [
    ("organisation", "Acme Support"),
    ("name", "Olga"),
    ("email", "olga@acme.example"),
    ("password", PASSWORD),
];

#[tokio::test]
async fn the_setup_link_makes_the_first_owner_once() {
    let stage = Stage::open().await;
    let link = stage.running().setup_link.clone().unwrap();
    let form = text_of(stage.http.get(&link).send().await.unwrap()).await;
    assert!(form.contains("Set up your Beckon service"));
    let (status, done) = fills(&stage, &link, OLGA).await;
    assert!(
        status == 200 && done.contains("Acme Support is ready") && done.contains(stage.origin()),
        "{done}"
    );
    assert!(!done.contains(PASSWORD));

    let device = stage.guest().await;
    let sign_in = SignIn::Password { email: "olga@acme.example".to_owned(), password: PASSWORD.to_owned() };
    let owner: AccountView = device.post(paths::ACCOUNT_SIGN_IN, &sign_in).await.unwrap();
    assert_eq!(owner.role, beckon_domain::Role::Owner);
    assert_eq!(fills(&stage, &link, OLGA).await.0, 404, "once");
    assert_eq!(stage.http.get(&link).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn what_is_wrong_is_marked_and_the_rest_is_kept_but_the_password() {
    let stage = Stage::open().await;
    let link = stage.running().setup_link.clone().unwrap();
    let fields =
        [("organisation", "Acme \"quoted\""), ("name", " "), ("email", "nowhere"), ("password", "too short")];
    let (status, page) = fills(&stage, &link, fields).await;
    assert_eq!(status, 422);
    for words in ["Please fill this in.", "This is not an email address.", "At least 10 characters."] {
        assert!(page.contains(words), "{words}");
    }
    assert!(
        page.contains("Acme &#34;quoted&#34;") && page.contains("nowhere") && !page.contains("too short")
    );
    assert_eq!(page.matches("aria-invalid").count(), 3);
    assert_eq!(fills(&stage, &link, OLGA).await.0, 200);
}

#[tokio::test]
async fn a_wrong_setup_link_is_dead_and_there_is_none_once_there_is_an_owner() {
    let mut stage = Stage::open().await;
    assert_eq!(stage.page("/setup/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.0, 404);
    let wrong = format!("{}/setup/AAAA", stage.origin());
    assert_eq!(fills(&stage, &wrong, OLGA).await.0, 404);
    stage.account("Olga", beckon_domain::Role::Owner).await;
    let link = stage.running().setup_link.clone().unwrap();
    assert_eq!(fills(&stage, &link, OLGA).await.0, 404, "the command line was first");
    stage.restart().await;
    assert_eq!(stage.running().setup_link, None);
}

#[tokio::test]
async fn another_sites_form_makes_no_owner() {
    let stage = Stage::open().await;
    let link = stage.running().setup_link.clone().unwrap();
    let request = stage.http.post(&link).header("sec-fetch-site", "cross-site");
    let request = request.header("content-type", "application/x-www-form-urlencoded").body("name=Eve");
    assert_eq!(request.send().await.unwrap().status(), 403);
}
