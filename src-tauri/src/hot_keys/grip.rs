//! The keys as the system holds them for this program. Each system wants them to be held and let go by one thread.

use std::cell::RefCell;

use beckon_client::hot_keys::Combination;
use global_hotkey::hotkey::HotKey;
use global_hotkey::{GlobalHotKeyEvent, GlobalHotKeyManager, HotKeyState};
use tauri::AppHandle;

thread_local! {
    static HELD: RefCell<Held> = RefCell::default();
}

/// Of the one thread. Without keys there is no manager: on X it looks for them many times a second.
#[derive(Default)]
struct Held {
    manager: Option<GlobalHotKeyManager>,
    keys: Vec<HotKey>,
}

/// Wayland lets no program have such keys; under XWayland they would work in some programs and not in others.
pub fn is_possible() -> bool {
    #[cfg(target_os = "linux")]
    {
        use gtk::prelude::DisplayExtManual as _;
        gtk::gdk::Display::default().is_some_and(|display| display.backend().is_x11())
    }
    #[cfg(not(target_os = "linux"))]
    true
}

/// Calls back, on some thread, whenever a combination that is held goes down, with the system's number for it.
pub fn follow(pressed: impl Fn(u32) + Send + Sync + 'static) {
    GlobalHotKeyEvent::set_event_handler(Some(move |event: GlobalHotKeyEvent| {
        if event.state == HotKeyState::Pressed {
            pressed(event.id);
        }
    }));
}

pub fn number_of(keys: Combination) -> Option<u32> {
    system_name(keys).map(|hot_key| hot_key.id)
}

/// X is asked over the network, maybe, which is nothing for the thread of the windows.
#[cfg(target_os = "linux")]
pub fn on_its_thread(_app: &AppHandle, work: impl FnOnce() + Send + 'static) {
    use std::sync::OnceLock;
    use std::sync::mpsc::{SyncSender, sync_channel};

    type Work = Box<dyn FnOnce() + Send>;
    /// What waits then looks again anyway.
    const WAITING_MOST: usize = 16;
    static THREAD: OnceLock<SyncSender<Work>> = OnceLock::new();

    let thread = THREAD.get_or_init(|| {
        let (send, receive) = sync_channel::<Work>(WAITING_MOST);
        let run = move || receive.into_iter().for_each(|work| work());
        if let Err(error) = std::thread::Builder::new().name("hot keys".to_owned()).spawn(run) {
            tracing::error!(%error, "no thread for hot keys");
        }
        send
    });
    if thread.try_send(Box::new(work)).is_err() {
        tracing::warn!("the system does not answer about hot keys");
    }
}

#[cfg(not(target_os = "linux"))]
pub fn on_its_thread(app: &AppHandle, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = app.run_on_main_thread(work) {
        tracing::warn!(%error, "the main thread takes nothing any more");
    }
}

/// From here on these are held, and no others. Returns those that somebody else has.
pub fn hold(wanted: &[Combination]) -> Vec<Combination> {
    HELD.with_borrow_mut(|held| held.hold(wanted))
}

/// Whether the system gives this program the combination.
pub fn would_hold(keys: Combination) -> bool {
    HELD.with_borrow_mut(|held| held.would_hold(keys))
}

impl Held {
    fn hold(&mut self, wanted: &[Combination]) -> Vec<Combination> {
        let hot_keys: Vec<(Combination, Option<HotKey>)> =
            wanted.iter().map(|keys| (*keys, system_name(*keys))).collect();
        let stays = |held: &HotKey| hot_keys.iter().any(|(_, wanted)| *wanted == Some(*held));
        let (staying, leaving): (Vec<HotKey>, Vec<HotKey>) = self.keys.drain(..).partition(stays);
        self.keys = staying;
        leaving.into_iter().for_each(|hot_key| self.let_go(hot_key));
        let mut taken = Vec::new();
        for (keys, hot_key) in hot_keys {
            if !hot_key.is_some_and(|hot_key| self.keys.contains(&hot_key) || self.take(hot_key)) {
                taken.push(keys);
            }
        }
        self.rest();
        taken
    }

    fn would_hold(&mut self, keys: Combination) -> bool {
        let Some(hot_key) = system_name(keys) else { return false };
        if self.keys.contains(&hot_key) {
            return true;
        }
        let works = self.take(hot_key);
        if works {
            self.keys.retain(|held| *held != hot_key);
            self.let_go(hot_key);
        }
        self.rest();
        works
    }

    fn take(&mut self, hot_key: HotKey) -> bool {
        match self.register(hot_key) {
            Ok(()) => {
                self.keys.push(hot_key);
                true
            }
            Err(error) => {
                tracing::info!(%error, "a hot key does not work");
                false
            }
        }
    }

    fn register(&mut self, hot_key: HotKey) -> global_hotkey::Result<()> {
        let manager = match self.manager.take() {
            Some(manager) => manager,
            None => GlobalHotKeyManager::new()?,
        };
        self.manager.insert(manager).register(hot_key)
    }

    fn let_go(&self, hot_key: HotKey) {
        let Some(manager) = &self.manager else { return };
        if let Err(error) = manager.unregister(hot_key) {
            tracing::warn!(%error, "the system keeps a hot key");
        }
    }

    fn rest(&mut self) {
        if self.keys.is_empty() {
            self.manager = None;
        }
    }
}

fn system_name(keys: Combination) -> Option<HotKey> {
    keys.to_string().parse().ok()
}
