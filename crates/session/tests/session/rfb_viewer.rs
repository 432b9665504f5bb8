//! What noVNC would be: a viewer that knows plain pixels.

use beckon_session::{LiveSession, ScreenStream};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::stage::failsafe;

pub struct RfbViewer<S = ScreenStream> {
    pub stream: S,
    pub size: (u16, u16),
    /// Four bytes for each pixel: blue, green, red, and nothing.
    pub pixels: Vec<u8>,
}

impl RfbViewer {
    pub async fn of(session: &LiveSession) -> Self {
        Self::of_monitor(session, 0).await
    }

    pub async fn of_monitor(session: &LiveSession, monitor: u8) -> Self {
        Self::on(failsafe(session.screen(monitor)).await.unwrap()).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> RfbViewer<S> {
    /// Of what comes once the host said what it shows.
    pub async fn on(mut stream: S) -> Self {
        let mut greeting = [0; 12];
        stream.read_exact(&mut greeting).await.unwrap();
        stream.write_all(&greeting).await.unwrap();
        stream.read_exact(&mut greeting[..2]).await.unwrap();
        stream.write_all(&[1]).await.unwrap();
        stream.read_exact(&mut greeting[..4]).await.unwrap();
        stream.write_all(&[1]).await.unwrap();
        let size = (stream.read_u16().await.unwrap(), stream.read_u16().await.unwrap());
        stream.read_exact(&mut [0; 16]).await.unwrap();
        let name = stream.read_u32().await.unwrap();
        stream.read_exact(&mut vec![0; name as usize]).await.unwrap();
        let pixels = vec![0; usize::from(size.0) * usize::from(size.1) * 4];
        Self { stream, size, pixels }
    }

    pub async fn say(&mut self, bytes: &[u8]) {
        failsafe(self.stream.write_all(bytes)).await.unwrap();
    }

    pub async fn key(&mut self, scancode: u8, down: bool) {
        self.say(&[255, 0, 0, down.into(), 0, 0, 0, 0, 0, 0, 0, scancode]).await;
    }

    /// Each goes down and up again.
    #[cfg(target_os = "linux")]
    pub async fn types(&mut self, scancodes: &[u8]) {
        for scancode in scancodes {
            self.key(*scancode, true).await;
            self.key(*scancode, false).await;
        }
    }

    /// A key that has no place on a keyboard.
    #[cfg(target_os = "linux")]
    pub async fn text(&mut self, keysym: u32) {
        for down in [1, 0] {
            self.say(&[&[4, down, 0, 0][..], &keysym.to_be_bytes()].concat()).await;
        }
    }

    pub async fn pointer(&mut self, (x, y): (u16, u16), buttons: u8) {
        let [x, y] = [x.to_be_bytes(), y.to_be_bytes()];
        self.say(&[&[5, buttons][..], &x, &y].concat()).await;
    }

    /// Asks for a picture and waits until there is one.
    pub async fn look(&mut self, anew: bool) {
        self.ask(anew).await;
        self.hear_update().await;
    }

    /// The picture comes when something is new, if it is not wanted anew.
    pub async fn ask(&mut self, anew: bool) {
        self.say(&[3, (!anew).into(), 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]).await;
    }

    /// Looks until the pixel there has that colour: blue, green, red.
    pub async fn until_pixel(&mut self, at: (u16, u16), colour: [u8; 3]) {
        while self.pixel(at) != colour {
            self.look(false).await;
        }
    }

    pub fn pixel(&self, (x, y): (u16, u16)) -> [u8; 3] {
        let place = (usize::from(y) * usize::from(self.size.0) + usize::from(x)) * 4;
        self.pixels[place..place + 3].try_into().unwrap()
    }

    async fn hear_update(&mut self) {
        let mut head = [0; 4];
        failsafe(self.stream.read_exact(&mut head)).await.unwrap();
        for _ in 0..u16::from_be_bytes([head[2], head[3]]) {
            let mut head = [0; 12];
            self.stream.read_exact(&mut head).await.unwrap();
            let number = |at: usize| usize::from(u16::from_be_bytes([head[at], head[at + 1]]));
            let (x, y, width, height) = (number(0), number(2), number(4), number(6));
            assert_eq!(head[8..], [0; 4], "plain pixels");
            for row in y..y + height {
                let place = (row * usize::from(self.size.0) + x) * 4;
                self.stream.read_exact(&mut self.pixels[place..place + width * 4]).await.unwrap();
            }
        }
    }
}
