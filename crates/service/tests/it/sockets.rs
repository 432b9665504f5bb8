//! The push socket of a client.

use beckon_wire::changes::Wake;
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

pub type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

/// A socket that is read, so that its pings are answered; dropped, it is closed.
pub struct Push {
    wakes: mpsc::Receiver<u64>,
    _reader: JoinSet<()>,
}

impl Push {
    pub fn reading(mut socket: Socket) -> Self {
        let (sender, wakes) = mpsc::channel(256);
        let mut reader = JoinSet::new();
        reader.spawn(async move {
            while let Some(Ok(message)) = socket.next().await {
                if let Message::Text(text) = message {
                    sender.send(serde_json::from_str::<Wake>(&text).unwrap().cursor).await.unwrap();
                }
            }
        });
        Self { wakes, _reader: reader }
    }

    /// The next wake-up, or nothing once the socket is closed.
    pub async fn wakes(&mut self) -> Option<u64> {
        self.wakes.recv().await
    }

    pub async fn sees_the_service_close_it(mut self) {
        while self.wakes().await.is_some() {}
    }
}
