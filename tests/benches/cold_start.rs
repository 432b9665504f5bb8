//! From nothing to the first rows on the screen, and what the program then weighs.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use beckon_client::SessionNetwork;
use beckon_client::cache::Cache;
use beckon_domain::SharedClock;
use beckon_tests::cast::Person;
use beckon_tests::stage::{Program, built};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat};
use x11rb::rust_connection::RustConnection;

use crate::figure::{Figure, Mark, Quantity, Sample};
use crate::programs::{Service, proportional_bytes};
use crate::rows;

const ROWS: u32 = 10_000;
const STARTS: usize = 11;
/// Until what a start leaves behind is cleaned up.
const SETTLED_AFTER: Duration = Duration::from_secs(10);
/// A strip across the middle of the list, on a screen of 1280 by 800 pixels with the window in its middle.
const STRIP: (i16, i16, u16, u16) = (560, 396, 480, 48);
/// A strip with text in it has more colours than any that is being painted.
const FLAT: usize = 16;

#[tokio::main]
pub async fn measure(clock: &SharedClock) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::starts().await;
    fill(folder.path(), &service, clock).await;
    let origin = service.origin.clone();
    // What is painted first comes from the cache alone.
    drop(service);
    let screen = Screen::open();
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    let (mut our_bytes, mut floor_bytes) = (0.0, 0.0);
    for start in 0..STARTS {
        let is_last = start + 1 == STARTS;
        let mut beckon = Command::new(built("BECKON_DESKTOP_BIN"));
        beckon.env("BECKON_DATA", folder.path()).env("BECKON_SERVICE", &origin);
        let (time, bytes) = screen.start(&mut beckon, folder.path(), clock, is_last).await;
        ours.push(time);
        our_bytes = bytes;
        let mut empty = Command::new(built("BECKON_EMPTY_WINDOW_BIN"));
        let (time, bytes) = screen.start(&mut empty, folder.path(), clock, is_last).await;
        floor.push(time);
        floor_bytes = bytes;
    }
    let (ours, floor) = (Sample::of(ours), Sample::of(floor));
    vec![
        Figure {
            name: format!("Cold start to the first rows of {ROWS}, p50"),
            ours: Quantity::Time(ours.quantile(0.5)),
            floor: Some(Quantity::Time(floor.quantile(0.5))),
            marks: vec![Mark::TimesTheFloor(1.25)],
        },
        Figure {
            name: "Idle memory of all its processes".to_owned(),
            ours: Quantity::Bytes(our_bytes),
            floor: Some(Quantity::Bytes(floor_bytes)),
            marks: vec![Mark::TimesTheFloor(1.25)],
        },
    ]
}

/// An agent's profile as it is after a day's work.
async fn fill(folder: &Path, service: &Service, clock: &SharedClock) {
    let (home, code) = (Some(service.origin.clone()), Some(service.hires("Ana")));
    let network = SessionNetwork::default();
    let ana = Person::at_a_computer("Ana", folder.to_owned(), home, code, clock.clone(), network);
    ana.is_signed_in().await;
    ana.client.shut_down().await;
    drop(ana);
    let caches = std::fs::read_dir(folder.join("default").join("cache")).unwrap();
    let path = caches
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "sqlite"))
        .unwrap();
    let cache = Cache::open(&path);
    let (account, epoch) = (cache.account().unwrap(), cache.cursor().epoch);
    for answer in rows::answers(ROWS, &account, &epoch) {
        cache.apply(&answer);
    }
}

struct Screen {
    connection: RustConnection,
    root: u32,
}

impl Screen {
    fn open() -> Self {
        let (connection, number) = x11rb::connect(None).unwrap();
        let root = connection.setup().roots[number].root;
        Self { connection, root }
    }

    /// How long it takes until there is text in the strip, and what the program weighs once it is idle.
    async fn start(
        &self,
        command: &mut Command,
        folder: &Path,
        clock: &SharedClock,
        weigh: bool,
    ) -> (Duration, f64) {
        assert!(!self.shows_text(), "something covers the screen");
        let before = clock.monotonic();
        let program = Program::start("program", command, folder);
        while !self.shows_text() {
            assert!(clock.monotonic() - before < Duration::from_secs(60), "nothing is painted");
        }
        let time = clock.monotonic() - before;
        let mut bytes = 0.0;
        if weigh {
            clock.sleep(SETTLED_AFTER).await;
            bytes = proportional_bytes(program.id());
        }
        drop(program);
        while self.shows_text() {}
        (time, bytes)
    }

    fn shows_text(&self) -> bool {
        let (x, y, width, height) = STRIP;
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, u32::MAX)
            .unwrap()
            .reply()
            .unwrap();
        let mut colours: Vec<[u8; 3]> = image.data.chunks_exact(4).map(|p| [p[0], p[1], p[2]]).collect();
        colours.sort_unstable();
        colours.dedup();
        colours.len() > FLAT
    }
}
