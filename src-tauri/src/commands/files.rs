//! Files of a session. Which of this computer's the page never says: the person chooses in the system's dialog,
//! or drops them on the window.

use beckon_client::file_offers::OfferView;
use beckon_client::session_files::FolderView;
use beckon_client::transfers::{TransferAct, TransferView};
use beckon_domain::SessionId;
use tauri::WebviewWindow;

use super::{Answer, Desk};
use crate::choosing::{Choice, choose, choose_folder};

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
    let choice = if folders { Choice::Folders } else { Choice::Files };
    match choose(&window, choice).await {
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
    match choose_folder(&window).await {
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
    match choose_folder(&window).await {
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
    match choose_folder(&window).await {
        Some(folder) => client.set_host_folder(folder),
        None => Ok(()),
    }
}
