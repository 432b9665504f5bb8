//! Dana lets Ana see her screen, and works on.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use beckon_client::Client;
use beckon_domain::session_request::StatusName;
use beckon_domain::{Permission, RequestId, SessionId};
use beckon_session::HostParts;
use beckon_tests::cast::Person;
use beckon_tests::stage::until;
use beckon_tests::step;
use tempfile::TempDir;
use zbus::{Connection, interface};

use crate::computer::{Computer, Desktop};
use crate::connected::{allows, is_asked};
use crate::screen::{self, Letter};
use crate::service::ServiceProgram;
use crate::toasts::somebody_at;

const HOST: &str = "^Beckon: access to this computer$";

/// Dana at her computer, and Ana somewhere, who is connected to it.
struct Scene {
    dana: Desktop,
    ana: Person,
    request: RequestId,
    session: SessionId,
    folder: TempDir,
    _service: ServiceProgram,
}

impl Scene {
    async fn begins(computer: &Computer) -> Self {
        let service = ServiceProgram::starts().await;
        let folder = tempfile::tempdir().unwrap();
        let code = service.signs_in(&service.hires("Ana"));
        let ana = somebody_at(&service, "Ana", Some(code), &folder);
        let link = service.requests_for("Dana Fox", "ana@acme.example");

        step("Dana allows access, and Ana connects");
        let dana = is_asked(computer, &service, &link).await;
        allows(&dana).await;
        let is_ready = || ana.lists().into_iter().find(|row| row.status == StatusName::Ready);
        let request = ana.sees("a request that is Ready", |_| is_ready()).await.id;
        let session = ana.client.connect(request).await.unwrap();
        ana.talks().await;
        dana.page.sees("is connected").await;
        Self { dana, ana, request, session, folder, _service: service }
    }
}

fn may_only_look(client: &Client, session: SessionId) -> Option<()> {
    let state = client.session_state(session)?;
    (!state.permissions.contains(Permission::Input)).then_some(())
}

struct ScreenSaver {
    _bus: Connection,
    locks: Arc<AtomicU32>,
}

struct Locks(Arc<AtomicU32>);

#[interface(name = "org.freedesktop.ScreenSaver")]
impl Locks {
    fn lock(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl ScreenSaver {
    async fn serves(bus: &str) -> Self {
        let locks = Arc::new(AtomicU32::new(0));
        let bus = zbus::connection::Builder::address(bus).unwrap();
        let bus = bus.serve_at("/org/freedesktop/ScreenSaver", Locks(locks.clone())).unwrap();
        let bus = bus.name("org.freedesktop.ScreenSaver").unwrap().build().await.unwrap();
        Self { _bus: bus, locks }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn end_and_close_locks_the_account_if_that_was_wished() {
    let computer = Computer::is_switched_on().await;
    let saver = ScreenSaver::serves(computer.bus()).await;
    let Scene { dana, ana, request, session, .. } = &Scene::begins(&computer).await;

    step("Ana wishes that the account is locked, and ends and closes");
    ana.client.lock_at_end(*session, true).await.unwrap();
    // Dana's side has heard the wish once it answers what came after it.
    ana.client.system_info(*session).await.unwrap();
    ana.sees_request(*request, StatusName::Connected).await;
    ana.client.end_and_close(*session, None).await.unwrap();
    until("the account to be locked", async || (saver.locks.load(Ordering::SeqCst) == 1).then_some(())).await;
    dana.page.no_longer_sees("is connected").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_viewer_asks_for_brings_a_minimised_window_back_and_takes_nobodys_focus() {
    let computer = Computer::is_switched_on().await;
    let scene = Scene::begins(&computer).await;
    let window = screen::shows(HOST).await;
    let letter = Letter::is_begun(scene.folder.path()).await;

    step("Dana switches control off, minimises the window, and writes a letter");
    scene.dana.page.presses_at("details summary").await;
    scene.dana.page.turns_off("Control keyboard and mouse").await;
    scene.ana.sees("that it may only look", |client| may_only_look(client, scene.session)).await;
    until("the window to be minimised", async || {
        screen::xdotool(&["windowminimize", &window]);
        (!screen::visible(HOST).contains(&window)).then_some(())
    })
    .await;
    letter.goes_on("Dear Sam,").await;

    step("Ana asks for more");
    scene.ana.client.ask_for(scene.session, Permission::Input).await.unwrap();
    until("the window", async || screen::visible(HOST).contains(&window).then_some(())).await;
    letter.goes_on("the weather is fine.").await;
    scene.dana.page.is_pictured("asked-for-more").await;
}

/// A place within a window, on the screen.
fn corner_of(window: &str) -> (i32, i32) {
    let (x, y) = screen::corner(Command::new("xwininfo").args(["-id", window]));
    (x + 20, y + 20)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_controls_this_screen_through_another_beckon_presses_nothing_here() {
    let computer = Computer::is_switched_on().await;
    let scene = Scene::begins(&computer).await;
    // This story is the other program.
    let mut hands = HostParts::of_this_system(None).input.open().unwrap();

    step("Dana's window is in front");
    let window = screen::shows(HOST).await;
    screen::goes_to(&window).await;
    assert!(hands.is_own_window_focused());
    assert!(hands.is_own_window_at(corner_of(&window)));

    step("Dana writes a letter");
    let letter = Letter::is_begun(scene.folder.path()).await;
    letter.goes_on("Dear Sam,").await;
    assert!(!hands.is_own_window_focused());
}
