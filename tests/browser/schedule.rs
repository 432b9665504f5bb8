//! A page that waits for its time.

use std::time::Duration;

use beckon_domain::session_request::StatusName;
use beckon_tests::chromium::Chromium;
use beckon_tests::step;

use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn it_counts_down_and_loads_itself_anew_when_joining_opens() {
    let scene = Scene::opens().await;
    let (request, url) = scene.planned_for("2027-01-15T08:16").await;
    scene.acme.clock.advance(Duration::from_secs(57));
    let browser = Chromium::opens().await;
    browser.visits(&url).await;
    browser.page.sees("Joining opens in").await;
    browser.page.sees_in(".countdown .left", "00:00:0").await;

    step("A touch opens nothing before its time");
    browser.page.points_at(100.0, 100.0).await;
    scene.acme.clock.advance(Duration::from_secs(3));
    browser.page.sees("What will happen").await;
    assert_eq!(scene.ana.client.get_request(request).unwrap().status, StatusName::Open);
    browser.page.points_at(100.0, 100.0).await;
    browser.page.sees("Your join code").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_open_notices_another_time_and_that_nobody_waits_any_more() {
    let scene = Scene::opens().await;
    let (request, url) = scene.planned_for("2027-01-16T09:00").await;
    let browser = Chromium::opens().await;
    browser.visits(&url).await;
    browser.page.sees_in(".countdown .left", "1 day, 00:4").await;

    step("It looks every minute; here it is told to look at once");
    scene.reschedules(request, "2027-01-18T09:00").await;
    browser.page.evaluates("look()").await.unwrap();
    browser.page.sees_in(".countdown .left", "3 days, 00:4").await;
    scene.ana.client.start_now(request).await.unwrap();
    browser.page.evaluates("look()").await.unwrap();
    browser.page.sees("Ana from Acme no longer waits for the time that was set: you can begin now.").await;
    browser.page.sees("Continue").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_it_says_the_moment_and_to_come_back() {
    let scene = Scene::opens().await;
    let (_, url) = scene.planned_for("2027-01-15T09:00").await;
    let browser = Chromium::opens_without_scripts().await;
    browser.visits(&url).await;
    browser.page.sees_in(".when", "Friday, 15 January 2027, 09:00 (UTC)").await;
    browser.page.sees("Come back to this page then, or reload it").await;
    browser.page.no_longer_sees("Joining opens in").await;
    scene.acme.clock.advance(Duration::from_secs(45 * 60));
    browser.visits(&url).await;
    browser.page.presses("Continue").await;
    browser.page.sees("Your join code").await;
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_expiry_counts_down_too() {
    let scene = Scene::opens().await;
    let (_, url) = scene.fresh().await;
    scene.acme.clock.advance(Duration::from_secs(21 * 60 * 60 + 60));
    let browser = Chromium::opens().await;
    browser.visits(&url).await;
    browser.page.sees_in("#until-left", "(in 3 hours)").await;
    scene.closes().await;
}
