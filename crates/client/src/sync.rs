//! Keeps one service's cache true: a push says "look again", and the client asks from its cursor.
//!
//! A lost push, a sleeping laptop and a restart are one case: connect anew, ask from the cursor.

use std::sync::Arc;
use std::time::Duration;

use beckon_wire::changes::Wake;
use beckon_wire::{ApiError, Code, limits, paths};
use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::AUTHORIZATION;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::service_link::ServiceLink;
use crate::view::Reach;

const FIRST_RETRY: Duration = Duration::from_millis(500);
const LAST_RETRY: Duration = Duration::from_secs(15);
/// The push socket must stand within this.
const OPEN_WITHIN: Duration = Duration::from_secs(10);
/// Nothing heard for this long means that the socket is dead, whatever TCP believes.
const SILENCE: Duration = Duration::from_secs(limits::PUSH_PING_S * 2 + 5);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Runs until the future is dropped.
pub async fn keep_in_sync(link: Arc<ServiceLink>) {
    let mut retry = FIRST_RETRY;
    loop {
        match listen(&link).await {
            Ok(()) => retry = FIRST_RETRY,
            Err(error) if error.code == Code::ServiceKeyChanged => {
                link.set_reach(Reach::KeyChanged);
                link.look_again.notified().await;
                continue;
            }
            Err(error) => tracing::info!(origin = link.origin(), %error, "not in touch with the service"),
        }
        link.set_reach(Reach::Offline);
        tokio::select! {
            () = link.clock.sleep(with_jitter(retry)) => retry = (retry * 2).min(LAST_RETRY),
            () = link.look_again.notified() => retry = FIRST_RETRY,
        }
    }
}

/// One connection, from the greeting to its end. `Ok` means that it once stood.
async fn listen(link: &ServiceLink) -> Result<(), ApiError> {
    link.greet().await?;
    let mut socket = open_socket(link).await?;
    // The socket first, the question after it: what happens in between is pushed.
    link.pull().await?;
    link.set_reach(Reach::Online);
    loop {
        let heard = tokio::select! {
            heard = socket.next() => heard,
            () = link.clock.sleep(SILENCE) => None,
            () = link.look_again.notified() => {
                link.pull().await?;
                continue;
            }
            () = link.cache.made_anew.notified() => {
                link.pull().await?;
                continue;
            }
        };
        match heard {
            Some(Ok(Message::Text(text))) => {
                // A push carries no truth; one that cannot be read still means "look again".
                match serde_json::from_str::<Wake>(&text) {
                    Ok(wake) => link.catch_up(wake.cursor).await?,
                    Err(_) => link.pull().await?,
                }
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(()),
            // Pings are answered by the socket itself.
            Some(Ok(_)) => {}
        }
    }
}

async fn open_socket(link: &ServiceLink) -> Result<Socket, ApiError> {
    let token = link.api.token().await?;
    let url = format!("{}{}", link.origin().replacen("http", "ws", 1), paths::PUSH);
    let mut request = url.into_client_request().map_err(|_| ApiError::new(Code::NotOurService))?;
    let bearer = HeaderValue::from_str(&format!("Bearer {token}"));
    request.headers_mut().insert(AUTHORIZATION, bearer.map_err(|_| ApiError::new(Code::NotOurService))?);
    let config = WebSocketConfig::default().read_buffer_size(4 * 1024).max_message_size(Some(4 * 1024));
    let opening = tokio_tungstenite::connect_async_with_config(request, Some(config), true);
    let opened = tokio::select! {
        opened = opening => opened,
        // A connection that died while the computer slept never answers.
        () = link.clock.sleep(OPEN_WITHIN) => return Err(ApiError::new(Code::Unreachable)),
    };
    match opened {
        Ok((socket, _)) => Ok(socket),
        Err(SocketError::Http(response)) if response.status().as_u16() == 401 => {
            link.api.forget_token();
            Err(ApiError::new(Code::Unauthenticated))
        }
        Err(error) => {
            tracing::info!(origin = link.origin(), %error, "the push socket does not open");
            Err(ApiError::new(Code::Unreachable))
        }
    }
}

/// Clients that lost the same service do not come back at the same moment.
fn with_jitter(wait: Duration) -> Duration {
    let [random] = beckon_domain::keys::random::<1>();
    wait.mul_f64(0.75 + f64::from(random) / 1024.0)
}
