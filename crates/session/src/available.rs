//! What this version can carry out on this system, of what belongs beside the screen.

use beckon_domain::{Permission, PermissionSet};

use crate::clipboard::Clipboard;
use crate::lock::can_lock;

/// It asks the system, which may take a moment: call it once, and keep the answer. Whoever is to share
/// `clipboard` opened it before.
pub async fn available_beside_screen(clipboard: Option<&Clipboard>) -> PermissionSet {
    let always = PermissionSet::NONE.with(Permission::FileManager).with(Permission::Sysinfo);
    let with_clipboard = if clipboard.is_some() { always.with(Permission::Clipboard) } else { always };
    if can_lock().await { with_clipboard.with(Permission::LockDesk) } else { with_clipboard }
}
