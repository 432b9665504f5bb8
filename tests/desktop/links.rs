//! Links from the system, through the real handlers: what they open, and that they do nothing else.

use std::fs;
use std::process::Command;

use beckon_tests::stage::{built, until};
use beckon_tests::step;
use beckon_wire::request::AssignTo;

use crate::computer::{Computer, Desktop, Start};
use crate::handlers::is_registered;
use crate::screen::{self, Letter};
use crate::service::ServiceProgram;
use crate::toasts::somebody_at;

const DETAIL: &str = "[data-part='detail']";
const REFUSED: &str = "This link does nothing here";
/// What answers a notice, once it has stood still for long enough.
const SETTLED: &str = "[data-settled='true']";

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_understood_at_a_cold_start_and_while_beckon_runs() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let start = Start { service: Some(&service.origin), ..Start::default() };

    step("Cold: a window says who is called");
    let desktop = computer.opens(Start { arguments: &["anydesk:123 456 789"], ..start }, "call").await;
    desktop.page.sees("Calling 123 456 789").await;
    desktop.page.is_pictured("links-01-call").await;
    desktop.has_windows(2).await;
    desktop.leaves_by("Cancel", 1).await;
    desktop.looks_at("main").await;

    step("Running: on the first click, through the system's own handler");
    is_registered(&computer);
    for (link, said) in [
        ("anydesk:user@namespace", "Calling user@namespace"),
        ("anydesk://987654321/", "Calling 987 654 321"),
    ] {
        computer.runs(gio(&["open", link]));
        desktop.calls_and_cancels(said).await;
    }
    for (link, said) in [
        ("anydesk-abc12345:123456789", "with the prefix “abc12345”"),
        ("anydesk:AnyDesk-abc12345_msi:123456789", "with the prefix “abc12345”"),
        ("anydesk:AnyDesk-ad_abc12345:123456789", "with the prefix “abc12345”"),
        ("anydesk:AnyDesk-ad_abc12345_msi:user@namespace", "with the prefix “abc12345”"),
        ("beckon:join?service=https://support.example.com&code=7Q4MX-2K9TD", "Join at support.example.com?"),
        (
            "beckon:request?service=https://support.example.com&id=0191d2a4-5b6c-7d8e-9f01-23456789abcd",
            "This request belongs to another service",
        ),
        ("anydesk://register-license?key=ABCDE", REFUSED),
    ] {
        computer.runs(gio(&["open", link]));
        desktop.page.sees(said).await;
        desktop.page.reads(SETTLED).await;
        desktop.page.types("\u{e00c}").await;
        desktop.page.no_longer_sees(said).await;
    }
    desktop.has_windows(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_join_link_opens_the_question_and_no_link_answers_it() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let email = service.hires("Ana");
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let code = service.signs_in(&email);
    let ana = computer.opens_beckon(Start { profile: "ana", sign_in_code: Some(&code), ..start }).await;
    ana.page.sees("No session requests yet").await;
    let code = creates_a_request(&ana).await;
    let join = format!("beckon:join?service={}&code={code}", service.origin);

    step("Dana clicks *Open Beckon* on the landing page");
    let dana = computer.opens_beckon(Start { arguments: &[&join], ..start }).await;
    dana.looks_at("accept").await;
    dana.page.sees("Ana asks for access").await;
    ana.page.sees_in(DETAIL, "has joined").await;
    dana.page.sees("Folder for files").await;
    let asked = dana.page.text().await;

    step("Whatever is clicked now leaves the question as it is");
    for link in [
        &join,
        "beckon:join?service=https://support.example.com&code=7Q4MX-2K9TD",
        "anydesk:123456789",
        "anydesk:--help",
        "-",
        "--profile=x",
        "",
        "beckon:allow?service=https://support.example.com",
    ] {
        is_handed(&computer, &[link]);
    }
    is_handed(&computer, &["anydesk:123456789", "--profile", "x"]);
    dana.looks_at("main").await;
    dana.page.sees("Join at support.example.com?").await;
    dana.looks_at("accept").await;
    assert_eq!(without_times(&dana.page.text().await), without_times(&asked));
    ana.page.sees_in("[role=row][data-index='0']", "Waiting").await;
    has_not_written(&computer, &[&code, "7Q4MX-2K9TD", "123456789"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_request_shows_it_at_a_cold_start_and_to_an_agent_who_writes_elsewhere() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let email = service.hires("Ana");
    let (code, folder) = (service.signs_in(&email), tempfile::tempdir().unwrap());
    let agent = somebody_at(&service, "Ana elsewhere", Some(service.signs_in(&email)), &folder);
    agent.is_signed_in().await;
    let mut links = Vec::new();
    for recipient in ["Dana Fox", "Li Wei", "Sam Roe"] {
        let id = agent.creates_a_request_for(recipient, AssignTo::Myself).await;
        links.push(format!("beckon:request?service={}&id={}", service.origin, id.0));
    }
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let ana = computer.opens_beckon(Start { sign_in_code: Some(&code), ..start }).await;
    ana.page.sees("Sam Roe").await;
    ana.quits().await;

    step("Cold");
    let ana = computer.opens_beckon(Start { arguments: &[&links[0]], ..start }).await;
    ana.page.sees_in(DETAIL, "Dana Fox").await;
    let letter = Letter::is_begun(folder.path()).await;
    for (link, recipient) in [(&links[1], "Li Wei"), (&links[2], "Sam Roe")] {
        step(&format!("Ana writes a letter, and clicks the link to the request of {recipient}"));
        screen::goes_to(&letter.window).await;
        is_handed(&computer, &[link]);
        ana.page.sees_in(DETAIL, recipient).await;
        let main = screen::shows("^Beckon$").await;
        until("the focus", async || screen::has_focus(&main).then_some(())).await;
    }
    ana.page.is_pictured("links-03-request").await;
    agent.client.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_link_is_told_and_does_nothing() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let desktop = computer.opens_beckon(start).await;
    desktop.page.sees("Have someone help you").await;
    let overlong = format!("anydesk:{}", "7".repeat(2_000));
    for (arguments, shown) in [
        (&["anydesk:--help"][..], "anydesk:--help"),
        (&["-"], "-"),
        (&["--profile=x"], "--profile=x"),
        (&["anydesk:\\\\\\\\attacker\\\\share"], r"\\\\attacker\\share"),
        (&["file:///etc/passwd"], "file:///etc/passwd"),
        (&["anydesk:123456789\" --play"], r#"123456789\" --play"#),
        (&["anydesk:123456789\\n"], r"123456789\n"),
        (&["anydesk:123\\t456\\t789"], r"123\t456\t789"),
        (&["anydesk:\u{202e}987654321"], r"\xe2\x80\xae987654321"),
        (&["anydesk:%2531%32345678"], "anydesk:%2531%32345678"),
        (&["anydesk:123456789:7070"], "anydesk:123456789:7070"),
        (&["anydesk:123456789#x"], "anydesk:123456789#x"),
        (&["anydesk://user:secret@123456789"], "anydesk://user:secret@123456789"),
        (&["beckon:join?service=https://user:secret@a.example&code=7Q4MX-2K9TD"], "user:secret@a.example"),
        (&["beckon:join?service=https://a.example:99999&code=7Q4MX-2K9TD"], "a.example:99999"),
        (&["anydesk://register-license?key=ABCDE"], "anydesk://register-license?key=ABCDE"),
        (&["beckon:config?home=https://evil.example"], "beckon:config?home=https://evil.example"),
        (&[&overlong], "7777777777"),
        (&["anydesk:123456789", "anydesk:987654321"], "something other than one link"),
        (&["anydesk:123456789", "--profile", "x"], "something other than one link"),
    ] {
        is_handed(&computer, arguments);
        desktop.page.sees(REFUSED).await;
        desktop.page.sees(shown).await;
        desktop.page.presses_at(SETTLED).await;
        desktop.page.no_longer_sees(REFUSED).await;
    }

    step("Of many at once one is called, a few wait for a press, and there is a word about the rest");
    for number in 0..50 {
        is_handed(&computer, &[&format!("anydesk:{}", 300_000_000 + number)]);
    }
    desktop.page.sees("Not calling 300 000 00").await;
    desktop.page.sees("You are calling somebody already.").await;
    desktop.page.sees("more links wait. More came at once than Beckon takes").await;
    desktop.page.is_pictured("links-02-many").await;
    desktop.has_windows(2).await;
    desktop.looks_at("call").await;
    desktop.page.sees("Calling 300 000 000").await;
    has_not_written(
        &computer,
        &["attacker", "passwd", "300000000", "77777", "--play", "secret", "ABCDE", "evil.example"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_speaks_to_the_door_can_say_nothing_but_links() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let desktop = computer.opens_beckon(Start { service: Some(&service.origin), ..Start::default() }).await;
    desktop.page.sees("Have someone help you").await;
    let door = Door::of(&computer).await;

    step("Other than a list of arguments");
    for odd in
        [vec![], vec![String::new()], vec!["beckon".to_owned(); 10_000], vec!["x".repeat(1_000_000); 2]]
    {
        door.takes(&odd).await;
    }
    desktop.page.sees("something other than one link").await;
    is_dismissed(&desktop).await;
    desktop.page.sees("It is longer than any link of Beckon").await;
    is_dismissed(&desktop).await;

    step("A thousand links in a second");
    for number in 0..1_000 {
        door.takes(&["beckon".to_owned(), format!("anydesk:{}", 400_000_000 + number)]).await;
    }
    desktop.page.sees("Not calling").await;
    desktop.page.sees("More came at once than Beckon takes").await;
    until("the end of what waits", async || {
        desktop.page.tries_to_press("Dismiss").await;
        (!desktop.page.text().await.contains("Not calling")).then_some(())
    })
    .await;
    desktop.page.sees("Have someone help you").await;
    desktop.has_windows(2).await;
    desktop.looks_at("call").await;
    desktop.leaves_by("Cancel", 1).await;
    has_not_written(&computer, &["anydesk", "400000000", "400000999", "xxxxx"]);
}

/// The single-instance channel, as anybody in this session may use it.
struct Door(zbus::Connection);

impl Door {
    async fn of(computer: &Computer) -> Self {
        Self(zbus::connection::Builder::address(computer.bus()).unwrap().build().await.unwrap())
    }

    async fn takes(&self, arguments: &[String]) {
        let (name, path) = ("app.beckon.desktop.SingleInstance", "/app/beckon/desktop/SingleInstance");
        let interface = Some("org.SingleInstance.DBus");
        let body = (arguments, "/");
        self.0.call_method(Some(name), path, interface, "ExecuteCallback", &body).await.unwrap();
    }
}

async fn is_dismissed(desktop: &Desktop) {
    desktop.page.presses_at(SETTLED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_explained_without_a_display_or_a_trace() {
    let home = tempfile::tempdir().unwrap();
    for (raw, code, said) in [
        ("anydesk:123456789", 0, r#"{"outcome":"call","target":{"id":"123456789"}}"#),
        ("anydesk:user@namespace", 0, r#"{"outcome":"call","target":{"alias":"user@namespace"}}"#),
        ("anydesk:--help", 2, r#"{"outcome":"refused","reason":"leading_dash"}"#),
        ("--profile", 2, r#"{"outcome":"refused","reason":"leading_dash"}"#),
        ("", 2, r#"{"outcome":"refused","reason":"not_a_link"}"#),
    ] {
        let explained = explains(&home, raw.as_ref());
        assert_eq!(String::from_utf8(explained.stdout).unwrap(), format!("{said}\n"), "{raw}");
        assert_eq!(explained.status.code(), Some(code), "{raw}");
        assert!(explained.stderr.is_empty());
    }
    let no_text: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"anydesk:\xff");
    assert_eq!(explains(&home, no_text).status.code(), Some(2));
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "nothing was written");
}

fn explains(home: &tempfile::TempDir, raw: &std::ffi::OsStr) -> std::process::Output {
    let mut beckon = Command::new(built("BECKON_BIN"));
    beckon.env_clear().env("HOME", home.path()).arg("--explain-link").arg(raw).output().unwrap()
}

/// As a person does, with the keyboard.
async fn creates_a_request(ana: &Desktop) -> String {
    ana.page.types("n").await;
    ana.page.fills("Recipient name", "Dana Fox").await;
    ana.page.types("\u{e007}").await;
    ana.page.sees_in("[role=row][data-index='0']", "Open").await;
    ana.page.reads("[data-part='join-code']").await
}

/// From whoever may speak to the session bus: no handler, no quoting, just arguments.
fn is_handed(computer: &Computer, arguments: &[&str]) {
    let quoted = |argument: &str| format!("\"{}\"", argument.replace('"', "\\\""));
    let arguments: Vec<String> =
        ["beckon"].iter().chain(arguments).map(|argument| quoted(argument)).collect();
    let mut gdbus = Command::new("gdbus");
    gdbus.args(["call", "--session", "--dest", "app.beckon.desktop.SingleInstance"]);
    gdbus.args(["--object-path", "/app/beckon/desktop/SingleInstance"]);
    gdbus.args(["--method", "org.SingleInstance.DBus.ExecuteCallback"]);
    gdbus.args([&format!("[{}]", arguments.join(", ")), "\"/\""]);
    computer.runs(gdbus);
}

fn gio(arguments: &[&str]) -> Command {
    let mut gio = Command::new("gio");
    gio.args(arguments);
    gio
}

/// Countdowns run on.
fn without_times(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}

fn has_not_written(computer: &Computer, secrets: &[&str]) {
    let log = computer.log_of("default");
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}
