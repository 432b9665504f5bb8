//! Ana sees Dana's screen, and types there as long as Dana lets her.

use beckon_tests::stage::until;
use beckon_tests::step;

use crate::computer::{Computer, Desktop};
use crate::connected::{Connected, SHOWN};

const CONTROL: &str = "Control keyboard and mouse";
const POINTER: &str = "Pointer when control is off";
/// Of Dana's screen.
const MIDDLE: (i16, i16) = (640, 400);

#[tokio::test(flavor = "multi_thread")]
async fn the_screen_is_seen_and_typed_into_until_the_switch_is_off() {
    let Connected { ana, dana, home, .. } = &Connected::begins().await;
    ana.page.is_pictured("remote-screen").await;
    let letter = home.screen().has_a_letter(home.folder()).await;

    step("What Ana types arrives in the letter on Dana's screen");
    ana.page.types("typed from afar\u{e007}").await;
    letter.reads("typed from afar").await;

    step("Dana switches control off, and nothing arrives any more");
    dana.page.presses_at("details summary").await;
    dana.page.turns_off(CONTROL).await;
    ana.page.is_not_there("[aria-label='Send Ctrl+Alt+Del']").await;
    ana.page.types("nobody reads this\u{e007}").await;

    step("Where Ana points is seen on Dana's screen, until Dana switches that off too");
    ana.page.sees_in("[role=toolbar]", "Pointer only").await;
    points_at_the_middle(ana).await;
    home.screen().shows_a_ring_around(MIDDLE).await;
    ana.page.types("nor this\u{e007}").await;
    points_at_the_middle(ana).await;
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
    assert_eq!(letter.lines(), ["typed from afar", "typed again"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_monitor_is_chosen_from_the_menu_until_it_is_unplugged() {
    let home = Computer::with_its_own_screen().await;
    home.screen().is_divided();
    let Connected { ana, home, .. } = &Connected::at(home).await;

    step("Ana sees the main monitor first");
    is_shown(ana, 800).await;

    step("Ana chooses the other one");
    ana.page.presses("Monitors").await;
    ana.page.sees_in("[role=menu]", "Monitor 1 · 800×800 · main · left").await;
    ana.page.is_pictured("monitors-menu").await;
    ana.page.presses_at("[role=menuitemradio][aria-checked='false']").await;
    is_shown(ana, 480).await;
    ana.page.is_pictured("monitors-second").await;

    step("It is unplugged, and Ana sees the main one and why");
    home.screen().loses_its_right_monitor();
    ana.page.sees("The chosen monitor is not there any more.").await;
    is_shown(ana, 800).await;
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
