use beckon_client::view::Joining;
use beckon_domain::session_request::Revision;
use beckon_domain::{PermissionSet, RequestId};

use super::{Answer, Desk};

#[tauri::command]
pub async fn connect_to(client: Desk<'_>, address: String, confirmed: bool) -> Answer<Joining> {
    client.connect_to(&address, confirmed).await
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
