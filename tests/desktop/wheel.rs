//! A wheel that is turned over a window. The driver's own scrolling takes another way.

use beckon_tests::backlog;
use beckon_tests::step;

use crate::computer::{Computer, Start};
use crate::screen;
use crate::service::ServiceProgram;

const MORE_THAN_FIT: u32 = 200;
const DOWN: &str = "5";

#[tokio::test(flavor = "multi_thread")]
async fn the_wheel_scrolls_the_list() {
    let mut service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let email = service.hires("Ana");
    service.requests_for("Dana Fox", &email);
    let code = service.signs_in(&email);
    service.is_killed();
    backlog::of_requests(&service.data(), MORE_THAN_FIT);
    service.starts_again().await;
    let origin = service.origin.clone();
    let start = Start { service: Some(&origin), sign_in_code: Some(&code), ..Start::default() };
    let ana = computer.opens_beckon(start).await;
    ana.page.is_there("[role=row][data-index='0']").await;

    step("Ana turns the wheel over the list");
    let window = screen::shows("Beckon").await;
    screen::xdotool(&["mousemove", "--window", &window, "500", "300"]);
    screen::xdotool(&["click", "--repeat", "20", "--delay", "20", DOWN]);
    ana.page.is_not_there("[role=row][data-index='0']").await;
    ana.quits().await;
}
