//! Which monitors there are and which one is seen, on a stream of its own for a viewer that wants to know.

use std::time::Duration;

use beckon_domain::SharedClock;
use iroh::endpoint::{RecvStream, SendStream};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::sync::watch;

use crate::budget::Budget;
use crate::capture::Monitors;
use crate::close_code::CloseCode;
use crate::opening::{hear, say};

/// A viewer listens so often at once, and then once a second; the host waits meanwhile.
const HEARD_BURST: u32 = 16;
const HEARD_EVERY: Duration = Duration::from_secs(1);

/// Host, once a screen is shown and at every change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum MonitorNews {
    Are(Monitors),
}

/// On the host: the monitors as the newest of one viewer's screens has them. Who sees none learns of none.
#[derive(Default)]
pub(crate) struct MonitorBoard(watch::Sender<Told>);

#[derive(Default)]
struct Told {
    newest: u64,
    monitors: Option<Monitors>,
}

impl MonitorBoard {
    /// Another screen: what those before it say does not count from now on.
    pub(crate) fn screen(&self) -> u64 {
        let mut number = 0;
        self.0.send_if_modified(|told| {
            told.newest += 1;
            number = told.newest;
            false
        });
        number
    }

    pub(crate) fn is_newest(&self, screen: u64) -> bool {
        self.0.borrow().newest == screen
    }

    pub(crate) fn write(&self, screen: u64, monitors: Monitors) {
        self.0.send_if_modified(|told| {
            let is_news = told.newest == screen && told.monitors.as_ref() != Some(&monitors);
            if is_news {
                told.monitors = Some(monitors);
            }
            is_news
        });
    }

    /// Reads out what stands there, until the viewer goes. It has nothing to say.
    pub(crate) async fn read_out<R, W>(&self, mut from_viewer: R, mut to_viewer: W) -> Result<(), CloseCode>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let mut told = self.0.subscribe();
        told.mark_changed();
        loop {
            tokio::select! {
                said = from_viewer.read_u8() => return said.map_or(Ok(()), |_| Err(CloseCode::NotAllowed)),
                Ok(()) = told.changed() => {}
            }
            let monitors = told.borrow_and_update().monitors.clone();
            if let Some(monitors) = monitors
                && say(&mut to_viewer, &MonitorNews::Are(monitors)).await.is_err()
            {
                return Ok(());
            }
        }
    }
}

/// On the viewer: what the host says of its monitors.
pub struct HostMonitors {
    from_host: RecvStream,
    /// The host stops once it is dropped.
    _to_host: SendStream,
    clock: SharedClock,
    pace: Budget,
}

impl HostMonitors {
    pub(crate) fn new(from_host: RecvStream, _to_host: SendStream, clock: SharedClock) -> Self {
        Self { from_host, _to_host, clock, pace: Budget::new(HEARD_BURST, HEARD_EVERY) }
    }

    /// The next word of it, the first one once a screen is shown. None once the connection is gone, or the host
    /// said what makes no sense.
    pub async fn next(&mut self) -> Option<Monitors> {
        self.clock.sleep(self.pace.spend_later(self.clock.monotonic())).await;
        let MonitorNews::Are(monitors) = hear(&mut self.from_host).await.ok()?;
        monitors.checked()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::FutureExt;
    use tokio::io::{AsyncWriteExt, DuplexStream, duplex, split};

    use super::*;
    use crate::capture::Monitor;

    fn monitors(count: usize, shown: u8) -> Monitors {
        let monitor = Monitor::new(&"\u{1f5a5}".repeat(99), (-1, i32::MIN), (u16::MAX, u16::MAX), 1.5);
        Monitors { all: vec![monitor; count], shown, instead: true }
    }

    async fn told(viewer: &mut DuplexStream) -> Monitors {
        let MonitorNews::Are(monitors) = hear(viewer).await.unwrap();
        monitors
    }

    #[tokio::test]
    async fn a_viewer_learns_nothing_before_it_sees_a_screen_and_then_every_change() {
        let board = MonitorBoard::default();
        let (mut viewer, host) = duplex(64);
        let (from_viewer, to_viewer) = split(host);
        let mut reading_out = pin!(board.read_out(from_viewer, to_viewer));
        assert!(reading_out.as_mut().now_or_never().is_none());
        assert!(viewer.read_u8().now_or_never().is_none(), "no screen is shown");
        let listening = async {
            let screen = board.screen();
            for count in [1, 16, 2] {
                board.write(screen, monitors(count, 0));
                assert_eq!(told(&mut viewer).await, monitors(count, 0), "even the longest fits");
            }
            drop(viewer);
        };
        let (read_out, ()) = tokio::join!(reading_out, listening);
        assert_eq!(read_out, Ok(()));
    }

    #[tokio::test]
    async fn what_an_older_screen_says_does_not_count() {
        let board = MonitorBoard::default();
        let (older, newer) = (board.screen(), board.screen());
        board.write(newer, monitors(2, 1));
        board.write(older, monitors(2, 0));
        assert!(board.is_newest(newer) && !board.is_newest(older));
        let (mut viewer, host) = duplex(64 * 1024);
        let (from_viewer, to_viewer) = split(host);
        let listening = async {
            assert_eq!(told(&mut viewer).await, monitors(2, 1));
            drop(viewer);
        };
        tokio::join!(board.read_out(from_viewer, to_viewer), listening).0.unwrap();
    }

    #[tokio::test]
    async fn a_viewer_that_says_something_there_breaks_the_protocol() {
        let (mut viewer, host) = duplex(64);
        let (from_viewer, to_viewer) = split(host);
        viewer.write_u8(0).await.unwrap();
        let ended = MonitorBoard::default().read_out(from_viewer, to_viewer).await;
        assert_eq!(ended, Err(CloseCode::NotAllowed));
    }
}
