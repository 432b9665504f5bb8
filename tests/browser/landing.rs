//! What opens a session link, and what does not.

use beckon_domain::session_request::StatusName;
use beckon_tests::chromium::Chromium;
use beckon_tests::step;
use serde_json::json;

use crate::looks::ENTER;
use crate::scene::Scene;

const TAB: &str = "\u{e004}";

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_a_link_changes_nothing() {
    let scene = Scene::opens().await;
    let (request, url) = scene.fresh().await;
    let browser = Chromium::opens().await;

    step("Another page lets the browser fetch it in advance");
    browser.visits("data:text/html,<title>Somebody's mail</title>").await;
    let link = "const [url, done] = arguments;
        const link = Object.assign(document.createElement('link'), { rel: 'prefetch', href: url });
        link.onload = () => done('fetched'); link.onerror = () => done('refused'); document.head.append(link)";
    let fetched = browser.page.driver.execute_async(link, vec![url.clone().into()]).await.unwrap();
    assert_eq!(fetched, "fetched");

    step("A preview shows it, and nobody touches it");
    browser.visits(&url).await;
    browser.page.sees("Ana from Acme would like to help you").await;
    browser.page.evaluates("document.body.click()").await.unwrap();

    step("It is as it was");
    browser.visits(&url).await;
    browser.page.sees("What will happen").await;
    assert_eq!(scene.ana.client.get_request(request).unwrap().status, StatusName::Open);
    assert_eq!(browser.complaints().await, quiet());
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_opens_it_with_the_first_touch() {
    let scene = Scene::opens().await;
    let browser = Chromium::opens().await;
    for touch in ["pointer", "key", "wheel", "finger"] {
        step(&format!("With a {touch}"));
        let (request, url) = scene.fresh().await;
        // Small enough to be scrolled.
        browser.is_sized(360, 480, 1).await;
        browser.visits(&url).await;
        browser.page.sees("Continue").await;
        let at = json!({ "x": 100, "y": 100 });
        match touch {
            "pointer" => browser.page.points_at(100.0, 100.0).await,
            "key" => browser.page.types(" ").await,
            "wheel" => {
                let wheel = json!({ "type": "mouseWheel", "x": 100, "y": 100, "deltaX": 0, "deltaY": 120 });
                browser.tells("Input.dispatchMouseEvent", wheel).await;
            }
            _ => {
                let finger = json!({ "type": "touchStart", "touchPoints": [at] });
                browser.tells("Input.dispatchTouchEvent", finger).await;
                let lifted = json!({ "type": "touchEnd", "touchPoints": [] });
                browser.tells("Input.dispatchTouchEvent", lifted).await;
            }
        }
        browser.page.sees("Your join code").await;
        let link = scene.ana.client.request_link(request).await.unwrap();
        assert_eq!(browser.page.reads("#join-code").await, link.code.to_string());
        scene.ana.sees_request(request, StatusName::Waiting).await;
    }
    assert_eq!(browser.complaints().await, quiet());
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_continue_opens_it() {
    let scene = Scene::opens().await;
    let (request, url) = scene.fresh().await;
    let browser = Chromium::opens_without_scripts().await;
    browser.visits(&url).await;
    browser.page.points_at(100.0, 100.0).await;
    browser.page.sees("What will happen").await;
    browser.page.presses("Continue").await;
    browser.page.sees("Your join code").await;
    scene.ana.sees_request(request, StatusName::Waiting).await;

    step("The time is there without scripts too, and says its zone");
    let until = browser.page.reads("time").await;
    assert!(until.ends_with("(UTC)"), "{until}");
    assert_eq!(browser.complaints().await, quiet());
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_alone_is_enough() {
    let scene = Scene::opens().await;
    let (_, url) = scene.fresh().await;
    let browser = Chromium::opens_without_scripts().await;
    browser.visits(&url).await;
    browser.page.types(TAB).await;
    browser.page.focus_reaches("Continue").await;
    browser.page.types(ENTER).await;
    browser.page.sees("Your join code").await;
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_link_ends_a_touch_changes_nothing() {
    let scene = Scene::opens().await;
    let browser = Chromium::opens().await;
    for (url, heading) in [
        (scene.joined().await.1, "A computer has joined"),
        (scene.closed().await, "This request is closed"),
        (scene.replaced().await, "There is a newer link"),
        (format!("{}/s/<script>", scene.acme.origin()), "We do not know this link"),
    ] {
        browser.visits(&url).await;
        browser.page.points_at(100.0, 100.0).await;
        browser.visits(&url).await;
        browser.page.sees_in("h1", heading).await;
    }
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_to_the_page_sees_what_has_happened_meanwhile() {
    let scene = Scene::opens().await;
    let (request, url) = scene.opened().await;
    let browser = Chromium::opens().await;
    browser.visits(&url).await;
    browser.page.sees("Your join code").await;
    let code = scene.ana.client.request_link(request).await.unwrap().code.to_string();
    scene.dana.joins(&code).await.unwrap();
    browser.page.evaluates("document.dispatchEvent(new Event('visibilitychange'))").await.unwrap();
    browser.page.sees_in("h1", "A computer has joined").await;
    scene.dana.allows().await.unwrap();
    scene.ana.sees_request(request, StatusName::Ready).await;
    browser.page.evaluates("document.dispatchEvent(new Event('visibilitychange'))").await.unwrap();
    browser.page.sees_in("h1", "Access is allowed").await;
    assert_eq!(browser.complaints().await, quiet());
    scene.closes().await;
}

fn quiet() -> Vec<String> {
    Vec::new()
}
