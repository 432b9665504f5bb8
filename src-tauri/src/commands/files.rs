//! Files of a session. Which of this computer's the page never says: the person chooses in the system's dialog,
//! or drops them on the window.

use std::path::PathBuf;

use beckon_client::file_offers::OfferView;
use beckon_client::session_files::FolderView;
use beckon_client::transfers::{TransferAct, TransferView};
use beckon_domain::SessionId;
use tauri::WebviewWindow;
use tauri_plugin_dialog::{DialogExt as _, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

use super::{Answer, Desk};

#[tauri::command]
pub async fn transfers(client: Desk<'_>, id: SessionId) -> Answer<Vec<TransferView>> {
    Ok(client.transfers(id))
}

#[tauri::command]
pub async fn act_on_transfer(client: Desk<'_>, id: SessionId, number: u32, act: TransferAct) -> Answer<()> {
    client.act_on_transfer(id, number, act);
    Ok(())
}

#[tauri::command]
pub async fn look_into(client: Desk<'_>, id: SessionId, folder: Vec<String>) -> Answer<FolderView> {
    client.look_into(id, folder).await
}

#[tauri::command]
pub async fn send_files(window: WebviewWindow, client: Desk<'_>, id: SessionId, folders: bool) -> Answer<()> {
    let chosen = ask(&window, |dialog, answer| {
        if folders {
            dialog.pick_folders(answer);
        } else {
            dialog.pick_files(answer);
        }
    });
    match chosen.await {
        Some(chosen) => client.send_files(id, chosen),
        None => Ok(()),
    }
}

/// Where to, the person is asked.
#[tauri::command]
pub async fn fetch_files(
    window: WebviewWindow,
    client: Desk<'_>,
    id: SessionId,
    wanted: Vec<Vec<String>>,
) -> Answer<()> {
    match ask_folder(&window).await {
        Some(into) => client.fetch_files(id, wanted, &into),
        None => Ok(()),
    }
}

#[tauri::command]
pub async fn file_offers(client: Desk<'_>, id: SessionId) -> Answer<Vec<OfferView>> {
    Ok(client.file_offers(id))
}

/// Where to, the person is asked.
#[tauri::command]
pub async fn take_offer(window: WebviewWindow, client: Desk<'_>, id: SessionId, number: u32) -> Answer<()> {
    match ask_folder(&window).await {
        Some(into) => client.take_offer(id, number, &into),
        None => Ok(()),
    }
}

#[tauri::command]
pub async fn decline_offer(client: Desk<'_>, id: SessionId, number: u32) -> Answer<()> {
    client.decline_offer(id, number).await
}

/// All that a viewer sees of this computer's files, as people read it.
#[tauri::command]
pub async fn host_folder(client: Desk<'_>) -> Answer<Option<String>> {
    Ok(client.host_folder().map(|folder| folder.to_string_lossy().into_owned()))
}

#[tauri::command]
pub async fn choose_host_folder(window: WebviewWindow, client: Desk<'_>) -> Answer<()> {
    match ask_folder(&window).await {
        Some(folder) => client.set_host_folder(folder),
        None => Ok(()),
    }
}

async fn ask_folder(window: &WebviewWindow) -> Option<PathBuf> {
    let chosen = ask(window, |dialog, answer| {
        dialog.pick_folder(|folder| answer(folder.map(|folder| vec![folder])));
    });
    chosen.await?.pop()
}

type Answered = Box<dyn FnOnce(Option<Vec<FilePath>>) + Send>;

/// None: the person has left the dialog.
async fn ask(
    window: &WebviewWindow,
    show: impl FnOnce(FileDialogBuilder<tauri::Wry>, Answered),
) -> Option<Vec<PathBuf>> {
    let (reply, answer) = oneshot::channel();
    let answered = Box::new(move |chosen: Option<Vec<FilePath>>| {
        // Who asked may have closed the window.
        let _ = reply.send(chosen);
    });
    show(window.dialog().file().set_parent(window), answered);
    let chosen = answer.await.ok()??;
    let paths: Vec<_> = chosen.into_iter().filter_map(|path| path.into_path().ok()).collect();
    (!paths.is_empty()).then_some(paths)
}
