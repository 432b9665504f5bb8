//! A computer that shows another desktop than the shared one: a locker's, or another person's.

use beckon_session::{HostParts, ScreenState};

use crate::display::Display;
use crate::rfb_viewer::RfbViewer;
use crate::stage::{Stage, failsafe, until};

const A: (u8, usize) = (0x1e, 30);
const B: (u8, usize) = (0x30, 48);
/// Of orders that may still wait when the desktop is seen again.
const ELSEWHERE: (u16, u16) = (200, 200);
/// Orders for the host's hands. Once the last of them has been taken, the first one has been carried out.
const MORE_THAN_WAIT: usize = 300;

#[tokio::test]
async fn behind_a_lock_screen_a_viewer_is_told_so_and_types_nothing() {
    let display = Display::open();
    let stage = Stage::new().await;
    let (_host, viewer) = stage.connected_with(HostParts::of_display(&display.name)).await;
    let mut told = viewer.session.screen_state();
    let mut rfb = RfbViewer::of(&viewer.session).await;
    rfb.look(true).await;
    rfb.key(A.0, true).await;
    until(|| display.is_down(A.1)).await;

    display.is_behind(true);
    rfb.ask(false).await;
    failsafe(stage.running(told.wait_for(|told| *told == ScreenState::Hidden))).await.unwrap();
    until(|| !display.is_down(A.1)).await;
    rfb.key(A.0, true).await;
    rfb.pointer((100, 100), 1).await;
    for _ in 0..MORE_THAN_WAIT {
        rfb.pointer(ELSEWHERE, 0).await;
    }
    failsafe(stage.running(rfb.look(true))).await;

    display.is_behind(false);
    rfb.ask(false).await;
    failsafe(stage.running(told.wait_for(|told| *told == ScreenState::Shown))).await.unwrap();
    rfb.key(B.0, true).await;
    until(|| display.is_down(B.1)).await;
    assert!(!display.is_down(A.1), "it came before, while nobody saw it");
    assert_ne!(display.pointer(), (100, 100));
}
