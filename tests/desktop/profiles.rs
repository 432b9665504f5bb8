//! One running Beckon for each profile.

use beckon_tests::stage::until;
use beckon_tests::step;

use crate::computer::{Computer, Start};
use crate::screen::xdotool;
use crate::service::ServiceProgram;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_of_a_profile_raises_the_first() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let first = computer.opens_beckon(start).await;
    first.page.sees("Have someone help you").await;
    let window =
        until("the window on the screen", async || windows(&["--onlyvisible"]).first().cloned()).await;

    let all = windows(&[]).len();

    step("The window is out of sight");
    xdotool(&["windowminimize", &window]);
    until("no window on the screen", async || windows(&["--onlyvisible"]).is_empty().then_some(())).await;

    step("Started again, it comes back, and the second program is gone");
    let mut second = computer.starts_beckon(start);
    assert!(second.ends().await.success());
    let back = until("the window again", async || windows(&["--onlyvisible"]).first().cloned()).await;
    assert_eq!(back, window);
    assert_eq!(windows(&[]).len(), all, "there is no other window");
    first.has_windows(1).await;
    first.page.sees("Have someone help you").await;
}

/// The main windows of all Beckons on this screen.
fn windows(how: &[&str]) -> Vec<String> {
    let mut search = vec!["search"];
    search.extend(how);
    search.extend(["--name", "^Beckon$"]);
    xdotool(&search).lines().map(str::to_owned).collect()
}
