use beckon_client::Turn;
use beckon_client::session_system::SystemView;
use beckon_client::view::SessionState;
use beckon_domain::{Permission, RequestId, SessionId};
use tauri::AppHandle;

use super::{Answer, Desk};
use crate::windows;

/// Connects, or asks where nobody has allowed it yet; either way the session's window shows how it goes.
#[tauri::command]
pub async fn connect(app: AppHandle, client: Desk<'_>, id: RequestId) -> Answer<()> {
    let session = client.connect(id).await?;
    windows::show_session(&app, session);
    Ok(())
}

#[tauri::command]
pub async fn session_state(client: Desk<'_>, id: SessionId) -> Answer<Option<SessionState>> {
    Ok(client.session_state(id))
}

#[tauri::command]
pub async fn send_chat(client: Desk<'_>, id: SessionId, text: String) -> Answer<()> {
    client.send_chat(id, text).await
}

#[tauri::command]
pub async fn end_session(client: Desk<'_>, id: SessionId) -> Answer<()> {
    client.end_session(id).await
}

#[tauri::command]
pub async fn end_and_close(client: Desk<'_>, id: SessionId, comment: Option<String>) -> Answer<()> {
    client.end_and_close(id, comment).await
}

#[tauri::command]
pub async fn cancel_ask(client: Desk<'_>, id: SessionId) -> Answer<()> {
    client.cancel_ask(id).await
}

/// The viewer asks the host's person for one more permission.
#[tauri::command]
pub async fn ask_for(client: Desk<'_>, id: SessionId, permission: Permission) -> Answer<()> {
    client.ask_for(id, permission).await
}

/// One switch of this host, also as the yes to what was asked.
#[tauri::command]
pub async fn turn_switch(client: Desk<'_>, id: SessionId, permission: Permission, turn: Turn) -> Answer<()> {
    client.turn_switch(id, permission, turn)
}

#[tauri::command]
pub async fn refuse_ask(client: Desk<'_>, id: SessionId, permission: Permission) -> Answer<()> {
    client.refuse_ask(id, permission).await
}

/// The page opens it at once; it is good for nobody else.
#[tauri::command]
pub async fn open_screen(client: Desk<'_>, id: SessionId, monitor: u8) -> Answer<String> {
    client.open_screen(id, monitor).await
}

#[tauri::command]
pub async fn let_go_of_keys(client: Desk<'_>, id: SessionId) -> Answer<()> {
    client.let_go_of_keys(id);
    Ok(())
}

#[tauri::command]
pub async fn try_now(client: Desk<'_>, id: SessionId) -> Answer<()> {
    client.try_now(id);
    Ok(())
}

/// The first click or key of this person in the remote screen.
#[tauri::command]
pub async fn first_act(client: Desk<'_>, id: SessionId) -> Answer<()> {
    client.first_act(id);
    Ok(())
}

/// None: the host does not tell.
#[tauri::command]
pub async fn system_info(client: Desk<'_>, id: SessionId) -> Answer<Option<SystemView>> {
    client.system_info(id).await
}

#[tauri::command]
pub async fn lock_at_end(client: Desk<'_>, id: SessionId, wanted: bool) -> Answer<()> {
    client.lock_at_end(id, wanted).await
}
