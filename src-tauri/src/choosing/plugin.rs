use std::path::PathBuf;

use tauri::WebviewWindow;
use tauri_plugin_dialog::{DialogExt as _, FilePath};
use tokio::sync::oneshot;

use super::Choice;

pub async fn ask(window: &WebviewWindow, choice: Choice) -> Option<Vec<PathBuf>> {
    let (reply, answer) = oneshot::channel();
    let answered = move |chosen: Option<Vec<FilePath>>| {
        // Who asked may have closed the window.
        let _ = reply.send(chosen);
    };
    let dialog = window.dialog().file().set_parent(window);
    match choice {
        Choice::Files => dialog.pick_files(answered),
        Choice::Folders => dialog.pick_folders(answered),
        Choice::Folder => dialog.pick_folder(|folder| answered(folder.map(|folder| vec![folder]))),
    }
    let chosen = answer.await.ok()??;
    Some(chosen.into_iter().filter_map(|path| path.into_path().ok()).collect())
}
