//! The pages for everyone's eyes: checked with axe, in light and dark, on a phone, and at twice the size.

use beckon_tests::chromium::Chromium;
use beckon_tests::page::ui_package;
use beckon_tests::step;
use serde_json::Value;

use crate::downloads::PACKAGES;
use crate::scene::Scene;

pub const WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0";
pub const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15";
pub const LINUX: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0";
pub const PHONE: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile";

/// Width, height, pixels for each of the page's.
const SIZES: [(&str, u32, u32, u32); 3] =
    [("a desk", 1280, 800, 1), ("a phone", 360, 640, 2), ("twice the size", 640, 400, 2)];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_can_be_read_by_everyone() {
    let axe =
        std::fs::read_to_string(ui_package("axe-core/axe.min.js")).expect("the UI's packages are installed");
    let scene = Scene::opens().await;
    let browser = Chromium::opens().await;
    let pages = [
        ("fresh", scene.fresh().await.1),
        ("scheduled", scene.planned_for("2027-01-18T11:00").await.1),
        ("join", format!("{}/join", scene.acme.origin())),
        ("opened", scene.opened().await.1),
        ("closed", scene.closed().await),
        ("replaced", scene.replaced().await),
        ("unknown", scene.unknown()),
        ("call", scene.calls("1234567890")),
        ("call-to-nobody", scene.calls("12345678")),
        ("home", scene.acme.origin()),
        ("nothing-to-download", format!("{}/download", scene.acme.origin())),
        ("connected", scene.connected().await),
    ];
    for (name, url) in &pages {
        can_be_read(&browser, &axe, name, url).await;
    }
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_with_downloads_can_be_read_by_everyone() {
    let axe =
        std::fs::read_to_string(ui_package("axe-core/axe.min.js")).expect("the UI's packages are installed");
    let scene = Scene::opens().await;
    scene.hands_out(&PACKAGES);
    let browser = Chromium::opens().await;
    let fresh = scene.fresh().await.1;
    let (opened, joined) = (scene.opened().await.1, scene.joined().await.1);
    let call = scene.calls("a-rather.long_alias-@with-a-long-namespace.xyz");
    let all = format!("{}/download", scene.acme.origin());
    for (name, agent, url) in [
        ("opened-on-windows", WINDOWS, &opened),
        ("opened-on-a-mac", MAC, &opened),
        ("opened-on-linux", LINUX, &opened),
        ("fresh-on-a-telephone", PHONE, &fresh),
        ("opened-on-a-telephone", PHONE, &opened),
        ("joined-on-windows", WINDOWS, &joined),
        ("call-on-windows", WINDOWS, &call),
        ("call-on-a-telephone", PHONE, &call),
        ("downloads", WINDOWS, &all),
    ] {
        browser.says_it_is(agent).await;
        can_be_read(&browser, &axe, name, url).await;
    }
    scene.closes().await;
}

async fn can_be_read(browser: &Chromium, axe: &str, name: &str, url: &str) {
    for (size, width, height, pixels) in SIZES {
        for dark in [false, true] {
            step(&format!("{name} at {size}{}", if dark { " in the dark" } else { "" }));
            browser.is_sized(width, height, pixels).await;
            browser.prefers_dark(dark).await;
            browser.visits(url).await;
            let picture = format!("page-{name}-{width}-{}", if dark { "dark" } else { "light" });
            browser.page.is_pictured(&picture).await;
            assert_eq!(
                violations(browser, axe).await,
                Vec::<String>::new(),
                "{name} at {size}, dark: {dark}"
            );
            let wide =
                browser.page.evaluates("return document.documentElement.scrollWidth - innerWidth").await;
            assert!(wide.unwrap().as_i64().unwrap() <= 0, "{name} at {size} is wider than the screen");
        }
    }
}

async fn violations(browser: &Chromium, axe: &str) -> Vec<String> {
    browser.page.evaluates(axe).await.unwrap();
    let run =
        "axe.run(document, { resultTypes: ['violations'] }).then((found) => arguments[0](found.violations))";
    let run = format!("const done = arguments; (function () {{ {run} }}).apply(null, done)");
    let found = browser.page.driver.execute_async(&run, vec![]).await.unwrap();
    let all = found.as_array().cloned().unwrap_or_default();
    all.iter().map(|one| format!("{}: {}", text(&one["id"]), one["nodes"][0]["failureSummary"])).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
