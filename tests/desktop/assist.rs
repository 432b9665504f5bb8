//! *Assist*: the downloaded program that reads in its own name whom to ask.

use std::fs;
use std::path::PathBuf;

use beckon_tests::stage::{self, built};
use beckon_tests::step;

use crate::computer::{Computer, Look, Start};
use crate::service::ServiceProgram;

#[tokio::test(flavor = "multi_thread")]
async fn a_downloaded_program_joins_what_its_name_says() {
    tell(Look::Light).await;
    if stage::pictures().is_some() {
        tell(Look::Dark).await;
    }
}

async fn tell(look: Look) {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let seen = |what: &str| format!("{look:?}-assist-{what}").to_lowercase();
    let (host, code) =
        (service.origin.trim_start_matches("http://").to_owned(), asks(&service, &computer).await);
    let name = format!("Beckon Assist ({} {code}) (1)", host.replace(':', "_"));
    let program = is_downloaded(&computer, &name);

    step("It names the service and waits for a person");
    let start = Start { look, program: Some(&program), ..Start::default() };
    let dana = computer.opens(start, "assist").await;
    dana.page.sees(&format!("Get help from {host}?")).await;
    dana.page.sees_in("[data-part='join-code']", &code).await;
    let text = dana.page.text().await;
    assert!(!text.contains("Sign in") && !text.contains("Requests"), "{text}");
    dana.page.is_pictured(&seen("01-told")).await;

    step("Join opens the question, and nothing else stays open");
    dana.page.presses_at("[data-part='join'][data-settled='true']").await;
    dana.looks_at("accept").await;
    dana.page.sees("Ana asks for access").await;
    dana.has_windows(1).await;
    dana.page.is_pictured(&seen("02-asked")).await;
    dana.page.presses_at("[data-part='allow'][data-settled='true']").await;
    dana.page.sees("Access is allowed").await;

    step("What it remembers lies apart from an installed client's own");
    assert!(computer.folder().join("data/assist").is_dir());
    assert!(!computer.folder().join("data/default").exists());
    assert!(!computer.folder().join("share/applications").exists(), "it registers no link handler");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_whose_name_says_nothing_asks_for_both() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let code = asks(&service, &computer).await;
    let program = is_downloaded(&computer, "Beckon-Assist");
    let dana = computer.opens(Start { program: Some(&program), ..Start::default() }, "assist").await;
    dana.page.sees("Have someone help you").await;
    dana.page.is_pictured("assist-03-by-hand").await;
    dana.page.presses("Join").await;
    dana.page.sees("Enter the address of the service.").await;
    dana.page.fills("Service", &service.origin).await;
    dana.page.fills("Join code", "7Q4MX-2K9TD").await;
    dana.page.presses("Join").await;
    dana.page.sees_in("[role=alert]", "code").await;
    dana.page.is_pictured("assist-04-unknown-code").await;
    dana.page.fills("Join code", &code.to_lowercase()).await;
    dana.page.presses("Join").await;
    dana.looks_at("accept").await;
    dana.page.sees("Ana asks for access").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_download_only_changes_what_is_asked() {
    let computer = Computer::is_switched_on().await;
    let first = is_downloaded(&computer, "Beckon Assist (support.acme.com 7Q4MX-2K9TD)");
    let dana = computer.opens(Start { program: Some(&first), ..Start::default() }, "assist").await;
    dana.page.sees("Get help from support.acme.com?").await;

    let second = is_downloaded(&computer, "Beckon Assist (help.other.example 01234-ABCDE)");
    let mut second = computer.starts_beckon(Start { program: Some(&second), ..Start::default() });
    assert!(second.ends().await.success());
    dana.page.sees("Get help from help.other.example?").await;
    dana.page.sees_in("[data-part='join-code']", "01234-ABCDE").await;
    dana.has_windows(1).await;
}

/// Ana has a request for Dana; its join code.
async fn asks(service: &ServiceProgram, computer: &Computer) -> String {
    let code = service.signs_in(&service.hires("Ana"));
    let start = Start {
        profile: "ana",
        service: Some(&service.origin),
        sign_in_code: Some(&code),
        ..Start::default()
    };
    let ana = computer.opens_beckon(start).await;
    ana.page.sees("No session requests yet").await;
    ana.page.types("n").await;
    ana.page.fills("Recipient name", "Dana Fox").await;
    ana.page.types("\u{e007}").await;
    ana.page.reads("[data-part='join-code']").await
}

fn is_downloaded(computer: &Computer, name: &str) -> PathBuf {
    let downloads = computer.folder().join("Downloads");
    fs::create_dir_all(&downloads).unwrap();
    let program = downloads.join(name);
    fs::copy(built("BECKON_BIN"), &program).unwrap();
    program
}
