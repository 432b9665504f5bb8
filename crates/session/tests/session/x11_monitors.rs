//! Two monitors on a real X server.

use std::cell::Cell;

use beckon_session::capture::Monitors;
use beckon_session::{HostMonitors, HostParts};
use x11rb::protocol::randr::{ConnectionExt as _, MonitorInfo};
use x11rb::protocol::xproto::{ConnectionExt as _, KeyButMask};

use crate::display::Display;
use crate::rfb_viewer::RfbViewer;
use crate::stage::{Seat, Stage, failsafe, until};
use crate::terminal::Terminal;

const RED: u32 = 0x00ff_0000;
const RED_PIXEL: [u8; 3] = [0, 0, 0xff];
const HALF: (u16, u16) = (320, 480);

struct Scene {
    display: Display,
    stage: Stage,
    _host: Seat,
    viewer: Seat,
    told: HostMonitors,
}

impl Scene {
    /// The left half of the display is the primary monitor, the right half another one.
    async fn opens() -> Self {
        let display = Display::open();
        divide(&display, "left", 0, HALF.0);
        divide(&display, "right", 320, HALF.0);
        let stage = Stage::new().await;
        let (_host, viewer) = stage.connected_with(HostParts::of_display(&display.name)).await;
        let told = failsafe(viewer.session.monitors()).await.unwrap();
        Self { display, stage, _host, viewer, told }
    }

    /// Until the host says so, looked at all the while.
    async fn is_told(&mut self, rfb: &mut RfbViewer, is_so: impl Fn(&Monitors) -> bool) -> Monitors {
        let is_told = Cell::new(false);
        let told = async {
            loop {
                let monitors = self.told.next().await.unwrap();
                if is_so(&monitors) {
                    is_told.set(true);
                    return monitors;
                }
            }
        };
        // Each picture is read to its end.
        let looking = async {
            while !is_told.get() {
                rfb.look(true).await;
            }
        };
        failsafe(self.stage.running(async { tokio::join!(told, looking).0 })).await
    }
}

/// A monitor of the display's whole height; the left one is that of its output.
pub fn divide(display: &Display, name: &str, x: i16, width: u16) {
    let connection = &display.connection;
    let atom = connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
    let resources = connection.randr_get_screen_resources_current(display.root).unwrap().reply().unwrap();
    let is_first = x == 0;
    let monitor = MonitorInfo {
        name: atom,
        primary: is_first,
        automatic: false,
        x,
        y: 0,
        width,
        height: HALF.1,
        width_in_millimeters: 0,
        height_in_millimeters: 0,
        outputs: if is_first { resources.outputs } else { Vec::new() },
    };
    connection.randr_set_monitor(display.root, monitor).unwrap().check().unwrap();
}

fn unplug(display: &Display, name: &str) {
    let connection = &display.connection;
    let atom = connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
    connection.randr_delete_monitor(display.root, atom).unwrap().check().unwrap();
}

fn names(monitors: &Monitors) -> Vec<&str> {
    monitors.all.iter().map(|monitor| monitor.name.as_str()).collect()
}

#[tokio::test]
async fn a_window_on_the_second_monitor_is_seen_there_and_not_on_the_first() {
    let mut scene = Scene::opens().await;
    scene.display.window((400, 100), RED);
    let mut left = RfbViewer::of(&scene.viewer.session).await;
    let mut right = RfbViewer::of_monitor(&scene.viewer.session, 1).await;
    assert_eq!((left.size, right.size), (HALF, HALF));
    left.look(true).await;
    assert!(left.pixels.as_chunks::<4>().0.iter().all(|pixel| !pixel.starts_with(&RED_PIXEL)));
    failsafe(scene.stage.running(right.until_pixel((130, 150), RED_PIXEL))).await;
    assert_eq!(right.pixel((79, 150)), [0; 3]);
    let monitors = scene.is_told(&mut right, |monitors| monitors.shown == 1).await;
    assert_eq!((names(&monitors), monitors.instead), (vec!["left", "right"], false));
}

#[tokio::test]
async fn pointer_and_keys_land_on_the_monitor_that_is_seen() {
    let scene = Scene::opens().await;
    let terminal = Terminal::at(&scene.display, "30x10+340+0");
    let mut right = RfbViewer::of_monitor(&scene.viewer.session, 1).await;
    failsafe(scene.stage.running(right.until_pixel((100, 100), [0xff; 3]))).await;
    right.pointer((100, 100), 1).await;
    until(|| scene.display.pointer() == (420, 100) && is_pressed(&scene.display)).await;
    right.pointer((100, 100), 0).await;
    until(|| !is_pressed(&scene.display)).await;
    right.types(&[0x23, 0x17, 0x1c]).await;
    terminal.reads("hi").await;
}

fn is_pressed(display: &Display) -> bool {
    let pointer = display.connection.query_pointer(display.root).unwrap().reply().unwrap();
    u16::from(pointer.mask) & u16::from(KeyButMask::BUTTON1) != 0
}

#[tokio::test]
async fn the_primary_monitor_stands_in_for_one_that_is_unplugged() {
    let mut scene = Scene::opens().await;
    scene.display.window((100, 100), RED);
    let mut rfb = RfbViewer::of_monitor(&scene.viewer.session, 1).await;
    scene.is_told(&mut rfb, |monitors| monitors.shown == 1).await;
    unplug(&scene.display, "right");
    let monitors = scene.is_told(&mut rfb, |monitors| monitors.instead).await;
    assert_eq!((names(&monitors), monitors.shown), (vec!["left"], 0));
    failsafe(scene.stage.running(rfb.until_pixel((150, 150), RED_PIXEL))).await;
    rfb.pointer((10, 300), 0).await;
    until(|| scene.display.pointer() == (10, 300)).await;

    divide(&scene.display, "right", 320, HALF.0);
    let monitors = scene.is_told(&mut rfb, |monitors| monitors.all.len() == 2).await;
    assert_eq!((monitors.shown, monitors.instead), (0, true), "it comes back by a choice only");
}

#[tokio::test]
async fn another_size_of_a_monitor_beside_the_seen_one_is_told() {
    let mut scene = Scene::opens().await;
    let mut rfb = RfbViewer::of(&scene.viewer.session).await;
    unplug(&scene.display, "right");
    divide(&scene.display, "right", 320, 200);
    let is_smaller = |monitors: &Monitors| monitors.all.get(1).is_some_and(|right| right.width == 200);
    let monitors = scene.is_told(&mut rfb, is_smaller).await;
    assert_eq!((names(&monitors), monitors.shown), (vec!["left", "right"], 0));
}

#[tokio::test]
async fn two_viewers_see_the_monitors_that_each_of_them_chose() {
    let scene = Scene::opens().await;
    let other = Stage::new().await;
    let (_host, viewer) = other.connected_with(HostParts::of_display(&scene.display.name)).await;
    scene.display.window((400, 100), RED);
    let mut right = RfbViewer::of_monitor(&viewer.session, 1).await;
    let mut left = RfbViewer::of(&scene.viewer.session).await;
    failsafe(other.running(right.until_pixel((130, 150), RED_PIXEL))).await;
    left.look(true).await;
    assert_eq!(left.pixel((130, 150)), [0; 3]);
}
