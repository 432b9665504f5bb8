//! How the page of a session window gets the screen's bytes: a WebSocket on this computer, which only that
//! page can open, and only once.
//!
//! Its address has 256 random bits in it and is told to the page alone; a browser elsewhere on this computer
//! would name another origin, and is refused like everybody who comes second.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use beckon_domain::SharedClock;
use data_encoding::BASE64URL_NOPAD;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Message, Utf8Bytes};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// The origins of our own pages: on Linux and macOS, and on Windows.
const ORIGINS: [&str; 2] = ["tauri://localhost", "http://tauri.localhost"];
/// A page that was given the address opens it at once.
const OPENED_WITHIN: Duration = Duration::from_secs(30);
/// Whoever connects and says nothing must not keep the page out.
const KNOCKING_AT_ONCE: usize = 8;
const CHUNK_BYTES: usize = 64 * 1024;
/// What a viewer says is short: keys, the pointer, and which pictures it wants.
const MESSAGE_MAX_BYTES: usize = 256 * 1024;
/// Closes the socket where the host said what no screen says; the page knows the number.
const NO_SCREEN: u16 = 4_001;

/// Dropped, the socket is closed.
pub struct ScreenDoor {
    address: SocketAddr,
    token: String,
    _closing: DropGuard,
}

impl ScreenDoor {
    /// Carries the bytes of `screen` to whoever opens [`ScreenDoor::url`] first, and theirs back.
    pub async fn open<S>(screen: S, clock: SharedClock, tasks: &TaskTracker) -> io::Result<Self>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let token = random_token()?;
        let closing = CancellationToken::new();
        let door = Self { address, token: token.clone(), _closing: closing.clone().drop_guard() };
        tasks.spawn(closing.run_until_cancelled_owned(async move {
            let socket = tokio::select! {
                socket = first_visitor(listener, address, token) => socket,
                () = clock.sleep(OPENED_WITHIN) => return,
            };
            if let Err(error) = carry(socket, screen).await {
                tracing::debug!(%error, "the screen's socket broke");
            }
        }));
        Ok(door)
    }

    pub fn url(&self) -> String {
        format!("ws://{}/{}", self.address, self.token)
    }
}

fn random_token() -> io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

/// Nobody is let in after the first who knows the address.
async fn first_visitor(
    listener: TcpListener,
    address: SocketAddr,
    token: String,
) -> WebSocketStream<TcpStream> {
    let mut knocking = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if knocking.len() < KNOCKING_AT_ONCE => {
                if let Ok((stream, _)) = accepted {
                    knocking.spawn(let_in(stream, address, token.clone()));
                }
            }
            Some(visitor) = knocking.join_next() => {
                if let Ok(Some(socket)) = visitor {
                    return socket;
                }
            }
        }
    }
}

async fn let_in(stream: TcpStream, address: SocketAddr, token: String) -> Option<WebSocketStream<TcpStream>> {
    #[expect(clippy::result_large_err, reason = "the library's own shape of an answer")]
    let check = move |request: &Request, response: Response| {
        if is_ours(request, address, &token) { Ok(response) } else { Err(refused()) }
    };
    let limits = WebSocketConfig::default()
        .max_message_size(Some(MESSAGE_MAX_BYTES))
        .max_frame_size(Some(MESSAGE_MAX_BYTES));
    stream.set_nodelay(true).ok()?;
    let socket = tokio_tungstenite::accept_hdr_async_with_config(stream, check, Some(limits)).await;
    socket.inspect_err(|error| tracing::warn!(%error, "somebody else tried the screen's socket")).ok()
}

fn is_ours(request: &Request, address: SocketAddr, token: &str) -> bool {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let path = request.uri().path().strip_prefix('/');
    path == Some(token)
        && header("host") == Some(address.to_string().as_str())
        && header("origin").is_some_and(|origin| ORIGINS.contains(&origin))
}

fn refused() -> ErrorResponse {
    let mut response = ErrorResponse::new(None);
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}

/// Each direction waits for its own receiver: nothing is kept here but one chunk each way.
async fn carry<S>(socket: WebSocketStream<TcpStream>, screen: S) -> anyhow::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut to_page, mut from_page) = socket.split();
    let (mut from_host, mut to_host) = tokio::io::split(screen);
    let pictures = async {
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            let read = match from_host.read(&mut chunk).await {
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    let reason = CloseFrame { code: NO_SCREEN.into(), reason: Utf8Bytes::default() };
                    to_page.send(Message::Close(Some(reason))).await?;
                    return Err(error.into());
                }
                read => read?,
            };
            let Some(bytes) = chunk.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
            to_page.send(Message::Binary(Bytes::copy_from_slice(bytes))).await?;
        }
        to_page.close().await?;
        anyhow::Ok(())
    };
    let input = async {
        while let Some(message) = from_page.next().await {
            if let Message::Binary(bytes) = message? {
                to_host.write_all(&bytes).await?;
                to_host.flush().await?;
            }
        }
        anyhow::Ok(())
    };
    tokio::select! { ended = pictures => ended, ended = input => ended }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use beckon_domain::SystemClock;
    use tokio::io::{DuplexStream, ReadBuf};
    use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

    use super::*;

    struct Scene {
        door: ScreenDoor,
        host: DuplexStream,
        _tasks: TaskTracker,
    }

    async fn scene() -> Scene {
        let (ours, host) = tokio::io::duplex(1024);
        let tasks = TaskTracker::new();
        let door = ScreenDoor::open(ours, SystemClock::shared(), &tasks).await.unwrap();
        Scene { door, host, _tasks: tasks }
    }

    async fn visits(url: &str, origin: Option<&str>) -> Option<WebSocketStream<impl AsyncRead + AsyncWrite>> {
        let mut request = url.into_client_request().unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        Some(tokio_tungstenite::connect_async(request).await.ok()?.0)
    }

    #[tokio::test]
    async fn bytes_pass_both_ways() {
        let mut scene = scene().await;
        let url = scene.door.url();
        let mut page = visits(&url, Some("tauri://localhost")).await.unwrap();
        scene.host.write_all(b"RFB 003.008\n").await.unwrap();
        assert_eq!(page.next().await.unwrap().unwrap().into_data(), "RFB 003.008\n");
        page.send(Message::binary(b"a key".as_slice())).await.unwrap();
        let mut heard = [0; 5];
        scene.host.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"a key");
        drop(scene.host);
        assert!(page.next().await.unwrap().unwrap().is_close());
    }

    /// Begins well, and then says what no screen says.
    struct NoScreen(&'static [u8]);

    impl AsyncRead for NoScreen {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            let bytes = std::mem::take(&mut self.0);
            if bytes.is_empty() {
                return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
            }
            buffer.put_slice(bytes);
            Poll::Ready(Ok(()))
        }
    }

    #[tokio::test]
    async fn the_page_is_told_why_a_host_that_shows_no_screen_is_not_seen() {
        let (screen, tasks) =
            (tokio::io::join(NoScreen(b"RFB 003.008\n"), tokio::io::sink()), TaskTracker::new());
        let door = ScreenDoor::open(screen, SystemClock::shared(), &tasks).await.unwrap();
        let url = door.url();
        let mut page = visits(&url, Some("tauri://localhost")).await.unwrap();
        assert_eq!(page.next().await.unwrap().unwrap().into_data(), "RFB 003.008\n");
        let Message::Close(Some(why)) = page.next().await.unwrap().unwrap() else { panic!("it was closed") };
        assert_eq!(u16::from(why.code), NO_SCREEN);
    }

    #[tokio::test]
    async fn nobody_but_our_page_is_let_in_and_that_only_once() {
        let scene = scene().await;
        let url = scene.door.url();
        let (before, token) = url.rsplit_once('/').unwrap();
        let other_token = format!("{before}/{}", token.to_lowercase().replace('a', "b"));
        for (url, origin) in [
            (other_token.as_str(), Some("tauri://localhost")),
            (before, Some("tauri://localhost")),
            (&url, Some("https://evil.example")),
            (&url, Some("null")),
            (&url, None),
        ] {
            assert!(visits(url, origin).await.is_none(), "{url} {origin:?}");
        }
        let page = visits(&url, Some("http://tauri.localhost")).await;
        assert!(page.is_some());
        assert!(visits(&url, Some("http://tauri.localhost")).await.is_none());
    }

    #[tokio::test]
    async fn a_silent_visitor_does_not_keep_the_page_out() {
        let scene = scene().await;
        let _silent = TcpStream::connect(scene.door.address).await.unwrap();
        assert!(visits(&scene.door.url(), Some("tauri://localhost")).await.is_some());
    }

    #[tokio::test]
    async fn a_door_that_is_dropped_is_closed() {
        let scene = scene().await;
        let url = scene.door.url();
        let mut page = visits(&url, Some("tauri://localhost")).await.unwrap();
        drop(scene.door);
        assert!(!matches!(page.next().await, Some(Ok(Message::Binary(_)))));
    }
}
