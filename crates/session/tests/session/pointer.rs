//! What becomes of the pointer of a viewer that may point and no more, through the whole session.

use beckon_domain::{Permission, PermissionSet};

use crate::rfb_viewer::RfbViewer;
use crate::stage::{Seat, Stage, available, failsafe};

const AT: (u16, u16) = (3, 4);
const A: u8 = 0x1e;
const GONE: &str = "points no longer";

struct Scene {
    stage: Stage,
    host: Seat,
    viewer: Seat,
    rfb: RfbViewer,
}

impl Scene {
    /// The viewer points at something.
    async fn pointing() -> Self {
        let mut stage = Stage::new().await;
        stage.available = available().with(Permission::UserPointer);
        let (host, viewer) = stage.connected().await;
        host.session.set_switches(PermissionSet::NONE.with(Permission::UserPointer));
        let mut rfb = RfbViewer::of(&viewer.session).await;
        rfb.pointer(AT, 1).await;
        stage.desk.notes("points 3 4").await;
        Self { stage, host, viewer, rfb }
    }
}

#[tokio::test]
async fn it_is_shown_and_nothing_else_happens() {
    let mut scene = Scene::pointing().await;
    scene.rfb.pointer((5, 5), 0xff).await;
    scene.rfb.key(A, true).await;
    scene.stage.desk.notes(GONE).await;
    assert_eq!(scene.stage.desk.noted(), ["points 3 4", "points 5 5", GONE]);
}

#[tokio::test]
async fn it_goes_at_once_when_the_host_turns_the_switch() {
    let scene = Scene::pointing().await;
    scene.host.session.set_switches(PermissionSet::NONE);
    scene.stage.desk.notes(GONE).await;
}

#[tokio::test]
async fn it_goes_when_the_viewer_may_control() {
    let mut scene = Scene::pointing().await;
    scene.host.session.set_switches(scene.stage.available);
    scene.stage.desk.notes(GONE).await;
    scene.rfb.pointer(AT, 0).await;
    scene.stage.desk.notes("at 3 4").await;
}

#[tokio::test]
async fn it_goes_when_it_rests_and_comes_back_when_it_moves() {
    let mut scene = Scene::pointing().await;
    scene.stage.advance(5);
    scene.stage.desk.notes(GONE).await;
    scene.rfb.pointer((6, 6), 0).await;
    scene.stage.desk.notes("points 6 6").await;
}

#[tokio::test]
async fn it_goes_when_the_viewers_window_is_left() {
    let scene = Scene::pointing().await;
    scene.viewer.session.let_go();
    scene.stage.desk.notes(GONE).await;
}

#[tokio::test]
async fn it_goes_when_the_screen_is_closed() {
    let scene = Scene::pointing().await;
    drop(scene.rfb);
    scene.stage.desk.notes(GONE).await;
}

#[tokio::test]
async fn it_goes_when_the_session_ends() {
    let scene = Scene::pointing().await;
    failsafe(scene.stage.running(scene.host.session.end())).await;
    scene.stage.desk.notes(GONE).await;
}

#[tokio::test]
async fn it_goes_when_the_connection_is_lost() {
    let mut scene = Scene::pointing().await;
    scene.stage.line.cut().await;
    scene.host.lost().await;
    scene.stage.desk.notes(GONE).await;
}

#[tokio::test]
async fn nothing_is_shown_where_this_version_cannot_show_it() {
    let stage = Stage::new().await;
    let (host, viewer) = stage.connected().await;
    host.session.set_switches(PermissionSet::NONE.with(Permission::UserPointer));
    let mut rfb = RfbViewer::of(&viewer.session).await;
    rfb.pointer(AT, 0).await;
    host.session.set_switches(available());
    rfb.pointer((5, 5), 0).await;
    stage.desk.notes("at 5 5").await;
    assert!(stage.desk.noted().iter().all(|noted| !noted.starts_with("points")));
}
