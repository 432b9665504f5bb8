//! One stream, as bytes and as frames with their length in front.

use futures_util::FutureExt;
use iroh::endpoint::{Connection, RecvStream, SendStream};

use crate::stage::failsafe;

pub struct Wire {
    pub send: SendStream,
    pub receive: RecvStream,
}

impl Wire {
    pub async fn opened(connection: &Connection) -> Self {
        let (send, receive) = failsafe(connection.open_bi()).await.unwrap();
        Self { send, receive }
    }

    /// The other side's next one.
    pub async fn accepted(connection: &Connection) -> Self {
        let (send, receive) = failsafe(connection.accept_bi()).await.unwrap();
        Self { send, receive }
    }

    pub async fn say(&mut self, frame: &[u8]) {
        let length = u32::try_from(frame.len()).unwrap().to_be_bytes();
        self.write(&[&length, frame].concat()).await;
    }

    /// Bytes as they are. That the other side has closed already is no failure of the test.
    pub async fn write(&mut self, bytes: &[u8]) {
        let _ = failsafe(self.send.write_all(bytes)).await;
    }

    pub async fn hear(&mut self) -> Vec<u8> {
        self.hears().await.expect("one more frame")
    }

    /// The next frame, if there is one before the end.
    pub async fn hears(&mut self) -> Option<Vec<u8>> {
        let mut length = [0; 4];
        failsafe(self.receive.read_exact(&mut length)).await.ok()?;
        let mut frame = vec![0; u32::from_be_bytes(length) as usize];
        failsafe(self.receive.read_exact(&mut frame)).await.ok()?;
        Some(frame)
    }

    /// What comes before the end, which must come.
    pub async fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        let mut piece = [0; 1024];
        while let Ok(Some(read)) = failsafe(self.receive.read(&mut piece)).await {
            rest.extend_from_slice(&piece[..read]);
        }
        rest
    }

    /// Whether nothing has come by now. Worth something only after what had to come later has come.
    pub fn is_silent(&mut self) -> bool {
        self.receive.read(&mut [0]).now_or_never().is_none()
    }
}
