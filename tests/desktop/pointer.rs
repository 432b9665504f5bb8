//! The pointer in somebody's hand. The driver's own takes another way.

use beckon_tests::stage::until;
use beckon_tests::step;

use crate::computer::Computer;
use crate::connected::is_asked;
use crate::screen;
use crate::service::ServiceProgram;

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
    screen::xdotool(&["mousemove", "--window", &asks, &x, &y, "click", "1"]);
    dana.page.sees("Access is allowed").await;
    until("a window that asks no more", async || (!screen::is_above(&asks)).then_some(())).await;
    dana.quits().await;
}
