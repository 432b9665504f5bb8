//! Where a story may begin, and how it waits.

use std::time::Duration;

use beckon_domain::{RequestId, SessionId};
use beckon_wire::join::JoinedView;
use beckon_wire::request::AssignTo;
use beckon_wire::session::HostReport;
use beckon_wire::{ApiError, Code};

use crate::cast::{Player, Stage};
use crate::sockets::Push;

/// A request that Dana joined and allowed, ready for Ana.
pub struct Ready {
    pub stage: Stage,
    pub ana: Player,
    pub dana: Player,
    pub danas_push: Push,
    pub id: RequestId,
}

impl Ready {
    pub async fn for_ana() -> Self {
        let Joined { stage, ana, dana, danas_push, view } = Joined::by_dana().await;
        dana.allows(&view).await.unwrap();
        Self { stage, ana, dana, danas_push, id: view.request }
    }

    /// Both hold the grant and the host has reported.
    pub async fn connected() -> (Self, SessionId) {
        let ready = Self::for_ana().await;
        let session = ready.ana.connects(ready.id).await.unwrap();
        ready.dana.answers(ready.id, session).await.unwrap();
        ready.dana.reports(session, HostReport::Connected).await.unwrap();
        (ready, session)
    }
}

/// A request that Dana joined.
pub struct Joined {
    pub stage: Stage,
    pub ana: Player,
    pub dana: Player,
    pub danas_push: Push,
    pub view: JoinedView,
}

impl Joined {
    pub async fn by_dana() -> Self {
        let stage = Stage::open().await;
        let ana = stage.agent("Ana").await;
        let dana = stage.guest().await;
        let danas_push = dana.opens_push().await;
        let id = ana.creates("Dana", AssignTo::Myself).await;
        let view = dana.joins(&ana.code(id).await).await.unwrap();
        Self { stage, ana, dana, danas_push, view }
    }
}

/// Nothing waits for time; this only ends what hangs.
const PATIENCE: Duration = Duration::from_secs(45);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Waits for what happens by itself in another task; the story's clock stands still meanwhile.
pub async fn eventually<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let looking = async {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        loop {
            if let Some(found) = look().await {
                return found;
            }
            ticks.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("it did not happen")
}

#[track_caller]
pub fn code<T: std::fmt::Debug>(answer: Result<T, ApiError>) -> Code {
    answer.expect_err("it was not refused").code
}
