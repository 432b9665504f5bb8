use beckon_client::view::Joining;
use beckon_domain::session_request::Revision;
use beckon_domain::{PermissionSet, RequestId};
use tauri::AppHandle;

use super::{Answer, Desk};
use crate::windows;

#[tauri::command]
pub async fn connect_to(
    app: AppHandle,
    client: Desk<'_>,
    address: String,
    confirmed: bool,
) -> Answer<Joining> {
    let joining = client.connect_to(&address, confirmed).await?;
    if let Joining::Calling { call } = joining {
        windows::show_call(&app, call);
    }
    Ok(joining)
}

#[tauri::command]
pub async fn allow(
    client: Desk<'_>,
    request: RequestId,
    revision: Revision,
    switches: PermissionSet,
) -> Answer<()> {
    client.allow(request, revision, switches).await
}

#[tauri::command]
pub async fn deny(client: Desk<'_>, request: RequestId) -> Answer<()> {
    client.deny(request).await
}

#[tauri::command]
pub async fn leave(client: Desk<'_>, request: RequestId) -> Answer<()> {
    client.leave(request).await
}

#[tauri::command]
pub async fn set_switches(client: Desk<'_>, request: RequestId, switches: PermissionSet) -> Answer<()> {
    client.set_switches(request, switches)
}
