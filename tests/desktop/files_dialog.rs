//! The system's dialog for files, where somebody types what they want.

use std::path::Path;

use beckon_tests::stage::until;

use crate::computer::Computer;

pub const FILES: &str = "^Choose files$";
pub const FOLDER: &str = "^Choose a folder$";

/// Once it is there; then it is gone.
pub async fn answers(computer: &Computer, title: &str, path: &Path) {
    let find = || computer.xdotool(&["search", "--onlyvisible", "--name", title]);
    let dialog =
        until(&format!("the dialog {title:?}"), async || find().lines().next().map(str::to_owned)).await;
    let parent = computer.property(&dialog, "WM_TRANSIENT_FOR");
    assert!(parent.contains("window id"), "it may open behind the window that asks: {parent}");
    let mut is_typed = false;
    until(&format!("the dialog {title:?} to close"), async || {
        if find().is_empty() {
            return Some(());
        }
        let active = computer.xdotool(&["getactivewindow"]);
        let is_complaint = computer.xdotool(&["getactivewindow", "getwindowname"]).trim().is_empty();
        if active.trim() == dialog && !is_typed {
            computer.xdotool(&["key", "ctrl+a"]);
            computer.xdotool(&["type", path.to_str().unwrap()]);
            computer.xdotool(&["key", "Return"]);
            is_typed = true;
        } else if is_typed && is_complaint {
            // A letter is lost while the dialog makes room for what is typed.
            computer.xdotool(&["key", "Escape"]);
            is_typed = false;
        }
        None
    })
    .await;
}
