//! One viewer's screen: what it says is heard, and what it has not seen is sent when it can take it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_domain::SharedClock;
use futures_util::StreamExt;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::codec::FramedRead;

use super::ScreenState;
use super::answer::ScreenAnswer;
use super::eyes::{Eyes, NoPicture};
use super::monitor_news::MonitorBoard;
use crate::capture::{CaptureSource, Monitor, Monitors};
use crate::input::Order;
use crate::opening::say;
use crate::rfb::{ClientMessage, ClientMessages, Malformed, greet, server_init};
use wishes::Wishes;

mod wishes;

/// Frames are this far apart at least.
const FRAME: Duration = Duration::from_millis(33);

/// What a viewer's screen is made of.
pub(crate) struct Screen {
    pub(crate) capture: Arc<dyn CaptureSource>,
    /// Where input goes.
    pub(crate) hands: mpsc::Sender<Order>,
    pub(crate) state: watch::Sender<ScreenState>,
    pub(crate) monitors: Arc<MonitorBoard>,
    pub(crate) clock: SharedClock,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Ended {
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error(transparent)]
    NoPicture(#[from] NoPicture),
}

impl From<std::io::Error> for Ended {
    fn from(error: std::io::Error) -> Self {
        Self::Malformed(error.into())
    }
}

impl Ended {
    /// Whether the viewer said what no viewer says.
    pub(crate) fn is_fault_of_viewer(&self) -> bool {
        !matches!(
            self,
            Self::NoPicture(_) | Self::Malformed(Malformed::Transport(_) | Malformed::PixelFormat)
        )
    }
}

/// Shows that monitor until the viewer goes, or breaks the protocol.
pub(crate) async fn serve<S>(mut stream: S, monitor: u8, screen: &Screen) -> Result<(), Ended>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let opened = Eyes::open(screen.capture.clone(), monitor, screen.clock.clone()).await;
    let (eyes, first, monitors) = match opened {
        Ok((eyes, first, monitors)) => {
            let Monitors { all, shown, .. } = monitors.clone();
            say(&mut stream, &ScreenAnswer::Shown { monitors: all, shown }).await?;
            (eyes, first, monitors)
        }
        Err(cannot) => {
            say(&mut stream, &ScreenAnswer::Cannot(cannot)).await?;
            stream.shutdown().await?;
            return Ok(());
        }
    };
    greet(&mut stream).await?;
    stream.write_all(&server_init((first.width, first.height), &first.name)).await?;
    screen.state.send_replace(ScreenState::Shown);
    let number = screen.monitors.screen();
    screen.monitors.write(number, monitors);
    let (read, write) = tokio::io::split(stream);
    let shown = Shown {
        screen,
        number,
        eyes,
        wishes: Mutex::new(Wishes::default()),
        monitor: Mutex::new(first),
        changed: Notify::new(),
    };
    let ended = tokio::select! {
        ended = shown.listen(read) => ended,
        ended = shown.show(write) => ended,
    };
    // One that took its place is shown.
    if screen.monitors.is_newest(number) {
        screen.state.send_replace(ScreenState::Closed);
    }
    // Whoever held keys down holds them no longer; a thread that is gone let go by itself.
    let _ = screen.hands.send(Order::LetGo).await;
    ended
}

struct Shown<'a> {
    screen: &'a Screen,
    /// Among the screens of this viewer.
    number: u64,
    eyes: Eyes,
    wishes: Mutex<Wishes>,
    monitor: Mutex<Monitor>,
    changed: Notify,
}

impl Shown<'_> {
    async fn listen(&self, read: impl AsyncRead + Unpin) -> Result<(), Ended> {
        let mut messages = FramedRead::new(read, ClientMessages::default());
        while let Some(message) = messages.next().await {
            match message? {
                ClientMessage::Key { down, keysym, scancode } => {
                    self.order(Order::Key { down, keysym, scancode }).await;
                }
                ClientMessage::Pointer { buttons, x, y } => {
                    let at = self.monitor.lock().unwrap_or_else(PoisonError::into_inner).place(x, y);
                    self.order(Order::Pointer { at, buttons }).await;
                }
                message => {
                    self.wishes().hear(message, self.screen.clock.monotonic())?;
                    self.changed.notify_one();
                }
            }
        }
        Ok(())
    }

    /// Waits while the hands are busy, and so holds the viewer back.
    async fn order(&self, order: Order) {
        if self.screen.hands.send(order).await.is_err() {
            tracing::debug!("input has nowhere to go");
        }
    }

    async fn show(&self, mut write: impl AsyncWrite + Unpin) -> Result<(), Ended> {
        let clock = &self.screen.clock;
        let mut next_frame = clock.sleep(Duration::ZERO);
        loop {
            self.until_wanted(&mut write).await?;
            next_frame.await;
            next_frame = clock.sleep(FRAME);
            let look = self.wishes().take_look();
            let looking = self.eyes.look(look);
            let mut looking = std::pin::pin!(looking);
            let painted = loop {
                tokio::select! {
                    painted = &mut looking => break painted?,
                    () = self.changed.notified() => self.reply(&mut write).await?,
                }
            };
            self.tell_state(painted.hidden).await;
            *self.monitor.lock().unwrap_or_else(PoisonError::into_inner) = painted.monitor;
            if let Some(monitors) = painted.monitors {
                self.screen.monitors.write(self.number, monitors);
            }
            if painted.bytes.is_empty() {
                self.wishes().saw_nothing();
            } else {
                let began = clock.monotonic();
                write.write_all(&painted.bytes).await?;
                self.wishes().sent(painted.bytes.len(), began);
            }
        }
    }

    /// Until the viewer wants a picture and has room for it. Answers go out meanwhile.
    async fn until_wanted(&self, write: &mut (impl AsyncWrite + Unpin)) -> Result<(), Ended> {
        loop {
            self.reply(write).await?;
            if self.wishes().wants_picture() {
                return Ok(());
            }
            self.changed.notified().await;
        }
    }

    async fn reply(&self, write: &mut (impl AsyncWrite + Unpin)) -> Result<(), Ended> {
        let replies = self.wishes().take_replies();
        if !replies.is_empty() {
            write.write_all(&replies).await?;
        }
        Ok(())
    }

    async fn tell_state(&self, hidden: bool) {
        let state = if hidden { ScreenState::Hidden } else { ScreenState::Shown };
        let is_new = self.screen.state.send_if_modified(|told| std::mem::replace(told, state) != state);
        if is_new && hidden {
            self.order(Order::LetGo).await;
        }
    }

    fn wishes(&self) -> MutexGuard<'_, Wishes> {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
