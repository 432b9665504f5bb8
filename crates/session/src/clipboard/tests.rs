use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use beckon_domain::Permission;
use beckon_domain::clock::FakeClock;
use beckon_domain::statement::Side;
use chrono::DateTime;
use tokio::io::{AsyncWriteExt, DuplexStream, duplex, split};

use super::exchange::Said;
use super::*;
use crate::frames::{FrameReader, FrameWriter};
use crate::gate::Gate;

/// A clipboard in memory, which counts how often it was read.
#[derive(Clone, Default)]
struct Board(Arc<Mutex<(Option<String>, u32)>>);

impl ClipboardBoard for Board {
    fn read(&mut self) -> Option<String> {
        let mut board = self.0.lock().unwrap();
        board.1 += 1;
        board.0.clone()
    }

    fn write(&mut self, text: String) {
        self.copy(&text);
    }
}

impl Board {
    fn copy(&self, text: &str) {
        self.0.lock().unwrap().0 = Some(text.to_owned());
    }

    fn text(&self) -> Option<String> {
        self.0.lock().unwrap().0.clone()
    }

    fn times_read(&self) -> u32 {
        self.0.lock().unwrap().1
    }
}

struct Switch(AtomicBool);

impl Gate for Switch {
    fn allows(&self, permission: Permission) -> bool {
        permission == Permission::Clipboard && self.0.load(Ordering::SeqCst)
    }
}

/// One side, and a stream on which a test speaks for the other.
struct Scene {
    clock: FakeClock,
    switch: Arc<Switch>,
    board: Board,
    exchange: ClipboardExchange,
}

impl Scene {
    fn new(side: Side) -> Self {
        let clock = FakeClock::starting_at(DateTime::UNIX_EPOCH);
        let switch = Arc::new(Switch(AtomicBool::new(true)));
        let board = Board::default();
        let clipboard = Clipboard::on(board.clone()).unwrap();
        let exchange = ClipboardExchange::new(side, clipboard, clock.shared(), switch.clone());
        Self { clock, switch, board, exchange }
    }

    fn allow(&self, on: bool) {
        self.switch.0.store(on, Ordering::SeqCst);
    }

    /// Plays the other side until it is through, with how this side ended where it did earlier.
    async fn with_other<T>(&self, other: impl AsyncFnOnce(Other) -> T) -> Result<T, ClipboardEnd> {
        let (near, far) = duplex(64 * 1024);
        let (reader, writer) = split(near);
        tokio::select! {
            biased;
            ended = self.exchange.run(reader, writer) => Err(ended.unwrap_err()),
            said = other(Other::new(far)) => Ok(said),
        }
    }

    /// Long enough for a look, and for the clipboard's thread to have done its work.
    async fn look(&self) {
        let before = self.board.times_read();
        self.clock.advance(Duration::from_millis(500));
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
            // The thread is another one.
            std::thread::yield_now();
            if self.board.times_read() > before {
                break;
            }
        }
        tokio::task::yield_now().await;
    }
}

struct Other {
    reader: FrameReader<tokio::io::ReadHalf<DuplexStream>>,
    writer: FrameWriter<tokio::io::WriteHalf<DuplexStream>>,
}

impl Other {
    fn new(stream: DuplexStream) -> Self {
        let (reader, writer) = split(stream);
        Self {
            reader: FrameReader::new(reader, LONGEST_TEXT + 8),
            writer: FrameWriter::new(writer, LONGEST_TEXT + 8),
        }
    }

    async fn says(&mut self, text: &str) {
        let _ = self.writer.send(&Said::Text(text.to_owned())).await;
    }

    async fn hears(&mut self) -> String {
        let Said::Text(text) = self.reader.next().await.unwrap().unwrap();
        text
    }

    /// What was said by now.
    async fn heard(&mut self) -> Option<String> {
        tokio::select! {
            biased;
            text = self.hears() => Some(text),
            () = async { for _ in 0..20 { tokio::task::yield_now().await } } => None,
        }
    }
}

async fn until(what: impl Fn() -> bool) {
    while !what() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_the_host_copies_arrives_and_does_not_come_back() {
    let scene = Scene::new(Side::Host);
    let story = scene.with_other(async |mut viewer: Other| {
        scene.look().await;
        scene.board.copy("from the host");
        scene.clock.advance(Duration::from_millis(500));
        assert_eq!(viewer.hears().await, "from the host");
        scene.look().await;
        assert_eq!(viewer.heard().await, None);
        viewer.says("from the viewer").await;
        until(|| scene.board.text().as_deref() == Some("from the viewer")).await;
        scene.look().await;
        assert_eq!(viewer.heard().await, None, "an echo");
    });
    story.await.unwrap();
}

#[tokio::test]
async fn what_the_host_copied_before_it_was_allowed_stays() {
    let scene = Scene::new(Side::Host);
    scene.board.copy("a password");
    let story = scene.with_other(async |mut viewer: Other| {
        scene.look().await;
        assert_eq!(viewer.heard().await, None);
        scene.allow(false);
        scene.look().await;
        let reads = scene.board.times_read();
        scene.board.copy("another password");
        scene.look().await;
        assert_eq!(scene.board.times_read(), reads, "read while it was not allowed");
        scene.allow(true);
        scene.look().await;
        assert_eq!(viewer.heard().await, None);
        scene.board.copy("for the viewer");
        scene.clock.advance(Duration::from_millis(500));
        assert_eq!(viewer.hears().await, "for the viewer");
    });
    story.await.unwrap();
}

#[tokio::test]
async fn nothing_of_the_viewers_leaves_before_its_first_act_and_nothing_changes_it() {
    let scene = Scene::new(Side::Viewer);
    scene.board.copy("a password");
    let story = scene.with_other(async |mut host: Other| {
        host.says("from the host").await;
        scene.look().await;
        scene.look().await;
        assert_eq!(host.heard().await, None);
        assert_eq!(scene.board.times_read(), 0);
        assert_eq!(scene.board.text().as_deref(), Some("a password"));
        scene.exchange.first_act();
        scene.clock.advance(Duration::from_millis(500));
        assert_eq!(host.hears().await, "a password");
    });
    story.await.unwrap();
}

#[tokio::test]
async fn a_viewer_that_may_not_write_the_clipboard_does_not() {
    let scene = Scene::new(Side::Host);
    scene.allow(false);
    scene.board.copy("mine");
    let story = scene.with_other(async |mut viewer: Other| {
        for _ in 0..8 {
            viewer.says("evil").await;
        }
        scene.look().await;
        assert_eq!(scene.board.text().as_deref(), Some("mine"));
        viewer.says("evil").await;
        std::future::pending::<()>().await;
    });
    assert_eq!(story.await, Err(ClipboardEnd::Misbehaved));
}

#[tokio::test]
async fn a_flood_is_dropped() {
    let scene = Scene::new(Side::Host);
    let story = scene.with_other(async |mut viewer: Other| {
        for number in 1..=40 {
            viewer.says(&number.to_string()).await;
        }
        until(|| scene.board.text().as_deref() == Some("20")).await;
        scene.clock.advance(Duration::from_secs(10));
        viewer.says("later").await;
        until(|| scene.board.text().as_deref() == Some("later")).await;
    });
    story.await.unwrap();
}

#[tokio::test]
async fn what_would_act_in_a_terminal_is_taken_out() {
    let scene = Scene::new(Side::Host);
    let story = scene.with_other(async |mut viewer: Other| {
        viewer.says("ls\t-l\r\n\u{1b}[201~rm\u{0}\u{9b}").await;
        until(|| scene.board.text().as_deref() == Some("ls\t-l\r\n[201~rm")).await;
        scene.look().await;
        assert_eq!(viewer.heard().await, None, "an echo");
    });
    story.await.unwrap();
}

#[tokio::test]
async fn a_mebibyte_passes_and_more_does_not() {
    let scene = Scene::new(Side::Viewer);
    scene.exchange.first_act();
    let longest = "x".repeat(LONGEST_TEXT);
    scene.board.copy(&longest);
    let story = scene.with_other(async |mut host: Other| {
        assert!(host.hears().await == longest);
        scene.board.copy(&"x".repeat(LONGEST_TEXT + 1));
        scene.look().await;
        assert_eq!(host.heard().await, None);
        host.says(&"y".repeat(LONGEST_TEXT)).await;
        until(|| scene.board.text().is_some_and(|text| text.starts_with('y'))).await;
    });
    story.await.unwrap();
}

#[tokio::test]
async fn frames_that_are_too_long_or_mean_nothing_end_it() {
    for bytes in [&[0xff; 8][..], &[0, 0x10, 0, 9, 0], &[0, 0, 0, 1, 7], &[0, 0, 0, 3, 0, 1, 0xff]] {
        let scene = Scene::new(Side::Host);
        let (near, mut far) = duplex(1_024);
        far.write_all(bytes).await.unwrap();
        let (reader, writer) = split(near);
        assert_eq!(scene.exchange.run(reader, writer).await, Err(ClipboardEnd::Misbehaved), "{bytes:?}");
    }
}

#[tokio::test]
async fn a_side_that_does_not_read_costs_one_text() {
    let scene = Scene::new(Side::Viewer);
    scene.exchange.first_act();
    scene.board.copy(&"x".repeat(LONGEST_TEXT));
    let story = scene.with_other(async |host: Other| {
        scene.look().await;
        for number in 0..10 {
            scene.board.copy(&number.to_string());
            scene.look().await;
        }
        assert_eq!(scene.board.times_read(), 1);
        drop(host);
    });
    story.await.unwrap();
}
