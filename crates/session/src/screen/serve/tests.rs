//! A viewer of bytes on one side, a picture that a test draws on the other.

use std::sync::Condvar;

use beckon_domain::clock::SystemClock;
use tokio::io::{AsyncReadExt, DuplexStream};

use super::*;
use crate::capture::{CannotCapture, Capture, PointerShape, Seen};
use crate::opening::hear;
use crate::picture::{Area, Picture};
use crate::screen::monitor_news::MonitorNews;

/// Long enough for the busiest machine; reached only when something is broken.
const FAILSAFE: Duration = Duration::from_secs(30);

#[derive(Clone, Default)]
struct Easel(Arc<(Mutex<Drawing>, Condvar)>);

#[derive(Default)]
struct Drawing {
    size: (u16, u16),
    colour: u8,
    hidden: bool,
    /// Monitors beside the drawn one.
    others: Vec<Monitor>,
    version: u64,
    pointer: Option<PointerShape>,
}

struct EaselCapture {
    easel: Easel,
    seen: u64,
    monitors: Monitors,
}

impl Easel {
    fn of_size(width: u16, height: u16) -> Self {
        let easel = Self::default();
        easel.change(|drawing| drawing.size = (width, height));
        easel
    }

    fn change(&self, change: impl FnOnce(&mut Drawing)) {
        let mut drawing = self.0.0.lock().unwrap();
        change(&mut drawing);
        drawing.version += 1;
        self.0.1.notify_all();
    }

    fn monitor(&self) -> Monitor {
        Monitor::new("easel", (10, 20), self.0.0.lock().unwrap().size, 1.0)
    }
}

impl CaptureSource for Easel {
    fn monitors(&self) -> Result<Vec<Monitor>, CannotCapture> {
        Ok(vec![self.monitor()])
    }

    fn open(&self, _: u8) -> Result<Box<dyn Capture>, CannotCapture> {
        let monitors = Monitors { all: vec![self.monitor()], shown: 0, instead: false };
        Ok(Box::new(EaselCapture { easel: self.clone(), seen: 0, monitors }))
    }
}

impl Capture for EaselCapture {
    fn look(&mut self, picture: &mut Picture, patience: Duration) -> Result<Seen, CannotCapture> {
        let monitor = self.easel.monitor();
        let (drawing, changed) = &*self.easel.0;
        let seen = self.seen;
        let waited = changed.wait_timeout_while(drawing.lock().unwrap(), patience, |now| now.version == seen);
        let mut drawing = waited.unwrap().0;
        self.seen = drawing.version;
        self.monitors.all = [&[monitor.clone()][..], &drawing.others].concat();
        let (width, height) = drawing.size;
        if picture.size() != drawing.size {
            *picture = Picture::new(width, height);
        }
        let row = [drawing.colour, 0, 0, 0].repeat(width.into());
        (0..height).for_each(|y| picture.put_row(0, y, &row));
        Ok(Seen { monitor, pointer: drawing.pointer.take(), hidden: drawing.hidden })
    }

    fn monitors(&self) -> &Monitors {
        &self.monitors
    }
}

struct Viewer {
    stream: DuplexStream,
    orders: mpsc::Receiver<Order>,
    states: watch::Receiver<ScreenState>,
    board: Arc<MonitorBoard>,
    served: tokio::task::JoinHandle<Result<(), Ended>>,
}

impl Viewer {
    fn of(easel: &Easel) -> Self {
        let (stream, host) = tokio::io::duplex(4_096);
        let (hands, orders) = mpsc::channel(64);
        let (state, states) = watch::channel(ScreenState::default());
        let board = Arc::<MonitorBoard>::default();
        let (capture, monitors) = (Arc::new(easel.clone()), board.clone());
        let screen = Screen { capture, hands, state, monitors, clock: SystemClock::shared() };
        #[expect(clippy::disallowed_methods, reason = "it ends with the test")]
        let served = tokio::spawn(async move { serve(host, 0, &screen).await });
        Self { stream, orders, states, board, served }
    }

    /// Past the greetings.
    async fn greeted(easel: &Easel) -> Self {
        let mut viewer = Self::of(easel);
        let answer: ScreenAnswer = hear(&mut viewer.stream).await.unwrap();
        assert_eq!(answer, ScreenAnswer::Shown { monitors: vec![easel.monitor()], shown: 0 });
        assert_eq!(viewer.hear(12).await, b"RFB 003.008\n");
        viewer.say(b"RFB 003.008\n").await;
        assert_eq!(viewer.hear(2).await, [1, 1]);
        viewer.say(&[1]).await;
        assert_eq!(viewer.hear(4).await, [0; 4]);
        viewer.say(&[1]).await;
        let hello = viewer.hear(29).await;
        assert_eq!(hello[4..20], [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]);
        assert_eq!(hello[20..], *b"\0\0\0\x05easel");
        viewer
    }

    async fn say(&mut self, bytes: &[u8]) {
        failsafe(self.stream.write_all(bytes)).await.unwrap();
    }

    async fn hear(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        failsafe(self.stream.read_exact(&mut bytes)).await.unwrap();
        bytes
    }

    async fn understands(&mut self, encodings: &[i32]) {
        let count = u16::try_from(encodings.len()).unwrap().to_be_bytes();
        let list: Vec<u8> = encodings.iter().flat_map(|number| number.to_be_bytes()).collect();
        self.say(&[&[2, 0][..], &count, &list].concat()).await;
    }

    async fn asks(&mut self, incremental: bool) {
        self.say(&[3, incremental.into(), 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]).await;
    }

    /// The next update's rectangles.
    async fn update(&mut self) -> Vec<(Area, i32, Vec<u8>)> {
        let head = self.hear(4).await;
        assert_eq!(head[0], 0, "an update");
        let mut found = Vec::new();
        for _ in 0..u16::from_be_bytes([head[2], head[3]]) {
            let head = self.hear(12).await;
            let number = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
            let area = Area { x: number(0), y: number(2), width: number(4), height: number(6) };
            let encoding = i32::from_be_bytes(head[8..].try_into().unwrap());
            let pixels = usize::from(area.width) * usize::from(area.height);
            let length = match encoding {
                0 => pixels * 4,
                7 => 4,
                -308 => 20,
                0x574d_5664 => 2 + pixels * 4,
                -239 => pixels * 4 + usize::from(area.width).div_ceil(8) * usize::from(area.height),
                _ => 0,
            };
            let content = self.hear(length).await;
            found.push((area, encoding, content));
        }
        found
    }

    async fn ended(self) -> Result<(), Ended> {
        failsafe(self.served).await.unwrap()
    }
}

async fn failsafe<T>(outcome: impl Future<Output = T>) -> T {
    tokio::time::timeout(FAILSAFE, outcome).await.expect("it never came")
}

#[tokio::test]
async fn a_plain_viewer_sees_the_whole_screen_and_then_what_changes() {
    let easel = Easel::of_size(70, 10);
    let mut viewer = Viewer::greeted(&easel).await;
    viewer.asks(false).await;
    let first = viewer.update().await;
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].0, Area { x: 0, y: 0, width: 70, height: 10 });
    assert_eq!(first[0].2, [0; 70 * 10 * 4]);
    viewer.asks(true).await;
    easel.change(|drawing| drawing.colour = 9);
    assert_eq!(viewer.update().await[0].2[..4], [9, 0, 0, 0]);
}

#[tokio::test]
async fn nothing_is_sent_that_was_not_asked_for() {
    let easel = Easel::of_size(10, 10);
    let mut viewer = Viewer::greeted(&easel).await;
    easel.change(|drawing| drawing.colour = 9);
    let quiet = tokio::time::timeout(Duration::from_millis(200), viewer.stream.read_u8()).await;
    assert!(quiet.is_err());
    viewer.asks(true).await;
    assert_eq!(viewer.update().await.len(), 1);
}

#[tokio::test]
async fn a_viewer_learns_what_is_understood_here_and_one_colour_is_cheap() {
    let easel = Easel::of_size(10, 10);
    easel.change(|drawing| drawing.colour = 7);
    let mut viewer = Viewer::greeted(&easel).await;
    viewer.understands(&[7, -32, -258, -316, -308, -223, -312, -313]).await;
    viewer.asks(false).await;
    // That updates may come unasked, and that fences are answered.
    assert_eq!(viewer.hear(1).await, [150]);
    assert_eq!(viewer.hear(9).await, [248, 0, 0, 0, 0x80, 0, 0, 0, 0]);
    let offers: Vec<i32> = viewer.update().await.iter().map(|rectangle| rectangle.1).collect();
    assert_eq!(offers, [-258, -316, -308]);
    let pixels = viewer.update().await;
    assert_eq!(pixels[0].2, [0x80, 0, 0, 7], "red, green, blue");
    assert_eq!(viewer.hear(9).await[..8], [248, 0, 0, 0, 0x80, 0, 0, 1], "a fence behind it");
}

#[tokio::test]
async fn updates_come_unasked_once_they_may() {
    let easel = Easel::of_size(10, 10);
    let mut viewer = Viewer::greeted(&easel).await;
    viewer.say(&[150, 1, 0, 0, 0, 0, 0, 10, 0, 10]).await;
    for colour in 1..5 {
        easel.change(|drawing| drawing.colour = colour);
        while viewer.update().await[0].2[0] != colour {}
    }
    viewer.say(&[150, 0, 0, 0, 0, 0, 0, 10, 0, 10]).await;
    assert_eq!(viewer.hear(1).await, [150]);
}

#[tokio::test]
async fn another_resolution_is_told_before_its_pixels() {
    let easel = Easel::of_size(10, 10);
    let mut viewer = Viewer::greeted(&easel).await;
    viewer.understands(&[-223]).await;
    viewer.asks(false).await;
    viewer.update().await;
    easel.change(|drawing| drawing.size = (20, 5));
    viewer.asks(true).await;
    let area = Area { x: 0, y: 0, width: 20, height: 5 };
    assert_eq!(viewer.update().await, [(area, -223, Vec::new())]);
    assert_eq!(viewer.update().await[0].0, area);
}

#[tokio::test]
async fn a_viewer_that_cannot_follow_another_resolution_is_let_go() {
    let easel = Easel::of_size(10, 10);
    let mut viewer = Viewer::greeted(&easel).await;
    viewer.asks(false).await;
    viewer.update().await;
    easel.change(|drawing| drawing.size = (20, 5));
    viewer.asks(true).await;
    let ended = viewer.ended().await.unwrap_err();
    assert!(!ended.is_fault_of_viewer(), "{ended}");
}

#[tokio::test]
async fn a_wish_for_another_resolution_is_refused() {
    let easel = Easel::of_size(10, 10);
    let mut viewer = Viewer::greeted(&easel).await;
    viewer.understands(&[-308]).await;
    viewer.asks(false).await;
    viewer.update().await;
    viewer.update().await;
    viewer.say(&[251, 0, 4, 0, 3, 0, 0, 0]).await;
    viewer.asks(true).await;
    let answer = viewer.update().await;
    assert_eq!(answer[0].0, Area { x: 1, y: 1, width: 10, height: 10 }, "refused, for this reason");
}

#[tokio::test]
async fn the_pointers_shape_is_sent_when_it_is_another() {
    let easel = Easel::of_size(10, 10);
    let shape = PointerShape { width: 2, height: 1, hot_spot: (1, 0), rgba: vec![1, 2, 3, 255, 4, 5, 6, 0] };
    let drawn = shape.clone();
    easel.change(|drawing| drawing.pointer = Some(drawn));
    let mut viewer = Viewer::greeted(&easel).await;
    viewer.understands(&[0x574d_5664, -239]).await;
    viewer.asks(false).await;
    let area = Area { x: 1, y: 0, width: 2, height: 1 };
    let bytes = [&[1, 0][..], &shape.rgba].concat();
    assert_eq!(viewer.update().await, [(area, 0x574d_5664, bytes)]);
    viewer.update().await;
    viewer.understands(&[-239]).await;
    viewer.asks(true).await;
    assert_eq!(viewer.update().await, [(area, -239, vec![3, 2, 1, 0, 6, 5, 4, 0, 0x80])]);
}

#[tokio::test]
async fn input_goes_on_with_its_place_among_all_monitors() {
    let easel = Easel::of_size(10, 10);
    let mut viewer = Viewer::greeted(&easel).await;
    viewer.say(&[5, 1, 0, 3, 0, 4]).await;
    viewer.say(&[255, 0, 0, 1, 0, 0, 0, 0x61, 0, 0, 0, 0x1e]).await;
    let pointer = failsafe(viewer.orders.recv()).await.unwrap();
    assert_eq!(pointer, Order::Pointer { at: (13, 24), buttons: 1 });
    let key = failsafe(viewer.orders.recv()).await.unwrap();
    assert_eq!(key, Order::Key { down: true, keysym: 0x61, scancode: Some(0x1e) });
    drop(viewer.stream);
    assert_eq!(failsafe(viewer.orders.recv()).await, Some(Order::LetGo), "what it held comes up");
}

#[tokio::test]
async fn a_locked_screen_is_told_and_is_no_end() {
    let easel = Easel::of_size(10, 10);
    let mut viewer = Viewer::greeted(&easel).await;
    viewer.asks(false).await;
    viewer.update().await;
    for (hidden, state) in [(true, ScreenState::Hidden), (false, ScreenState::Shown)] {
        easel.change(|drawing| drawing.hidden = hidden);
        viewer.asks(true).await;
        failsafe(viewer.states.wait_for(|told| *told == state)).await.unwrap();
    }
}

#[tokio::test]
async fn monitors_that_come_and_go_are_told_on_a_stream_of_their_own() {
    let easel = Easel::of_size(10, 10);
    let mut viewer = Viewer::greeted(&easel).await;
    let (mut news, host) = tokio::io::duplex(64);
    let (from_viewer, to_viewer) = tokio::io::split(host);
    let board = viewer.board.clone();
    let listening = async {
        let is = async |news: &mut DuplexStream| {
            let MonitorNews::Are(monitors) = failsafe(hear(news)).await.unwrap();
            monitors.all.iter().map(|monitor| monitor.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(is(&mut news).await, ["easel"]);
        let right = Monitor::new("right", (20, 20), (5, 5), 1.0);
        for (others, names) in [(vec![right], &["easel", "right"][..]), (Vec::new(), &["easel"])] {
            easel.change(|drawing| drawing.others = others);
            viewer.asks(true).await;
            assert_eq!(is(&mut news).await, names);
        }
        drop(news);
    };
    tokio::join!(board.read_out(from_viewer, to_viewer), listening).0.unwrap();
}

#[tokio::test]
async fn one_that_never_reads_gets_no_more_than_what_is_on_its_way() {
    let easel = Easel::of_size(640, 480);
    let mut viewer = Viewer::greeted(&easel).await;
    viewer.say(&[150, 1, 0, 0, 0, 0, 0, 10, 0, 10]).await;
    for colour in 0..100 {
        easel.change(|drawing| drawing.colour = colour);
        viewer.say(&[5, 0, 0, 3, 0, 4]).await;
        assert!(failsafe(viewer.orders.recv()).await.is_some(), "it is still heard");
    }
    drop(viewer.stream);
    // Whether reading or writing noticed first is a matter of chance.
    drop(failsafe(viewer.served).await.unwrap());
}

#[tokio::test]
async fn garbage_ends_it_and_is_the_viewers_fault() {
    for garbage in [&[99][..], &[2, 0, 0xff, 0xff], &[6, 0, 0, 0, 0x7f, 0, 0, 0]] {
        let easel = Easel::of_size(10, 10);
        let mut viewer = Viewer::greeted(&easel).await;
        viewer.say(garbage).await;
        assert!(viewer.ended().await.unwrap_err().is_fault_of_viewer());
    }
    let mut viewer = Viewer::of(&Easel::of_size(10, 10));
    hear::<ScreenAnswer>(&mut viewer.stream).await.unwrap();
    viewer.hear(12).await;
    viewer.say(b"GET / HTTP/1.1\r\n").await;
    assert!(viewer.ended().await.unwrap_err().is_fault_of_viewer());
}

struct Wayland;

impl CaptureSource for Wayland {
    fn monitors(&self) -> Result<Vec<Monitor>, CannotCapture> {
        Err(CannotCapture::CannotHostOnWayland)
    }

    fn open(&self, _: u8) -> Result<Box<dyn Capture>, CannotCapture> {
        Err(CannotCapture::CannotHostOnWayland)
    }
}

#[tokio::test]
async fn a_host_that_cannot_show_its_screen_says_why() {
    let (mut viewer, host) = tokio::io::duplex(64);
    let (hands, _orders) = mpsc::channel(1);
    let (state, _) = watch::channel(ScreenState::default());
    let (capture, monitors) = (Arc::new(Wayland), Arc::default());
    let screen = Screen { capture, hands, state, monitors, clock: SystemClock::shared() };
    let (served, answer) = tokio::join!(serve(host, 0, &screen), hear::<ScreenAnswer>(&mut viewer));
    served.unwrap();
    assert_eq!(answer.unwrap(), ScreenAnswer::Cannot(CannotCapture::CannotHostOnWayland));
}
