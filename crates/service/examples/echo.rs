//! The floor of what the service can do: the same HTTP stack, and nothing on it but an echo.

#![expect(clippy::print_stdout, reason = "whoever starts it is told where it listens")]

use axum::Router;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::routing::get;

/// As the service's push sockets have it.
const BUFFER_BYTES: usize = 4 * 1024;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let upgrade = |upgrade: WebSocketUpgrade| async {
        upgrade.read_buffer_size(BUFFER_BYTES).write_buffer_size(0).on_upgrade(echo)
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("Listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, Router::new().route("/", get(upgrade))).await?)
}

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            return;
        }
    }
}
