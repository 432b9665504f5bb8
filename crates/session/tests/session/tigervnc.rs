//! A viewer that nobody here wrote. It speaks to a socket that only this test opens: the product has none.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;

use beckon_domain::{Permission, PermissionSet};
use beckon_session::{HostParts, ScreenStream};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use x11rb::protocol::xproto::Window;

use crate::display::{Display, Program};
use crate::stage::{Seat, Stage, failsafe, until};
use crate::terminal::Terminal;

const RED: u32 = 0x00ff_0000;
const BLUE: u32 = 0x0000_00ff;
const WHITE: u32 = 0x00ff_ffff;
/// Blue, green, red.
const AMBER: [u8; 3] = [0, 0xb0, 0xff];
/// From where somebody points to the ring around it.
const RING: u16 = 10;
/// In front of the terminal's first line, and far behind its first letters.
const LINE: ((i16, i16), (i16, i16)) = ((4, 8), (120, 8));
/// What the host's display measures.
const SIZE: (u16, u16) = (640, 480);
/// `h`, `i` and Enter, in Linux' list of keys.
const HI: [u8; 2] = [35, 23];
const ENTER: u8 = 28;
/// Lines of which no two are alike, more than fit, and then a file.
const SCROLLS: &str = "for i in $(seq 200); do echo $i lines and $((i * 7919 % 1000)) more; sleep 0.01; done; \
    touch \"$0\"; read line";

struct Scene {
    stage: Stage,
    host: Display,
    viewer: Display,
    /// TigerVNC's.
    window: Window,
    _home: TempDir,
    /// The host's, and the viewer's.
    seats: (Seat, Seat),
    _bridge: JoinSet<()>,
    _tigervnc: Program,
}

impl Scene {
    /// The viewer with these options, and its window has the focus.
    async fn with(options: &[&str]) -> Self {
        let (host, viewer) = (Display::open(), Display::of_size("800x600"));
        let parts = HostParts::of_display(&host.name);
        let mut stage = Stage::new().await;
        stage.available = parts.available_permissions();
        let seats = stage.connected_with(parts).await;
        let screen = failsafe(seats.1.session.screen(0)).await.unwrap();
        let mut bridge = JoinSet::new();
        let address = carry(screen, &mut bridge).await;
        let home = tempfile::tempdir().unwrap();
        let mut program = Command::new("xtigervncviewer");
        program.args(["-SecurityTypes=None", "-geometry=640x480+0+0"]).args(options);
        program.arg(format!("{}::{}", address.ip(), address.port())).env("HOME", home.path());
        let tigervnc = viewer.start(&mut program, &home.path().join("tigervnc.log"));
        failsafe(stage.running(until(|| viewer.front().is_some()))).await;
        let window = viewer.front().unwrap();
        viewer.focus(window);
        Self { stage, host, viewer, window, _home: home, seats, _bridge: bridge, _tigervnc: tigervnc }
    }

    fn picture(&self) -> Vec<u8> {
        self.viewer.pixels(self.window, SIZE)
    }

    async fn until(&self, is_so: impl FnMut() -> bool) {
        failsafe(self.stage.running(until(is_so))).await;
    }

    /// As by the hand of whoever sits before the viewer.
    fn moves_to(&self, at: (i16, i16)) {
        self.viewer.move_pointer(self.window, at);
    }

    /// The host's own pointer is there.
    async fn is_at(&self, at: (i16, i16), pressed: bool) {
        self.until(|| self.host.pointer_and_button() == (at, pressed)).await;
    }

    /// The viewer's window shows what the host's display does, pixel by pixel.
    async fn is_shown(&self) {
        self.until(|| self.host.pixels(self.host.root, SIZE) == self.picture()).await;
    }

    /// The colour there in the viewer's window is nearly this one.
    async fn shows(&self, (x, y): (usize, usize), colour: u32) {
        let [blue, green, red, _] = colour.to_le_bytes();
        let place = (y * usize::from(SIZE.0) + x) * 4;
        self.until(|| {
            let pixels = self.picture();
            let near = |offset: usize, part: u8| pixels[place + offset].abs_diff(part) < 8;
            near(0, blue) && near(1, green) && near(2, red)
        })
        .await;
    }
}

/// From the first who comes to the screen, and back.
async fn carry(mut screen: ScreenStream, bridge: &mut JoinSet<()>) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    bridge.spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        // Either side may go first.
        let _ = tokio::io::copy_bidirectional(&mut socket, &mut screen).await;
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn tigervncs_viewer_shows_what_is_drawn_and_what_is_drawn_over_it() {
    let scene = Scene::with(&[]).await;
    scene.host.window((200, 0), RED);
    scene.shows((250, 50), RED).await;
    scene.host.window((240, 40), BLUE);
    scene.shows((250, 50), BLUE).await;
    scene.shows((210, 10), RED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tigervncs_viewer_shows_text_that_scrolled_pixel_by_pixel() {
    let scene = Scene::with(&["-NoJPEG"]).await;
    let folder = tempfile::tempdir().unwrap();
    let done = folder.path().join("done");
    let mut xterm = Command::new("xterm");
    xterm.args(["-geometry", "100x36+0+0", "-e", "sh", "-c", SCROLLS]).arg(&done);
    let _xterm = scene.host.start(&mut xterm, &folder.path().join("xterm.log"));
    scene.until(|| done.exists()).await;
    scene.is_shown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_into_tigervncs_viewer_arrives_in_a_terminal_and_is_seen_there() {
    let scene = Scene::with(&["-NoJPEG"]).await;
    let terminal = Terminal::on(&scene.host);
    scene.until(|| scene.host.front().is_some()).await;
    scene.is_shown().await;
    scene.moves_to((100, 100));
    scene.is_at((100, 100), false).await;
    let before = scene.picture();
    HI.into_iter().for_each(|key| scene.viewer.press(key));
    scene.until(|| scene.picture() != before).await;
    scene.is_shown().await;
    scene.viewer.press(ENTER);
    scene.until(|| terminal.line().is_some()).await;
    terminal.reads("hi").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_clicked_and_dragged_in_tigervncs_viewer_is_so_on_the_host() {
    let scene = Scene::with(&[]).await;
    let _terminal = Terminal::on(&scene.host);
    scene.shows((100, 100), WHITE).await;
    scene.moves_to((120, 90));
    scene.is_at((120, 90), false).await;
    scene.viewer.button(true);
    scene.is_at((120, 90), true).await;
    scene.viewer.button(false);
    scene.is_at((120, 90), false).await;
    assert!(!scene.host.has_a_selection(), "nothing was dragged yet");

    HI.into_iter().for_each(|key| scene.viewer.press(key));
    scene.moves_to(LINE.0);
    scene.is_at(LINE.0, false).await;
    scene.viewer.button(true);
    scene.is_at(LINE.0, true).await;
    scene.moves_to(LINE.1);
    scene.is_at(LINE.1, true).await;
    scene.viewer.button(false);
    scene.until(|| scene.host.has_a_selection()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_input_is_off_what_tigervncs_viewer_drags_is_only_pointed_at() {
    let scene = Scene::with(&[]).await;
    let _terminal = Terminal::on(&scene.host);
    scene.shows((100, 100), WHITE).await;
    scene.moves_to((300, 200));
    scene.is_at((300, 200), false).await;

    scene.seats.0.session.set_switches(PermissionSet::NONE.with(Permission::UserPointer));
    scene.moves_to(LINE.0);
    scene.viewer.button(true);
    scene.moves_to(LINE.1);
    scene.viewer.button(false);
    // It takes the way that the button took before.
    scene.moves_to((400, 300));
    scene.until(|| scene.host.pixel((400 + RING, 300)) == AMBER).await;
    assert_eq!(scene.host.pointer_and_button(), ((300, 200), false));
    assert!(!scene.host.has_a_selection());

    scene.seats.0.session.set_switches(PermissionSet::NONE.with(Permission::Input));
    scene.moves_to((120, 90));
    scene.is_at((120, 90), false).await;
}
