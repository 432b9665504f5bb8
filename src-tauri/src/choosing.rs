//! The system's dialog in which a person chooses files of this computer. The page names none.

use std::path::PathBuf;

use tauri::WebviewWindow;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod plugin;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use plugin as system;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    Files,
    Folders,
    Folder,
}

/// None: the person has left the dialog.
pub async fn choose(window: &WebviewWindow, choice: Choice) -> Option<Vec<PathBuf>> {
    let chosen = system::ask(window, choice).await?;
    (!chosen.is_empty()).then_some(chosen)
}

pub async fn choose_folder(window: &WebviewWindow) -> Option<PathBuf> {
    choose(window, Choice::Folder).await?.pop()
}
