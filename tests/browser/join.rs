//! A join code that a person types into the service's page.

use beckon_tests::chromium::Chromium;
use beckon_tests::step;

use crate::looks::ENTER;
use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_code_leads_to_who_asks_with_and_without_scripts() {
    let scene = Scene::opens().await;
    for browser in [Chromium::opens().await, Chromium::opens_without_scripts().await] {
        let (request, _) = scene.fresh().await;
        let code = scene.ana.client.request_link(request).await.unwrap().code.to_string();
        browser.visits(&scene.acme.origin()).await;
        browser.page.presses("Type a join code").await;
        browser.page.fills("Join code", &code.to_lowercase()).await;
        browser.page.types(ENTER).await;
        browser.page.sees("Ana from Acme would like to help you").await;
        browser.page.presses("Continue").await;
        browser.page.sees("Your join code").await;
    }
    scene.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_stays_in_its_field_and_says_what_is_wrong() {
    let scene = Scene::opens().await;
    let browser = Chromium::opens().await;
    browser.visits(&format!("{}/join", scene.acme.origin())).await;
    for (typed, says) in
        [("123 456 789", "This is not a join code"), ("7Q4MX-2K9TD", "We do not know this code")]
    {
        step(typed);
        browser.page.fills("Join code", typed).await;
        browser.page.types(ENTER).await;
        browser.page.sees_in("[role=alert]", says).await;
        assert_eq!(browser.page.holds("Join code").await, typed);
        browser.page.focus_reaches("Join code").await;
    }
    scene.closes().await;
}
