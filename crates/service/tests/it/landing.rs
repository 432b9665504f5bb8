use beckon_domain::Act;
use beckon_domain::session_request::StatusName;
use beckon_wire::request::{AgentAct, AssignTo};
use beckon_wire::session::HostReport;
use reqwest::Method;

use crate::cast::{Stage, text_of};
use crate::scenes::eventually;

/// The path of a session link.
fn path(url: &str) -> String {
    url::Url::parse(url).unwrap().path().to_owned()
}

async fn opens(stage: &Stage, url: &str, headers: &[(&str, &str)]) -> u16 {
    let mut request = stage.http.post(format!("{url}/open"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().status().as_u16()
}

const OWN: [(&str, &str); 1] = [("sec-fetch-site", "same-origin")];

#[tokio::test]
async fn looking_changes_nothing_and_a_persons_post_opens() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let link = ana.link(id).await;
    let before = ana.sees(id).await.unwrap();
    for method in [Method::GET, Method::HEAD] {
        let response = stage.http.request(method.clone(), &link.url).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(!text_of(response).await.contains(&link.code.to_string()), "{method}");
    }
    assert_eq!(stage.http.get(format!("{}/open", link.url)).send().await.unwrap().status(), 405);
    assert_eq!(ana.sees(id).await.unwrap(), before);

    assert_eq!(opens(&stage, &link.url, &OWN).await, 303);
    assert_eq!(ana.sees(id).await.unwrap().status, StatusName::Waiting);
    let (status, page) = stage.page(&path(&link.url)).await;
    assert!(status == 200 && page.contains(&link.code.to_string()));
    assert_eq!(opens(&stage, &link.url, &OWN).await, 303, "again is the same");
    assert_eq!(ana.history(id).await.iter().filter(|entry| entry.act == Act::OpenLink).count(), 1);
}

#[tokio::test]
async fn opening_unknown_links_is_throttled_and_opening_known_ones_is_not() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let url = ana.link(ana.creates("Dana", AssignTo::Myself).await).await.url;
    let unknown = format!("{}/s/AAAAAAAAAAAAAAAAAAAAAA", stage.origin());
    for _ in 0..60 {
        assert_eq!(opens(&stage, &unknown, &OWN).await, 303);
    }
    assert_eq!(opens(&stage, &unknown, &OWN).await, 429);
    assert_eq!(opens(&stage, &url, &OWN).await, 303);
}

#[tokio::test]
async fn another_sites_form_opens_nothing() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let url = ana.link(id).await.url;
    for foreign in [
        [("sec-fetch-site", "cross-site"), ("origin", "null")],
        [("sec-fetch-site", "same-site"), ("origin", "null")],
        [("origin", "https://evil.example"), ("x", "y")],
    ] {
        assert_eq!(opens(&stage, &url, &foreign).await, 403, "{foreign:?}");
    }
    assert_eq!(ana.sees(id).await.unwrap().status, StatusName::Open);
    assert_eq!(opens(&stage, &url, &[("origin", "null")]).await, 303, "a browser without Sec-Fetch-Site");
}

#[tokio::test]
async fn every_state_has_its_page() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Eve", AssignTo::Unassigned).await;
    let link = ana.link(id).await;
    let shows = async |status: u16, state: &str, words: &str| {
        let (is, page) = stage.page(&path(&link.url)).await;
        assert!(page.contains(&format!("data-state=\"{state}\"")) && page.contains(words), "{state}: {page}");
        assert_eq!(is, status, "{state}");
        page
    };
    let page = shows(200, "fresh", "An agent of Acme would like to help you").await;
    assert!(page.contains("datetime=\"2027-01-16T08:00:00Z\""));
    ana.acts(id, AgentAct::Claim).await.unwrap();
    shows(200, "fresh", "Ana from Acme would like to help you").await;
    opens(&stage, &link.url, &OWN).await;
    shows(200, "opened", "Your join code").await;

    let eve = stage.guest().await;
    let _eves_push = eve.opens_push().await;
    let joined = eve.joins(&link.code).await.unwrap();
    shows(200, "joined", "A computer has joined").await;
    eve.allows(&joined).await.unwrap();
    shows(200, "ready", "Ana from Acme can connect now").await;
    let session = ana.connects(id).await.unwrap();
    eve.answers(id, session).await.unwrap();
    eve.reports(session, HostReport::Connected).await.unwrap();
    let page = shows(200, "connected", "You are connected").await;
    assert!(!page.contains("<time"), "a running session is never cut: {page}");
    assert!(page.contains(&format!("code={}\"", link.code)), "whoever closed the window comes back: {page}");
    ana.acts(id, AgentAct::EndAndClose { comment: None }).await.unwrap();
    let page = shows(410, "closed", "This request is closed").await;
    assert!(!page.contains("<time") && !page.contains(&link.code.to_string()));
    assert_eq!(opens(&stage, &link.url, &OWN).await, 303);
    shows(410, "closed", "This request is closed").await;
    ana.acts(id, AgentAct::Reopen).await.unwrap();
    shows(410, "replaced", "There is a newer link").await;
    assert_eq!(opens(&stage, &link.url, &OWN).await, 303);
    assert_eq!(ana.sees(id).await.unwrap().status, StatusName::Open, "a dead link opens nothing");
}

#[tokio::test]
async fn time_runs_out_for_a_link_too() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let url = ana.link(id).await.url;
    stage.pass(24 * 60 * 60);
    let (status, page) = stage.page(&path(&url)).await;
    assert!(status == 410 && page.contains("This link has expired"));
    assert!(page.contains("It worked until") && page.contains("2027-01-16T08:00:00Z"), "{page}");
    let ana = ana.back(&stage).await;
    eventually(async || (ana.sees(id).await?.status == StatusName::Expired).then_some(())).await;
    assert_eq!(ana.history(id).await.last().unwrap().act, Act::Expire);
}

#[tokio::test]
async fn where_nothing_is_a_person_finds_a_page_and_a_program_its_code() {
    let stage = Stage::open().await;
    for path in ["/s/", "/s/AAAAAAAAAAAAAAAAAAAAAA/more", "/join/", "/nowhere", "/download/nothing"] {
        let (status, page) = stage.page(path).await;
        assert!(status == 404 && page.contains("<h1>There is nothing here</h1>"), "{path}: {page}");
    }
    for path in ["/api/v1/nothing", "/api/v2/service"] {
        let (status, json) = stage.page(path).await;
        assert!(status == 404 && json.contains("\"code\":\"not_found\""), "{path}: {json}");
    }
}

#[tokio::test]
async fn what_was_never_a_link_is_unknown() {
    let stage = Stage::open().await;
    for token in ["AAAAAAAAAAAAAAAAAAAAAA", "short", "%2e%2e%2f", "%3Cscript%3E"] {
        let (status, page) = stage.page(&format!("/s/{token}")).await;
        assert_eq!(status, 404, "{token}");
        assert!(page.contains("We do not know this link") && !page.contains("<script>"), "{token}");
    }
}

#[tokio::test]
async fn pages_are_locked_down_and_text_stays_text() {
    let stage = Stage::open().await;
    let ana = stage.agent("<b>Ana</b>").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let response = stage.http.get(ana.link(id).await.url).send().await.unwrap();
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    let policy = header("content-security-policy");
    for part in [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("x-robots-tag").contains("noindex"));
    let page = text_of(response).await;
    assert!(!page.contains("<b>Ana") && page.contains("&#60;b&#62;Ana"));
    for asset in ["/assets/page.css", "/assets/page.js", "/assets/mark.svg"] {
        assert_eq!(stage.page(asset).await.0, 200);
    }
    let (status, home) = stage.page("/").await;
    assert!(status == 200 && home.contains("Acme"));
}
