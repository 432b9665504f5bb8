//! Ana sees Dana's screen, and types there as long as Dana lets her.

use beckon_tests::stage::until;
use beckon_tests::step;

use crate::computer::{Computer, Desktop, Start};
use crate::service::ServiceProgram;

const SHOWN: &str = "[data-part='remote-screen'][data-shown='true'] canvas";
const CONTROL: &str = "Control keyboard and mouse";
const POINTER: &str = "Pointer when control is off";
/// Of Dana's screen.
const MIDDLE: (i16, i16) = (640, 400);

#[tokio::test(flavor = "multi_thread")]
async fn the_screen_is_seen_and_typed_into_until_the_switch_is_off() {
    let service = ServiceProgram::starts().await;
    let office = Computer::is_switched_on().await;
    let home = Computer::with_its_own_screen().await;
    let code = service.signs_in(&service.hires("Ana"));
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let ana = office.opens_beckon(Start { sign_in_code: Some(&code), ..start }).await;
    let link = service.requests_for("Dana Fox", "ana@acme.example");

    step("Dana joins by the link and allows access, with control switched on as proposed");
    let dana = home.opens_beckon(Start { profile: "guest", ..start }).await;
    dana.page.sees_in("aside", "Online").await;
    dana.page.fills("Connect to", &link).await;
    dana.page.presses("Connect").await;
    dana.looks_at("accept").await;
    dana.page.presses_at("[data-part='allow'][data-settled='true']").await;
    dana.page.sees("Access is allowed").await;
    let letter = home.screen().has_a_letter(home.folder()).await;

    step("Ana connects, and sees the screen");
    ana.page.sees_in("[role=row][data-index='0']", "Ready").await;
    ana.page.presses("Connect to Dana Fox").await;
    ana.looks_at("session").await;
    ana.page.is_there(SHOWN).await;
    ana.page.is_pictured("remote-screen").await;

    step("What Ana types arrives in the letter on Dana's screen");
    ana.page.types("typed by Ana\u{e007}").await;
    letter.reads("typed by Ana").await;

    step("Dana switches control off, and nothing arrives any more");
    dana.page.presses_at("details summary").await;
    dana.page.turns_off(CONTROL).await;
    ana.page.is_not_there("[aria-label='Send Ctrl+Alt+Del']").await;
    ana.page.types("nobody reads this\u{e007}").await;

    step("Where Ana points is seen on Dana's screen, until Dana switches that off too");
    ana.page.sees_in("[role=toolbar]", "Pointer only").await;
    points_at_the_middle(&ana).await;
    home.screen().shows_a_ring_around(MIDDLE).await;
    ana.page.types("nor this\u{e007}").await;
    points_at_the_middle(&ana).await;
    home.screen().shows_a_ring_around(MIDDLE).await;
    ana.page.is_pictured("remote-pointer").await;
    dana.page.turns_off(POINTER).await;
    home.screen().shows_no_ring_around(MIDDLE).await;
    ana.page.no_longer_sees("Pointer only").await;

    step("Dana switches it on again, and what comes then is the next that arrives");
    dana.page.turns_on(CONTROL).await;
    ana.page.is_there("[aria-label='Send Ctrl+Alt+Del']").await;
    ana.page.types("typed again\u{e007}").await;
    letter.reads("typed again").await;
    assert_eq!(letter.lines(), ["typed by Ana", "typed again"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_monitor_is_chosen_from_the_menu_until_it_is_unplugged() {
    let service = ServiceProgram::starts().await;
    let office = Computer::is_switched_on().await;
    let home = Computer::with_its_own_screen().await;
    home.screen().is_divided();
    let code = service.signs_in(&service.hires("Ana"));
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let ana = office.opens_beckon(Start { sign_in_code: Some(&code), ..start }).await;
    let link = service.requests_for("Dana Fox", "ana@acme.example");
    let dana = home.opens_beckon(Start { profile: "guest", ..start }).await;
    dana.page.sees_in("aside", "Online").await;
    dana.page.fills("Connect to", &link).await;
    dana.page.presses("Connect").await;
    dana.looks_at("accept").await;
    dana.page.presses_at("[data-part='allow'][data-settled='true']").await;
    dana.page.sees("Access is allowed").await;

    step("Ana sees the main monitor first");
    ana.page.sees_in("[role=row][data-index='0']", "Ready").await;
    ana.page.presses("Connect to Dana Fox").await;
    ana.looks_at("session").await;
    is_shown(&ana, 800).await;

    step("Ana chooses the other one");
    ana.page.presses("Monitors").await;
    ana.page.sees_in("[role=menu]", "Monitor 1 · 800×800 · main · left").await;
    ana.page.is_pictured("monitors-menu").await;
    ana.page.presses_at("[role=menuitemradio][aria-checked='false']").await;
    is_shown(&ana, 480).await;
    ana.page.is_pictured("monitors-second").await;

    step("It is unplugged, and Ana sees the main one and why");
    home.screen().loses_its_right_monitor();
    ana.page.sees("The chosen monitor is not there any more.").await;
    is_shown(&ana, 800).await;
    ana.page.is_not_there("[data-part='monitors']").await;
    ana.page.is_pictured("monitors-gone").await;
}

/// Presses there too, which nobody is to hear.
async fn points_at_the_middle(viewer: &Desktop) {
    let script = format!(
        "const {{ x, y, width, height }} = document.querySelector(\"{SHOWN}\").getBoundingClientRect();
         return [x + width / 2, y + height / 2]"
    );
    let middle = viewer.page.evaluates(&script).await.unwrap();
    let [x, y]: [f64; 2] = serde_json::from_value(middle).unwrap();
    viewer.page.points_at(x, y).await;
}

/// A picture that is so wide.
async fn is_shown(viewer: &Desktop, width: u64) {
    let script = format!("return document.querySelector(\"{SHOWN}\")?.width ?? 0");
    until(&format!("a monitor of {width} pixels"), async || {
        let seen = viewer.page.evaluates(&script).await.ok()?.as_u64()?;
        (seen == width).then_some(())
    })
    .await;
}
