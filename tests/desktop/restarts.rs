//! Started again: at once after it was closed, while it still quits, and many times at once.

use beckon_tests::stage::{PATIENCE, Program, until};
use beckon_tests::step;
use futures_util::StreamExt as _;

use crate::computer::{Computer, Start};
use crate::screen;
use crate::service::ServiceProgram;

const MAIN: &str = "^Beckon$";

#[tokio::test(flavor = "multi_thread")]
async fn closed_and_started_at_once_a_window_opens_each_time() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let mut running = computer.starts_beckon(start);
    for round in 1..=10 {
        step(&format!("Round {round}"));
        screen::closes(MAIN).await;
        let next = computer.starts_beckon(start);
        assert!(running.ends().await.success());
        screen::shows(MAIN).await;
        running = next;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn started_while_the_last_one_still_quits_it_waits_for_its_turn() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let email = service.hires("Ana");
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let dana = computer.opens_beckon(start).await;
    dana.page.fills("Connect to", &service.requests_for("Dana Fox", &email)).await;
    dana.page.types("\u{e007}").await;
    dana.looks_at("accept").await;
    dana.page.presses_at("[data-part='allow'][data-settled='true']").await;
    dana.page.sees("Access is allowed").await;

    step("The service says nothing any more, so quitting takes its five seconds");
    service.freezes();
    screen::closes("^Beckon: access to this computer$").await;
    let closing = screen::shows(MAIN).await;
    screen::goes_to(&closing).await;
    screen::xdotool(&["key", "alt+F4"]);
    let mut next = computer.starts_beckon(Start { arguments: &["anydesk:123456789"], ..start });
    until("the first one to give up on the service", async || {
        computer.log_of("default").contains("quitting without having told everybody").then_some(())
    })
    .await;
    until("the window of the next", async || {
        assert!(next.ended().is_none(), "the next one ended without a window");
        screen::visible(MAIN).into_iter().find(|window| *window != closing)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_speaks_to_a_program_that_just_ends_takes_its_place() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let goes = somebody_runs_and_goes_when_spoken_to(computer.bus()).await;
    let mut next = computer.starts_beckon(start);
    tokio::time::timeout(PATIENCE, goes).await.expect("Beckon speaks to who runs");
    screen::shows(MAIN).await;
    assert!(next.ended().is_none());
}

/// Has the name of the program that runs, and ends without an answer.
async fn somebody_runs_and_goes_when_spoken_to(bus: &str) -> impl Future<Output = ()> {
    let bus = zbus::connection::Builder::address(bus).unwrap();
    let bus = bus.name("app.beckon.desktop.SingleInstance").unwrap().build().await.unwrap();
    let mut said = zbus::MessageStream::from(&bus);
    async move {
        let is_told = |message: &zbus::Message| {
            message.header().member().is_some_and(|member| member.as_str() == "ExecuteCallback")
        };
        while !said.next().await.is_some_and(|message| is_told(&message.unwrap())) {}
        bus.close().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_starts_at_once_one_opens_a_window_and_the_others_end_well() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let burst = || -> Vec<Program> { (0..8).map(|_| computer.starts_beckon(start)).collect() };

    step("Where it does not run");
    let mut first = all_end_but_one(burst()).await;
    screen::shows(MAIN).await;
    assert_eq!(screen::visible(MAIN).len(), 1);

    step("Right after it was closed");
    screen::closes(MAIN).await;
    let next = burst();
    assert!(first.ends().await.success());
    let _running = all_end_but_one(next).await;
    screen::shows(MAIN).await;
    assert_eq!(screen::visible(MAIN).len(), 1);
}

/// The one that runs.
async fn all_end_but_one(mut starts: Vec<Program>) -> Program {
    until("all starts but one to end", async || {
        let mut place = 0;
        while let Some(start) = starts.get_mut(place) {
            match start.ended() {
                Some(status) => {
                    assert!(status.success(), "a second start failed: {status}");
                    starts.remove(place);
                }
                None => place += 1,
            }
        }
        (starts.len() == 1).then_some(())
    })
    .await;
    starts.remove(0)
}
