use beckon_client::address_book::ContactFields;
use beckon_client::tiles::Tiles;
use beckon_domain::link::Target;
use beckon_domain::{BookEntryId, DeviceId};

use super::{Answer, Desk};

#[tauri::command]
pub async fn tiles_state(client: Desk<'_>) -> Answer<Tiles> {
    Ok(client.tiles())
}

#[tauri::command]
pub async fn look_at_tiles(client: Desk<'_>, targets: Vec<Target>) -> Answer<()> {
    client.look_at_tiles(targets).await;
    Ok(())
}

#[tauri::command]
pub async fn add_favorite(client: Desk<'_>, target: Target) -> Answer<()> {
    client.add_favorite(target)
}

#[tauri::command]
pub async fn remove_favorite(client: Desk<'_>, target: Target) -> Answer<()> {
    client.remove_favorite(&target)
}

#[tauri::command]
pub async fn forget_session(client: Desk<'_>, device: DeviceId) -> Answer<()> {
    client.forget_session(device)
}

#[tauri::command]
pub async fn rename_tile(client: Desk<'_>, target: Target, name: Option<String>) -> Answer<()> {
    client.rename_tile(target, name).await
}

#[tauri::command]
pub async fn add_contact(client: Desk<'_>, id: BookEntryId, fields: ContactFields) -> Answer<()> {
    client.add_contact(id, fields).await
}

#[tauri::command]
pub async fn edit_contact(client: Desk<'_>, id: BookEntryId, fields: ContactFields) -> Answer<()> {
    client.edit_contact(id, fields).await
}

#[tauri::command]
pub async fn remove_contact(client: Desk<'_>, id: BookEntryId) -> Answer<()> {
    client.remove_contact(id).await
}

#[tauri::command]
pub async fn set_alias(client: Desk<'_>, name: String) -> Answer<()> {
    client.set_alias(name).await
}

#[tauri::command]
pub async fn clear_alias(client: Desk<'_>) -> Answer<()> {
    client.clear_alias().await
}

#[tauri::command]
pub async fn set_block(client: Desk<'_>, device: DeviceId, blocked: bool) -> Answer<()> {
    client.set_block(device, blocked).await
}

#[tauri::command]
pub async fn set_discovery(client: Desk<'_>, on: bool) -> Answer<()> {
    client.set_discovery(on)
}
