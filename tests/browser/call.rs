//! The page of an ID or alias, from which a click calls it.

use beckon_tests::chromium::Chromium;
use beckon_tests::step;

use crate::looks::ENTER;
use crate::scene::Scene;

const TAB: &str = "\u{e004}";

#[tokio::test(flavor = "multi_thread")]
async fn connect_is_allowed_by_the_pages_policy_with_and_without_scripts() {
    let scene = Scene::opens().await;
    for browser in [Chromium::opens().await, Chromium::opens_without_scripts().await] {
        for (target, shown) in [("482119070", "482 119 070"), ("ana.lopez@acme", "ana.lopez@acme")] {
            browser.visits(&scene.calls(target)).await;
            assert_eq!(browser.page.reads("#target").await, shown);
            browser.page.presses("Connect").await;
            step("Without Beckon nothing happens, and the page says how to get it");
            browser.page.sees("Ask Acme how to get it").await;
        }
        let complaints = browser.complaints().await;
        // That nobody here takes such links is no fault of the page.
        let unmeant = complaints.iter().filter(|line| !line.contains("registered handler"));
        assert_eq!(unmeant.collect::<Vec<_>>(), Vec::<&String>::new());
    }
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connect_is_the_first_that_the_keyboard_reaches() {
    let scene = Scene::opens().await;
    let browser = Chromium::opens_without_scripts().await;
    browser.visits(&scene.calls("482119070")).await;
    browser.page.types(TAB).await;
    browser.page.focus_reaches("Connect").await;
    browser.page.types(ENTER).await;
    browser.page.sees("Connect to this device").await;
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_neither_an_id_nor_an_alias_is_shown_and_does_nothing() {
    let scene = Scene::opens().await;
    let browser = Chromium::opens().await;
    for (named, shown) in [
        ("12345678", "12345678"),
        ("<img src=x onerror=alert(1)>", "%3Cimg%20src=x%20onerror=alert(1)%3E"),
        ("anydesk:482119070", "anydesk:482119070"),
    ] {
        browser.visits(&scene.calls(named)).await;
        browser.page.sees_in("h1", "This is neither an ID nor an alias").await;
        browser.page.sees(shown).await;
        browser.page.is_not_there("main a, main img").await;
    }
    scene.closes().await;
}
