use beckon_client::hot_keys::{HotKey, HotKeyChoice, HotKeysState};
use tauri::AppHandle;

use super::Answer;
use crate::hot_keys;

#[tauri::command]
pub async fn hot_keys_state(app: AppHandle) -> Answer<HotKeysState> {
    Ok(hot_keys::state(&app))
}

#[tauri::command]
pub async fn choose_hot_key(app: AppHandle, hot_key: HotKey, choice: HotKeyChoice) -> Answer<()> {
    hot_keys::choose(&app, hot_key, choice).await
}
