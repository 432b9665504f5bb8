//! What an agent, and whoever they help, are told while they work elsewhere.

use beckon_client::SessionNetwork;
use beckon_domain::SystemClock;
use beckon_session::Timing;
use beckon_tests::cast::Person;
use beckon_tests::stage::until;
use beckon_tests::step;
use tempfile::TempDir;

use crate::computer::{Computer, Desktop, Start};
use crate::dunst::Dunst;
use crate::notifier::{Manners, Notifier};
use crate::screen::{self, Letter};
use crate::service::ServiceProgram;

const TOP_ROW: &str = "[role=row][data-index='0']";

/// Ana at her computer, writing a letter, with a request for Dana, who is somewhere else.
struct Scene {
    _service: ServiceProgram,
    _computer: Computer,
    ana: Desktop,
    dana: Person,
    link: String,
    _letter: Letter,
    _folder: TempDir,
}

impl Scene {
    async fn begins(computer: Computer) -> Self {
        let service = ServiceProgram::starts().await;
        let folder = tempfile::tempdir().unwrap();
        let email = service.hires("Ana");
        let code = service.signs_in(&email);
        let start = Start { service: Some(&service.origin), sign_in_code: Some(&code), ..Start::default() };
        let ana = computer.opens_beckon(start).await;
        ana.page.sees("No session requests yet").await;
        let link = service.requests_for("Dana Fox", &email);
        ana.page.sees_in(TOP_ROW, "Open").await;
        let dana = somebody_at(&service, "Dana", None, &folder);
        dana.is_online().await;
        let letter = Letter::is_begun(folder.path()).await;
        Self { _service: service, _computer: computer, ana, dana, link, _letter: letter, _folder: folder }
    }
}

pub fn somebody_at(service: &ServiceProgram, name: &str, code: Option<String>, folder: &TempDir) -> Person {
    let network = SessionNetwork { timing: Timing::default(), relay_only: false };
    let (folder, home) = (folder.path().join(name), Some(service.origin.clone()));
    Person::at_a_computer(name, folder, home, code, SystemClock::shared(), network)
}

#[tokio::test(flavor = "multi_thread")]
async fn access_that_is_allowed_is_told_by_a_toast_whose_button_connects() {
    let computer = Computer::is_switched_on().await;
    let notifier = Notifier::serves(computer.bus(), Manners::Good).await;
    let Scene { ana, dana, link, .. } = &Scene::begins(computer).await;

    step("Dana joins, and Ana is told");
    dana.joins(link).await.unwrap();
    let opened = notifier.shows("Dana Fox opened the link").await;
    assert_eq!(opened.buttons.iter().map(|(id, _)| id).collect::<Vec<_>>(), ["default"]);

    step("Ana presses the toast, and sees the request");
    notifier.is_pressed(&opened, "default").await;
    ana.page.sees_in("[data-part='detail']", "has joined").await;
    let main = screen::shows("^Beckon$").await;
    screen::goes_to(&main).await;
    let letter = screen::shows("^A letter$").await;
    screen::goes_to(&letter).await;

    step("Dana allows access; the button of that toast connects");
    dana.allows().await.unwrap();
    let allowed = notifier.shows("Dana Fox allowed access").await;
    assert!(allowed.buttons.contains(&("connect".into(), "Connect".into())), "{allowed:?}");
    notifier.is_pressed(&allowed, "connect").await;
    ana.looks_at("session").await;
    dana.talks().await;
    ana.page.sees("Dana Fox").await;
    notifier.shows_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_toast_changes_in_its_place_and_goes_when_it_is_no_longer_so() {
    let computer = Computer::is_switched_on().await;
    let notifier = Notifier::serves(computer.bus(), Manners::Good).await;
    let Scene { ana, dana, link, .. } = &Scene::begins(computer).await;
    dana.joins(link).await.unwrap();
    let opened = notifier.shows("Dana Fox opened the link").await;

    step("What it says changes, and it stays where it is");
    dana.allows().await.unwrap();
    let allowed = notifier.shows("Dana Fox allowed access").await;
    assert_eq!(allowed.number, opened.number);

    step("Ana connects in the window, and the toast goes");
    ana.page.presses("Connect to Dana Fox").await;
    dana.talks().await;
    notifier.shows_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_at_the_list_is_not_told_again() {
    let computer = Computer::is_switched_on().await;
    let notifier = Notifier::serves(computer.bus(), Manners::Good).await;
    let Scene { ana, dana, link, .. } = &Scene::begins(computer).await;
    screen::goes_to(&screen::shows("^Beckon$").await).await;
    dana.joins(link).await.unwrap();
    ana.page.sees_in(TOP_ROW, "Waiting").await;
    dana.allows().await.unwrap();
    ana.page.sees_in(TOP_ROW, "Ready").await;
    ana.page.presses("Connect to Dana Fox").await;
    dana.talks().await;
    assert_eq!(notifier.has_ever_shown(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_service_that_is_missing_or_hangs_or_has_no_buttons_holds_up_nothing() {
    for manners in [None, Some(Manners::Hangs), Some(Manners::WithoutButtons)] {
        step(&format!("The notification service: {manners:?}"));
        let computer = Computer::is_switched_on().await;
        let notifier = match manners {
            Some(manners) => Some(Notifier::serves(computer.bus(), manners).await),
            None => None,
        };
        let Scene { ana, dana, link, .. } = &Scene::begins(computer).await;
        dana.joins(link).await.unwrap();
        if let Some(notifier) = notifier.as_ref().filter(|_| manners == Some(Manners::WithoutButtons)) {
            let opened = notifier.shows("Dana Fox opened the link").await;
            assert_eq!(opened.buttons, []);
        }
        dana.allows().await.unwrap();
        ana.page.sees_in(TOP_ROW, "Ready").await;
        ana.page.presses("Connect to Dana Fox").await;
        dana.talks().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_notification_service_shows_the_toast_and_its_button() {
    let computer = Computer::is_switched_on().await;
    let folder = tempfile::tempdir().unwrap();
    let dunst = Dunst::serves(computer.bus(), "Connect", folder.path()).await;
    let scene = Scene::begins(computer).await;
    scene.dana.joins(&scene.link).await.unwrap();
    dunst.shows(1).await;
    scene.dana.allows().await.unwrap();
    scene.ana.page.sees_in(TOP_ROW, "Ready").await;
    until("the session by the toast's button", async || {
        dunst.is_pressed();
        (!scene.dana.client.state().sessions.is_empty()).then_some(())
    })
    .await;
    scene.ana.looks_at("session").await;
    scene.dana.talks().await;
    dunst.shows(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_access_takes_nobodys_focus() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let notifier = Notifier::serves(computer.bus(), Manners::Good).await;
    let folder = tempfile::tempdir().unwrap();
    let email = service.hires("Ana");
    let ana = somebody_at(&service, "Ana", Some(service.signs_in(&email)), &folder);
    ana.is_signed_in().await;
    let link = service.requests_for("Dana Fox", &email);

    step("Dana joins, and the window that asks comes forward for them");
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let dana = computer.opens_beckon(start).await;
    dana.page.sees_in("aside", "Online").await;
    dana.page.fills("Connect to", &link).await;
    dana.page.types("\u{e007}").await;
    dana.looks_at("accept").await;
    dana.page.sees("Ana").await;
    let asks = screen::shows("^Beckon: access to this computer$").await;
    until("the focus", async || screen::has_focus(&asks).then_some(())).await;

    step("Dana leaves it alone, and writes a letter");
    let letter = Letter::is_begun(folder.path()).await;
    letter.goes_on("Dear Sam,").await;
    screen::xdotool(&["windowminimize", &asks]);
    screen::shows_none("^Beckon: access to this computer$").await;
    screen::goes_to(&letter.window).await;

    step("Ana asks: the window is there again, a toast says so, and the letter goes on");
    let request = ana.lists().first().unwrap().id;
    let session = ana.client.connect(request).await.unwrap();
    screen::shows("^Beckon: access to this computer$").await;
    let question = notifier.shows("Ana of Acme asks for access").await;
    assert!(
        question.buttons.iter().all(|(id, _)| id == "default"),
        "an answer takes the window: {question:?}"
    );
    letter.goes_on("the weather is fine.").await;

    step("A press on the toast brings the window forward, and answers nothing");
    notifier.is_pressed(&question, "default").await;
    until("the focus", async || screen::has_focus(&asks).then_some(())).await;
    dana.page.sees("Ana waits for your answer").await;

    step("Ana asks once more while the window stands beside the letter");
    ana.client.cancel_ask(session).await.unwrap();
    dana.page.no_longer_sees("Ana waits for your answer").await;
    screen::goes_to(&letter.window).await;
    ana.client.connect(request).await.unwrap();
    notifier.shows("Ana of Acme asks for access").await;
    dana.page.sees("Ana waits for your answer").await;
    letter.goes_on("How are you?").await;
}
