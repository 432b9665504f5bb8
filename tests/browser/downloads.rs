//! How a recipient gets Beckon, in a real browser.

use beckon_tests::chromium::Chromium;
use beckon_tests::stage::until;
use beckon_tests::step;
use serde_json::json;

use crate::looks::{LINUX, MAC, PHONE, WINDOWS};
use crate::scene::Scene;

pub const PACKAGES: [&str; 6] = [
    "beckon_0.1.0_amd64.deb",
    "beckon_0.1.0_arm64.deb",
    "Beckon_0.1.0_x64-setup.exe",
    "Beckon-Assist_0.1.0_x64.exe",
    "Beckon_0.1.0_aarch64.dmg",
    "Beckon_0.1.0_x64.dmg",
];

#[tokio::test(flavor = "multi_thread")]
async fn on_windows_assist_arrives_under_a_name_with_the_code() {
    let scene = Scene::opens().await;
    scene.hands_out(&PACKAGES);
    let (request, url) = scene.opened().await;
    let browser = Chromium::opens_without_scripts().await;
    let arrived = tempfile::tempdir().unwrap();
    let here = json!({ "behavior": "allow", "downloadPath": arrived.path() });
    browser.tells("Browser.setDownloadBehavior", here).await;
    browser.says_it_is(WINDOWS).await;
    browser.visits(&url).await;
    browser.page.sees("Download Beckon Assist for Windows").await;
    browser.page.presses_at("[data-kind=assist] .button").await;

    let code = scene.ana.client.request_link(request).await.unwrap().code;
    let host = scene.acme.origin().trim_start_matches("http://").replace(':', "_");
    let file = arrived.path().join(format!("Beckon Assist ({host} {code}).exe"));
    until("the whole file", async || {
        let bytes = std::fs::read(&file).ok()?;
        (bytes == "Beckon-Assist_0.1.0_x64.exe".repeat(500_000).as_bytes()).then_some(())
    })
    .await;
    browser.page.sees("Your join code").await;
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_system_reads_what_to_do_on_it() {
    let scene = Scene::opens().await;
    scene.hands_out(&PACKAGES);
    let (_, url) = scene.opened().await;
    let browser = Chromium::opens_without_scripts().await;
    for (agent, words) in [
        (WINDOWS, "its name carries your join code"),
        (MAC, "Beckon for Mac (Apple chip)"),
        (LINUX, "sudo apt install ./beckon_0.1.0_amd64.deb"),
        (PHONE, "Get it on the computer that needs help."),
    ] {
        step(agent);
        browser.says_it_is(agent).await;
        browser.visits(&url).await;
        browser.page.sees(words).await;
    }
    browser.page.presses("All downloads").await;
    browser.page.sees("Choose the system of the computer").await;
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn open_beckon_is_allowed_by_the_pages_policy() {
    let scene = Scene::opens().await;
    let (_, url) = scene.opened().await;
    for browser in [Chromium::opens().await, Chromium::opens_without_scripts().await] {
        browser.visits(&url).await;
        browser.page.presses("Open Beckon").await;
        step("Without Beckon nothing happens, and the page stays");
        browser.page.sees("Your join code").await;
        browser.page.sees("Ask Acme how to get it").await;
        let complaints = browser.complaints().await;
        // That nobody here takes such links is no fault of the page.
        let unmeant = complaints.iter().filter(|line| !line.contains("registered handler"));
        assert_eq!(unmeant.collect::<Vec<_>>(), Vec::<&String>::new());
    }
    scene.closes().await;
}
