//! What this computer can share.

use std::sync::OnceLock;

use beckon_domain::{Permission, PermissionSet};
use beckon_session::clipboard::Clipboard;
use beckon_session::input::MainThread;
use beckon_session::{HostParts, available_beside_screen};
use tokio::sync::OnceCell;

pub struct OwnScreen {
    parts: HostParts,
    on_screen: OnceLock<PermissionSet>,
    beside_screen: OnceCell<PermissionSet>,
    clipboard: OnceLock<Option<Clipboard>>,
}

impl OwnScreen {
    /// Without a `clipboard`, the system's.
    pub fn new(main_thread: Option<MainThread>, clipboard: Option<Clipboard>) -> Self {
        let clipboard = clipboard.map_or_else(OnceLock::new, |clipboard| OnceLock::from(Some(clipboard)));
        Self {
            parts: HostParts::of_this_system(main_thread),
            on_screen: OnceLock::new(),
            beside_screen: OnceCell::new(),
            clipboard,
        }
    }

    pub fn parts(&self) -> HostParts {
        self.parts.clone()
    }

    /// Opened when it is first asked for; some milliseconds.
    pub fn clipboard(&self) -> Option<Clipboard> {
        self.clipboard.get_or_init(Clipboard::of_this_system).clone()
    }

    /// Permissions that a session of this version can carry out here. Found out by trying, once; that takes
    /// some milliseconds. What belongs beside the screen is known after [`OwnScreen::find_out`].
    pub fn available(&self) -> PermissionSet {
        let on_screen = *self.on_screen.get_or_init(|| self.parts.available_permissions());
        let beside = self.beside_screen.get().copied().unwrap_or(PermissionSet::NONE);
        on_screen.iter().chain(beside.iter()).collect()
    }

    /// Asks the system once; the answer is kept.
    pub async fn find_out(&self) {
        let ask = || async { available_beside_screen(self.clipboard().as_ref()).await };
        self.beside_screen.get_or_init(ask).await;
    }
}

/// Permissions that this version, as viewer, can make use of on any system.
pub fn usable_as_viewer() -> PermissionSet {
    PermissionSet::from_iter([
        Permission::Input,
        Permission::Clipboard,
        Permission::FileManager,
        Permission::LockDesk,
        Permission::Sysinfo,
    ])
}
