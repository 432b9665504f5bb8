use beckon_client::invitations::NewInvitation;
use beckon_client::view::IntroductionsState;
use beckon_domain::session_request::Revision;
use beckon_domain::{InvitationId, PermissionSet};
use tauri::AppHandle;

use super::{Answer, Desk};
use crate::windows;

#[tauri::command]
pub async fn introductions_state(client: Desk<'_>) -> Answer<IntroductionsState> {
    Ok(client.introductions_state())
}

#[tauri::command]
pub async fn invite(client: Desk<'_>, new: NewInvitation) -> Answer<()> {
    client.invite(new).await
}

#[tauri::command]
pub async fn edit_invitation(
    client: Desk<'_>,
    id: InvitationId,
    profile: String,
    permissions: PermissionSet,
) -> Answer<()> {
    client.edit_invitation(id, profile, permissions).await
}

#[tauri::command]
pub async fn cancel_invitation(client: Desk<'_>, id: InvitationId) -> Answer<()> {
    client.cancel_invitation(id).await
}

#[tauri::command]
pub async fn send_invitation_again(client: Desk<'_>, id: InvitationId, again: InvitationId) -> Answer<()> {
    client.send_invitation_again(id, again).await
}

/// *Connect*: the session's window shows how it goes.
#[tauri::command]
pub async fn accept_invitation(
    app: AppHandle,
    client: Desk<'_>,
    id: InvitationId,
    revision: Revision,
) -> Answer<()> {
    let session = client.accept_invitation(id, revision).await?;
    windows::show_session(&app, session);
    Ok(())
}

#[tauri::command]
pub async fn reject_invitation(client: Desk<'_>, id: InvitationId) -> Answer<()> {
    client.reject_invitation(id).await
}
