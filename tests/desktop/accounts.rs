//! Getting in: the first start, and signing in by hand.

use beckon_tests::step;

use crate::computer::{Computer, Start};
use crate::service::{PASSWORD, ServiceProgram};

const ENTER: &str = "\u{e007}";

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_by_hand() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let email = service.hires("Ana");
    service.requests_for("Dana Fox", &email);
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let ana = computer.opens_beckon(start).await;

    step("Ana signs in with a password that is wrong");
    ana.page.sees_in("aside", "Online").await;
    ana.page.presses("Sign in").await;
    ana.page.sees("For agents of Acme.").await;
    ana.page.focus_reaches("Email").await;
    ana.page.types(&format!("{email}\u{e004}wrong horse battery{ENTER}")).await;
    ana.page.sees("The email or the password is not right. Check both and try again.").await;
    ana.page.is_pictured("sign-in-wrong").await;

    step("Nothing that was typed is lost");
    assert_eq!(ana.page.holds("Email").await, email);
    assert_eq!(ana.page.holds("Password").await, "wrong horse battery");
    ana.page.focus_reaches("Password").await;

    step("The password is selected, so typing replaces it");
    ana.page.types(&format!("{PASSWORD}{ENTER}")).await;
    ana.page.sees_in("[role=row][data-index='0']", "Dana Fox").await;
    ana.page.sees_in("aside", "Ana").await;

    step("Started again, Ana is still signed in");
    ana.quits().await;
    let ana = computer.opens_beckon(start).await;
    ana.page.sees_in("[role=row][data-index='0']", "Dana Fox").await;
    ana.page.sees_in("aside", "Ana").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_asks_for_the_service() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    service.hires("Ana");
    let dana = computer.opens_beckon(Start::default()).await;
    dana.page.sees("Which service do you use?").await;
    dana.page.is_pictured("first-start").await;

    step("An address that is none");
    dana.page.fills("Address of the service", "the support desk").await;
    dana.page.presses("Use this service").await;
    dana.page.sees_in("form [role=alert]", "address").await;
    dana.page.is_pictured("first-start-wrong").await;
    assert_eq!(dana.page.holds("Address of the service").await, "the support desk");

    step("An address where nobody answers");
    dana.page.fills("Address of the service", "http://127.0.0.1:9").await;
    dana.page.presses("Use this service").await;
    dana.page.sees_in("form [role=alert]", "The service cannot be reached.").await;
    dana.page.is_pictured("first-start-unreachable").await;
    assert_eq!(dana.page.holds("Address of the service").await, "http://127.0.0.1:9");

    step("The right one");
    dana.page.fills("Address of the service", &service.origin).await;
    dana.page.types(ENTER).await;
    dana.page.sees("Have someone help you").await;
    dana.page.sees_in("aside", "Acme").await;
    dana.page.sees_in("aside", "Online").await;

    step("It is not asked again");
    dana.quits().await;
    let dana = computer.opens_beckon(Start::default()).await;
    dana.page.sees("Have someone help you").await;
    dana.page.sees_in("aside", "Acme").await;
}
