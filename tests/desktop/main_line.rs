//! One person helps another: everything real, from the dialog to the last word.

use beckon_tests::chromium::Chromium;
use beckon_tests::{stage, step};

use crate::computer::{Computer, Look, Start};
use crate::service::ServiceProgram;

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const FOUR_WORDS: &str = "[data-part='four-words']";

#[tokio::test(flavor = "multi_thread")]
async fn the_main_line_in_two_real_windows() {
    tell(Look::Light).await;
    if stage::pictures().is_some() {
        tell(Look::Dark).await;
    }
}

async fn tell(look: Look) {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let seen = |what: &str| format!("{look:?}-{what}").to_lowercase();

    step("Ana's window opens, signed in");
    let code = service.signs_in(&service.hires("Ana"));
    let start = Start { service: Some(&service.origin), look, ..Start::default() };
    let ana = computer.opens_beckon(Start { sign_in_code: Some(&code), ..start }).await;
    ana.page.sees("No session requests yet").await;
    ana.page.sees_in("aside", "Online").await;
    ana.page.is_pictured(&seen("01-no-requests")).await;

    step("Ana creates a request with the keyboard alone");
    ana.page.types("n").await;
    ana.page.sees("New session request").await;
    ana.page.focus_reaches("Recipient name").await;
    ana.page.types("Dana Fox").await;
    ana.page.is_pictured(&seen("02-new-request")).await;
    ana.page.types(&ENTER.to_string()).await;
    ana.page.focus_reaches("Copy link").await;
    ana.page.types(&ENTER.to_string()).await;
    ana.page.sees_in("[data-part='detail']", "Copied").await;
    let link = ana.page.reads("[data-part='session-link']").await;
    let code = ana.page.reads("[data-part='join-code']").await;
    assert!(link.starts_with(&service.origin), "{link}");
    ana.page.sees_in("[role=row][data-index='0']", "Open").await;
    ana.page.is_pictured(&seen("03-created")).await;

    step("Dana opens the link in a browser; it waits for a person");
    let browser = Chromium::opens().await;
    browser.prefers_dark(look == Look::Dark).await;
    browser.visits(&link).await;
    browser.page.sees("Ana from Acme would like to help you").await;
    browser.page.is_pictured(&seen("04-landing")).await;
    browser.page.points_at(200.0, 120.0).await;
    browser.page.sees("Your join code").await;
    assert_eq!(browser.page.reads("#join-code").await, code);
    browser.page.is_pictured(&seen("05-join-code")).await;
    ana.page.sees_in("[role=row][data-index='0']", "Waiting").await;

    step("Dana types the code into a client of their own, at another computer");
    let home = Computer::with_its_own_screen().await;
    let dana = home.opens_beckon(Start { profile: "guest", ..start }).await;
    dana.page.sees("Have someone help you").await;
    dana.page.sees_in("aside", "Online").await;
    dana.page.is_pictured(&seen("06-guest")).await;
    dana.page.fills("Connect to", &code.to_lowercase()).await;
    dana.page.types(&ENTER.to_string()).await;

    step("The accept window names who asks, and what it means");
    dana.looks_at("accept").await;
    dana.page.sees("Ana").await;
    dana.page.sees("Acme").await;
    dana.page.sees("Never allow access to someone who called you unexpectedly.").await;
    ana.page.sees_in("[data-part='detail']", "has joined").await;
    dana.page.is_pictured(&seen("07-asked")).await;
    ana.page.is_pictured(&seen("08-joined")).await;
    dana.page.presses_at("[data-part='allow'][data-settled='true']").await;
    dana.page.sees("Access is allowed").await;
    dana.page.is_pictured(&seen("09-allowed")).await;

    step("The row turns Ready, and Ana connects");
    ana.page.sees_in("[role=row][data-index='0']", "Ready").await;
    ana.page.is_pictured(&seen("10-ready")).await;
    ana.page.presses("Connect to Dana Fox").await;
    ana.looks_at("session").await;
    let words = ana.page.reads(&format!("{FOUR_WORDS} .list")).await;
    assert_eq!(words.split(' ').count(), 4, "{words}");
    dana.page.sees("Ana is connected").await;
    assert_eq!(dana.page.reads(&format!("{FOUR_WORDS} .list")).await, words);

    step("They talk");
    ana.page.fills("Write to Dana Fox", "Hello Dana, what do you see?").await;
    ana.page.types(&ENTER.to_string()).await;
    dana.page.sees_in("[role=log]", "Hello Dana, what do you see?").await;
    dana.page.fills("Write to Ana", "A blue screen, with a sad face").await;
    dana.page.types(&format!("{TAB}{ENTER}")).await;
    ana.page.sees_in("[role=log]", "A blue screen, with a sad face").await;
    ana.page.is_pictured(&seen("11-session")).await;
    dana.page.is_pictured(&seen("12-connected")).await;

    step("Ana ends and closes; both windows say so");
    ana.page.presses("End and close…").await;
    ana.page.sees("End the session and close the request?").await;
    ana.page.fills("Session comment", "Restarted it. Solved.").await;
    ana.page.is_pictured(&seen("13-ending")).await;
    ana.page.presses("End and close").await;
    ana.page.sees("The session has ended").await;
    ana.page.sees("The request was closed, and the session with it.").await;
    ana.page.is_pictured(&seen("14-ended")).await;
    dana.page.sees("This request is closed").await;
    dana.page.is_pictured(&seen("15-over")).await;
    ana.leaves_by("Close window", 1).await;
    ana.looks_at("main").await;
    ana.page.sees_in("[role=row][data-index='0']", "Closed").await;
    ana.page.sees_in("[data-part='detail']", "ended the session and closed the request").await;
    ana.page.is_pictured(&seen("16-closed")).await;
    dana.leaves_by("Close window", 1).await;
    dana.looks_at("main").await;
    dana.page.sees("Have someone help you").await;
    browser.visits(&link).await;
    browser.page.sees("This request is closed").await;
    browser.page.is_pictured(&seen("17-landing-closed")).await;
}
