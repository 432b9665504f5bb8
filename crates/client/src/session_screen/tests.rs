use std::path::Path;

use beckon_domain::clock::FakeClock;
use beckon_domain::{PermissionSet, RequestId};
use chrono::DateTime;
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::*;
use crate::alerts;
use crate::beside::Beside;
use crate::folders::Folders;
use crate::hints::Hints;
use crate::own_screen::OwnScreen;
use crate::service_link::{ServiceLink, Shared};
use crate::session_monitors::MonitorsState;
use crate::settings::Settings;
use crate::view::{AsksState, Hint, KeyMemory, Occasion, Phase, SessionSide, SessionState};
use crate::viewing::nameless;

const SESSION: SessionId = SessionId(Uuid::from_u128(7));

fn running() -> SessionState {
    SessionState {
        id: SESSION,
        occasion: Occasion::Request(RequestId(Uuid::from_u128(8))),
        side: SessionSide::Viewer,
        peer: "Dana Fox".to_owned(),
        peer_device: None,
        organisation: nameless(),
        phase: Phase::Running,
        words: None,
        path: None,
        met_before: KeyMemory::FirstTime,
        permissions: PermissionSet::NONE,
        available: PermissionSet::NONE,
        asks: AsksState::default(),
        monitors: MonitorsState::default(),
        screen_hidden: false,
        chat: Vec::new(),
        since: None,
    }
}

/// With one session in it.
fn sessions(folder: &Path, hints: &Hints) -> Arc<Sessions> {
    let folders = Folders::under(folder, "default");
    let settings = Arc::new(Settings::open(&folders).unwrap());
    let clock = FakeClock::starting_at(DateTime::UNIX_EPOCH).shared();
    let beside = Beside::new(TaskTracker::new(), CancellationToken::new(), hints.clone(), &settings);
    let shared = Shared {
        settings,
        folders,
        clock: clock.clone(),
        use_keychain: false,
        device_name: None,
        alerts: alerts::channel(),
    };
    let link = ServiceLink::open("http://127.0.0.1:1", shared, mpsc::channel(1).0).unwrap();
    let sessions = Sessions::new(clock, hints.clone(), OwnScreen::new(None, None), beside);
    sessions.add(running(), &link);
    Arc::new(sessions)
}

async fn is_hidden_at_the_next_hint(sessions: &Sessions, hints: &mut broadcast::Receiver<Hint>) -> bool {
    assert_eq!(hints.recv().await.unwrap(), Hint::Session { id: SESSION });
    sessions.state(SESSION).unwrap().screen_hidden
}

#[tokio::test]
async fn the_window_is_told_that_the_screen_is_hidden_and_that_it_is_back() {
    let (place, hints) = (tempfile::tempdir().unwrap(), Hints::new());
    let sessions = sessions(place.path(), &hints);
    let (tell, told) = watch::channel(ScreenState::Closed);
    follow(&sessions, SESSION, told);
    let mut hints = hints.subscribe();
    for (state, hidden) in [
        (ScreenState::Shown, false),
        (ScreenState::Hidden, true),
        (ScreenState::Shown, false),
        (ScreenState::Hidden, true),
        (ScreenState::Closed, false),
    ] {
        tell.send_replace(state);
        assert_eq!(is_hidden_at_the_next_hint(&sessions, &mut hints).await, hidden, "{state:?}");
    }
}
