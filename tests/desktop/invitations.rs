//! Somebody is invited by their ID, and connects with one press.

use beckon_tests::{stage, step};
use serde_json::json;

use crate::computer::{Computer, Look, Start};
use crate::service::ServiceProgram;

const CONNECT: &str = "[data-part='connect-invited'][data-settled='true']";
/// The first of the switches is the one for the keyboard and the mouse.
const CONTROL: &str = "[role=dialog] [role=switch]";

#[tokio::test(flavor = "multi_thread")]
async fn who_is_invited_connects_with_one_press_and_exactly_the_permissions_they_were_given() {
    tell(Look::Light).await;
    if stage::pictures().is_some() {
        tell(Look::Dark).await;
    }
}

async fn tell(look: Look) {
    let service = ServiceProgram::starts().await;
    let (hers, his) = (Computer::with_its_own_screen().await, Computer::is_switched_on().await);
    let start = Start { service: Some(&service.origin), look, ..Start::default() };
    let (ana, ben) = (hers.opens_beckon(start).await, his.opens_beckon(start).await);
    ana.page.sees_in("aside", "Online").await;
    ben.page.sees_in("aside", "Online").await;
    let seen = |what: &str| format!("{look:?}-invitation-{what}").to_lowercase();

    step("Ana invites Ben by his ID, and keeps the keyboard and mouse to herself");
    let bens = ben.page.reads("[data-part='own-id']").await.replace('\u{a0}', " ");
    ana.page.presses("Invite to this computer").await;
    ana.page.focus_reaches("ID or alias").await;
    ana.page.types(&bens).await;
    ana.page.presses_at(CONTROL).await;
    ana.page.sees_in("[data-part='meaning']", "They will see your screen and cannot control it.").await;
    ana.page.is_pictured(&seen("1-invites")).await;
    ana.page.presses("Send invitation").await;
    ana.page.sees_in("[data-part='sent']", "No answer yet").await;

    step("Ben's window says who asks, which way it goes and what he may do");
    let asks = "asks you to connect to their computer: see its screen.";
    ben.page.sees_in("[data-part='received']", asks).await;
    ben.page.sees_in("[data-part='received']", "Clipboard text").await;
    ben.page.is_pictured(&seen("2-asked")).await;

    step("Ben presses Connect, and nobody asks Ana again");
    ben.page.presses_at(CONNECT).await;
    ben.looks_at("session").await;
    let words = ben.page.reads("[data-part='four-words'] .list").await;
    ana.page.sees_in("[data-part='sent']", "Connected").await;
    ana.looks_at("host").await;
    ana.page.is_there("[data-part='host'][data-phase='running']").await;
    assert_eq!(ana.page.reads("[data-part='four-words'] .list").await, words);
    ana.page.is_pictured(&seen("3-host")).await;
    ben.page.is_pictured(&seen("4-viewer")).await;

    step("His window holds what she chose, and not the keyboard and mouse");
    let held = "const held = document.querySelector('[data-part=held]').textContent;
        return ['Control keyboard and mouse', 'Clipboard text'].map((permission) => {
            const after = held.slice(held.indexOf(permission) + permission.length).trim();
            return after.startsWith('Allowed');
        })";
    assert_eq!(ben.page.evaluates(held).await.unwrap(), json!([false, true]));

    step("Ben's main window has nothing left to ask");
    ben.looks_at("main").await;
    ben.page.is_not_there("[data-part='received']").await;
}
