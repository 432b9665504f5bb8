//! Devices that are connected and do nothing.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::Range;

use beckon_wire::paths;
use futures_util::StreamExt as _;
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use url::Url;

use crate::device::Device;

/// A service has a budget of new devices for each address; every so many come from another one.
const PER_ADDRESS: u32 = 100;
const AT_ONCE: usize = 16;

/// Read for as long as this is kept, so that their pings are answered.
pub struct Crowd(#[expect(dead_code, reason = "held, not read")] JoinSet<()>);

/// Devices with their push sockets. No number may appear twice at one service.
pub async fn devices(origin: &str, numbers: Range<u32>) -> Crowd {
    gather(numbers, origin, async |origin, from| {
        let token = Device::appears(&origin, from).await.token;
        socket(&origin, paths::PUSH, from, Some(&token)).await
    })
    .await
}

/// Sockets at a server that knows nothing but WebSockets.
pub async fn sockets(origin: &str, count: u32) -> Crowd {
    gather(0..count, origin, async |origin, from| socket(&origin, "/", from, None).await).await
}

async fn gather<F>(numbers: Range<u32>, origin: &str, open: impl Fn(String, IpAddr) -> F) -> Crowd
where
    F: Future<Output = WebSocketStream<TcpStream>> + Send + 'static,
{
    let mut readers = JoinSet::new();
    let mut opening = JoinSet::new();
    for number in numbers {
        if opening.len() >= AT_ONCE {
            readers.spawn(read(opening.join_next().await.unwrap().unwrap()));
        }
        opening.spawn(open(origin.to_owned(), address(number)));
    }
    while let Some(socket) = opening.join_next().await {
        readers.spawn(read(socket.unwrap()));
    }
    Crowd(readers)
}

impl Crowd {
    /// One alone.
    pub fn of(socket: WebSocketStream<TcpStream>) -> Self {
        let mut readers = JoinSet::new();
        readers.spawn(read(socket));
        Self(readers)
    }
}

async fn read(mut socket: WebSocketStream<TcpStream>) {
    while let Some(Ok(_)) = socket.next().await {}
}

/// Where the device of this number comes from.
pub fn address(number: u32) -> IpAddr {
    Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 0, 1, 1)) + number / PER_ADDRESS).into()
}

pub async fn socket(
    origin: &str,
    path: &str,
    from: IpAddr,
    token: Option<&str>,
) -> WebSocketStream<TcpStream> {
    let url = Url::parse(origin).unwrap();
    let to: SocketAddr = url.socket_addrs(|| None).unwrap()[0];
    let tcp = TcpSocket::new_v4().unwrap();
    tcp.bind(SocketAddr::new(from, 0)).unwrap();
    let stream = tcp.connect(to).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut request = format!("ws://{to}{path}").into_client_request().unwrap();
    if let Some(token) = token {
        let bearer = format!("Bearer {token}").parse().unwrap();
        request.headers_mut().insert("authorization", bearer);
    }
    tokio_tungstenite::client_async(request, stream).await.unwrap().0
}
