use std::path::PathBuf;

use beckon_domain::assist::Assist;
use beckon_domain::session_request::StatusName;
use beckon_service::Config;
use beckon_wire::request::{AgentAct, AssignTo};
use data_encoding::HEXLOWER;
use reqwest::{Method, RequestBuilder, Response};
use sha2::{Digest, Sha256};

use crate::cast::{Stage, text_of};
use crate::user_agents::{LINUX, MAC, PHONE, WINDOWS};

const PACKAGES: [&str; 6] = [
    "beckon_0.1.0_amd64.deb",
    "beckon_0.1.0_arm64.deb",
    "Beckon_0.1.0_x64-setup.exe",
    "Beckon-Assist_0.1.0_x64.exe",
    "Beckon_0.1.0_aarch64.dmg",
    "Beckon_0.1.0_x64.dmg",
];

/// The service's downloads folder, filled by its administrator.
fn has(stage: &Stage, names: &[&str]) {
    for name in names {
        holds(stage, name, &content(name));
    }
}

fn holds(stage: &Stage, name: &str, bytes: &[u8]) {
    std::fs::create_dir_all(folder(stage)).unwrap();
    std::fs::write(folder(stage).join(name), bytes).unwrap();
}

fn folder(stage: &Stage) -> PathBuf {
    stage.folder.path().join("downloads")
}

fn content(name: &str) -> Vec<u8> {
    name.repeat(10_000).into_bytes()
}

fn sum(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

fn get(stage: &Stage, path: &str) -> RequestBuilder {
    stage.http.get(format!("{}{path}", stage.origin()))
}

async fn page_for(agent: &str, request: RequestBuilder) -> String {
    text_of(request.header("user-agent", agent).send().await.unwrap()).await
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// Which kinds a page offers, in its order.
fn offered(page: &str) -> Vec<&str> {
    page.split("data-kind=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// A link that somebody opened, and its path.
async fn opened(stage: &Stage) -> (crate::cast::Player, beckon_domain::RequestId, String) {
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let url = ana.link(id).await.url;
    let open = stage.http.post(format!("{url}/open")).header("sec-fetch-site", "same-origin");
    assert_eq!(open.send().await.unwrap().status(), 303);
    let path = url::Url::parse(&url).unwrap().path().to_owned();
    (ana, id, path)
}

#[tokio::test]
async fn each_system_is_offered_what_runs_on_it() {
    let stage = Stage::open().await;
    has(&stage, &PACKAGES);
    let (_, _, path) = opened(&stage).await;
    for (agent, kinds) in [
        (WINDOWS, &["assist"][..]),
        (MAC, &["mac-apple", "mac-intel"]),
        (LINUX, &["linux-amd64"]),
        (PHONE, &[]),
        ("curl/8.5.0", &[]),
    ] {
        let page = page_for(agent, get(&stage, &path)).await;
        assert_eq!(offered(&page), kinds, "{agent}");
        assert!(page.contains("href=\"/download\"") && !page.contains("Ask Acme how to get it"), "{agent}");
    }
    let all = page_for(PHONE, get(&stage, "/download")).await;
    assert_eq!(offered(&all), ["windows", "assist", "mac-apple", "mac-intel", "linux-amd64", "linux-arm64"]);
    for name in PACKAGES {
        assert!(all.contains(&format!("<code>{}</code>", sum(&content(name)))), "{name}");
    }
    assert_eq!(all.matches("Version 0.1.0, 1 MB").count(), 6);
}

#[tokio::test]
async fn without_assist_windows_gets_the_installer_and_without_both_the_page_says_whom_to_ask() {
    let stage = Stage::open().await;
    let (_, _, path) = opened(&stage).await;
    let none = page_for(WINDOWS, get(&stage, &path)).await;
    assert!(offered(&none).is_empty() && none.contains("Ask Acme how to get it"), "{none}");
    assert!(!none.contains("href=\"/download"), "{none}");
    let (status, all) = stage.page("/download").await;
    assert!(status == 200 && all.contains("No downloads here"));

    has(&stage, &["beckon_0.1.0_amd64.deb"]);
    let other = page_for(WINDOWS, get(&stage, &path)).await;
    assert!(offered(&other).is_empty() && other.contains("href=\"/download\""), "{other}");
    assert!(other.contains("Ask Acme how to get it"), "{other}");
    has(&stage, &["Beckon_0.1.0_x64-setup.exe"]);
    assert_eq!(offered(&page_for(WINDOWS, get(&stage, &path)).await), ["windows"]);
}

#[tokio::test]
async fn a_package_comes_whole_with_its_name_and_type() {
    let stage = Stage::open().await;
    has(&stage, &PACKAGES);
    for (kind, name, media_type) in [
        ("linux-amd64", "beckon_0.1.0_amd64.deb", "application/vnd.debian.binary-package"),
        ("windows", "Beckon_0.1.0_x64-setup.exe", "application/vnd.microsoft.portable-executable"),
        ("assist", "Beckon-Assist_0.1.0_x64.exe", "application/vnd.microsoft.portable-executable"),
        ("mac-apple", "Beckon_0.1.0_aarch64.dmg", "application/x-apple-diskimage"),
    ] {
        let response = get(&stage, &format!("/download/{kind}")).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "content-type"), media_type);
        assert_eq!(header(&response, "content-disposition"), format!("attachment; filename=\"{name}\""));
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert_eq!(header(&response, "cache-control"), "no-cache");
        assert_eq!(response.bytes().await.unwrap(), content(name));
    }
    let head = stage.http.head(format!("{}/download/windows", stage.origin())).send().await.unwrap();
    assert_eq!(header(&head, "content-length"), content("Beckon_0.1.0_x64-setup.exe").len().to_string());
}

#[tokio::test]
async fn a_part_can_be_asked_for_and_half_of_a_replaced_file_is_not_completed_with_the_other() {
    let stage = Stage::open().await;
    has(&stage, &["beckon_0.1.0_amd64.deb"]);
    let whole = content("beckon_0.1.0_amd64.deb");
    let part = |range: &str| get(&stage, "/download/linux-amd64").header("range", range);
    let response = part("bytes=100-199").send().await.unwrap();
    assert_eq!((response.status().as_u16(), header(&response, "accept-ranges")), (206, "bytes"));
    assert_eq!(header(&response, "content-range"), format!("bytes 100-199/{}", whole.len()));
    let mark = header(&response, "etag").to_owned();
    assert_eq!(response.bytes().await.unwrap(), whole[100..200]);
    assert_eq!(part("bytes=99999999-").send().await.unwrap().status(), 416);

    let on = async || part("bytes=100-").header("if-range", &mark).send().await.unwrap();
    assert_eq!(on().await.status(), 206);
    holds(&stage, "beckon_0.1.0_amd64.deb", b"another build");
    let response = on().await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.bytes().await.unwrap(), "another build");
    let kept = get(&stage, "/download/linux-amd64").header("if-none-match", &mark).send().await.unwrap();
    assert_eq!(kept.status(), 200);
}

#[tokio::test]
async fn a_replaced_file_is_noticed_and_so_is_a_newer_one() {
    let stage = Stage::open().await;
    has(&stage, &["beckon_0.1.0_amd64.deb"]);
    let shows = async |bytes: &[u8]| page_for(LINUX, get(&stage, "/download")).await.contains(&sum(bytes));
    assert!(shows(&content("beckon_0.1.0_amd64.deb")).await);
    // A list of sums beside it is nobody's word.
    holds(&stage, "SHA256SUMS", format!("{}  beckon_0.1.0_amd64.deb", sum(b"lies")).as_bytes());
    holds(&stage, "beckon_0.1.0_amd64.deb", b"another build");
    assert!(shows(b"another build").await && !shows(b"lies").await);
    holds(&stage, "beckon_0.10.0_amd64.deb", b"ten");
    holds(&stage, "beckon_0.9.0_amd64.deb", b"nine");
    assert!(shows(b"ten").await && !shows(b"nine").await);
    let got = get(&stage, "/download/linux-amd64").send().await.unwrap();
    assert!(header(&got, "content-disposition").contains("beckon_0.10.0_amd64.deb"));
    assert_eq!(got.bytes().await.unwrap(), "ten");
    std::fs::remove_dir_all(folder(&stage)).unwrap();
    let gone = get(&stage, "/download/linux-amd64").send().await.unwrap();
    assert_eq!(gone.status(), 404);
    assert!(text_of(gone).await.contains("This package is not here"));
}

#[tokio::test]
async fn nothing_else_is_handed_out() {
    let stage = Stage::open().await;
    has(&stage, &["beckon_0.1.0_amd64.deb", "SHA256SUMS", "notes.txt", "beckon_0.1.0_amd64.deb.part"]);
    for path in [
        "/download/SHA256SUMS",
        "/download/notes.txt",
        "/download/beckon_0.1.0_amd64.deb",
        "/download/..%2fmaster.key",
        "/download/../../master.key",
        "/download/%2e%2e/master.key",
        "/download/linux-amd64%00",
        "/download/linux-amd64/",
        "/download/",
        "/downloads/linux-amd64",
    ] {
        // As it is written: a client's library would tidy it up.
        let status = raw_status(&stage, path).await;
        assert_eq!(status, 404, "{path}");
    }
    let post = stage.http.post(format!("{}/download/linux-amd64", stage.origin())).send().await.unwrap();
    assert_eq!(post.status(), 405);
}

async fn raw_status(stage: &Stage, path: &str) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(stage.running().address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap().parse().unwrap()
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_out_of_the_folder_is_not_followed() {
    let stage = Stage::open().await;
    std::fs::create_dir_all(folder(&stage)).unwrap();
    let key = stage.folder.path().join("master.key");
    std::os::unix::fs::symlink(&key, folder(&stage).join("beckon_9.0.0_amd64.deb")).unwrap();
    assert_eq!(get(&stage, "/download/linux-amd64").send().await.unwrap().status(), 404);
    assert!(stage.page("/download").await.1.contains("No downloads here"));
    has(&stage, &["beckon_0.1.0_amd64.deb"]);
    let got = get(&stage, "/download/linux-amd64").send().await.unwrap();
    assert_eq!(got.bytes().await.unwrap(), content("beckon_0.1.0_amd64.deb"));
}

#[tokio::test]
async fn assist_carries_service_and_code_in_its_name_and_is_otherwise_as_it_is() {
    let mut stage = Stage::open().await;
    stage.running.take().unwrap().shutdown().await.unwrap();
    let public_url = Some("https://support.acme.com".parse().unwrap());
    stage.start(Config { public_url, ..Config::on_free_ports(stage.folder.path()) }).await;
    let address = format!("http://{}", stage.running().address);
    stage.running.as_mut().unwrap().origin = address;
    has(&stage, &PACKAGES);
    let (ana, id, path) = opened_at(&stage).await;
    let before = ana.history(id).await.len();
    let page = page_for(WINDOWS, get(&stage, &path)).await;
    assert!(page.contains(&format!("href=\"{path}/assist\"")), "{page}");
    assert!(page.contains(&sum(&content("Beckon-Assist_0.1.0_x64.exe"))));
    assert!(page.contains("its name carries your join code"));

    let code = ana.code(id).await;
    for method in [Method::HEAD, Method::GET, Method::GET] {
        let url = format!("{}{path}/assist", stage.origin());
        let response = stage.http.request(method.clone(), url).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "cache-control"), "no-store");
        let saved = header(&response, "content-disposition").to_owned();
        let name = saved.strip_prefix("attachment; filename=\"").unwrap().strip_suffix('"').unwrap();
        assert_eq!(name, format!("Beckon Assist (support.acme.com {code}).exe"));
        let service = "https://support.acme.com".parse().unwrap();
        assert_eq!(Assist::from_file_name(name), Some(Assist::Told { service, code: code.clone() }));
        if method == Method::GET {
            assert_eq!(response.bytes().await.unwrap(), content("Beckon-Assist_0.1.0_x64.exe"));
        }
    }
    assert_eq!(ana.history(id).await.len(), before, "a download is no act");
    assert_eq!(ana.sees(id).await.unwrap().status, StatusName::Waiting);
    let eve = stage.guest().await;
    eve.joins(&code).await.unwrap();
    let page = page_for(WINDOWS, get(&stage, &path)).await;
    assert!(page.contains("data-state=\"joined\"") && page.contains(&format!("{path}/assist")), "{page}");
}

/// As [`opened`], where the links lead to an address that only others reach.
async fn opened_at(stage: &Stage) -> (crate::cast::Player, beckon_domain::RequestId, String) {
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let path = url::Url::parse(&ana.link(id).await.url).unwrap().path().to_owned();
    let open = stage.http.post(format!("{}{path}/open", stage.origin()));
    assert_eq!(open.header("sec-fetch-site", "same-origin").send().await.unwrap().status(), 303);
    (ana, id, path)
}

#[tokio::test]
async fn a_link_through_which_nobody_joins_offers_neither_assist_nor_beckon() {
    let stage = Stage::open().await;
    has(&stage, &PACKAGES);
    let ana = stage.agent("Ana").await;
    let fresh = ana.creates("Dana", AssignTo::Myself).await;
    let closed = ana.creates("Dana", AssignTo::Myself).await;
    let replaced = ana.creates("Dana", AssignTo::Myself).await;
    let mut urls = Vec::new();
    for id in [fresh, closed, replaced] {
        urls.push(ana.link(id).await.url);
    }
    urls.push(format!("{}/s/AAAAAAAAAAAAAAAAAAAAAA", stage.origin()));
    ana.acts(closed, AgentAct::Close).await.unwrap();
    ana.acts(replaced, AgentAct::NewLink).await.unwrap();
    for url in urls {
        let page = page_for(WINDOWS, stage.http.get(&url)).await;
        assert!(!page.contains("assist") && !page.contains("beckon:"), "{page}");
        let asked = stage.http.get(format!("{url}/assist")).send().await.unwrap();
        assert_eq!(asked.status(), 303, "{url}");
        assert!(url.ends_with(header(&asked, "location")), "{url}");
    }
    assert_eq!(ana.sees(fresh).await.unwrap().status, StatusName::Open, "asking for it opens no link");
}

#[tokio::test]
async fn open_beckon_is_a_link_that_names_service_and_code() {
    let stage = Stage::open().await;
    let (ana, id, path) = opened(&stage).await;
    let (_, page) = stage.page(&path).await;
    let code = ana.code(id).await;
    let link = format!("href=\"beckon:join?service={}&#38;code={code}\"", stage.origin());
    assert!(page.contains(&link), "{page}");
    stage.guest().await.joins(&code).await.unwrap();
    let (_, page) = stage.page(&path).await;
    assert!(page.contains("data-state=\"joined\"") && page.contains(&link), "{page}");
}

#[tokio::test]
async fn a_service_that_no_client_would_be_sent_to_shows_the_code_alone() {
    let mut stage = Stage::open().await;
    stage.running.take().unwrap().shutdown().await.unwrap();
    let public_url = Some("http://support.acme.com".parse().unwrap());
    stage.start(Config { public_url, ..Config::on_free_ports(stage.folder.path()) }).await;
    let address = format!("http://{}", stage.running().address);
    stage.running.as_mut().unwrap().origin = address;
    has(&stage, &PACKAGES);
    let (ana, id, path) = opened_at(&stage).await;
    let page = page_for(WINDOWS, get(&stage, &path)).await;
    assert!(page.contains(&ana.code(id).await.to_string()) && !page.contains("beckon:"), "{page}");
    assert!(page.contains("type the join code") && !page.contains("carries your join code"), "{page}");
    let assist = get(&stage, &format!("{path}/assist")).send().await.unwrap();
    assert_eq!(header(&assist, "content-disposition"), "attachment; filename=\"Beckon Assist.exe\"");
}

#[tokio::test]
async fn downloads_are_throttled_for_each_address() {
    let stage = Stage::open().await;
    has(&stage, &["beckon_0.1.0_amd64.deb", "Beckon-Assist_0.1.0_x64.exe"]);
    let (_, _, path) = opened(&stage).await;
    let assist = format!("{path}/assist");
    for path in ["/download", "/download/linux-amd64", &assist].into_iter().cycle().take(120) {
        assert_eq!(get(&stage, path).send().await.unwrap().status(), 200, "{path}");
    }
    for path in ["/download", "/download/linux-amd64", &assist] {
        let response = get(&stage, path).send().await.unwrap();
        assert_eq!((response.status().as_u16(), header(&response, "retry-after")), (429, "60"), "{path}");
        assert!(text_of(response).await.contains("Try again in 60 seconds"), "{path}");
    }
    assert_eq!(stage.page(&path).await.0, 200, "the link's own page is not held up");
    stage.pass(60);
    assert_eq!(get(&stage, "/download").send().await.unwrap().status(), 200);
    let mut last = 0;
    for _ in 0..61 {
        last = get(&stage, "/s/AAAAAAAAAAAAAAAAAAAAAA/assist").send().await.unwrap().status().as_u16();
    }
    assert_eq!(last, 429, "guessing links costs what it costs on their pages");
}
