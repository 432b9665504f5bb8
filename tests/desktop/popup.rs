//! Somebody is invited while they work elsewhere.

use std::path::Path;
use std::process::Command;

use beckon_client::invitations::NewInvitation;
use beckon_domain::invitation::InvitationStateName;
use beckon_domain::{InvitationId, Permission, PermissionSet, ProfileId};
use beckon_tests::cast::Person;
use beckon_tests::stage::{Program, until};
use beckon_tests::step;
use beckon_wire::Code;
use tempfile::TempDir;
use uuid::Uuid;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::ConnectionExt as _;

use crate::computer::{Computer, Desktop, Start};
use crate::panel::Panel;
use crate::screen::{self, Letter};
use crate::service::ServiceProgram;
use crate::toasts::somebody_at;

const MAIN: &str = "^Beckon$";
pub const POPUP: &str = "^Beckon: invitation$";
const CONNECT: &str = "[data-part='connect'][data-settled='true']";
const WIDTH: i32 = 360;
const HEIGHT: i32 = 148;

/// Dana at her computer, and Ben at his, who invites her.
pub struct Scene {
    service: ServiceProgram,
    pub dana: Desktop,
    dana_id: String,
    pub ben: Person,
    folder: TempDir,
}

impl Scene {
    pub async fn begins(computer: &Computer) -> Self {
        let service = ServiceProgram::starts().await;
        let folder = tempfile::tempdir().unwrap();
        let dana = computer.opens_beckon(Start { service: Some(&service.origin), ..Start::default() }).await;
        dana.page.sees_in("aside", "Online").await;
        let dana_id = digits(&dana.page.reads("[data-part='own-id']").await);
        let ben = somebody_at_home(&service, "Ben", &folder).await;
        Self { service, dana, dana_id, ben, folder }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub async fn ben_invites(&self, permissions: PermissionSet) -> InvitationId {
        invites(&self.ben, &self.dana_id, permissions).await
    }

    /// He calls her, and she allows it.
    pub async fn ben_sees_danas_screen(&self) {
        self.ben.client.call_typed(&self.dana_id).unwrap();
        self.dana.looks_at("ring").await;
        self.dana.page.is_there("[data-part='allow'][data-settled='true']").await;
        // The window goes with what was pressed in it, so the driver may not hear of it.
        let _ = self.dana.page.tries_to_press("Allow access").await;
        self.ben.talks().await;
    }
}

/// Whose computer may invite others.
async fn somebody_at_home(service: &ServiceProgram, name: &str, folder: &TempDir) -> Person {
    let person = somebody_at(service, name, None, folder);
    person.sees("that it is at home", |client| client.tiles().own.filter(|own| own.home)).await;
    person
}

fn digits(id: &str) -> String {
    id.chars().filter(char::is_ascii_digit).collect()
}

async fn invites(inviter: &Person, target: &str, permissions: PermissionSet) -> InvitationId {
    let id = InvitationId(Uuid::now_v7());
    let (target, profile) = (target.to_owned(), "Default".to_owned());
    inviter.client.invite(NewInvitation { id, target, profile, permissions }).await.unwrap();
    id
}

pub async fn ends_as(inviter: &Person, invitation: InvitationId, state: InvitationStateName) {
    inviter
        .sees(&format!("the invitation {state:?}"), |client| {
            let all = client.introductions_state().invitations;
            all.into_iter().find(|one| one.view.id == invitation && one.view.state == state)
        })
        .await;
}

/// As far as the inviter knows now.
pub fn stands_as(inviter: &Person, invitation: InvitationId, state: InvitationStateName) {
    let all = inviter.client.introductions_state().invitations;
    let found = all.into_iter().find(|one| one.view.id == invitation).unwrap();
    assert_eq!(found.view.state, state);
}

pub fn looks_only() -> PermissionSet {
    ProfileId::ScreenSharing.permissions()
}

/// Upper left corner and size.
fn place_of(window: &str) -> (i32, i32, i32, i32) {
    let told = screen::xdotool(&["getwindowgeometry", "--shell", window]);
    let value = |name: &str| {
        let line = told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.unwrap().parse().unwrap()
    };
    (value("X"), value("Y"), value("WIDTH"), value("HEIGHT"))
}

async fn stands_at(window: &str, x: i32, y: i32) {
    until(&format!("{window} at {x}, {y}, instead of {:?}", place_of(window)), async || {
        (place_of(window) == (x, y, WIDTH, HEIGHT)).then_some(())
    })
    .await;
}

/// The window that a click there would hit, which is the one on top.
fn on_top_at(x: i32, y: i32) -> String {
    screen::xdotool(&["mousemove", &x.to_string(), &y.to_string()]);
    let (display, screen) = x11rb::connect(None).unwrap();
    let root = display.setup().roots.get(screen).unwrap().root;
    display.query_pointer(root).unwrap().reply().unwrap().child.to_string()
}

/// With the pointer, on the pop-up's *Connect*. What is clicked too soon is clicked again.
async fn is_clicked_until_gone(popup: &str) {
    let (x, y, ..) = place_of(popup);
    let (x, y) = ((x + WIDTH - 50).to_string(), (y + HEIGHT - 26).to_string());
    until("the pop-up to be answered", async || {
        if screen::visible(POPUP).is_empty() {
            return Some(());
        }
        screen::xdotool(&["mousemove", &x, &y, "click", "1"]);
        None
    })
    .await;
}

fn full_screen(folder: &Path) -> Program {
    let mut xterm = Command::new("xterm");
    Program::start("film", xterm.args(["-fullscreen", "-title", "A film", "-e", "cat"]), folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_waits_in_the_panel_outlives_its_pop_ups() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let panel = Panel::serves(computer.bus()).await;
    let folder = tempfile::tempdir().unwrap();
    let ben = somebody_at_home(&service, "Ben", &folder).await;
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let dana = computer.opens_beckon(start).await;
    dana.page.sees_in("aside", "Online").await;
    let dana_id = digits(&dana.page.reads("[data-part='own-id']").await);
    panel.presses("Quit Beckon").await;
    drop(dana);

    step("Started by the system, it outlives the pop-ups of whoever invites Dana, who has no account");
    let mut beckon = computer.starts_beckon(Start { hidden: true, ..start });
    panel.has_line("Open Beckon").await;
    for _ in 0..2 {
        let invitation = invites(&ben, &dana_id, PermissionSet::NONE).await;
        screen::shows(POPUP).await;
        ben.client.cancel_invitation(invitation).await.unwrap();
        until("the pop-up to go", async || screen::visible(POPUP).is_empty().then_some(())).await;
    }

    step("It ends once its own window is opened and closed");
    panel.presses("Open Beckon").await;
    screen::closes(MAIN).await;
    assert!(beckon.ends().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_pops_up_at_the_bottom_right_and_takes_nobodys_focus() {
    let computer = Computer::is_switched_on().await;
    let scene = Scene::begins(&computer).await;
    let letter = Letter::is_begun(scene.folder.path()).await;
    letter.goes_on("Dear Sam,").await;
    let spare = scene.dana.has_a_spare().await;

    step("Ben invites Dana, who goes on writing: a window was kept ready for him");
    let invitation = scene.ben_invites(looks_only()).await;
    let popup = screen::shows(POPUP).await;
    letter.goes_on("the weather is fine.").await;
    stands_at(&popup, 908, 640).await;
    scene.dana.looks_at("popup").await;
    assert_eq!(scene.dana.page.driver.window().await.unwrap(), spare);
    scene.dana.page.sees("asks you to connect to their computer: see its screen.").await;
    scene.dana.page.is_pictured("popup").await;

    step("So does Cem: his is above it");
    let cem = somebody_at_home(&scene.service, "Cem", &scene.folder).await;
    let second = invites(&cem, &scene.dana_id, looks_only()).await;
    let above =
        until("a second pop-up", async || screen::visible(POPUP).into_iter().find(|window| *window != popup))
            .await;
    stands_at(&above, 908, 480).await;
    letter.goes_on("How are you?").await;

    step("A film that fills the screen stays below them");
    let _film = full_screen(scene.folder.path());
    let film = screen::shows("^A film$").await;
    until("the film to have the focus", async || screen::has_focus(&film).then_some(())).await;
    until("the pop-up above the film", async || (on_top_at(1000, 700) == popup).then_some(())).await;
    assert_eq!(on_top_at(1000, 540), above);
    assert!(screen::has_focus(&film));

    step("Ben takes his back, and it is gone; the other one stays where it is");
    scene.ben.client.cancel_invitation(invitation).await.unwrap();
    until("one pop-up", async || (screen::visible(POPUP) == [above.clone()]).then_some(())).await;
    stands_at(&above, 908, 480).await;
    cem.client.cancel_invitation(second).await.unwrap();
    screen::shows_none(POPUP).await;
    assert!(screen::has_focus(&film));
}

#[tokio::test(flavor = "multi_thread")]
async fn connect_in_the_pop_up_connects_while_the_main_window_is_in_the_tray() {
    let service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let panel = Panel::serves(computer.bus()).await;
    let code = service.signs_in(&service.hires("Ana"));
    let start = Start { service: Some(&service.origin), sign_in_code: Some(&code), ..Start::default() };
    let ana = computer.opens_beckon(start).await;
    ana.page.sees("No session requests yet").await;
    let id = digits(&ana.page.reads("[data-part='own-id']").await);
    screen::closes(MAIN).await;
    panel.has_line("Open Beckon").await;

    step("Ben invites Ana, who clicks Connect in the pop-up");
    let folder = tempfile::tempdir().unwrap();
    let ben = somebody_at_home(&service, "Ben", &folder).await;
    let invitation = invites(&ben, &id, looks_only()).await;
    let popup = screen::shows(POPUP).await;
    assert_eq!(screen::visible(MAIN), Vec::<String>::new());
    is_clicked_until_gone(&popup).await;
    ends_as(&ben, invitation, InvitationStateName::Accepted).await;
    screen::shows("^(Beckon: session|Session with )").await;
    let host = ben.talks().await;
    assert!(!host.permissions.contains(Permission::Input), "no more than the invitation says");
    panel.presses("Quit Beckon").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_invitation_changes_in_the_pop_up_and_connects_as_it_says_then() {
    let computer = Computer::is_switched_on().await;
    let scene = Scene::begins(&computer).await;
    let Scene { dana, ben, .. } = &scene;
    let invitation = scene.ben_invites(looks_only()).await;
    screen::shows(POPUP).await;
    dana.looks_at("popup").await;
    dana.page.sees("see its screen.").await;
    dana.page.is_there(CONNECT).await;

    step("Ben allows more");
    let everything = ProfileId::FullAccess.permissions();
    ben.client.edit_invitation(invitation, "Full access".into(), everything).await.unwrap();
    dana.page.sees("see and control its screen.").await;
    dana.page.sees("Changed").await;
    dana.page.is_pictured("popup-changed").await;

    step("Dana connects");
    dana.page.presses_at(CONNECT).await;
    dana.looks_at("session").await;
    ben.talks().await;
    screen::shows_none(POPUP).await;
    ends_as(ben, invitation, InvitationStateName::Accepted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_write_is_only_text_and_reject_is_heard() {
    let computer = Computer::is_switched_on().await;
    let scene = Scene::begins(&computer).await;
    let Scene { dana, ben, .. } = &scene;

    step("A name of 10,000 characters, or one that turns the writing around, is not sent at all");
    for profile in ["x".repeat(10_000), "a\u{202e}b".into(), "one\ntwo".into()] {
        let id = InvitationId(Uuid::now_v7());
        let (target, permissions) = (scene.dana_id.clone(), looks_only());
        let refused = ben.client.invite(NewInvitation { id, target, profile, permissions }).await;
        assert!(matches!(refused.unwrap_err().code, Code::TextTooLong | Code::TextForbidden));
    }

    step("The longest one that is sent, of markup, signs and two directions, is shown as it is");
    let name = "<img src=x onerror=document.title=1> 🦊 שלום ".to_owned() + &"m".repeat(80);
    let mallory = somebody_at_home(&scene.service, &name, &scene.folder).await;
    let invitation = invites(&mallory, &scene.dana_id, looks_only()).await;
    screen::shows(POPUP).await;
    dana.looks_at("popup").await;
    dana.page.sees("Calls itself “<img src=x onerror=document.title=1> 🦊 שלום").await;
    dana.page.is_not_there("img").await;
    dana.page.is_pictured("popup-hostile").await;

    step("Dana rejects it");
    dana.page.is_there(CONNECT).await;
    dana.page.presses_at("[data-part='reject']").await;
    ends_as(&mallory, invitation, InvitationStateName::Rejected).await;
    screen::shows_none(POPUP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pop_up_answers_though_the_desktops_bus_has_ended() {
    let mut computer = Computer::is_switched_on().await;
    let Scene { service, dana, dana_id, ben, folder: _folder } = Scene::begins(&computer).await;
    // The driver ends with the bus: Dana's Beckon goes on without one.
    dana.quits().await;
    let _beckon = computer.starts_beckon(Start { service: Some(&service.origin), ..Start::default() });
    screen::shows(MAIN).await;
    let invitation = invites(&ben, &dana_id, looks_only()).await;
    let popup = screen::shows(POPUP).await;
    computer.loses_its_bus();
    is_clicked_until_gone(&popup).await;
    ends_as(&ben, invitation, InvitationStateName::Accepted).await;
    ben.talks().await;
}
