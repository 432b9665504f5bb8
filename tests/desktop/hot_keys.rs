//! Keys that work while another program is in front.

use beckon_domain::invitation::InvitationStateName;
use beckon_tests::stage::until;
use beckon_tests::step;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, GrabMode, ModMask};

use crate::computer::{Computer, Start};
use crate::popup::{POPUP, Scene, ends_as, looks_only, stands_as};
use crate::screen::{self, Letter};
use crate::service::ServiceProgram;

const STOP: &str = "ctrl+alt+shift+End";
const TO_THE_POPUP: &str = "ctrl+alt+shift+Home";
const SETTLED: &str = "[data-part='connect'][data-settled='true']";

/// Also of a window that no window manager knows.
fn hears_keys(window: &str) -> bool {
    screen::xdotool(&["getwindowfocus"]).trim() == window
}

async fn is_led_to(popup: &str) {
    until("the pop-up to have the focus", async || {
        if hears_keys(popup) {
            return Some(());
        }
        screen::xdotool(&["key", TO_THE_POPUP]);
        None
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_answered_by_keys_alone() {
    let computer = Computer::is_switched_on().await;
    let scene = Scene::begins(&computer).await;
    let letter = Letter::is_begun(scene.folder()).await;

    step("Ben invites Dana, who goes on writing until she presses the hot key");
    let invitation = scene.ben_invites(looks_only()).await;
    let popup = screen::shows(POPUP).await;
    letter.goes_on("Dear Sam,").await;
    is_led_to(&popup).await;
    scene.dana.looks_at("popup").await;
    scene.dana.page.is_there(SETTLED).await;
    scene.dana.page.is_pictured("popup-by-hot-key").await;

    step("What she goes on typing answers nothing, and Esc leads back to the letter");
    screen::xdotool(&["key", "Return"]);
    screen::xdotool(&["key", "Escape"]);
    until("the letter to have the focus", async || hears_keys(&letter.window).then_some(())).await;
    letter.goes_on("the weather is fine.").await;
    stands_as(&scene.ben, invitation, InvitationStateName::Pending);

    step("She comes again, and connects with Tab and Enter");
    is_led_to(&popup).await;
    scene.dana.page.is_there(SETTLED).await;
    screen::xdotool(&["key", "Tab", "Tab"]);
    scene.dana.page.focus_reaches("Connect").await;
    screen::xdotool(&["key", "Return"]);
    ends_as(&scene.ben, invitation, InvitationStateName::Accepted).await;
    screen::shows_none(POPUP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_focus_goes_back_when_the_pop_up_goes() {
    let computer = Computer::is_switched_on().await;
    let scene = Scene::begins(&computer).await;
    let letter = Letter::is_begun(scene.folder()).await;
    let invitation = scene.ben_invites(looks_only()).await;
    let popup = screen::shows(POPUP).await;
    is_led_to(&popup).await;
    scene.ben.client.cancel_invitation(invitation).await.unwrap();
    screen::shows_none(POPUP).await;
    until("the letter to have the focus", async || hears_keys(&letter.window).then_some(())).await;
    letter.goes_on("Dear Sam,").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hot_key_stops_the_session_whatever_is_in_front() {
    let service = ServiceProgram::starts().await;
    let (here, there) = (Computer::is_switched_on().await, Computer::with_its_own_screen().await);
    let start = Start { service: Some(&service.origin), ..Start::default() };
    let dana = here.opens_beckon(Start { profile: "guest", ..start }).await;
    dana.page.sees_in("aside", "Online").await;
    let code = service.signs_in(&service.hires("Ana"));
    let ana = there.opens_beckon(Start { sign_in_code: Some(&code), ..start }).await;
    let link = service.requests_for("Dana Fox", "ana@acme.example");

    step("Another program holds the key");
    let (other, root) = {
        let (display, screen) = x11rb::connect(None).unwrap();
        let root = display.setup().roots.get(screen).unwrap().root;
        (display, root)
    };
    let end = end_key(&other);
    let held = ModMask::CONTROL | ModMask::M1 | ModMask::SHIFT;
    let grabbed = other.grab_key(false, root, held, end, GrabMode::ASYNC, GrabMode::ASYNC);
    grabbed.unwrap().check().unwrap();

    step("Ana sees Dana's screen, and Dana's window says that the key does not work");
    dana.page.fills("Connect to", &link).await;
    dana.page.presses("Connect").await;
    dana.looks_at("accept").await;
    dana.page.presses_at("[data-part='allow'][data-settled='true']").await;
    dana.page.sees("Access is allowed").await;
    ana.page.sees_in("[role=row][data-index='0']", "Ready").await;
    ana.page.presses("Connect to Dana Fox").await;
    dana.page.sees("is connected").await;
    dana.page.sees("does not stop: another program has these keys").await;

    step("The other program ends, and the key is Dana's");
    drop(other);
    dana.page.sees("Stop: Ctrl+Alt+Shift+End").await;
    dana.page.is_pictured("hosting-with-stop-key").await;
    let letter = Letter::is_begun(here.folder()).await;
    letter.goes_on("Dear Sam,").await;
    until("the session to end", async || {
        if !dana.page.text().await.contains("is connected") {
            return Some(());
        }
        screen::xdotool(&["key", STOP]);
        None
    })
    .await;
    assert!(hears_keys(&letter.window), "nothing came to the front");
    dana.page.is_pictured("stopped-by-hot-key").await;
}

fn end_key(display: &x11rb::rust_connection::RustConnection) -> u8 {
    const END: u32 = 0xff57;
    let (first, last) = (display.setup().min_keycode, display.setup().max_keycode);
    let names = display.get_keyboard_mapping(first, last - first + 1).unwrap().reply().unwrap();
    let width = usize::from(names.keysyms_per_keycode);
    let place = names.keysyms.chunks(width).position(|key| key.contains(&END)).unwrap();
    first + u8::try_from(place).unwrap()
}
