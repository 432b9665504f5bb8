//! The page on which a person types a join code.

use beckon_domain::JoinCode;
use beckon_domain::session_request::StatusName;
use beckon_wire::Code;
use beckon_wire::request::{AgentAct, AssignTo};
use reqwest::Response;

use crate::cast::{Stage, text_of};
use crate::scenes::code;

async fn types(stage: &Stage, typed: &str) -> Response {
    is_sent(stage, typed, "same-origin").await
}

async fn is_sent(stage: &Stage, typed: &str, site: &str) -> Response {
    let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("code", typed).finish();
    let post = stage.http.post(format!("{}/join", stage.origin())).header("sec-fetch-site", site);
    post.header("content-type", "application/x-www-form-urlencoded").body(form).send().await.unwrap()
}

#[tokio::test]
async fn a_code_leads_to_the_page_of_its_request_however_it_is_typed() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let link = ana.link(id).await;
    let code = link.code.to_string();
    for typed in
        [code.clone(), code.to_lowercase(), code.replace('-', ""), format!(" {} ", code.replace('-', " "))]
    {
        let answer = types(&stage, &typed).await;
        assert_eq!(answer.status(), 303, "{typed}");
        let to = answer.headers()["location"].to_str().unwrap();
        assert_eq!(format!("{}{to}", stage.origin()), link.url);
    }
    assert_eq!(ana.sees(id).await.unwrap().status, StatusName::Open, "typing alone opens nothing");

    ana.acts(id, AgentAct::NewLink).await.unwrap();
    let old = types(&stage, &code).await;
    let page = stage.page(old.headers()["location"].to_str().unwrap()).await;
    assert!(page.0 == 410 && page.1.contains("There is a newer link"));
}

#[tokio::test]
async fn what_is_no_code_and_a_code_that_nobody_has_are_told_apart() {
    let stage = Stage::open().await;
    let (status, page) = stage.page("/join").await;
    assert!(status == 200 && page.contains("<label for=\"code\">Join code</label>"), "{page}");
    for typed in ["", "123 456 789", "<script>", "7Q4MX-2K9T", "7Q4MX-2K9TDD"] {
        for _ in 0..5 {
            let answer = types(&stage, typed).await;
            assert_eq!(answer.status(), 422, "{typed}: guesses nothing, and is not counted");
            let page = text_of(answer).await;
            assert!(page.contains("This is not a join code") && !page.contains("<script>alert"), "{page}");
        }
    }
    let answer = types(&stage, "7Q4MX-2K9TD").await;
    assert_eq!(answer.status(), 404);
    let page = text_of(answer).await;
    assert!(page.contains("We do not know this code") && page.contains("value=\"7Q4MX-2K9TD\""), "{page}");
    let german = stage.http.get(format!("{}/join", stage.origin())).header("accept-language", "de-AT");
    assert!(text_of(german.send().await.unwrap()).await.contains("Geben Sie Ihren Beitrittscode ein"));
}

#[tokio::test]
async fn after_ten_wrong_codes_an_address_waits_and_is_told_how_long() {
    let stage = Stage::open().await;
    let (ana, dana) = (stage.agent("Ana").await, stage.guest().await);
    let right = ana.code(ana.creates("Dana", AssignTo::Myself).await).await;
    for _ in 0..15 {
        assert_eq!(types(&stage, &right.to_string()).await.status(), 303, "right ones are not counted");
    }
    for _ in 0..10 {
        assert_eq!(types(&stage, &JoinCode::draw().to_string()).await.status(), 404);
    }
    stage.pass(61);
    let answer = types(&stage, &right.to_string()).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (429, "539"));
    let page = text_of(answer).await;
    assert!(page.contains("Too many wrong codes were typed. No code is taken for 9 min"), "{page}");
    assert!(page.contains("href=\"/join\""), "{page}");
    assert_eq!(code(dana.joins(&right).await), Code::Throttled, "one budget with those that clients send");
    stage.pass(539);
    assert_eq!(types(&stage, &right.to_string()).await.status(), 303);
}

#[tokio::test]
async fn another_sites_form_tries_no_codes() {
    let stage = Stage::open().await;
    for _ in 0..11 {
        assert_eq!(is_sent(&stage, "7Q4MX-2K9TD", "cross-site").await.status(), 403);
    }
    assert_eq!(types(&stage, "7Q4MX-2K9TD").await.status(), 404);
}

#[tokio::test]
async fn on_a_telephone_the_page_says_where_to_go_on_the_computer() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let url = ana.link(id).await.url;
    let page = async |agent: &str| {
        let get = stage.http.get(&url).header("user-agent", agent);
        text_of(get.send().await.unwrap()).await
    };
    let telephone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile";
    let address = format!("{}/join", stage.origin());
    assert!(page(telephone).await.contains(&address));
    let open = stage.http.post(format!("{url}/open")).header("sec-fetch-site", "same-origin");
    open.send().await.unwrap();
    let opened = page(telephone).await;
    assert!(opened.contains(&address) && !opened.contains("beckon:join"), "{opened}");
    let computer = page("Mozilla/5.0 (X11; Linux x86_64) Chrome/140").await;
    assert!(!computer.contains("on a telephone") && computer.contains("beckon:join"));
    assert!(computer.contains("Does another computer need help?") && computer.contains(&address));
}
