//! One connection with its control stream: frames in, frames out, and how it ends.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::mem::discriminant;
use std::pin::pin;
use std::task::ready;

use futures_util::{Sink, StreamExt};
use iroh::endpoint::{Connection, ConnectionError, PathEventStream, RecvStream, SendStream};
use tokio_util::codec::{FramedRead, FramedWrite};

use crate::close_code::CloseCode;
use crate::control::{Frame, FrameCodec, FrameError};
use crate::live::PathInfo;

/// The most frames that wait to be written.
const QUEUE: usize = 64;

pub(crate) struct Talk {
    connection: Connection,
    reader: FramedRead<RecvStream, FrameCodec>,
    writer: FramedWrite<SendStream, FrameCodec>,
    queue: VecDeque<Frame>,
    flushed: bool,
    paths: PathEventStream,
}

pub(crate) enum Heard {
    Frame(Frame),
    /// The way to the other side changed.
    Path,
    Gone(Gone),
}

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gone {
    /// The network broke it.
    Lost,
    /// The other side closed it; without a code where it gave none that is known here.
    Closed(Option<CloseCode>),
    /// The other side broke the protocol, and is to be told with this.
    Broken(CloseCode),
}

impl Talk {
    pub(crate) fn new(connection: Connection, send: SendStream, receive: RecvStream) -> Self {
        Self {
            paths: connection.path_events(),
            connection,
            reader: FramedRead::new(receive, FrameCodec),
            writer: FramedWrite::new(send, FrameCodec),
            queue: VecDeque::new(),
            flushed: true,
        }
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Queues a frame; it is written by [`Talk::next`]. False where too much waits already.
    pub(crate) fn send(&mut self, frame: Frame) -> bool {
        let queued = queue_up(&mut self.queue, frame);
        self.flushed &= !queued;
        queued
    }

    /// Writes what waits, and returns with the next thing that happens. Nothing is lost when it is dropped
    /// half way. While not `reading`, the other side is held back.
    pub(crate) async fn next(&mut self, reading: bool) -> Heard {
        loop {
            tokio::select! {
                frame = self.reader.next(), if reading => {
                    return frame.map_or_else(|| self.stream_ended(None), |frame| self.read(frame));
                }
                written = flush(&mut self.writer, &mut self.queue), if !self.flushed => match written {
                    Ok(()) => self.flushed = true,
                    Err(error) => return self.stream_ended(Some(error)),
                },
                error = self.connection.closed() => return Heard::Gone(Gone::of(&error)),
                Some(_) = self.paths.next() => return Heard::Path,
            }
        }
    }

    /// The next frame, whatever else happens.
    pub(crate) async fn frame(&mut self) -> Result<Frame, Gone> {
        loop {
            match self.next(true).await {
                Heard::Frame(frame) => return Ok(frame),
                Heard::Path => {}
                Heard::Gone(gone) => return Err(gone),
            }
        }
    }

    /// Tells the other side that this one ends, and waits until it has read everything: it then closes, or
    /// says that it ends as well.
    pub(crate) async fn farewell(&mut self) {
        self.send(Frame::Bye);
        while !matches!(self.next(true).await, Heard::Frame(Frame::Bye) | Heard::Gone(_)) {}
    }

    pub(crate) fn close(&self, code: CloseCode) {
        self.connection.close(code.var_int(), b"");
    }

    pub(crate) fn path(&self) -> Option<PathInfo> {
        let paths = self.connection.paths();
        let path = paths.iter().find(|path| path.is_selected())?;
        let round_trip_ms = u32::try_from(path.rtt().as_millis()).unwrap_or(u32::MAX);
        Some(PathInfo { relayed: path.is_relay(), round_trip_ms })
    }

    fn read(&self, frame: Result<Frame, FrameError>) -> Heard {
        match frame {
            Ok(frame) => Heard::Frame(frame),
            Err(FrameError::Transport(error)) => self.stream_ended(Some(FrameError::Transport(error))),
            Err(error) => {
                tracing::warn!(%error, "the other side broke the protocol");
                Heard::Gone(Gone::Broken(CloseCode::Unreadable))
            }
        }
    }

    /// A stream that ends under a living connection was ended by the other side, which may not do that.
    fn stream_ended(&self, error: Option<FrameError>) -> Heard {
        if let Some(reason) = self.connection.close_reason() {
            return Heard::Gone(Gone::of(&reason));
        }
        tracing::warn!(
            error = error.map(|error| error.to_string()),
            "the other side ended the control stream"
        );
        Heard::Gone(Gone::Broken(CloseCode::NotAllowed))
    }
}

impl Gone {
    pub(crate) fn of(error: &ConnectionError) -> Self {
        match error {
            ConnectionError::ApplicationClosed(close) => {
                Self::Closed(CloseCode::from_var_int(close.error_code))
            }
            _ => Self::Lost,
        }
    }
}

fn queue_up(queue: &mut VecDeque<Frame>, frame: Frame) -> bool {
    if matches!(
        frame,
        Frame::Permissions(_) | Frame::Screen(_) | Frame::LetGo | Frame::Asks(_) | Frame::ForAWhile(_)
    ) {
        // Only the last one counts, so that these never pile up.
        let kind = discriminant(&frame);
        queue.retain(|waiting| discriminant(waiting) != kind);
    } else if matches!(frame, Frame::Chat(_)) && queue.len() >= QUEUE {
        return false;
    }
    queue.push_back(frame);
    true
}

/// May be dropped half way: what was taken from the queue stands in the writer's buffer.
async fn flush<W>(writer: &mut W, queue: &mut VecDeque<Frame>) -> Result<(), FrameError>
where
    W: Sink<Frame, Error = FrameError> + Unpin,
{
    poll_fn(|context| {
        loop {
            let mut writer = pin!(&mut *writer);
            ready!(writer.as_mut().poll_ready(context))?;
            match queue.pop_front() {
                Some(frame) => writer.start_send(frame)?,
                None => return writer.poll_flush(context),
            }
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use beckon_domain::{Permission, PermissionSet};

    use super::*;
    use crate::asks::Asks;

    #[test]
    fn of_what_is_asked_and_of_the_switches_only_the_last_word_waits() {
        let (mut queue, none) = (VecDeque::new(), PermissionSet::NONE);
        let asked = none.with(Permission::Input);
        for open in [none, asked, none, asked].repeat(1_000) {
            assert!(queue_up(&mut queue, Frame::Asks(Asks { possible: asked, open })));
            assert!(queue_up(&mut queue, Frame::Permissions(open)));
            assert!(queue_up(&mut queue, Frame::LetGo));
        }
        let last =
            [Frame::Asks(Asks { possible: asked, open: asked }), Frame::Permissions(asked), Frame::LetGo];
        assert_eq!(queue, last);
    }
}
