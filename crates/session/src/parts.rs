//! What of this machine a session shows and moves.

use std::sync::Arc;

use beckon_domain::{Permission, PermissionSet};

use crate::capture::{self, CaptureSource};
use crate::input::{self, InputSource, MainThread, Typing};
use crate::pointer::{self, PointerSource};

#[derive(Clone)]
pub struct HostParts {
    pub capture: Arc<dyn CaptureSource>,
    pub input: Arc<dyn InputSource>,
    /// For viewers that may point and no more.
    pub pointer: Arc<dyn PointerSource>,
    /// Whether viewers use keys just now, of all sessions that have these parts.
    pub typing: Typing,
}

impl HostParts {
    /// On macOS there is no input without the main thread; other systems do not need it.
    pub fn of_this_system(main_thread: Option<MainThread>) -> Self {
        Self {
            capture: capture::of_this_system().into(),
            input: input::of_this_system(main_thread).into(),
            pointer: pointer::of_this_system().into(),
            typing: Typing::default(),
        }
    }

    /// Another display than that of the environment.
    #[cfg(target_os = "linux")]
    pub fn of_display(name: &str) -> Self {
        let display = Some(name.to_owned());
        Self {
            capture: Arc::new(capture::X11 { display: display.clone() }),
            input: Arc::new(input::System { display: display.clone() }),
            pointer: Arc::new(pointer::X11 { display }),
            typing: Typing::default(),
        }
    }

    /// What these can carry out now, by trying; it takes some milliseconds.
    pub fn available_permissions(&self) -> PermissionSet {
        if self.capture.monitors().is_err() {
            return PermissionSet::NONE;
        }
        let tried = [
            (Permission::Input, self.input.open().is_ok()),
            (Permission::UserPointer, self.pointer.open().is_ok()),
        ];
        tried.into_iter().filter(|(_, works)| *works).map(|(permission, _)| permission).collect()
    }
}

/// What this version can carry out on this system, of what belongs to the screen. It takes some milliseconds.
pub fn available_permissions(main_thread: Option<MainThread>) -> PermissionSet {
    HostParts::of_this_system(main_thread).available_permissions()
}
