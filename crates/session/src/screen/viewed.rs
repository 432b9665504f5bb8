//! The viewer's end of a screen: what it is told before the picture, and the bytes of RFB.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use iroh::endpoint::{Connection, RecvStream, SendStream};
use tokio::io::{AsyncRead, AsyncWrite, Join, ReadBuf, join};

use super::answer::ScreenAnswer;
use super::passing::Passing;
use crate::capture::{CannotCapture, Monitor};
use crate::opening::{Opening, hear, say};

/// The bytes of RFB 3.8, both ways, from the host's first word on. It ends with the connection; after a resume
/// another one is opened.
///
/// What is not read holds the host back. Reading fails with [`std::io::ErrorKind::InvalidData`] where the host says
/// what no screen says. Dropping it closes the screen and nothing else.
pub struct ScreenStream {
    /// The host's; the primary one first.
    pub monitors: Vec<Monitor>,
    /// Which of them this is.
    pub shown: usize,
    bytes: Join<RecvStream, SendStream>,
    passing: Passing,
}

/// Why there is no screen to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoScreen {
    /// The host says so.
    #[error(transparent)]
    Cannot(#[from] CannotCapture),
    #[error("there is no connection now")]
    NotConnected,
    #[error("the host's answer cannot be read")]
    Unreadable,
}

/// Asks the host for one of its monitors.
pub(crate) async fn view(connection: &Connection, monitor: u8) -> Result<ScreenStream, NoScreen> {
    let (mut send, mut receive) = connection.open_bi().await.map_err(|_| NoScreen::NotConnected)?;
    say(&mut send, &Opening::Screen { monitor }).await.map_err(|_| NoScreen::NotConnected)?;
    let answer: ScreenAnswer = hear(&mut receive).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => NoScreen::Unreadable,
        _ => NoScreen::NotConnected,
    })?;
    match answer {
        answer if !answer.is_sound() => Err(NoScreen::Unreadable),
        ScreenAnswer::Cannot(cannot) => Err(cannot.into()),
        ScreenAnswer::Shown { monitors, shown } => {
            let bytes = join(receive, send);
            Ok(ScreenStream { monitors, shown: shown.into(), bytes, passing: Passing::default() })
        }
    }
}

impl AsyncRead for ScreenStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.bytes).poll_read(context, buffer))?;
        let passed = self.passing.pass(buffer.filled().get(before..).unwrap_or_default());
        if passed.is_err() {
            buffer.set_filled(before);
        }
        Poll::Ready(passed)
    }
}

impl AsyncWrite for ScreenStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.bytes).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.bytes).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.bytes).poll_shutdown(context)
    }
}
