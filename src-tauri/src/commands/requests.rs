use beckon_client::view::{EditFields, ExpiryChoice, NewRequest, RequestPage, RequestQuery, TypedTime};
use beckon_domain::RequestId;
use beckon_domain::zone_clock::ZoneClock;
use beckon_wire::directory::Directory;
use beckon_wire::request::{AssignTo, HistoryEntry, RequestLink, RequestView};

use super::{Answer, Desk};

#[tauri::command]
pub async fn list_requests(client: Desk<'_>, query: RequestQuery) -> Answer<RequestPage> {
    Ok(client.list_requests(&query))
}

/// How many stand before it in that list.
#[tauri::command]
pub async fn place_of_request(client: Desk<'_>, query: RequestQuery, id: RequestId) -> Answer<Option<u32>> {
    Ok(client.place_of_request(&query, id))
}

/// How many are Ready of those that concern whoever is signed in, as the tray counts.
#[tauri::command]
pub async fn ready_requests(client: Desk<'_>) -> Answer<usize> {
    Ok(client.ready_for_me().len())
}

#[tauri::command]
pub async fn get_request(client: Desk<'_>, id: RequestId) -> Answer<Option<RequestView>> {
    Ok(client.get_request(id))
}

#[tauri::command]
pub async fn get_directory(client: Desk<'_>) -> Answer<Directory> {
    Ok(client.directory())
}

#[tauri::command]
pub async fn zone_clocks(client: Desk<'_>) -> Answer<Vec<ZoneClock>> {
    Ok(client.zone_clocks())
}

#[tauri::command]
pub async fn request_link(client: Desk<'_>, id: RequestId) -> Answer<RequestLink> {
    client.request_link(id).await
}

#[tauri::command]
pub async fn request_history(client: Desk<'_>, id: RequestId) -> Answer<Vec<HistoryEntry>> {
    client.request_history(id).await
}

#[tauri::command]
pub async fn create_request(client: Desk<'_>, request: NewRequest) -> Answer<()> {
    client.create_request(request).await
}

#[tauri::command]
pub async fn replace_create(client: Desk<'_>, request: NewRequest) -> Answer<()> {
    client.replace_create(request).await
}

#[tauri::command]
pub async fn retry_create(client: Desk<'_>, id: RequestId) -> Answer<()> {
    client.retry_create(id)
}

#[tauri::command]
pub async fn discard_create(client: Desk<'_>, id: RequestId) -> Answer<()> {
    client.discard_create(id)
}

#[tauri::command]
pub async fn edit_request(client: Desk<'_>, id: RequestId, edit: EditFields) -> Answer<()> {
    client.edit_request(id, edit).await
}

#[tauri::command]
pub async fn comment_request(client: Desk<'_>, id: RequestId, comments: String) -> Answer<()> {
    client.comment_request(id, comments).await
}

#[tauri::command]
pub async fn claim_request(client: Desk<'_>, id: RequestId) -> Answer<()> {
    client.claim_request(id).await
}

#[tauri::command]
pub async fn release_request(client: Desk<'_>, id: RequestId) -> Answer<()> {
    client.release_request(id).await
}

#[tauri::command]
pub async fn assign_request(client: Desk<'_>, id: RequestId, to: AssignTo) -> Answer<()> {
    client.assign_request(id, to).await
}

#[tauri::command]
pub async fn reschedule_request(
    client: Desk<'_>,
    id: RequestId,
    schedule: TypedTime,
    expiry: Option<ExpiryChoice>,
) -> Answer<()> {
    client.reschedule_request(id, schedule, expiry).await
}

#[tauri::command]
pub async fn start_now(client: Desk<'_>, id: RequestId) -> Answer<()> {
    client.start_now(id).await
}

#[tauri::command]
pub async fn new_link(client: Desk<'_>, id: RequestId) -> Answer<()> {
    client.new_link(id).await
}

#[tauri::command]
pub async fn close_request(client: Desk<'_>, id: RequestId) -> Answer<()> {
    client.close_request(id).await
}

#[tauri::command]
pub async fn reopen_request(client: Desk<'_>, id: RequestId, expiry: ExpiryChoice) -> Answer<()> {
    client.reopen_request(id, expiry).await
}

#[tauri::command]
pub async fn send_mail_again(client: Desk<'_>, id: RequestId) -> Answer<()> {
    client.send_mail_again(id).await
}

#[tauri::command]
pub async fn undelivered_is_seen(client: Desk<'_>, id: RequestId) -> Answer<()> {
    client.undelivered_is_seen(id)
}
