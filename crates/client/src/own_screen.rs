//! What this computer can share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_domain::{Permission, PermissionSet};
use beckon_session::clipboard::Clipboard;
use beckon_session::input::MainThread;
use beckon_session::{HostParts, available_beside_screen};
use tokio::sync::OnceCell;

pub struct OwnScreen {
    parts: HostParts,
    /// As it was found last; none until somebody asks.
    on_screen: Mutex<Option<PermissionSet>>,
    beside_screen: OnceCell<PermissionSet>,
    clipboard: Mutex<Option<Clipboard>>,
}

impl OwnScreen {
    /// Without a `clipboard`, the system's.
    pub fn new(main_thread: Option<MainThread>, clipboard: Option<Clipboard>) -> Self {
        Self::of(HostParts::of_this_system(main_thread), clipboard)
    }

    fn of(parts: HostParts, clipboard: Option<Clipboard>) -> Self {
        let (on_screen, clipboard) = (Mutex::default(), Mutex::new(clipboard));
        Self { parts, on_screen, beside_screen: OnceCell::new(), clipboard }
    }

    pub fn parts(&self) -> HostParts {
        self.parts.clone()
    }

    /// Opened when it is first asked for; some milliseconds.
    pub fn clipboard(&self) -> Option<Clipboard> {
        let mut clipboard = lock(&self.clipboard);
        if clipboard.is_none() {
            *clipboard = Clipboard::of_this_system();
        }
        clipboard.clone()
    }

    /// Permissions that a session of this version can carry out here, as [`OwnScreen::find_out`] found them last.
    /// What belongs to the screen is found out by trying where nobody did yet; that takes some milliseconds.
    pub fn available(&self) -> PermissionSet {
        let on_screen = *lock(&self.on_screen).get_or_insert_with(|| self.parts.available_permissions());
        let beside = self.beside_screen.get().copied().unwrap_or(PermissionSet::NONE);
        let clipboard = lock(&self.clipboard).as_ref().map(|_| Permission::Clipboard);
        on_screen.iter().chain(beside.iter()).chain(clipboard).collect()
    }

    /// Tries the screen each time: it may be there only later, or there no more. What belongs beside it is asked of
    /// the system once.
    pub async fn find_out(&self) {
        let parts = self.parts();
        let tried = tokio::task::spawn_blocking(move || parts.available_permissions()).await;
        *lock(&self.on_screen) = Some(tried.unwrap_or(PermissionSet::NONE));
        let clipboard = self.clipboard();
        self.beside_screen.get_or_init(|| available_beside_screen(clipboard.as_ref())).await;
    }
}

fn lock<T>(found: &Mutex<T>) -> MutexGuard<'_, T> {
    found.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Permissions that this version, as viewer, can make use of on any system.
pub fn usable_as_viewer() -> PermissionSet {
    PermissionSet::from_iter([
        Permission::Input,
        Permission::Clipboard,
        Permission::FileManager,
        Permission::LockDesk,
        Permission::Sysinfo,
        Permission::UserPointer,
    ])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use beckon_session::capture::{CannotCapture, Capture, CaptureSource, Monitor};
    use beckon_session::input::{Button, Input, InputFailed, InputSource, Key, Wheel};

    use super::*;

    /// A screen with a keyboard, each of which may be plugged in or not.
    #[derive(Clone, Default)]
    struct Desk {
        screen: Arc<AtomicBool>,
        keyboard: Arc<AtomicBool>,
    }

    impl CaptureSource for Desk {
        fn monitors(&self) -> Result<Vec<Monitor>, CannotCapture> {
            if self.screen.load(Ordering::Relaxed) { Ok(Vec::new()) } else { Err(CannotCapture::NoScreen) }
        }

        fn open(&self, _: u8) -> Result<Box<dyn Capture>, CannotCapture> {
            Err(CannotCapture::Failed)
        }
    }

    impl InputSource for Desk {
        fn open(&self) -> Result<Box<dyn Input>, InputFailed> {
            if self.keyboard.load(Ordering::Relaxed) {
                Ok(Box::new(Hands))
            } else {
                Err(InputFailed("no keyboard".to_owned()))
            }
        }
    }

    struct Hands;

    impl Input for Hands {
        fn key(&mut self, _: Key, _: bool) -> Result<(), InputFailed> {
            Ok(())
        }

        fn repeat(&mut self, _: Key) -> Result<(), InputFailed> {
            Ok(())
        }

        fn move_to(&mut self, _: (i32, i32)) -> Result<(), InputFailed> {
            Ok(())
        }

        fn button(&mut self, _: Button, _: bool) -> Result<(), InputFailed> {
            Ok(())
        }

        fn turn(&mut self, _: Wheel) -> Result<(), InputFailed> {
            Ok(())
        }

        fn is_own_window_at(&mut self, _: (i32, i32)) -> bool {
            false
        }

        fn is_own_window_focused(&mut self) -> bool {
            false
        }
    }

    #[tokio::test]
    async fn what_comes_later_is_found_and_what_goes_is_offered_no_more() {
        let desk = Desk::default();
        let (capture, input) = (Arc::new(desk.clone()), Arc::new(desk.clone()));
        let own = OwnScreen::of(HostParts { capture, input, ..HostParts::of_this_system(None) }, None);
        let can_control = || own.available().contains(Permission::Input);
        assert!(!can_control());
        desk.screen.store(true, Ordering::Relaxed);
        desk.keyboard.store(true, Ordering::Relaxed);
        own.find_out().await;
        assert!(can_control());
        desk.keyboard.store(false, Ordering::Relaxed);
        own.find_out().await;
        assert!(!can_control());
    }
}
