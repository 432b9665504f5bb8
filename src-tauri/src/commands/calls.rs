use beckon_domain::{CallId, PermissionSet};

use super::{Answer, Desk};

#[tauri::command]
pub async fn call(client: Desk<'_>, target: String) -> Answer<CallId> {
    client.call_typed(&target).await
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
