//! The screen of a session beside two servers that others wrote: the same display, the same acts, one after
//! the other, and a viewer that weighs what each of them sends.

mod contestants;
mod display;
mod rfb;

use std::path::Path;
use std::time::Duration;

use beckon_domain::SharedClock;

use crate::figure::{Figure, Mark, Quantity, Sample};
use contestants::{Contestant, Shown};
use display::{Display, SIZE};
use rfb::{Area, Key, Update};

const ACT: Duration = Duration::from_secs(6);
const QUIET: Duration = Duration::from_secs(2);
const SETTLED_WITHIN: Duration = Duration::from_secs(20);
/// A hand moves, and a monitor shows another picture, this often.
const STEP: Duration = Duration::from_millis(16);
const CHANGE: Duration = Duration::from_millis(100);
const WINDOW: (u16, u16) = (800, 600);
const LETTERS: usize = 80;
const ANSWERED_WITHIN: Duration = Duration::from_secs(2);
/// Where the terminal that is typed into stands.
const TERMINAL: Area = Area { x: 200, y: 150, width: 500, height: 340 };
/// `a` and `s`, on the keyboard and as letters, and what ends a line.
const TYPED: [(u8, u32); 2] = [(0x1e, 0x61), (0x1f, 0x73)];
const ENTER: (u8, u32) = (0x1c, 0xff0d);
const LINE: usize = 40;

/// What one of them did.
struct Measured {
    contestant: Contestant,
    idle: Rate,
    typing: Sample,
    drag: Rate,
    scroll: Rate,
    change: Rate,
}

/// In a second.
#[derive(Clone, Copy)]
struct Rate {
    pictures: f64,
    bytes: f64,
    /// Of one core.
    computing: f64,
}

#[tokio::main]
pub async fn measure(clock: &SharedClock) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let display = Display::is_switched_on(folder.path()).await;
    let mut all = Vec::new();
    for contestant in Contestant::ALL {
        all.push(measured(contestant, &display, folder.path(), clock).await);
    }
    let [video, tiles, theirs, others] = [0, 1, 2, 3].map(|place| &all[place]);
    let mut figures = Vec::new();
    for (ours, rival) in [(video, theirs), (tiles, theirs), (video, others)] {
        figures.extend(beside(ours, rival));
    }
    figures
}

async fn measured(contestant: Contestant, display: &Display, folder: &Path, clock: &SharedClock) -> Measured {
    let mut scene = Scene { shown: contestant.shows(&display.name, folder, clock).await, display, clock };
    scene.settles().await;
    let idle = scene.while_nothing_happens().await;
    let typing = scene.while_somebody_types(contestant, folder).await;
    let drag = scene.while_a_window_is_dragged().await;
    let scroll = scene.while_text_scrolls(folder).await;
    let change = scene.while_everything_changes().await;
    Measured { contestant, idle, typing, drag, scroll, change }
}

struct Scene<'a> {
    shown: Shown,
    display: &'a Display,
    clock: &'a SharedClock,
}

impl Scene<'_> {
    /// Until nothing has come for a while: what happened before, and its touching up, is not measured.
    async fn settles(&mut self) {
        let until = self.clock.monotonic() + SETTLED_WITHIN;
        while self.clock.monotonic() < until {
            tokio::select! {
                _ = self.shown.viewer.update() => {}
                () = self.clock.sleep(QUIET) => return,
            }
        }
    }

    /// Does something again and again for the time of an act.
    async fn during(&mut self, every: Duration, mut act: impl FnMut(u32)) -> Rate {
        self.shown.viewer.arrived();
        let (began, computed) = (self.clock.monotonic(), self.shown.computed());
        let mut updates = Vec::new();
        for number in 0.. {
            let due = began + every * number;
            if due >= began + ACT {
                break;
            }
            self.clock.sleep(due.saturating_sub(self.clock.monotonic())).await;
            act(number);
            updates.extend(self.shown.viewer.arrived());
        }
        self.clock.sleep((began + ACT).saturating_sub(self.clock.monotonic())).await;
        updates.extend(self.shown.viewer.arrived());
        let took = (self.clock.monotonic() - began).as_secs_f64();
        let computing = (self.shown.computed() - computed).as_secs_f64() / took;
        let bytes = updates.iter().map(|update| update.bytes).sum::<u64>() as f64;
        Rate { pictures: pictures(&updates) as f64 / took, bytes: bytes / took, computing }
    }

    async fn while_nothing_happens(&mut self) -> Rate {
        self.during(ACT, |_| ()).await
    }

    async fn while_a_window_is_dragged(&mut self) -> Rate {
        let display = self.display;
        let window = display.window(WINDOW, 2);
        self.settles().await;
        let rate = self.during(STEP, |step| display.moves(window, on_the_way(step))).await;
        display.closes(window);
        self.settles().await;
        rate
    }

    async fn while_text_scrolls(&mut self, folder: &Path) -> Rate {
        let script = "i=0; while :; do i=$((i+1)); echo \"$i The quick brown fox jumps over the lazy dog, \
                      and over line $((i*7919%1000)) again\"; sleep 0.016; done";
        let terminal = self.display.terminal("200x70+100+50", script, folder);
        // Until it stands, and its lines reach the bottom.
        self.clock.sleep(QUIET * 2).await;
        let rate = self.during(ACT, |_| ()).await;
        drop(terminal);
        self.settles().await;
        rate
    }

    async fn while_everything_changes(&mut self) -> Rate {
        let display = self.display;
        let walls = [3, 4].map(|number| display.window(SIZE, number));
        self.settles().await;
        let rate = self.during(CHANGE, |change| display.raises(walls[change as usize % 2])).await;
        walls.into_iter().for_each(|wall| display.closes(wall));
        self.settles().await;
        rate
    }

    /// From a key to the pixels that it changes.
    async fn while_somebody_types(&mut self, contestant: Contestant, folder: &Path) -> Sample {
        let terminal = self.display.terminal("80x25+200+150", "exec cat > /dev/null", folder);
        self.clock.sleep(QUIET).await;
        self.shown.viewer.points_at(TERMINAL.x + 100, TERMINAL.y + 100).await;
        self.settles().await;
        let key = |(place, letter)| match contestant {
            Contestant::Video | Contestant::Tiles => Key::Place(place),
            Contestant::TigerVnc | Contestant::X11Vnc => Key::Letter(letter),
        };
        let mut times = Vec::new();
        for (number, typed) in TYPED.into_iter().cycle().take(LETTERS).enumerate() {
            // Not in step with anybody's pictures.
            self.clock.sleep(Duration::from_millis(90 + number as u64 * 37 % 61)).await;
            self.shown.viewer.arrived();
            let pressed = self.clock.monotonic();
            self.shown.viewer.types(key(typed)).await;
            times.push(self.answered().await - pressed);
            if number % LINE == LINE - 1 {
                self.shown.viewer.types(key(ENTER)).await;
                self.settles().await;
            }
        }
        drop(terminal);
        self.settles().await;
        Sample::of(times)
    }

    async fn answered(&mut self) -> Duration {
        let seeing = async {
            loop {
                let update = self.shown.viewer.update().await;
                if update.areas.iter().any(|area| area.touches(TERMINAL)) {
                    return update.at;
                }
            }
        };
        tokio::select! {
            at = seeing => at,
            () = self.clock.sleep(ANSWERED_WITHIN) => self.clock.monotonic(),
        }
    }
}

/// Some servers send one picture in many pieces: what comes within one picture of a monitor is one.
fn pictures(updates: &[Update]) -> usize {
    let mut shown_at = None;
    let is_another = |update: &&Update| {
        let is_another = shown_at.is_none_or(|at| update.at >= at + STEP);
        if is_another {
            shown_at = Some(update.at);
        }
        is_another
    };
    updates.iter().filter(|update| !update.areas.is_empty()).filter(is_another).count()
}

/// There and back over the whole screen, and never twice the same way.
fn on_the_way(step: u32) -> (i32, i32) {
    let swing = |step: u32, width: u16, room: u16| {
        let (far, there) = (u32::from(room - width), step % (2 * u32::from(room - width)));
        i32::try_from(there.min(2 * far - there)).unwrap()
    };
    (swing(step * 13, WINDOW.0, SIZE.0), swing(step * 7, WINDOW.1, SIZE.1))
}

fn beside(ours: &Measured, rival: &Measured) -> Vec<Figure> {
    let (who, them) = (ours.contestant, rival.contestant);
    let is_marked = them == Contestant::TigerVnc;
    let title = |what: &str| format!("Screen, {}, beside {}: {what}", who.name(), them.name());
    let mut figures = Vec::new();
    for (name, part, at_most) in [("p50", 0.5, Some(60)), ("p90", 0.9, None)] {
        figures.push(Figure {
            name: title(&format!("key → pixel, {name}")),
            ours: Quantity::Time(ours.typing.quantile(part)),
            floor: Some(Quantity::Time(rival.typing.quantile(part))),
            marks: at_most
                .filter(|_| is_marked)
                .map(|most| Mark::AtMost(Quantity::Time(Duration::from_millis(most))))
                .into_iter()
                .collect(),
        });
    }
    for (act, ours, theirs) in [
        ("idle", ours.idle, rival.idle),
        ("window drag", ours.drag, rival.drag),
        ("scrolling text", ours.scroll, rival.scroll),
        ("everything changes", ours.change, rival.change),
    ] {
        let (idle, moves) = (act == "idle" && is_marked, matches!(act, "window drag" | "scrolling text"));
        let fast = moves && is_marked;
        let small = fast && who == Contestant::Video;
        let figure = |what: &str, quantity: fn(Rate) -> Quantity, mark: Option<Mark>| Figure {
            name: title(&format!("{act}, {what}")),
            ours: quantity(ours),
            floor: Some(quantity(theirs)),
            marks: mark.into_iter().collect(),
        };
        figures.push(figure(
            "pictures a second",
            |rate| Quantity::PerSecond(rate.pictures),
            fast.then_some(Mark::AtLeast(Quantity::PerSecond(25.0))),
        ));
        figures.push(figure(
            "bytes a second",
            |rate| Quantity::Bytes(rate.bytes),
            if idle {
                Some(Mark::AtMost(Quantity::Bytes(0.0)))
            } else {
                small.then_some(Mark::TimesTheFloor(0.1))
            },
        ));
        figures.push(figure(
            "part of a core",
            |rate| Quantity::Part(rate.computing),
            idle.then_some(Mark::AtMost(Quantity::Part(0.01))),
        ));
    }
    figures
}
