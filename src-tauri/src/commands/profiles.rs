use beckon_client::profiles::{OwnProfileId, PermissionProfiles};
use beckon_domain::PermissionSet;

use super::{Answer, Desk};

#[tauri::command]
pub async fn permission_profiles(client: Desk<'_>) -> Answer<PermissionProfiles> {
    Ok(client.permission_profiles())
}

/// A new one, or the one that has this id anew.
#[tauri::command]
pub async fn keep_profile(
    client: Desk<'_>,
    id: OwnProfileId,
    name: String,
    permissions: PermissionSet,
) -> Answer<()> {
    client.keep_profile(id, name, permissions)
}

#[tauri::command]
pub async fn delete_profile(client: Desk<'_>, id: OwnProfileId) -> Answer<()> {
    client.delete_profile(id)
}
