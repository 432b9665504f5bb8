//! The pointer in somebody's hand. The driver's own takes another way.

use beckon_tests::backlog;
use beckon_tests::stage::until;
use beckon_tests::step;

use crate::computer::{Computer, Desktop, Start};
use crate::connected::is_asked;
use crate::screen;
use crate::service::ServiceProgram;

/// A click that comes with the pointer was meant for what lay there before.
const RESTS_ON_ALLOW: &str =
    "const isThere = document.querySelector(\"[data-part='allow']\").matches(':hover');
    window.since = isThere ? window.since ?? performance.now() : undefined;
    return isThere && performance.now() - window.since > 600;";

const MORE_THAN_FIT: u32 = 200;
const DOWN: &str = "5";
const IS_SCROLLED: &str =
    "return [...document.querySelectorAll('*')].some((element) => element.scrollTop > 0);";

#[tokio::test(flavor = "multi_thread")]
async fn the_wheel_scrolls_the_list() {
    let mut service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let email = service.hires("Ana");
    service.requests_for("Dana Fox", &email);
    let code = service.signs_in(&email);
    service.is_killed();
    backlog::of_requests(&service.data(), MORE_THAN_FIT);
    service.starts_again().await;
    let origin = service.origin.clone();
    let start = Start { service: Some(&origin), sign_in_code: Some(&code), ..Start::default() };
    let ana = computer.opens_beckon(start).await;
    ana.page.sees(&format!("{MORE_THAN_FIT} requests")).await;

    step("Ana turns the wheel over the list");
    let window = screen::shows("^Beckon$").await;
    screen::xdotool(&["mousemove", "--window", &window, "500", "300"]);
    screen::xdotool(&["click", "--repeat", "20", "--delay", "20", DOWN]);
    until("a list that has moved", async || is(&ana, IS_SCROLLED).await).await;
    ana.quits().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_that_brings_the_focus_to_a_question_answers_it() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let link = service.requests_for("Dana Fox", &service.hires("Ana"));
    let dana = is_asked(&computer, &service, &link).await;

    step("Dana is in the other window, and clicks on Allow access");
    let asks = screen::shows("Beckon: access to this computer").await;
    assert!(screen::is_above(&asks), "nobody misses it");
    screen::goes_to(&screen::shows("^Beckon$").await).await;
    let script = "const { x, y, width, height } = document.querySelector(\"[data-part='allow']\").getBoundingClientRect();
        return [x + width / 2, y + height / 2].map((place) => String(Math.round(place)));";
    let [x, y]: [String; 2] = serde_json::from_value(dana.page.evaluates(script).await.unwrap()).unwrap();
    screen::xdotool(&["mousemove", "--window", &asks, &x, &y]);
    until("a pointer that has rested there", async || is(&dana, RESTS_ON_ALLOW).await).await;
    screen::xdotool(&["click", "1"]);
    dana.page.sees("Access is allowed").await;
    until("a window that asks no more", async || (!screen::is_above(&asks)).then_some(())).await;
    dana.quits().await;
}

/// Whether it is so in its page.
async fn is(beckon: &Desktop, script: &str) -> Option<()> {
    beckon.page.evaluates(script).await.unwrap().as_bool().filter(|is| *is).map(drop)
}
