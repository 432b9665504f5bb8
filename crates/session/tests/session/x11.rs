//! The same on a real X server: pixels that somebody drew, keys that arrive in another program.

use beckon_domain::{Permission, PermissionSet};
use beckon_session::capture::CannotCapture;
use beckon_session::input::MARK;
use beckon_session::{HostParts, available_permissions};
use tokio::io::AsyncWriteExt as _;

use crate::display::Display;
use crate::rfb_viewer::RfbViewer;
use crate::stage::{Seat, Stage, failsafe, until};
use crate::terminal::Terminal;
use crate::x11_monitors::divide;

const RED: u32 = 0x00ff_0000;
const BLUE: u32 = 0x0000_00ff;
const A: (u8, usize) = (0x1e, 30);
const LEFT_SHIFT: (u8, usize) = (0x2a, 42);

pub struct Scene {
    pub display: Display,
    stage: Stage,
    host: Seat,
    pub rfb: RfbViewer,
    viewer: Seat,
}

async fn scene() -> Scene {
    Scene::on(Display::open()).await
}

impl Scene {
    pub async fn on(display: Display) -> Self {
        let stage = Stage::new().await;
        let parts = HostParts::of_display(&display.name);
        assert!(parts.available_permissions().contains(Permission::Input));
        let (host, viewer) = stage.connected_with(parts).await;
        let rfb = RfbViewer::of(&viewer.session).await;
        Self { display, stage, host, viewer, rfb }
    }

    pub async fn opens_a_terminal(&mut self) -> Terminal {
        let terminal = Terminal::on(&self.display);
        failsafe(self.stage.running(self.rfb.until_pixel((100, 100), [0xff; 3]))).await;
        terminal
    }
}

#[tokio::test]
async fn what_is_drawn_is_seen_and_what_is_drawn_over_it() {
    let mut scene = scene().await;
    assert_eq!(scene.rfb.size, (640, 480));
    scene.rfb.look(true).await;
    assert_eq!(scene.rfb.pixel((250, 50)), [0; 3]);
    scene.display.window((200, 0), RED);
    failsafe(scene.stage.running(scene.rfb.until_pixel((250, 50), [0, 0, 0xff]))).await;
    scene.display.window((240, 40), BLUE);
    failsafe(scene.stage.running(scene.rfb.until_pixel((250, 50), [0xff, 0, 0]))).await;
    assert_eq!(scene.rfb.pixel((210, 10)), [0, 0, 0xff], "the first one is still there");
}

#[tokio::test]
async fn what_the_viewer_types_arrives_in_a_terminal() {
    let mut scene = scene().await;
    let terminal = scene.opens_a_terminal().await;
    scene.rfb.pointer((100, 100), 0).await;
    scene.rfb.types(&[0x23, 0x17]).await;
    scene.rfb.text(0x51).await;
    scene.rfb.types(&[0x1c]).await;
    terminal.reads("hiQ").await;
}

#[tokio::test]
async fn a_key_comes_up_at_once_when_the_host_turns_the_switch() {
    let mut scene = scene().await;
    scene.rfb.key(A.0, true).await;
    until(|| scene.display.is_down(A.1)).await;
    scene.host.session.set_switches(PermissionSet::NONE);
    until(|| !scene.display.is_down(A.1)).await;
    scene.rfb.key(A.0, true).await;
    scene.rfb.look(true).await;
    assert!(!scene.display.is_down(A.1));
}

#[tokio::test]
async fn a_key_comes_up_when_the_viewer_goes() {
    let mut scene = scene().await;
    scene.rfb.key(A.0, true).await;
    until(|| scene.display.is_down(A.1)).await;
    drop(scene.rfb);
    until(|| !scene.display.is_down(A.1)).await;
}

#[tokio::test]
async fn what_a_viewer_holds_is_not_repeated_by_the_host() {
    const B: u8 = 48;
    let mut scene = scene().await;
    // Keys go to the window below the pointer.
    let window = scene.display.window((200, 0), RED);
    scene.display.move_pointer(window, (50, 50));
    assert!(scene.display.repeats(A.1) && scene.display.repeats(B.into()));
    // Of this process, whose windows no viewer reaches: the pointer goes there when the key is down.
    scene.rfb.pointer((10, 300), 0).await;
    until(|| scene.display.pointer() == (10, 300)).await;
    scene.rfb.key(A.0, true).await;
    until(|| scene.display.is_down(A.1)).await;
    assert!(!scene.display.repeats(A.1));
    scene.display.move_pointer(window, (50, 50));
    scene.display.hold(B);
    assert_eq!(scene.display.hears(5), [B; 5], "somebody at the host holds another key");

    scene.host.session.set_switches(PermissionSet::NONE);
    until(|| scene.display.repeats(A.1)).await;
    assert!(!scene.display.is_down(A.1));
}

#[tokio::test]
async fn a_key_of_the_host_repeats_again_however_it_came_up() {
    let mut scene = scene().await;
    scene.rfb.key(A.0, true).await;
    until(|| !scene.display.repeats(A.1)).await;
    scene.rfb.key(A.0, false).await;
    until(|| scene.display.repeats(A.1)).await;
    scene.rfb.key(A.0, true).await;
    until(|| !scene.display.repeats(A.1)).await;
    drop(scene.rfb);
    until(|| scene.display.repeats(A.1) && !scene.display.is_down(A.1)).await;
}

#[tokio::test]
async fn what_the_viewers_system_repeats_is_repeated_here() {
    let mut scene = scene().await;
    let terminal = scene.opens_a_terminal().await;
    scene.rfb.pointer((100, 100), 0).await;
    for down in [true, true, true, false] {
        scene.rfb.key(A.0, down).await;
    }
    // Held, one that changes others stays down.
    for down in [true, true, false] {
        scene.rfb.key(LEFT_SHIFT.0, down).await;
        if down {
            scene.rfb.types(&[0x30]).await;
        }
    }
    scene.rfb.types(&[0x1c]).await;
    terminal.reads("aaaBB").await;
}

#[tokio::test]
async fn after_half_a_minute_without_a_network_the_picture_goes_on_and_nothing_is_typed_twice() {
    let mut scene = scene().await;
    let terminal = scene.opens_a_terminal().await;
    scene.rfb.pointer((100, 100), 0).await;
    scene.rfb.key(LEFT_SHIFT.0, true).await;
    scene.rfb.types(&[A.0]).await;
    until(|| scene.display.is_down(LEFT_SHIFT.1) && !scene.display.is_down(A.1)).await;

    scene.stage.line.cut().await;
    scene.host.lost().await;
    scene.viewer.lost().await;
    until(|| !scene.display.is_down(LEFT_SHIFT.1)).await;
    // Somebody goes on typing, into nothing.
    let _ = scene.rfb.stream.write_all(&[255, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, A.0]).await;
    scene.display.window((400, 300), RED);
    scene.stage.advance(30);

    scene.stage.line.mend();
    scene.stage.running(scene.viewer.resumed()).await;
    scene.host.resumed().await;
    let mut rfb = RfbViewer::of(&scene.viewer.session).await;
    rfb.look(true).await;
    assert_eq!(rfb.pixel((450, 350)), [0, 0, 0xff], "what was drawn meanwhile");
    rfb.types(&[0x30, 0x1c]).await;
    terminal.reads("Ab").await;
    scene.display.window((240, 40), BLUE);
    failsafe(scene.stage.running(rfb.until_pixel((250, 50), [0xff, 0, 0]))).await;
}

#[tokio::test]
async fn neither_keys_nor_pointer_reach_a_window_of_the_program_itself() {
    use x11rb::connection::Connection as _;

    let mut scene = scene().await;
    let own = scene.display.window((200, 0), RED);
    scene.display.focus(own);
    scene.rfb.pointer((250, 50), 1).await;
    scene.rfb.pointer((250, 50), 0).await;
    scene.rfb.types(&[A.0]).await;
    scene.rfb.pointer((10, 300), 0).await;
    until(|| scene.display.pointer() == (10, 300)).await;
    assert!(scene.display.connection.poll_for_event().unwrap().is_none(), "it heard nothing");
}

#[tokio::test]
async fn nor_a_window_of_another_beckon_on_the_same_screen() {
    let mut scene = scene().await;
    let terminal = scene.opens_a_terminal().await;
    let other = scene.display.front().unwrap();
    let leader = scene.display.is_led(other, MARK);

    // No button of it is pressed, nor does the pointer go there.
    scene.display.move_pointer(scene.display.root, (300, 300));
    scene.rfb.pointer((100, 100), 1).await;
    scene.rfb.pointer((100, 100), 0).await;
    scene.rfb.key(LEFT_SHIFT.0, true).await;
    until(|| scene.display.is_down(LEFT_SHIFT.1)).await;
    assert_eq!(scene.display.pointer(), (300, 300));
    scene.rfb.key(LEFT_SHIFT.0, false).await;
    until(|| !scene.display.is_down(LEFT_SHIFT.1)).await;

    // No key reaches it; the pointer goes elsewhere after them.
    scene.display.move_pointer(other, (50, 50));
    scene.rfb.types(&[A.0]).await;
    scene.rfb.pointer((10, 300), 0).await;
    until(|| scene.display.pointer() == (10, 300)).await;

    // Nor where a window within it has the focus, which says nothing of itself.
    scene.display.focus(scene.display.within(other));
    scene.rfb.types(&[A.0]).await;
    scene.rfb.pointer((12, 300), 0).await;
    until(|| scene.display.pointer() == (12, 300)).await;

    // That one has gone, and the terminal is any program's.
    scene.display.is_closed(leader);
    scene.rfb.types(&[0x30, 0x1c]).await;
    terminal.reads("b").await;
}

#[tokio::test]
async fn letters_of_other_alphabets_arrive_by_the_names_that_the_page_has_for_them() {
    let mut scene = scene().await;
    let terminal = scene.opens_a_terminal().await;
    scene.rfb.pointer((100, 100), 0).await;
    // €, ą, α and Ж, a 7 and a comma of the keypad, a letter that only has a number, and Enter.
    for keysym in [0x20ac, 0x1b1, 0x7e1, 0x6f6, 0xffb7, 0xffac, 0x0100_1eb9, 0xff8d] {
        scene.rfb.text(keysym).await;
    }
    terminal.reads("€ąαЖ7,ẹ").await;
}

#[tokio::test]
async fn a_screen_under_wayland_is_not_shown() {
    let display = Display::open();
    let parts = HostParts::of_display(&display.name);
    assert_eq!(parts.capture.monitors().unwrap().len(), 1);
    // As an Xwayland without an extension of its own calls them.
    divide(&display, "XWAYLAND0", 0, 640);
    assert_eq!(parts.capture.monitors(), Err(CannotCapture::CannotHostOnWayland));
    assert_eq!(parts.capture.open(0).err(), Some(CannotCapture::CannotHostOnWayland));
    assert_eq!(parts.available_permissions(), PermissionSet::NONE);
}

#[tokio::test]
async fn where_there_is_no_display_nothing_is_available() {
    assert_eq!(HostParts::of_display(":9999").available_permissions(), PermissionSet::NONE);
    // Whatever this machine has, it is no failure to ask.
    let _ = available_permissions(None);
}
