//! The socket of wake-ups, for a device.

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::HeaderMap;
use axum::response::Response;
use beckon_wire::Code;

use crate::app::Shared;
use crate::error::Answer;
use crate::identity::{Caller, Reader};
use crate::push::serve;
use crate::server::Permit;

/// The default of 128 KiB would be most of what an idle socket costs.
const BUFFER_BYTES: usize = 4 * 1024;
/// A client says nothing but that it is alive.
const MESSAGE_MAX_BYTES: usize = 1024;

pub async fn push(
    State(app): State<Shared>,
    headers: HeaderMap,
    Caller(device): Caller,
    Extension(permit): Extension<Permit>,
    upgrade: WebSocketUpgrade,
) -> Answer<Response> {
    if !app.is_own_origin(&headers) {
        return Err(Code::Forbidden.into());
    }
    if app.stopping.is_cancelled() {
        return Err(Code::Unavailable.into());
    }
    let reader = Reader::load(&mut *app.core.store.read().await?, device).await?;
    let upgrade = upgrade
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(MESSAGE_MAX_BYTES)
        .max_frame_size(MESSAGE_MAX_BYTES);
    Ok(upgrade.on_upgrade(move |socket| serve(app, reader, socket, permit)))
}
