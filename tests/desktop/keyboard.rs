//! A request from its beginning to its end by two people without a pointer. What is pressed are the keys of their
//! computers; the driver only looks.

use std::process::Command;

use beckon_tests::stage::until;
use beckon_tests::step;

use crate::computer::{Computer, Desktop, Start};
use crate::service::ServiceProgram;

const TOP_ROW: &str = "[role=row][data-index='0']";
const SHOWN: &str = "[data-part='remote-screen'][data-shown='true'] canvas:focus";
/// Further than from one end of any window to the other.
const FAR: usize = 80;

#[tokio::test(flavor = "multi_thread")]
async fn creating_copying_connecting_and_closing_need_no_pointer() {
    let service = ServiceProgram::starts().await;
    let office = Computer::with_its_own_screen().await;
    let home = Computer::with_its_own_screen().await;
    let code = service.signs_in(&service.hires("Ana"));
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let ana = office.opens_beckon(Start { sign_in_code: Some(&code), ..start }).await;
    let anas = Keyboard { computer: &office, desktop: &ana };
    ana.page.sees("No session requests yet").await;
    anas.is_heard_by("Beckon").await;

    step("Ana creates a request");
    anas.presses("n");
    ana.page.focus_reaches("Recipient name").await;
    anas.types("Dana Fox");
    anas.goes_to("Comments").await;
    anas.types("The printer prints blue only");
    anas.goes_to("Assign to").await;
    anas.goes_to("Create request").await;
    anas.presses("Return");

    step("Ana copies its link, and pastes it");
    ana.page.focus_reaches("Copy link").await;
    anas.presses("space");
    ana.page.sees_in("[data-part='detail']", "Copied").await;
    let link = ana.page.reads("[data-part='session-link']").await;
    let code = ana.page.reads("[data-part='join-code']").await;
    anas.presses("l");
    ana.page.focus_reaches("Connect to").await;
    anas.presses("ctrl+v");
    until("the pasted link", async || (ana.page.holds("Connect to").await == link).then_some(())).await;
    for key in ["ctrl+a", "Delete"] {
        anas.presses(key);
    }

    step("Dana types the code, and allows access");
    let dana = home.opens_beckon(Start { profile: "guest", ..start }).await;
    let danas = Keyboard { computer: &home, desktop: &dana };
    dana.page.sees_in("aside", "Online").await;
    danas.is_heard_by("Beckon").await;
    danas.presses("l");
    dana.page.focus_reaches("Connect to").await;
    danas.types(&code.to_lowercase());
    danas.presses("Return");
    dana.looks_at("accept").await;
    danas.is_heard_by("Beckon: access to this computer").await;
    dana.page.is_there("[data-part='allow'][data-settled='true']").await;
    danas.goes_to("Allow access").await;
    danas.presses("Return");
    dana.page.sees("Access is allowed").await;
    let letter = home.screen().has_a_letter(home.folder()).await;

    step("Ana goes to the row, and connects");
    ana.page.sees_in(TOP_ROW, "Ready").await;
    anas.goes_to("Ready Dana Fox").await;
    anas.goes_to("Connect to Dana Fox").await;
    anas.presses("Return");
    ana.looks_at("session").await;
    anas.is_heard_by("Session with Dana Fox").await;

    step("What Ana types is typed on Dana's screen, until the keyboard is taken back");
    ana.page.is_there(SHOWN).await;
    anas.types("typed by Ana");
    anas.presses("Return");
    letter.reads("typed by Ana").await;
    anas.presses("ctrl+alt+Home");

    step("Ana ends and closes");
    anas.goes_to("End and close…").await;
    anas.presses("Return");
    ana.page.focus_reaches("Session comment").await;
    anas.types("Another cartridge. Solved.");
    anas.goes_to("End and close").await;
    anas.presses("Return");
    ana.page.sees("The session has ended").await;
    anas.goes_to("Close window").await;
    anas.presses("Return");
    ana.has_windows(1).await;
    ana.looks_at("main").await;
    anas.is_heard_by("Beckon").await;
    ana.page.sees_in(TOP_ROW, "Closed").await;
    assert_eq!(letter.lines(), ["typed by Ana"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_titles_of_open_windows_follow_the_language() {
    let service = ServiceProgram::starts().await;
    let home = Computer::with_its_own_screen().await;
    let link = service.requests_for("Dana Fox", &service.hires("Ana"));
    let dana = home.opens_beckon(Start { service: Some(&service.origin), ..Start::default() }).await;
    let keys = Keyboard { computer: &home, desktop: &dana };
    dana.page.sees_in("aside", "Online").await;
    keys.is_heard_by("Beckon").await;
    keys.presses("l");
    dana.page.focus_reaches("Connect to").await;
    keys.types(&link);
    keys.presses("Return");
    dana.looks_at("accept").await;
    keys.is_heard_by("Beckon: access to this computer").await;

    step("Dana changes the language in the other window");
    dana.looks_at("main").await;
    keys.turns_to("Beckon").await;
    keys.presses("ctrl+comma");
    dana.page.sees("Theme").await;
    keys.goes_to("System").await;
    // From the theme's to the language's.
    keys.presses("Tab");
    keys.presses("Right");
    dana.page.focus_reaches("English").await;
    keys.goes_to("Done").await;
    keys.goes_to("English").await;
    keys.presses("Right");
    dana.page.sees("Einstellungen").await;
    keys.presses("Escape");
    keys.turns_to("Beckon: Zugriff auf diesen Computer").await;
    dana.looks_at("accept").await;
    dana.page.sees("Zugriff erlauben").await;
}

/// The keys under somebody's hands.
struct Keyboard<'a> {
    computer: &'a Computer,
    desktop: &'a Desktop,
}

impl Keyboard<'_> {
    /// One key, or several at once.
    fn presses(&self, key: &str) {
        self.xdotool(&["key", key]);
    }

    fn types(&self, text: &str) {
        self.xdotool(&["type", text]);
    }

    /// The window of this title has the keyboard, of its own accord.
    async fn is_heard_by(&self, title: &str) {
        until(&format!("the keyboard in {title:?}"), async || {
            (self.xdotool(&["getactivewindow", "getwindowname"]).trim() == title).then_some(())
        })
        .await;
    }

    /// As with the keys of the desktop, which are not Beckon's.
    async fn turns_to(&self, title: &str) {
        let exactly = format!("^{title}$");
        let found = async || {
            let found = self.xdotool(&["search", "--onlyvisible", "--name", &exactly]);
            found.lines().next().map(str::to_owned)
        };
        let window = until(&format!("a window {title:?}"), found).await;
        self.xdotool(&["windowactivate", &window]);
        self.is_heard_by(title).await;
    }

    /// By the Tab key alone.
    async fn goes_to(&self, name: &str) {
        let mut passed = Vec::new();
        for _ in 0..FAR {
            let (place, here) = self.focus().await;
            if here.starts_with(name) {
                return;
            }
            passed.push(here);
            self.presses("Tab");
            let moved = async || (self.focus().await.0 != place).then_some(());
            until(&format!("the focus to leave {passed:?}"), moved).await;
        }
        panic!("Tab never leads to {name:?}, but to {passed:?}");
    }

    /// Which element has the focus, and its name.
    async fn focus(&self) -> (i64, String) {
        let count = "return [...document.querySelectorAll('*')].indexOf(document.activeElement)";
        let place = self.desktop.page.evaluates(count).await.ok().and_then(|count| count.as_i64());
        (place.unwrap_or(-1), self.desktop.page.focused().await)
    }

    fn xdotool(&self, arguments: &[&str]) -> String {
        let mut xdotool = Command::new("xdotool");
        let output = self.computer.screen().lends(xdotool.args(arguments)).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}
