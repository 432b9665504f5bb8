use beckon_domain::RequestId;
use beckon_wire::{ApiError, Code};
use tauri::{State, WebviewWindow};

use super::Answer;
use crate::clipboard::Clipboard;
use crate::pending::Pending;
use crate::windows::Spare;
use crate::{popup, windows};

/// The page is painted.
#[tauri::command]
pub async fn ready(window: WebviewWindow) -> Answer<()> {
    if popup::is_one(&window) {
        popup::show_painted(&window).await;
    } else {
        windows::show_painted(&window);
    }
    Ok(())
}

/// What a window that is kept ready shows, once that is known.
#[tauri::command]
pub async fn awaited_page(window: WebviewWindow, spare: State<'_, Spare>) -> Answer<String> {
    spare.page(window.label()).await.ok_or(ApiError::new(Code::NotFound))
}

/// What the main window was asked to show, once.
#[tauri::command]
pub async fn pending_request(pending: State<'_, Pending>) -> Answer<Option<RequestId>> {
    Ok(pending.request.take())
}

/// Why what was pressed elsewhere was not done, once.
#[tauri::command]
pub async fn pending_problem(pending: State<'_, Pending>) -> Answer<Option<ApiError>> {
    Ok(pending.problem.take())
}

#[tauri::command]
pub async fn close_window(window: WebviewWindow) -> Answer<()> {
    window.close().map_err(|error| failed(&error.into()))
}

/// The person goes back to what they did before a hot key led them to this pop-up.
#[tauri::command]
pub async fn leave_popup(window: WebviewWindow) -> Answer<()> {
    popup::leave(&window);
    Ok(())
}

#[tauri::command]
pub async fn copy_text(clipboard: State<'_, Clipboard>, text: String) -> Answer<()> {
    clipboard.copy(text).map_err(|error| failed(&error))
}

fn failed(error: &anyhow::Error) -> ApiError {
    tracing::error!("{error:#}");
    ApiError::new(Code::Internal)
}
