//! Calls between two people, each at a computer of their own: from the connect field and by links.

use beckon_tests::stage::until;
use beckon_tests::{stage, step};

use crate::computer::{Computer, Desktop, Look, Start};
use crate::notifier::{Manners, Notifier};
use crate::screen;
use crate::service::ServiceProgram;

const ENTER: &str = "\u{e007}";
const FOUR_WORDS: &str = "[data-part='four-words'] .list";
const ALLOW: &str = "[data-part='allow'][data-settled='true']";

#[tokio::test(flavor = "multi_thread")]
async fn a_call_from_the_connect_field_in_real_windows() {
    tell(Look::Light).await;
    if stage::pictures().is_some() {
        tell(Look::Dark).await;
    }
}

async fn tell(look: Look) {
    let service = ServiceProgram::starts().await;
    let (there, here) = (Computer::with_its_own_screen().await, Computer::is_switched_on().await);
    let start = Start { service: Some(&service.origin), look, ..Start::default() };
    let seen = |what: &str| format!("calls-{look:?}-{what}").to_lowercase();
    let ana = there.opens_beckon(start).await;
    let number = own_id(&ana).await;
    let ben = here.opens_beckon(start).await;
    own_id(&ben).await;

    step("Ben enters Ana's ID, and a window says who is called");
    ben.page.fills("Connect to", &number).await;
    ben.page.types(ENTER).await;
    ben.looks_at("call").await;
    ben.page.sees(&format!("Calling {number}")).await;
    ben.page.sees("seconds left").await;
    ben.page.is_pictured(&seen("01-calling")).await;

    step("At Ana's, a window asks; she allows access");
    ana.looks_at("ring").await;
    ana.page.sees("asks for access").await;
    ana.page.sees("First session with this device").await;
    ana.page.sees("Never allow access to someone who called you unexpectedly.").await;
    ana.page.is_pictured(&seen("02-ringing")).await;
    allows(&ana).await;

    step("Ben sees her screen; both windows show the same four words");
    ben.looks_at("session").await;
    let words = ben.page.reads(FOUR_WORDS).await;
    ana.looks_at("host").await;
    ana.page.sees("is connected").await;
    assert_eq!(ana.page.reads(FOUR_WORDS).await, words);
    ben.has_windows(2).await;
    ana.has_windows(2).await;
    ana.page.is_pictured(&seen("03-hosting")).await;
    ben.page.is_pictured(&seen("04-session")).await;

    step("Ana ends it");
    ana.page.presses("End").await;
    ben.page.sees("The session has ended").await;
    ana.page.sees("You ended the session.").await;
    ana.page.is_pictured(&seen("05-ended")).await;
    ana.leaves_by("Close window", 1).await;
    ben.leaves_by("Close window", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_calls_at_a_cold_start_and_while_beckon_runs() {
    let service = ServiceProgram::starts().await;
    let (there, here) = (Computer::with_its_own_screen().await, Computer::is_switched_on().await);
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let ana = there.opens_beckon(start).await;
    let number = own_id(&ana).await;
    let link = format!("anydesk:{}", number.replace(' ', ""));

    step("Cold, for the first time on this computer: the link is what starts Beckon");
    let ben = here.opens(Start { arguments: &[&link], ..start }, "call").await;
    ben.page.sees(&format!("Calling {number}")).await;
    ana.looks_at("ring").await;
    ana.page.sees("asks for access").await;

    step("A second click shows the same call, and nobody answers it");
    here.starts_beckon(Start { arguments: &[&link], ..start }).ends().await;
    ben.has_windows(2).await;
    ana.page.sees("asks for access").await;

    step("Ana denies access; Ben is told, and calls again");
    ana.leaves_by("Deny", 1).await;
    ben.page.sees("Access was denied").await;
    ben.page.is_pictured("calls-denied").await;
    calls_again(&ben).await;
    ana.looks_at("ring").await;
    ben.has_windows(2).await;
    ben.looks_at("call").await;
    ben.page.sees(&format!("Calling {number}")).await;

    step("Ben cancels, and the question goes away by itself");
    ben.leaves_by("Cancel", 1).await;
    ana.has_windows(1).await;

    step("Running, through a link again: Ana allows it");
    here.starts_beckon(Start { arguments: &[&link], ..start }).ends().await;
    ben.looks_at("call").await;
    ana.looks_at("ring").await;
    allows(&ana).await;
    ben.looks_at("session").await;
    ben.page.reads(FOUR_WORDS).await;
    ana.looks_at("host").await;
    ana.page.sees("is connected").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_says_whom_it_calls_while_the_service_is_silent_and_why_not_once_it_is_gone() {
    let mut service = ServiceProgram::starts().await;
    let (here, origin) = (Computer::is_switched_on().await, service.origin.clone());
    let start = Start { service: Some(&origin), ..Start::default() };
    let link = Start { arguments: &["anydesk:123456789"], ..start };
    let ben = here.opens_beckon(start).await;
    own_id(&ben).await;

    step("The service is silent, and Ben cancels");
    service.freezes();
    here.starts_beckon(link).ends().await;
    ben.looks_at("call").await;
    ben.page.sees("Calling 123 456 789").await;
    ben.page.sees("Reaching the service").await;
    ben.page.is_pictured("calls-service-silent").await;
    ben.leaves_by("Cancel", 1).await;

    step("It is gone, and a link says so in its window");
    service.is_killed();
    here.starts_beckon(link).ends().await;
    ben.looks_at("call").await;
    ben.page.sees("Not calling 123 456 789").await;
    ben.page.sees("The service cannot be reached.").await;
    ben.page.is_pictured("calls-service-gone").await;

    step("Once it is back, Ben calls again from there");
    service.starts_again().await;
    until("the next call", async || {
        let _ = ben.page.tries_to_press("Call again").await;
        ben.looks_at("call").await;
        ben.page.text().await.contains("seconds left").then_some(())
    })
    .await;
    ben.has_windows(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_takes_the_window_that_is_kept_ready_and_the_next_call_another() {
    let service = ServiceProgram::starts().await;
    let here = Computer::is_switched_on().await;
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let ben = here.opens_beckon(start).await;
    own_id(&ben).await;
    let mut used = Vec::new();
    for (link, number) in [("anydesk:123456789", "123 456 789"), ("anydesk:987654321", "987 654 321")] {
        step(&format!("A window is kept ready, hidden, and becomes the one that calls {number}"));
        let spare = ben.has_a_spare().await;
        assert!(!used.contains(&spare));
        ben.page.is_not_there("[data-part]").await;
        assert_eq!(screen::visible("^Beckon").len(), 1);
        here.starts_beckon(Start { arguments: &[link], ..start }).ends().await;
        let calls = screen::shows("^Beckon: call$").await;
        until("the focus", async || screen::has_focus(&calls).then_some(())).await;
        ben.looks_at("call").await;
        assert_eq!(ben.page.driver.window().await.unwrap(), spare);
        ben.page.sees(&format!("Calling {number}")).await;
        ben.page.is_pictured("calls-from-a-spare").await;

        step("Its keys work, and it closes for good");
        screen::xdotool(&["key", "Tab", "Return"]);
        ben.has_windows(1).await;
        screen::shows_none("^Beckon: call$").await;
        used.push(spare);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_is_closed_answers_no_call_with_yes() {
    let service = ServiceProgram::starts().await;
    let (there, here) = (Computer::is_switched_on().await, Computer::is_switched_on().await);
    let notifier = Notifier::serves(there.bus(), Manners::Good).await;
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let ana = there.opens_beckon(start).await;
    let number = own_id(&ana).await;
    let ben = here.opens_beckon(start).await;
    let bens = own_id(&ben).await;

    step("Ben calls while Ana looks elsewhere: a toast points at the window, and answers nothing");
    calls(&ben, &number).await;
    let toast = notifier.shows(&format!("{bens} asks for access")).await;
    assert!(toast.buttons.iter().all(|(id, _)| id == "default"), "an answer takes the window: {toast:?}");
    ana.looks_at("ring").await;
    notifier.is_pressed(&toast, "default").await;
    let rings = screen::shows("^Beckon: somebody calls$").await;
    until("the focus", async || screen::has_focus(&rings).then_some(())).await;
    ana.page.sees("asks for access").await;

    step("Ana closes the window");
    screen::closes("^Beckon: somebody calls$").await;
    ben.page.sees("Access was denied").await;
    notifier.shows_nothing().await;

    step("Ben calls again, and closes his window");
    calls_again(&ben).await;
    ana.looks_at("ring").await;
    ana.page.sees("asks for access").await;
    screen::closes("^Beckon: call$").await;
    ana.has_windows(1).await;
}

/// The ID as it is shown, once the device is known to its service.
async fn own_id(desktop: &Desktop) -> String {
    desktop.page.sees_in("aside", "Online").await;
    desktop.page.reads("[data-part='own-id']").await
}

/// The window goes with what was pressed in it, so the driver may not hear of it.
async fn allows(called: &Desktop) {
    called.page.is_there(ALLOW).await;
    let _ = called.page.tries_to_press("Allow access").await;
}

async fn calls_again(caller: &Desktop) {
    caller.page.sees("Call again").await;
    let _ = caller.page.tries_to_press("Call again").await;
}

async fn calls(caller: &Desktop, number: &str) {
    caller.page.fills("Connect to", number).await;
    caller.page.types(ENTER).await;
    caller.looks_at("call").await;
    caller.page.sees(&format!("Calling {number}")).await;
}
