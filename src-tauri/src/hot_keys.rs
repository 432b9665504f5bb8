//! Keys that work in whatever program the person is: one ends every session in which this device is the host, one
//! gives the focus to the pop-up of an invitation. Each is held only while it does something, so that it is not
//! missing elsewhere.

mod grip;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_client::Client;
use beckon_client::hot_keys::{Combination, HotKey, HotKeyChoice, HotKeyState, HotKeysState};
use beckon_client::view::{Hint, SessionSide};
use beckon_domain::SharedClock;
use beckon_wire::{ApiError, Code};
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::oneshot;

use crate::events::HINT;
use crate::popup;

/// Another program does not say when it lets a key go.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(5);

pub struct HotKeys {
    clock: SharedClock,
    possible: bool,
    taken: Mutex<Vec<Combination>>,
    will_look_again: AtomicBool,
}

/// Follows what the client knows, as long as the program runs. Begins on the main thread.
pub fn follow(app: &AppHandle, clock: SharedClock) {
    let (possible, will_look_again) = (grip::is_possible(), AtomicBool::new(false));
    app.manage(HotKeys { clock, possible, taken: Mutex::default(), will_look_again });
    let heard = app.clone();
    grip::follow(move |number| pressed(&heard, number));
    let mut hints = app.state::<Client>().hints();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            match hints.recv().await {
                Ok(Hint::State) | Err(RecvError::Lagged(_)) => look(&app),
                Ok(_) => {}
                Err(RecvError::Closed) => return,
            }
        }
    });
}

/// What is needed may have changed.
pub fn look(app: &AppHandle) {
    if !app.state::<HotKeys>().possible {
        return;
    }
    let looking = app.clone();
    grip::on_its_thread(app, move || hold_what_is_needed(&looking));
}

pub fn state(app: &AppHandle) -> HotKeysState {
    let (hot_keys, preferences) = (app.state::<HotKeys>(), app.state::<Client>().preferences());
    let of = |hot_key: HotKey| {
        let keys = hot_key.of(&preferences);
        let taken = keys.is_some_and(|keys| hot_keys.lock().contains(&keys));
        HotKeyState { keys, usual: hot_key.usual(), taken }
    };
    HotKeysState { possible: hot_keys.possible, stop: of(HotKey::Stop), popup: of(HotKey::Popup) }
}

/// Only one that works: it is tried before it is kept.
pub async fn choose(app: &AppHandle, hot_key: HotKey, choice: HotKeyChoice) -> Result<(), ApiError> {
    if let Some(keys) = hot_key.keys(choice).filter(|_| app.state::<HotKeys>().possible) {
        let (reply, works) = oneshot::channel();
        grip::on_its_thread(app, move || {
            // Who asked may have gone.
            let _ = reply.send(grip::would_hold(keys));
        });
        if works.await != Ok(true) {
            return Err(ApiError::new(Code::HotKeyTaken));
        }
    }
    app.state::<Client>().choose_hot_key(hot_key, choice)
}

fn hold_what_is_needed(app: &AppHandle) {
    let preferences = app.state::<Client>().preferences();
    let needed = HotKey::ALL.into_iter().filter(|hot_key| is_needed(app, *hot_key));
    let wanted: Vec<Combination> = needed.filter_map(|hot_key| hot_key.of(&preferences)).collect();
    let taken = grip::hold(&wanted);
    if !taken.is_empty() {
        look_again_later(app);
    }
    let before = std::mem::replace(&mut *app.state::<HotKeys>().lock(), taken.clone());
    if before != taken
        && let Err(error) = app.emit(HINT, Hint::State)
    {
        tracing::warn!(%error, "no window hears which keys do not work");
    }
}

fn look_again_later(app: &AppHandle) {
    if app.state::<HotKeys>().will_look_again.swap(true, Ordering::SeqCst) {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let hot_keys = app.state::<HotKeys>();
        hot_keys.clock.sleep(LOOK_AGAIN_AFTER).await;
        hot_keys.will_look_again.store(false, Ordering::SeqCst);
        look(&app);
    });
}

fn is_needed(app: &AppHandle, hot_key: HotKey) -> bool {
    match hot_key {
        HotKey::Stop => is_host(&app.state::<Client>()),
        HotKey::Popup => popup::stands(app),
    }
}

fn is_host(client: &Client) -> bool {
    let sessions = client.state().sessions.into_iter().filter_map(|id| client.session_state(id));
    sessions.map(|session| session.side).any(|side| side == SessionSide::Host)
}

fn pressed(app: &AppHandle, number: u32) {
    let preferences = app.state::<Client>().preferences();
    let is_it = |hot_key: &HotKey| hot_key.of(&preferences).and_then(grip::number_of) == Some(number);
    match HotKey::ALL.into_iter().find(is_it) {
        Some(HotKey::Stop) => stop(app),
        // A viewer may press keys here, but not where a question is answered.
        Some(HotKey::Popup) if app.state::<Client>().is_viewer_typing() => {
            tracing::info!("a hot key is not heeded while a viewer uses keys");
        }
        Some(HotKey::Popup) => popup::reach(app),
        None => {}
    }
}

fn stop(app: &AppHandle) {
    tracing::info!("the person stops every session of this host");
    let app = app.clone();
    tauri::async_runtime::spawn(async move { app.state::<Client>().end_all_hosted().await });
}

impl HotKeys {
    fn lock(&self) -> MutexGuard<'_, Vec<Combination>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
