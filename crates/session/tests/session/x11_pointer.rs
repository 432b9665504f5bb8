//! Where a viewer points, on a real X server: a ring that is seen and that nobody can touch.

use beckon_domain::{Permission, PermissionSet};
use beckon_session::HostParts;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{ConnectionExt as _, MapState};

use crate::display::Display;
use crate::rfb_viewer::RfbViewer;
use crate::stage::{Seat, Stage, failsafe, until};
use crate::terminal::Terminal;

const WHITE: u32 = 0x00ff_ffff;
const WHITE_PIXEL: [u8; 3] = [0xff; 3];
const BLACK_PIXEL: [u8; 3] = [0; 3];
const AMBER_PIXEL: [u8; 3] = [0, 0xb0, 0xff];
const RIM_PIXEL: [u8; 3] = [0x22, 0x1e, 0x1c];
/// From the middle of the ring to its line, and to its rim.
const LINE: u16 = 10;
const RIM: u16 = 12;

/// A viewer that may point and no more.
struct Pointing {
    stage: Stage,
    host: Seat,
    _viewer: Seat,
    rfb: RfbViewer,
}

impl Pointing {
    async fn on(display: &Display) -> Self {
        Self::with(display, only_pointing()).await
    }

    async fn with(display: &Display, switches: PermissionSet) -> Self {
        let parts = HostParts::of_display(&display.name);
        let mut stage = Stage::new().await;
        stage.available = parts.available_permissions();
        assert!(stage.available.contains(Permission::UserPointer));
        let (host, _viewer) = stage.connected_with(parts).await;
        host.session.set_switches(switches);
        let rfb = RfbViewer::of(&_viewer.session).await;
        Self { stage, host, _viewer, rfb }
    }

    async fn points(&mut self, display: &Display, (x, y): (u16, u16)) {
        self.rfb.pointer((x, y), 0).await;
        until(|| display.pixel((x + LINE, y)) == AMBER_PIXEL).await;
    }
}

fn only_pointing() -> PermissionSet {
    PermissionSet::NONE.with(Permission::UserPointer)
}

/// Windows that are seen.
fn shown(display: &Display) -> usize {
    let tree = display.connection.query_tree(display.root).unwrap().reply().unwrap();
    let looks = |window: &u32| display.connection.get_window_attributes(*window).unwrap().reply();
    let is_shown = |window: &&u32| looks(window).is_ok_and(|looks| looks.map_state == MapState::VIEWABLE);
    tree.children.iter().filter(is_shown).count()
}

#[tokio::test]
async fn a_ring_is_seen_where_the_viewer_points_on_dark_and_on_light() {
    let display = Display::open();
    display.window((200, 0), WHITE);
    let mut viewer = Pointing::on(&display).await;
    for (at, below) in [((100, 100), BLACK_PIXEL), ((250, 50), WHITE_PIXEL)] {
        viewer.points(&display, at).await;
        let (x, y) = at;
        let seen = [0, LINE, RIM, RIM + 4].map(|from_middle| display.pixel((x - from_middle, y)));
        assert_eq!(seen, [below, AMBER_PIXEL, RIM_PIXEL, below]);
    }
    assert_eq!(display.pixel((100 + LINE, 100)), BLACK_PIXEL, "it moved there");
    viewer.rfb.look(true).await;
    assert_eq!(viewer.rfb.pixel((250 + LINE, 50)), AMBER_PIXEL, "who points sees it too");
}

#[tokio::test]
async fn what_the_viewer_clicks_through_it_reaches_nobody() {
    let display = Display::open();
    display.window((200, 0), WHITE);
    let mut viewer = Pointing::on(&display).await;
    let before = display.pointer();
    for buttons in [1, 0, 4, 0, 8, 0] {
        viewer.rfb.pointer((250, 50), buttons).await;
    }
    viewer.rfb.key(0x1e, true).await;
    viewer.points(&display, (260, 60)).await;
    assert_eq!(display.pointer(), before);
    assert!(!display.is_down(30));
    assert!(display.connection.poll_for_event().unwrap().is_none(), "no window heard of it");
}

#[tokio::test]
async fn what_the_person_there_clicks_on_it_reaches_what_lies_below() {
    let display = Display::open();
    let window = display.window((200, 0), WHITE);
    let mut viewer = Pointing::on(&display).await;
    viewer.points(&display, (250, 50)).await;
    let line = i16::try_from(50 + LINE).unwrap();
    display.move_pointer(window, (line, 50));
    display.click();
    let mut pressed = None;
    until(|| {
        while let Some(event) = display.connection.poll_for_event().unwrap() {
            if let Event::ButtonPress(press) = event {
                pressed = Some(press);
            }
        }
        pressed.is_some()
    })
    .await;
    let pressed = pressed.unwrap();
    assert_eq!((pressed.event, pressed.event_x, pressed.event_y), (window, line, 50));
    assert_eq!(display.pixel((250 + LINE, 50)), AMBER_PIXEL, "and it is still there");
}

#[tokio::test]
async fn another_viewer_controls_what_lies_below_it() {
    let display = Display::open();
    let terminal = Terminal::on(&display);
    let mut one = Pointing::on(&display).await;
    let mut other = Pointing::with(&display, PermissionSet::NONE.with(Permission::Input)).await;
    until(|| display.pixel((100, 100)) == WHITE_PIXEL).await;
    one.points(&display, (100, 100)).await;
    other.rfb.pointer((100 + LINE, 100), 0).await;
    let there = i16::try_from(100 + LINE).unwrap();
    until(|| display.pointer() == (there, 100)).await;
    other.rfb.types(&[0x23, 0x17, 0x1c]).await;
    terminal.reads("hi").await;
}

#[tokio::test]
async fn it_is_gone_at_once_when_the_host_turns_the_switch() {
    let display = Display::open();
    let mut viewer = Pointing::on(&display).await;
    viewer.points(&display, (100, 100)).await;
    viewer.host.session.set_switches(PermissionSet::NONE);
    until(|| shown(&display) == 0).await;
    viewer.rfb.pointer((200, 200), 0).await;
    viewer.rfb.look(true).await;
    assert_eq!(shown(&display), 0);
}

#[tokio::test]
async fn nothing_is_shown_while_the_switch_is_off_from_the_start() {
    let display = Display::open();
    let mut viewer = Pointing::with(&display, PermissionSet::NONE).await;
    viewer.rfb.pointer((100, 100), 0).await;
    viewer.rfb.look(true).await;
    assert_eq!(shown(&display), 0);
    viewer.host.session.set_switches(only_pointing());
    viewer.points(&display, (200, 200)).await;
    assert_eq!(display.pixel((100 + LINE, 100)), BLACK_PIXEL);
}

#[tokio::test]
async fn each_viewer_has_its_own_and_takes_no_other_with_it() {
    let display = Display::open();
    let mut one = Pointing::on(&display).await;
    let mut other = Pointing::on(&display).await;
    one.points(&display, (100, 100)).await;
    other.points(&display, (300, 100)).await;
    assert_eq!(shown(&display), 2);
    failsafe(one.stage.running(one.host.session.end())).await;
    until(|| shown(&display) == 1).await;
    assert_eq!(display.pixel((300 + LINE, 100)), AMBER_PIXEL);
}
