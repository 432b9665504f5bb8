use beckon_client::view::AppState;

use super::{Answer, Desk};

#[tauri::command]
pub async fn app_state(client: Desk<'_>) -> Answer<AppState> {
    Ok(client.state())
}

#[tauri::command]
pub async fn choose_service(client: Desk<'_>, origin: String) -> Answer<()> {
    client.choose_service(&origin).await
}

#[tauri::command]
pub async fn sign_in(client: Desk<'_>, email: String, password: String) -> Answer<()> {
    client.sign_in(email, password).await
}

#[tauri::command]
pub async fn sign_out(client: Desk<'_>) -> Answer<()> {
    client.sign_out().await
}
