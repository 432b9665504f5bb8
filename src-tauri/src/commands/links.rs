use beckon_client::computer::{Computer, SchemeState};
use beckon_client::links::LinksState;
use beckon_client::schemes::Scheme;
use beckon_domain::{Assist, JoinCode};
use beckon_wire::{ApiError, Code};
use tauri::{AppHandle, State};

use super::computer::blocking;
use super::{Answer, Desk};
use crate::assist::AssistFile;
use crate::windows;

#[tauri::command]
pub async fn links_state(client: Desk<'_>) -> Answer<LinksState> {
    Ok(client.links())
}

/// By the person, with a key or the pointer.
#[tauri::command]
pub async fn main_window_touched(client: Desk<'_>) -> Answer<()> {
    client.main_window_touched();
    Ok(())
}

#[tauri::command]
pub async fn dismiss_link(client: Desk<'_>, number: u32) -> Answer<()> {
    client.dismiss_link(number);
    Ok(())
}

/// The person has whoever opened such links before open this one.
#[tauri::command]
pub async fn hand_link_on(client: Desk<'_>, computer: State<'_, Computer>, number: u32) -> Answer<()> {
    let link = client.link_for_another(number).ok_or_else(|| ApiError::new(Code::NotFound))?;
    blocking(&computer, move |computer| computer.hand_on(&link)).await?;
    client.dismiss_link(number);
    Ok(())
}

/// The person agreed to the service that the link names.
#[tauri::command]
pub async fn join_by_link(client: Desk<'_>, number: u32) -> Answer<()> {
    client.join_by_link(number).await
}

/// The person calls whom the link names, which could not be called when it came.
#[tauri::command]
pub async fn call_by_link(app: AppHandle, client: Desk<'_>, number: u32) -> Answer<()> {
    let call = client.call_by_link(number)?;
    windows::show_call(&app, call);
    Ok(())
}

/// What the person is asked about at the first start.
#[tauri::command]
pub async fn links_question(computer: State<'_, Computer>) -> Answer<Vec<SchemeState>> {
    blocking(&computer, Computer::links_question).await
}

/// *Open links with Beckon*: those that only the person can choose it for.
#[tauri::command]
pub async fn open_links(computer: State<'_, Computer>) -> Answer<Vec<Scheme>> {
    blocking(&computer, Computer::open_links).await
}

/// *Not now*.
#[tauri::command]
pub async fn leave_links(computer: State<'_, Computer>) -> Answer<()> {
    blocking(&computer, Computer::leave_links).await
}

#[tauri::command]
pub async fn assist_state(assist: State<'_, AssistFile>) -> Answer<Assist> {
    Ok(assist.told())
}

/// The person read where they join, and pressed *Join*.
#[tauri::command]
pub async fn assist_join(client: Desk<'_>, service: String, code: String) -> Answer<()> {
    let code: JoinCode = code.parse().map_err(|_| ApiError::new(Code::NotAnAddress))?;
    client.join_with_code(&service, code, true).await.map(drop)
}
