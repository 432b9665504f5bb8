//! Two viewers at one desk: what becomes of one of them is nothing to the other.

use beckon_domain::{Permission, PermissionSet};
use beckon_session::{CloseCode, SessionEvent};

use crate::raw_viewer::{Call, RawViewer, is_thrown_out};
use crate::rfb_viewer::RfbViewer;
use crate::stage::{PURPOSES, Seat, Stage, available, failsafe};

const A: u8 = 0x1e;
const B: u8 = 0x30;
const C: u8 = 0x31;

struct Two {
    stage: Stage,
    one: (Seat, Call),
    other: Other,
}

/// The one that nothing may happen to.
struct Other {
    stage: Stage,
    host: Seat,
    viewer: Seat,
    screen: RfbViewer,
}

impl Two {
    async fn at_one_desk() -> Self {
        let stage = Stage::new().await;
        let beside = stage.beside(PURPOSES[1]).await;
        let host = stage.allow().host();
        let call = RawViewer::new(&stage, &stage.viewer.endpoint).await.welcomed().await;
        let (other_host, mut viewer) = beside.connected().await;
        assert_eq!(viewer.permissions().await, available());
        let screen = RfbViewer::of(&viewer.session).await;
        let other = Other { stage: beside, host: other_host, viewer, screen };
        Self { stage, one: (host, call), other }
    }
}

impl Other {
    /// It holds B since before. Nobody has told it anything, and it may type.
    async fn goes_on(&mut self) {
        self.host.say("still here").await;
        let told = |event: &SessionEvent| match event {
            SessionEvent::Permissions(permissions) => panic!("told: {permissions:?}"),
            SessionEvent::Chat { .. } => Some(()),
            _ => None,
        };
        self.viewer.until(told).await;
        let consent = self.stage.consents.get(&self.stage.purpose).unwrap();
        assert_eq!(consent.switches.and(available()), available());
        assert!(!self.stage.desk.noted().contains(&"key Some(48) up".to_owned()));
        for (down, noted) in [(true, "key Some(49) down"), (false, "key Some(49) up")] {
            self.screen.key(C, down).await;
            self.stage.desk.notes(noted).await;
        }
    }
}

#[tokio::test]
async fn what_one_viewer_loses_and_breaks_is_nothing_to_the_other() {
    let Two { stage, one: (host, mut call), mut other } = Two::at_one_desk().await;
    let mut screen = call.screen().await;
    screen.key(A, true).await;
    stage.desk.notes("key Some(30) down").await;
    other.screen.key(B, true).await;
    stage.desk.notes("key Some(48) down").await;

    assert!(host.session.set_switches(PermissionSet::NONE.with(Permission::Clipboard)));
    stage.desk.notes("key Some(30) up").await;
    other.goes_on().await;

    call.say(&[9, 9, 9]).await;
    is_thrown_out(host, &call, CloseCode::Unreadable).await;
    other.goes_on().await;
    other.screen.key(B, false).await;
    stage.desk.notes("key Some(48) up").await;
}

#[tokio::test]
async fn a_session_that_the_host_ends_leaves_the_other_one() {
    let Two { stage, one: (host, _call), mut other } = Two::at_one_desk().await;
    other.screen.key(B, true).await;
    stage.desk.notes("key Some(48) down").await;
    failsafe(stage.running(host.session.end())).await;
    assert!(stage.consents.get(&stage.purpose).is_none());
    other.goes_on().await;
}
