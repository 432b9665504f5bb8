//! From nothing to the first rows on the screen, and what the program then weighs.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use beckon_client::SessionNetwork;
use beckon_client::cache::Cache;
use beckon_domain::SharedClock;
use beckon_tests::cast::Person;
use beckon_tests::stage::{Program, built};

use crate::figure::{Figure, Mark, Quantity, Sample};
use crate::pixels::{Pixels, Strip};
use crate::programs::{Service, proportional_bytes};
use crate::rows;

const ROWS: u32 = 10_000;
const STARTS: usize = 11;
/// Until what a start leaves behind is cleaned up.
const SETTLED_AFTER: Duration = Duration::from_secs(10);
/// Across the middle of the list, with the window in the middle of the screen.
const STRIP: Strip = Strip { x: 560, y: 396, width: 480, height: 48 };

#[tokio::main]
pub async fn measure(clock: &SharedClock) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::starts().await;
    fill(folder.path(), &service, clock).await;
    let origin = service.origin.clone();
    // What is painted first comes from the cache alone.
    drop(service);
    let pixels = Pixels::open();
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    let (mut our_bytes, mut floor_bytes) = (0.0, 0.0);
    for number in 0..STARTS {
        let is_last = number + 1 == STARTS;
        let mut beckon = Command::new(built("BECKON_DESKTOP_BIN"));
        beckon.env("BECKON_DATA", folder.path()).env("BECKON_SERVICE", &origin);
        let (time, bytes) = start(&pixels, &mut beckon, folder.path(), clock, is_last).await;
        ours.push(time);
        our_bytes = bytes;
        let mut empty = Command::new(built("BECKON_EMPTY_WINDOW_BIN"));
        let (time, bytes) = start(&pixels, &mut empty, folder.path(), clock, is_last).await;
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

/// How long it takes until there is text in the strip, and what the program weighs once it is idle.
async fn start(
    pixels: &Pixels,
    command: &mut Command,
    folder: &Path,
    clock: &SharedClock,
    weigh: bool,
) -> (Duration, f64) {
    assert!(!pixels.shows_text(STRIP), "something covers the screen");
    let before = clock.monotonic();
    let program = Program::start("program", command, folder);
    pixels.wait_for_text(STRIP, clock);
    let time = clock.monotonic() - before;
    let mut bytes = 0.0;
    if weigh {
        clock.sleep(SETTLED_AFTER).await;
        bytes = proportional_bytes(program.id());
    }
    drop(program);
    pixels.wait_until_empty(STRIP);
    (time, bytes)
}
