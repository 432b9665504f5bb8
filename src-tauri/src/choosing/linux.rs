//! GTK's own: the plugin's has no parent here, and opened behind other windows.

use std::path::PathBuf;

use gtk::glib::MainContext;
use gtk::prelude::{FileChooserExt as _, NativeDialogExt as _, NativeDialogExtManual as _};
use gtk::{FileChooserAction, FileChooserNative, ResponseType};
use tauri::WebviewWindow;
use tokio::sync::oneshot;

use super::Choice;
use crate::words::t;

pub async fn ask(window: &WebviewWindow, choice: Choice) -> Option<Vec<PathBuf>> {
    let (reply, answer) = oneshot::channel();
    let above = window.clone();
    let ask = move || {
        MainContext::default().spawn_local(async move {
            let dialog = dialog(&above, choice);
            let response = dialog.run_future().await;
            let chosen = (response == ResponseType::Accept).then(|| dialog.filenames());
            dialog.destroy();
            // Who asked may have closed the window.
            let _ = reply.send(chosen);
        });
    };
    window.run_on_main_thread(ask).ok()?;
    answer.await.ok()?
}

/// Not modal: it would keep every window of the program from being used, *End* included.
fn dialog(window: &WebviewWindow, choice: Choice) -> FileChooserNative {
    let (title, action) = match choice {
        Choice::Files => ("choose.files", FileChooserAction::Open),
        Choice::Folders => ("choose.folders", FileChooserAction::SelectFolder),
        Choice::Folder => ("choose.folder", FileChooserAction::SelectFolder),
    };
    let parent = window.gtk_window().ok();
    let dialog = FileChooserNative::new(Some(&t(title, &[])), parent.as_ref(), action, None, None);
    dialog.set_select_multiple(choice != Choice::Folder);
    dialog
}
