//! A viewer that weighs what it is sent, and decodes none of it.

use std::io;
use std::time::Duration;

use beckon_domain::SharedClock;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// What viewers list: Tight with JPEG of TigerVNC's usual quality, the pointer apart, and flow control.
const UNDERSTOOD: [i32; 9] = [TIGHT, COPY, RAW, POINTER, QEMU_KEY, FENCE, CONTINUOUS, -24, -254];
const RAW: i32 = 0;
const COPY: i32 = 1;
const TIGHT: i32 = 7;
const H264: i32 = 50;
const POINTER: i32 = -239;
const QEMU_KEY: i32 = -258;
const FENCE: i32 = -312;
const CONTINUOUS: i32 = -313;
/// In a fence: it wants to be answered.
const REQUEST: u32 = 1 << 31;
/// 32 bits a pixel, in the order of this machine.
const PIXELS: [u8; 20] = [0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];
const QUEUE: usize = 4_096;

#[derive(Debug, Clone, Copy)]
pub struct Area {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

/// A picture that has arrived whole.
pub struct Update {
    pub at: Duration,
    /// Of everything since the picture before.
    pub bytes: u64,
    pub areas: Vec<Area>,
}

pub struct Viewer {
    says: mpsc::Sender<Vec<u8>>,
    updates: mpsc::Receiver<Update>,
    _reading_and_writing: JoinSet<()>,
}

impl Area {
    pub fn touches(self, other: Self) -> bool {
        let meet = |a: u16, a_length: u16, b: u16, b_length: u16| {
            u32::from(a) < u32::from(b) + u32::from(b_length)
                && u32::from(b) < u32::from(a) + u32::from(a_length)
        };
        meet(self.x, self.width, other.x, other.width) && meet(self.y, self.height, other.y, other.height)
    }
}

impl Viewer {
    pub async fn of<S>(stream: S, video: bool, clock: &SharedClock) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        let (read, mut write) = tokio::io::split(stream);
        let mut read = BufReader::with_capacity(1 << 16, read);
        let size = greet(&mut read, &mut write).await.unwrap();
        let list: Vec<i32> = video.then_some(H264).into_iter().chain(UNDERSTOOD).collect();
        let mut begins = PIXELS.to_vec();
        begins.extend([2, 0, 0, list.len() as u8]);
        list.iter().for_each(|encoding| begins.extend(encoding.to_be_bytes()));
        begins.extend(request(false, size));
        write.write_all(&begins).await.unwrap();
        let (says, mut said) = mpsc::channel::<Vec<u8>>(QUEUE);
        let (sees, updates) = mpsc::channel(QUEUE);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            while let Some(words) = said.recv().await {
                if write.write_all(&words).await.is_err() || write.flush().await.is_err() {
                    return;
                }
            }
        });
        let reader = Reader { read, says: says.clone(), sees, size, clock: clock.clone(), bytes: 0 };
        tasks.spawn(async move {
            // The other side ends it, once everything is measured.
            let _ = reader.run().await;
        });
        Self { says, updates, _reading_and_writing: tasks }
    }

    pub async fn update(&mut self) -> Update {
        self.updates.recv().await.expect("the server goes on")
    }

    /// What came meanwhile and nobody asked for.
    pub fn arrived(&mut self) -> Vec<Update> {
        std::iter::from_fn(|| self.updates.try_recv().ok()).collect()
    }

    /// A letter or Enter, as the keyboard has it.
    pub async fn types(&self, key: Key) {
        for down in [1, 0] {
            let message = match key {
                Key::Place(scancode) => [&[255, 0, 0, down, 0, 0, 0, 0, 0, 0, 0, scancode][..]].concat(),
                Key::Letter(keysym) => [&[4, down, 0, 0][..], &keysym.to_be_bytes()].concat(),
            };
            self.says.send(message).await.unwrap();
        }
    }

    pub async fn points_at(&self, x: u16, y: u16) {
        self.says.send([&[5, 0][..], &x.to_be_bytes(), &y.to_be_bytes()].concat()).await.unwrap();
    }
}

#[derive(Clone, Copy)]
pub enum Key {
    /// Where it is on the keyboard.
    Place(u8),
    /// What it writes.
    Letter(u32),
}

async fn greet(
    read: &mut (impl AsyncRead + Unpin),
    write: &mut (impl AsyncWrite + Unpin),
) -> io::Result<(u16, u16)> {
    read.read_exact(&mut [0; 12]).await?;
    write.write_all(b"RFB 003.008\n").await?;
    let kinds = read.read_u8().await?;
    read.read_exact(&mut vec![0; kinds.into()]).await?;
    write.write_all(&[1]).await?;
    assert_eq!(read.read_u32().await?, 0, "it lets everybody in");
    write.write_all(&[1]).await?;
    let size = (read.read_u16().await?, read.read_u16().await?);
    read.read_exact(&mut [0; 16]).await?;
    let name = read.read_u32().await?;
    read.read_exact(&mut vec![0; name as usize]).await?;
    Ok(size)
}

fn request(incremental: bool, (width, height): (u16, u16)) -> Vec<u8> {
    [&[3, incremental.into(), 0, 0, 0, 0][..], &width.to_be_bytes(), &height.to_be_bytes()].concat()
}

struct Reader<R> {
    read: R,
    says: mpsc::Sender<Vec<u8>>,
    sees: mpsc::Sender<Update>,
    size: (u16, u16),
    clock: SharedClock,
    bytes: u64,
}

impl<R: AsyncRead + Unpin> Reader<R> {
    async fn run(mut self) -> io::Result<()> {
        let mut continuous = false;
        loop {
            match self.number(1).await? {
                0 => {
                    let areas = self.areas().await?;
                    let update = Update { at: self.clock.monotonic(), bytes: self.bytes, areas };
                    self.bytes = 0;
                    // What nobody takes is not measured either.
                    let _ = self.sees.try_send(update);
                    if !continuous {
                        self.say(request(true, self.size)).await;
                    }
                }
                2 => {}
                3 => {
                    self.skip(3).await?;
                    let length = self.number(4).await?;
                    self.skip(length).await?;
                }
                150 => {
                    continuous = true;
                    let (width, height) = (self.size.0.to_be_bytes(), self.size.1.to_be_bytes());
                    self.say([&[150, 1, 0, 0, 0, 0][..], &width, &height].concat()).await;
                }
                248 => self.answer_fence().await?,
                kind => panic!("a message of the kind {kind}"),
            }
        }
    }

    async fn areas(&mut self) -> io::Result<Vec<Area>> {
        self.skip(1).await?;
        let count = self.number(2).await?;
        let mut areas = Vec::new();
        for _ in 0..count {
            let mut head = [0; 12];
            self.fill(&mut head).await?;
            let at = |place: usize| u16::from_be_bytes([head[place], head[place + 1]]);
            let area = Area { x: at(0), y: at(2), width: at(4), height: at(6) };
            let encoding = i32::from_be_bytes([head[8], head[9], head[10], head[11]]);
            self.skip_pixels(area, encoding).await?;
            if encoding >= 0 {
                areas.push(area);
            }
        }
        Ok(areas)
    }

    async fn skip_pixels(&mut self, area: Area, encoding: i32) -> io::Result<()> {
        let (width, height) = (u64::from(area.width), u64::from(area.height));
        match encoding {
            RAW => self.skip(width * height * 4).await,
            COPY => self.skip(4).await,
            TIGHT => tight::skip(self, area).await,
            H264 => {
                let length = self.number(4).await?;
                self.skip(4 + length).await
            }
            POINTER => self.skip(width * height * 4 + width.div_ceil(8) * height).await,
            QEMU_KEY => Ok(()),
            other => panic!("a rectangle in the encoding {other}"),
        }
    }

    async fn answer_fence(&mut self) -> io::Result<()> {
        self.skip(3).await?;
        let flags = self.number(4).await? as u32;
        let mut payload = vec![0; self.number(1).await? as usize];
        self.fill(&mut payload).await?;
        if flags & REQUEST != 0 {
            let flags = (flags & !REQUEST & 0b111).to_be_bytes();
            self.say([&[248, 0, 0, 0][..], &flags, &[payload.len() as u8], &payload].concat()).await;
        }
        Ok(())
    }

    async fn say(&mut self, words: Vec<u8>) {
        // Who no longer listens is about to go.
        let _ = self.says.send(words).await;
    }

    /// So many bytes as one number.
    pub(super) async fn number(&mut self, bytes: usize) -> io::Result<u64> {
        let mut number = [0; 8];
        self.fill(&mut number[8 - bytes..]).await?;
        Ok(u64::from_be_bytes(number))
    }

    pub(super) async fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let mut rest = (&mut self.read).take(bytes);
        let skipped = tokio::io::copy(&mut rest, &mut tokio::io::sink()).await?;
        self.bytes += skipped;
        if skipped == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    async fn fill(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.read.read_exact(bytes).await?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }
}

/// How long a rectangle of Tight is.
mod tight {
    use super::*;

    const FILL: u64 = 8;
    const JPEG: u64 = 9;
    const EXPLICIT_FILTER: u64 = 0x40;
    const PALETTE: u64 = 1;
    const PIXEL: u64 = 3;
    /// Fewer bytes are not compressed, and have no length in front.
    const SHORT: u64 = 12;

    pub(super) async fn skip<R: AsyncRead + Unpin>(reader: &mut Reader<R>, area: Area) -> io::Result<()> {
        let control = reader.number(1).await?;
        let (width, height) = (u64::from(area.width), u64::from(area.height));
        let plain = match control >> 4 {
            FILL => return reader.skip(PIXEL).await,
            JPEG => return skip_counted(reader).await,
            _ if control & EXPLICIT_FILTER != 0 && reader.number(1).await? == PALETTE => {
                let colours = reader.number(1).await? + 1;
                reader.skip(colours * PIXEL).await?;
                if colours == 2 { width.div_ceil(8) * height } else { width * height }
            }
            _ => width * height * PIXEL,
        };
        if plain < SHORT { reader.skip(plain).await } else { skip_counted(reader).await }
    }

    /// Seven bits in each byte, the lowest first; at most three of them.
    async fn skip_counted<R: AsyncRead + Unpin>(reader: &mut Reader<R>) -> io::Result<()> {
        let mut length = 0;
        for place in 0..3 {
            let byte = reader.number(1).await?;
            let bits = if place == 2 { byte } else { byte & 0x7f };
            length |= bits << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        reader.skip(length).await
    }
}
