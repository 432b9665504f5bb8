//! Beckon in the panel: it goes on without a window, and is found again.

use beckon_domain::call::CallStateName;
use beckon_tests::stage::until;
use beckon_tests::step;

use crate::computer::{Computer, Start};
use crate::panel::Panel;
use crate::screen;
use crate::service::ServiceProgram;
use crate::toasts::somebody_at;

const MAIN: &str = "^Beckon$";
const RING: &str = "^Beckon: somebody calls$";

#[tokio::test(flavor = "multi_thread")]
async fn with_a_panel_closing_the_window_leaves_an_agent_reachable() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let panel = Panel::serves(computer.bus()).await;
    let email = service.hires("Ana");
    let code = service.signs_in(&email);
    let start = Start { service: Some(&service.origin), sign_in_code: Some(&code), ..Start::default() };
    let mut beckon = computer.starts_beckon(start);
    let lines = panel.has_line("No request is ready").await;
    assert_eq!(lines, ["No request is ready", "Open Beckon", "Copy my ID", "Quit Beckon"]);

    step("Ana closes the window, and Beckon goes on in the panel");
    screen::closes(MAIN).await;
    panel.has_line("Open Beckon").await;

    step("Dana allows access, and the panel counts it and leads to it");
    let folder = tempfile::tempdir().unwrap();
    let dana = somebody_at(&service, "Dana", None, &folder);
    dana.joins(&service.requests_for("Dana Fox", &email)).await.unwrap();
    dana.allows().await.unwrap();
    let lines = panel.has_line("1 request is ready").await;
    assert_eq!(lines.get(1).map(String::as_str), Some("Dana Fox"));
    panel.presses("Dana Fox").await;
    screen::closes(MAIN).await;
    dana.client.shut_down().await;
    panel.has_line("No request is ready").await;

    step("Started again, its window comes back");
    let again = Start { sign_in_code: None, ..start };
    assert!(computer.starts_beckon(again).ends().await.success());
    screen::shows(MAIN).await;

    step("Closed again, the panel brings it back");
    screen::closes(MAIN).await;
    panel.presses("Open Beckon").await;
    screen::shows(MAIN).await;

    step("Quit is quit");
    panel.presses("Quit Beckon").await;
    assert!(beckon.ends().await.success());

    step("Started by the system, it waits in the panel");
    let mut beckon = computer.starts_beckon(Start { hidden: true, ..again });
    panel.has_line("No request is ready").await;
    assert_eq!(screen::visible(MAIN), Vec::<String>::new());
    panel.presses("Open Beckon").await;
    screen::shows(MAIN).await;
    panel.presses("Quit Beckon").await;
    assert!(beckon.ends().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_panel_each_call_has_a_window_though_the_main_one_is_closed_and_beckon_outlives_it() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let panel = Panel::serves(computer.bus()).await;
    let code = service.signs_in(&service.hires("Ana"));
    let start = Start { service: Some(&service.origin), sign_in_code: Some(&code), ..Start::default() };
    let ana = computer.opens_beckon(start).await;
    ana.page.sees_in("aside", "Online").await;
    let id = ana.page.reads("[data-part='own-id']").await;
    panel.has_line("No request is ready").await;
    let folder = tempfile::tempdir().unwrap();
    let ben = somebody_at(&service, "Ben", None, &folder);
    ben.is_online().await;

    step("Ana closes the window, and with it goes the one that was kept ready beside it");
    let mut used = vec![ana.has_a_spare().await];
    screen::closes(MAIN).await;
    for _ in 0..2 {
        step("Another one is kept ready: Ben calls, and a window asks");
        until("another window that is kept ready", async || {
            (!used.contains(&ana.has_a_spare().await)).then_some(())
        })
        .await;
        let call = ben.client.call_typed(&id).unwrap();
        screen::shows(RING).await;
        ana.looks_at("ring").await;
        ana.page.sees("asks for access").await;
        used.push(ana.page.driver.window().await.unwrap());

        step("Ana closes it, which denies, and Beckon goes on");
        screen::closes(RING).await;
        ben.sees("that access was denied", |client| {
            client.call_state(call).filter(|call| call.view.state == CallStateName::Rejected)
        })
        .await;
        panel.has_line("Open Beckon").await;
    }
    panel.presses("Open Beckon").await;
    screen::shows(MAIN).await;
    ben.client.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_account_closing_the_window_ends_it() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let panel = Panel::serves(computer.bus()).await;
    let mut beckon = computer.starts_beckon(Start { service: Some(&service.origin), ..Start::default() });
    let lines = panel.has_line("Quit Beckon").await;
    assert!(!lines.contains(&"No request is ready".to_owned()), "only an agent has requests");
    screen::closes(MAIN).await;
    assert!(beckon.ends().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_panel_closing_the_window_ends_it() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let code = service.signs_in(&service.hires("Ana"));
    let start = Start { service: Some(&service.origin), sign_in_code: Some(&code), ..Start::default() };
    let mut beckon = computer.starts_beckon(start);
    screen::closes(MAIN).await;
    assert!(beckon.ends().await.success());

    step("Hidden, it waits minimised, where it can be found");
    let mut beckon = computer.starts_beckon(Start { hidden: true, sign_in_code: None, ..start });
    let window = screen::has_minimised(MAIN).await;
    assert_eq!(screen::visible(MAIN), Vec::<String>::new());
    screen::xdotool(&["windowactivate", &window]);
    screen::closes(MAIN).await;
    assert!(beckon.ends().await.success());
}
