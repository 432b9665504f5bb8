//! The page that calls an ID or alias.

use beckon_domain::DeviceId;
use beckon_domain::link::{LONGEST, Target};
use beckon_service::admin;
use reqwest::{Response, StatusCode};

use crate::cast::{Stage, text_of};
use crate::neighbours::Neighbours;
use crate::user_agents::{LINUX, PHONE, WINDOWS};

async fn shows(stage: &Stage, named: &str, headers: &[(&str, &str)]) -> Response {
    let mut get = stage.http.get(format!("{}/c/{named}", stage.origin()));
    for (name, value) in headers {
        get = get.header(*name, *value);
    }
    get.send().await.unwrap()
}

async fn page(stage: &Stage, named: &str, headers: &[(&str, &str)]) -> String {
    let answer = shows(stage, named, headers).await;
    assert_eq!(answer.status(), 200, "{named}");
    text_of(answer).await
}

#[tokio::test]
async fn an_id_or_alias_becomes_a_link_that_calls_it() {
    let stage = Stage::open().await;
    for (named, shown, link) in [
        ("482119070", "482 119 070", "anydesk:482119070"),
        ("1%20234%20567%20890", "1 234 567 890", "anydesk:1234567890"),
        ("Ana.Lopez@acme", "Ana.Lopez@acme", "anydesk:Ana.Lopez@acme"),
        ("ana.lopez%40acme", "ana.lopez@acme", "anydesk:ana.lopez@acme"),
    ] {
        let page = page(&stage, named, &[]).await;
        assert!(page.contains(&format!("id=\"target\">{shown}</p>")), "{page}");
        assert!(page.contains(&format!("href=\"{link}\">Connect</a>")), "{page}");
        assert!(!page.contains("<script") && !page.contains("<form"), "a click is all it needs");
    }
    let german = page(&stage, "482119070", &[("accept-language", "de-AT,de;q=0.9")]).await;
    assert!(german.contains("lang=\"de\"") && german.contains("Mit diesem Gerät verbinden"), "{german}");
}

#[tokio::test]
async fn it_says_the_same_of_every_device_and_of_none() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let (offline, guest) = (stage.neighbour().await, stage.guest().await);
    let office = stage.office().await;
    for player in [ana, ben, &offline] {
        admin::adopt_device(&office, player.id).await.unwrap();
    }
    admin::set_namespace(&office, "acme").await.unwrap();
    ben.chooses_alias(Some("ben")).await.unwrap();
    let before = ben.changes("", 0).await;
    let says = async |named: &str| {
        let target = named.parse::<DeviceId>().map_or(named.to_owned(), DeviceId::grouped);
        let page = page(stage, named, &[]).await;
        page.replace(&format!("anydesk:{named}"), "LINK").replace(&target, "TARGET")
    };
    let unknown = says(&DeviceId::draw().to_string()).await;
    for known in [ana, ben, &offline, &guest] {
        assert_eq!(says(&known.id.to_string()).await, unknown);
    }
    assert_eq!(says("ben@acme").await, unknown);
    assert_eq!(says("nobody@elsewhere").await, unknown);
    assert_eq!(ben.changes("", 0).await, before, "looking at it calls nobody");
    let target = Target::Alias("ben@acme".parse().unwrap());
    assert_eq!(ana.looks_up(&[target]).await[0].device, Some(ben.id), "it was one to know");
}

#[tokio::test]
async fn what_is_neither_is_not_found_and_stays_inert() {
    let stage = Stage::open().await;
    for named in [
        "12345678",
        "0123456789",
        "12345678901",
        "12%2034%2056%20789",
        "ana",
        "an@acme",
        "-ana@acme",
        "--help",
        "482119070%3Fx=1",
        "%2F%2F482119070",
        "482119070%2F",
        "%25348%32119070",
        "482119070%0A",
        "482119070%00",
        "%FF%FE",
        "AnyDesk-abc12345_msi:482119070",
        "anydesk:482119070",
        "register-license",
        "javascript:alert(1)",
        "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "%E2%80%AE482119070",
        &"1".repeat(2_000),
    ] {
        let answer = shows(&stage, named, &[]).await;
        assert_eq!(answer.status(), 404, "{named}");
        let page = text_of(answer).await;
        assert!(page.contains("This is neither an ID nor an alias"), "{named}: {page}");
        assert!(!page.contains("href=\"anydesk:") && !page.contains("<script"), "{named}: {page}");
        let said = page.split("<code>").nth(1).and_then(|rest| rest.split("</code>").next()).unwrap();
        let said = said.strip_suffix('…').unwrap_or(said);
        assert!(said.is_ascii() && said.len() <= LONGEST, "{named}: {said}");
    }
    let german = shows(&stage, "12345678", &[("accept-language", "de")]).await;
    assert!(text_of(german).await.contains("Das ist weder eine ID noch ein Alias"));
    assert_eq!(stage.page("/c/").await.0, 404);
    assert_eq!(stage.page("/c/482119070/").await.0, 404);
}

#[tokio::test]
async fn it_offers_a_beckon_that_can_call_for_the_system_of_whoever_looks() {
    let stage = Stage::open().await;
    let none = page(&stage, "482119070", &[("user-agent", LINUX)]).await;
    assert!(none.contains("how to get it") && !none.contains("/download"), "{none}");

    let folder = stage.folder.path().join("downloads");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("Beckon-Assist_0.1.0_x64.exe"), "assist").unwrap();
    let assist = page(&stage, "482119070", &[("user-agent", WINDOWS)]).await;
    assert!(!assist.contains("data-kind") && assist.contains("href=\"/download\""), "{assist}");

    for name in ["Beckon_0.1.0_x64-setup.exe", "beckon_0.1.0_amd64.deb"] {
        std::fs::write(folder.join(name), name).unwrap();
    }
    for (agent, kind) in [(WINDOWS, "windows"), (LINUX, "linux-amd64")] {
        let page = page(&stage, "482119070", &[("user-agent", agent)]).await;
        assert!(page.contains(&format!("href=\"/download/{kind}\"")), "{page}");
        assert_eq!(page.matches("data-kind").count(), 1, "{page}");
        assert!(page.contains(stage.origin()) && page.contains("come back to this page"), "{page}");
    }
    let phone = page(&stage, "482119070", &[("user-agent", PHONE)]).await;
    assert!(phone.contains("You seem to be on a telephone") && !phone.contains("anydesk:"), "{phone}");
    assert!(phone.contains("Get it on the computer from which you want to connect"), "{phone}");
}

#[tokio::test]
async fn it_is_as_guarded_as_the_other_pages() {
    let stage = Stage::open().await;
    for named in ["482119070", "nothing"] {
        let answer = shows(&stage, named, &[]).await;
        let join = stage.http.get(format!("{}/join", stage.origin())).send().await.unwrap();
        for name in [
            "cache-control",
            "content-security-policy",
            "referrer-policy",
            "x-content-type-options",
            "x-frame-options",
            "x-robots-tag",
            "cross-origin-opener-policy",
        ] {
            let said = answer.headers().get(name);
            assert!(said.is_some() && said == join.headers().get(name), "{named}: {name}");
        }
        let post = stage.http.post(format!("{}/c/{named}", stage.origin())).send().await.unwrap();
        assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
}
