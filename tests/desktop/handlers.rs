//! The system's real handlers: `gio open`, `xdg-open`, and a click in a browser, for every form of link, where Beckon
//! runs and where it does not.

use std::fs;
use std::process::Command;

use beckon_tests::chromium::Chromium;
use beckon_tests::stage::{Program, built, until};
use beckon_tests::step;

use crate::computer::{Computer, Desktop, Inspected, Start};
use crate::service::ServiceProgram;

/// What answers a notice, once it has stood still for long enough.
const SETTLED: &str = "[data-settled='true']";
const QUESTION: &str = "Open beckon: and anydesk: links with Beckon?";
/// What the program writes where no package lists the links.
const OWN_ENTRY: &str = "beckon-links.desktop";
const SCHEMES: [&str; 3] = ["anydesk", "anydesk-abc12345", "beckon"];

/// Every form of the table, and what the window says to it.
const FORMS: [(&str, &str); 9] = [
    ("anydesk:123456789", CALL_ID),
    ("anydesk://123456789/", CALL_ID),
    ("anydesk:user@namespace", CALL_ALIAS),
    ("anydesk-abc12345:123456789", OTHER_CLIENT),
    ("anydesk:AnyDesk-abc12345_msi:123456789", OTHER_CLIENT),
    ("anydesk:AnyDesk-ad_abc12345:123456789", OTHER_CLIENT),
    ("anydesk:AnyDesk-ad_abc12345_msi:user@namespace", OTHER_CLIENT),
    ("beckon:join?service=https://support.example.com&code=7Q4MX-2K9TD", "Join at support.example.com?"),
    (
        "beckon:request?service=https://support.example.com&id=0191d2a4-5b6c-7d8e-9f01-23456789abcd",
        "This request belongs to another service",
    ),
];
const CALL_ID: &str = "Calling 123 456 789";
const CALL_ALIAS: &str = "Calling user@namespace";
const OTHER_CLIENT: &str = "with the prefix “abc12345”";

/// A way from a link to the program.
enum Handler {
    Gio,
    XdgOpen,
    Browser(Box<Chromium>),
}

impl Handler {
    async fn all(computer: &Computer, service: &ServiceProgram, beckon: &Inspected) -> [Self; 3] {
        let start = Start { service: Some(&service.origin), ..Start::default() };
        let lends = |browser| {
            let mut browser = beckon.lends(computer.lends(browser, start));
            // Where it knows the desktop, it turns to gio; without one it takes no schemes with digits.
            browser.env("XDG_CURRENT_DESKTOP", "GNOME");
            browser
        };
        let chromium = Chromium::opens_on_a_screen(lends, &service.origin, &SCHEMES).await;
        chromium.visits(&service.origin).await;
        [Self::Gio, Self::XdgOpen, Self::Browser(Box::new(chromium))]
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Gio => "gio open",
            Self::XdgOpen => "xdg-open",
            Self::Browser(_) => "a click in Chromium",
        }
    }

    /// Without a desktop, `xdg-open` takes no scheme with a digit for one.
    fn takes(&self, link: &str) -> bool {
        let has_digit =
            link.split(':').next().is_some_and(|scheme| scheme.contains(|c: char| c.is_ascii_digit()));
        !(matches!(self, Self::XdgOpen) && has_digit)
    }

    /// What it started ends with what is returned.
    async fn opens(
        &self,
        link: &str,
        computer: &Computer,
        beckon: &Inspected,
        start: Start<'_>,
    ) -> Option<Program> {
        let mut command = match self {
            Self::Gio => Command::new("gio"),
            Self::XdgOpen => Command::new("xdg-open"),
            Self::Browser(chromium) => {
                clicks(chromium, link).await;
                return None;
            }
        };
        if matches!(self, Self::Gio) {
            command.arg("open");
        } else {
            // Nothing but the bare standard, and no browser to turn to.
            command.env_remove("XDG_CURRENT_DESKTOP").env_remove("DESKTOP_SESSION").env("BROWSER", "false");
        }
        command.arg(link);
        Some(computer.starts(beckon.lends(command), start))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_beckon_runs_every_form_opens_what_it_asks_for() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    is_registered(&computer);
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let desktop = computer.opens_beckon(start).await;
    desktop.page.sees("Have someone help you").await;
    let second = Inspected::anew();
    for handler in Handler::all(&computer, &service, &second).await {
        for (link, said) in FORMS.into_iter().filter(|(link, _)| handler.takes(link)) {
            step(&format!("{}: {link}", handler.name()));
            let _opened = handler.opens(link, &computer, &second, start).await;
            is_told(&desktop, said).await;
        }
    }
    desktop.has_windows(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_beckon_does_not_run_every_form_starts_it_and_opens_what_it_asks_for() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    is_registered(&computer);
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let beckon = Inspected::anew();
    for handler in Handler::all(&computer, &service, &beckon).await {
        for (link, said) in FORMS.into_iter().filter(|(link, _)| handler.takes(link)) {
            step(&format!("{}: {link}", handler.name()));
            let opened = handler.opens(link, &computer, &beckon, start).await;
            let desktop = computer.meets(&beckon, start).await;
            is_told(&desktop, said).await;
            // Not with a key: a second press would close the browser.
            let _ = desktop.page.evaluates("window.__TAURI_INTERNALS__.invoke('close_window')").await;
            beckon.is_gone().await;
            drop(opened);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_for_another_client_is_handed_on_to_whoever_opened_such_links_before() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let received = computer.has_another_program_for("anydesk");
    is_in_the_menu(&computer);
    let start = Start { service: Some(&service.origin), installed: true, ..Start::default() };
    let desktop = computer.opens_beckon(start).await;
    desktop.page.sees("Have someone help you").await;

    step("Beckon takes the links over");
    desktop.page.presses("Settings").await;
    desktop.page.sees("Opened by Other Desk").await;
    while desktop.page.tries_to_press("Use Beckon").await.is_some() {
        desktop.page.is_pictured("handlers-01-taking").await;
    }
    desktop.page.sees("Give back to Other Desk").await;
    desktop.page.presses("Done").await;

    step("A link that is for neither of them goes on as it came, as one argument");
    let link = "anydesk:AnyDesk-abc12345_msi:123 456 789";
    let _opened = Handler::Gio.opens(link, &computer, &Inspected::anew(), start).await;
    desktop.page.sees(OTHER_CLIENT).await;
    desktop.page.is_pictured("handlers-02-other-client").await;
    desktop.page.reads(SETTLED).await;
    desktop.page.presses("Open with Other Desk").await;
    desktop.page.no_longer_sees(OTHER_CLIENT).await;
    let arguments = until("the other program", async || fs::read_to_string(&received).ok()).await;
    assert_eq!(arguments, format!("1\n{link}\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_asks_once_who_opens_links_and_takes_nothing_before() {
    let service = ServiceProgram::starts().await;
    let start = Start { service: Some(&service.origin), installed: true, ..Start::default() };
    for (answer, opens) in [("Not now", "other.desktop"), ("Open links with Beckon", OWN_ENTRY)] {
        step(answer);
        let computer = Computer::is_switched_on().await;
        computer.has_another_program_for("anydesk");
        is_in_the_menu(&computer);
        let desktop = computer.opens_beckon(start).await;
        desktop.page.sees(QUESTION).await;
        desktop.page.sees("anydesk: links are opened by Other Desk today.").await;
        desktop.page.is_pictured("handlers-03-question").await;
        assert_eq!(opener(&computer), "other.desktop");
        assert!(!computer.folder().join("share/applications").join(OWN_ENTRY).exists());
        desktop.page.presses(answer).await;
        desktop.page.no_longer_sees(QUESTION).await;
        assert_eq!(opener(&computer), opens);
        desktop.quits().await;

        step("It is not asked again");
        let desktop = computer.opens_beckon(start).await;
        desktop.page.sees("Have someone help you").await;
        desktop.page.presses("Settings").await;
        desktop
            .page
            .sees(if opens == OWN_ENTRY { "Give back to Other Desk" } else { "Opened by Other Desk" })
            .await;
        assert!(!desktop.page.text().await.contains(QUESTION));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_nobody_installed_asks_nothing_and_says_that_it_registers_nothing() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let start = Start { service: Some(&service.origin), installed: true, ..Start::default() };
    let desktop = computer.opens_beckon(start).await;
    desktop.page.presses("Settings").await;
    desktop.page.sees("does not lie where programs are installed and registers nothing").await;
    desktop.page.is_pictured("handlers-04-portable").await;
    desktop.page.presses("Done").await;
    desktop.page.no_longer_sees(QUESTION).await;
    assert!(!computer.folder().join("share/applications").exists());
}

async fn is_told(desktop: &Desktop, said: &str) {
    if said.starts_with("Calling") {
        return desktop.calls_and_cancels(said).await;
    }
    desktop.page.sees(said).await;
    desktop.page.reads(SETTLED).await;
    // With the pointer: the driver's keys go astray where the window has just come up.
    desktop.page.presses(if said.ends_with('?') { "Cancel" } else { "Dismiss" }).await;
    desktop.page.no_longer_sees(said).await;
}

/// On a link like any other, on a page like any other.
async fn clicks(chromium: &Chromium, link: &str) {
    let script = format!(
        "const link = document.createElement('a'); link.textContent = 'Connect'; link.id = 'portal';
         link.href = {link:?}; document.getElementById('portal')?.remove(); document.body.prepend(link)"
    );
    chromium.page.evaluates(&script).await.unwrap();
    chromium.page.presses_at("#portal").await;
}

/// What opens `anydesk:` links, by the name of its entry.
fn opener(computer: &Computer) -> String {
    let mut gio = Command::new("gio");
    gio.args(["mime", "x-scheme-handler/anydesk"]).env("LC_ALL", "C");
    let said = computer.runs(gio);
    said.lines().next().and_then(|line| line.rsplit(": ").next()).unwrap_or_default().to_owned()
}

/// Installed for this person alone, with an entry that opens no links.
fn is_in_the_menu(computer: &Computer) {
    is_entered(computer, "");
}

/// As the package does it, for this person alone.
pub fn is_registered(computer: &Computer) {
    let types = SCHEMES.map(|scheme| format!("x-scheme-handler/{scheme};"));
    is_entered(computer, &format!("MimeType={}\n", types.concat()));
    for kind in types {
        let mut gio = Command::new("gio");
        gio.args(["mime", kind.trim_end_matches(';'), "beckon.desktop"]);
        computer.runs(gio);
    }
}

fn is_entered(computer: &Computer, links: &str) {
    let applications = computer.folder().join("share/applications");
    fs::create_dir_all(&applications).unwrap();
    let program = built("BECKON_BIN");
    let entry =
        format!("[Desktop Entry]\nType=Application\nName=Beckon\nExec={} %u\n{links}", program.display());
    fs::write(applications.join("beckon.desktop"), entry).unwrap();
}
