use beckon_domain::{CallId, PermissionSet};
use tauri::AppHandle;

use super::{Answer, Desk};
use crate::windows;

/// Its window shows how it goes.
#[tauri::command]
pub async fn call(app: AppHandle, client: Desk<'_>, target: String) -> Answer<()> {
    let call = client.call_typed(&target)?;
    windows::show_call(&app, call);
    Ok(())
}

/// Whom that call was for, once more: in a window of its own, which takes the place of the other.
#[tauri::command]
pub async fn call_again(app: AppHandle, client: Desk<'_>, id: CallId) -> Answer<()> {
    let call = client.call_again(id)?;
    windows::show_call(&app, call);
    Ok(())
}

#[tauri::command]
pub async fn cancel_call(client: Desk<'_>, id: CallId) -> Answer<()> {
    client.cancel_call(id).await
}

#[tauri::command]
pub async fn allow_call(client: Desk<'_>, id: CallId, switches: PermissionSet) -> Answer<()> {
    client.allow_call(id, switches).await
}

#[tauri::command]
pub async fn deny_call(client: Desk<'_>, id: CallId) -> Answer<()> {
    client.deny_call(id).await
}
