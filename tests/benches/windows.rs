//! From what opens a window while Beckon runs to that window's first text: a link that is clicked, and an
//! invitation that arrives.

use std::io::{BufRead as _, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use beckon_domain::{DeviceId, SharedClock};
use beckon_tests::stage::{Program, built};

use crate::figure::{Figure, Mark, Quantity, Sample, timed};
use crate::guests::{device_of, guest, invitation_for};
use crate::pixels::{Pixels, Strip};
use crate::programs::Service;

/// Of each, the first is cold, and not counted.
const CLICKS: usize = 10;
const INVITATIONS: usize = 16;
/// Nobody is called twice in a second: meanwhile the next window is made ready.
const BETWEEN: Duration = Duration::from_secs(6);
/// In the middle of the call window, which is in the middle of the screen.
const CALL: Strip = Strip { x: 480, y: 330, width: 320, height: 140 };
const POP_UP: Strip = Strip { x: 920, y: 652, width: 336, height: 124 };
const LINK: &str = "anydesk:123456789";

#[tokio::main]
pub async fn measure(clock: &SharedClock) -> Vec<Figure> {
    let pixels = Pixels::open();
    let (handed, shown) = floor(&pixels, clock).await;
    let (called, popped_up) = ours(&pixels, clock).await;
    [
        ("Click on a link while Beckon runs → call window painted, p50", called, handed),
        ("Invitation sent → pop-up painted at the other side, p50", popped_up, shown),
    ]
    .map(|(name, ours, floor)| Figure {
        name: name.to_owned(),
        ours: Quantity::Time(ours.quantile(0.5)),
        floor: Some(Quantity::Time(floor.quantile(0.5))),
        marks: vec![Mark::TimesTheFloor(1.5)],
    })
    .into()
}

async fn ours(pixels: &Pixels, clock: &SharedClock) -> (Sample, Sample) {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::starts().await;
    let dana = guest("dana", &service, folder.path(), clock).await;
    let ana = device_that_was_here_before(&service, folder.path(), clock).await;
    let computer = folder.path().join("ana");
    let beckon = || {
        let mut beckon = Command::new(built("BECKON_DESKTOP_BIN"));
        beckon.env("BECKON_DATA", &computer).env("BECKON_SERVICE", &service.origin);
        beckon
    };
    let running = Program::start("beckon", beckon().arg("--hidden"), folder.path());

    let mut popped_up = Vec::new();
    for _ in 0..INVITATIONS {
        let new = invitation_for(ana);
        let id = new.id;
        let before = clock.monotonic();
        dana.client.invite(new).await.unwrap();
        pixels.wait_for_text(POP_UP, clock);
        popped_up.push(clock.monotonic() - before);
        dana.client.cancel_invitation(id).await.unwrap();
        pixels.wait_until_empty(POP_UP);
        clock.sleep(BETWEEN).await;
    }
    let mut called = Vec::new();
    for _ in 0..CLICKS {
        let before = clock.monotonic();
        let mut second = beckon().arg(LINK).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        pixels.wait_for_text(CALL, clock);
        called.push(clock.monotonic() - before);
        second.wait().unwrap();
        pixels.close_active_window();
        pixels.wait_until_empty(CALL);
        clock.sleep(BETWEEN).await;
    }
    drop(running);
    dana.client.shut_down().await;
    (warm(called), warm(popped_up))
}

/// The same with a program that has nothing of ours: it is handed a link, and shows an empty window that is hidden.
async fn floor(pixels: &Pixels, clock: &SharedClock) -> (Sample, Sample) {
    let mut app = BareApp::starts();
    let handed = (0..CLICKS).map(|_| timed(clock, || app.is_handed(LINK)).0).collect();
    let mut shown = Vec::new();
    for _ in 0..INVITATIONS {
        app.is_handed("open");
        clock.sleep(BETWEEN).await;
        app.is_handed("show");
        shown.push(timed(clock, || pixels.wait_for_text(POP_UP, clock)).0);
        app.is_handed("close");
        pixels.wait_until_empty(POP_UP);
    }
    (warm(handed), warm(shown))
}

fn warm(mut times: Vec<Duration>) -> Sample {
    times.remove(0);
    Sample::of(times)
}

struct BareApp {
    child: Child,
    says: Lines<BufReader<ChildStdout>>,
}

impl BareApp {
    fn starts() -> Self {
        let mut child = Command::new(built("BECKON_BARE_APP_BIN")).stdout(Stdio::piped()).spawn().unwrap();
        let says = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut app = Self { child, says };
        app.says("running");
        app
    }

    /// By a second start, as links are.
    fn is_handed(&mut self, word: &str) {
        let mut second = Command::new(built("BECKON_BARE_APP_BIN")).arg(word).spawn().unwrap();
        self.says(word);
        second.wait().unwrap();
    }

    fn says(&mut self, word: &str) {
        assert_eq!(self.says.next().unwrap().unwrap(), word);
    }
}

impl Drop for BareApp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn device_that_was_here_before(service: &Service, folder: &Path, clock: &SharedClock) -> DeviceId {
    let ana = guest("ana", service, folder, clock).await;
    let device = device_of(&ana);
    ana.client.shut_down().await;
    device
}
