//! A custom client: a copy of the program with a file beside it, on a computer that has the standard client too.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use beckon_tests::stage::{built, until};
use beckon_tests::step;

use crate::computer::{Computer, Start};
use crate::notifier::{Manners, Notifier};
use crate::panel::Panel;
use crate::screen;
use crate::service::ServiceProgram;
use crate::toasts::somebody_at;

#[tokio::test(flavor = "multi_thread")]
async fn a_custom_client_is_its_organisations_and_runs_beside_the_standard_one() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let acme = is_installed(
        &computer,
        &format!(
            r#"{{ "prefix": "ABC12345", "name": "Acme Support", "home": "{}",
                "locked": {{ "permissions": [], "alerts": true, "theme": "light" }} }}"#,
            service.origin
        ),
    );

    step("A link with its prefix is its own, and its service is the one that the file names");
    let link = ["anydesk-abc12345:123 456 789"];
    let elsewhere = Some("http://127.0.0.1:9");
    let start = Start { program: Some(&acme), arguments: &link, service: elsewhere, ..Start::default() };
    let custom = computer.opens_beckon(start).await;
    custom.calls_and_cancels("Calling 123 456 789").await;
    custom.page.sees("Have someone help you").await;
    custom.page.sees_in("aside", "Online").await;
    screen::shows("^Acme Support$").await;

    step("The standard client keeps its own place, and says whose such a link is");
    let standard =
        Start { service: Some(&service.origin), profile: "default", arguments: &link, ..Start::default() };
    let standard = computer.opens_beckon(standard).await;
    standard.page.sees("with the prefix “abc12345”").await;
    screen::shows("^Beckon$").await;

    step("What the file fixes is shown so, and nothing is on that it does not allow");
    custom.page.evaluates("window.focus()").await.unwrap();
    custom.page.presses("Settings").await;
    custom.page.sees("Set by Acme Support").await;
    custom.page.is_pictured("custom-01-settings").await;
    custom.page.presses("Done").await;
    let email = service.hires("Ana");
    custom.page.fills("Connect to", &service.requests_for("Dana Fox", &email)).await;
    custom.page.types("\u{e007}").await;
    custom.looks_at("accept").await;
    custom.page.sees("Ana asks for access").await;
    screen::shows("^Acme Support: access to this computer$").await;
    let on =
        custom.page.evaluates("return document.querySelectorAll('[role=switch][aria-checked=true]').length");
    assert_eq!(on.await.unwrap(), 0);
    custom.page.is_pictured("custom-02-accept").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_custom_client_without_session_requests_helps_nobody_and_has_its_own_name_everywhere() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let notifier = Notifier::serves(computer.bus(), Manners::Good).await;
    let panel = Panel::serves(computer.bus()).await;
    let file = format!(
        r#"{{ "prefix": "acme", "name": "Acme Support", "home": "{}", "features": {{ "session_requests": false }} }}"#,
        service.origin
    );
    let program = is_installed(&computer, &file);
    let custom = computer.opens_beckon(Start { program: Some(&program), ..Start::default() }).await;

    step("It offers nowhere to sign in");
    custom.page.sees_in("aside", "Online").await;
    custom.page.sees("Have someone help you").await;
    let buttons = custom.page.evaluates("return document.body.innerText.includes('Sign in')").await.unwrap();
    assert_eq!(buttons, false);
    custom.page.is_pictured("custom-04-without-requests").await;

    step("The panel calls it by its name");
    let lines = panel.has_line("Open Acme Support").await;
    assert_eq!(lines, ["Open Acme Support", "Copy my ID", "Quit Acme Support"]);

    step("Somebody calls: so do the toast, and the window that asks");
    let id = custom.page.reads("[data-part='own-id']").await;
    let folder = tempfile::tempdir().unwrap();
    let ben = somebody_at(&service, "Ben", None, &folder);
    ben.is_online().await;
    ben.client.call_typed(&id).unwrap();
    let told = until("the toast", async || notifier.standing().pop()).await;
    screen::shows("^Acme Support: somebody calls$").await;
    assert_eq!(
        (told.program.as_str(), told.body.as_str()),
        ("Acme Support", "Answer in Acme Support's window.")
    );
    assert!(told.buttons.contains(&("default".into(), "Open Acme Support".into())), "{told:?}");
    ben.client.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_custom_client_explains_links_as_it_reads_them() {
    let computer = Computer::is_switched_on().await;
    let acme = is_installed(&computer, r#"{ "prefix": "abc12345", "name": "Acme Support" }"#);
    let explains = |raw: &str| -> Output {
        Command::new(&acme).env_clear().arg("--explain-link").arg(raw).output().unwrap()
    };
    for (raw, said) in [
        ("anydesk:AnyDesk-ad_ABC12345_msi:123456789", r#"{"outcome":"call","target":{"id":"123456789"}}"#),
        ("anydesk:123456789", r#"{"outcome":"call","target":{"id":"123456789"}}"#),
        (
            "anydesk-other:user@namespace",
            r#"{"outcome":"other_client","prefix":"other","target":{"alias":"user@namespace"}}"#,
        ),
    ] {
        let explained = explains(raw);
        assert_eq!(String::from_utf8(explained.stdout).unwrap(), format!("{said}\n"));
        assert_eq!(explained.status.code(), Some(0));
    }
    fs::write(acme.with_file_name("beckon.custom.json"), "{}").unwrap();
    let explained = explains("anydesk:123456789");
    assert_eq!((explained.status.code(), explained.stdout.as_slice()), (Some(1), &b""[..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_used_is_told_and_nothing_else_is_opened() {
    let computer = Computer::is_switched_on().await;
    let acme = is_installed(&computer, r#"{ "prefix": "abc12345", "name": "Acme", "auto_accept": true }"#);
    let start = Start { program: Some(&acme), arguments: &["anydesk:123456789"], ..Start::default() };
    let window = computer.opens(start, "why_not").await;
    window.page.sees("This program does not start").await;
    window.page.is_pictured("custom-03-why-not").await;
    assert!(!computer.folder().join("data").exists(), "no client was opened");
}

fn is_installed(computer: &Computer, text: &str) -> PathBuf {
    let folder = computer.folder().join("acme");
    fs::create_dir_all(&folder).unwrap();
    let program = folder.join("beckon");
    fs::copy(built("BECKON_BIN"), &program).unwrap();
    fs::write(folder.join("beckon.custom.json"), text).unwrap();
    program
}
