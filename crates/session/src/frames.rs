//! Streams beside the control stream carry the same frames: a length in front, then a postcard value.

use std::future::poll_fn;
use std::io::{Error, ErrorKind};

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};

#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameBroken {
    /// Longer than it may be, or no such frame.
    #[error("a frame that cannot be read")]
    Unreadable,
    #[error("a frame that is too long to be sent")]
    TooLong,
    #[error(transparent)]
    Transport(Error),
}

pub(crate) struct FrameReader<R>(FramedRead<R, LengthDelimitedCodec>);

pub(crate) struct FrameWriter<W>(FramedWrite<W, LengthDelimitedCodec>);

impl<R: AsyncRead + Unpin> FrameReader<R> {
    /// `longest` bytes without the length; what claims to be longer is refused before anything is
    /// allocated for it.
    pub(crate) fn new(stream: R, longest: usize) -> Self {
        Self(FramedRead::new(stream, codec(longest)))
    }

    /// Nothing is lost when it is dropped half way. Nothing where the stream has ended.
    pub(crate) async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, FrameBroken> {
        let Some(frame) = self.0.next().await else { return Ok(None) };
        let frame = frame.map_err(FrameBroken::of)?;
        match postcard::take_from_bytes(&frame) {
            Ok((value, [])) => Ok(Some(value)),
            _ => Err(FrameBroken::Unreadable),
        }
    }
}

impl<W: AsyncWrite + Unpin> FrameWriter<W> {
    pub(crate) fn new(stream: W, longest: usize) -> Self {
        Self(FramedWrite::new(stream, codec(longest)))
    }

    /// Waits until a frame can be put. Nothing is lost when it is dropped half way.
    pub(crate) async fn ready(&mut self) -> Result<(), FrameBroken> {
        poll_fn(|context| SinkExt::<Bytes>::poll_ready_unpin(&mut self.0, context))
            .await
            .map_err(FrameBroken::of)
    }

    /// Puts a frame into the buffer; who puts many waits until it is [`FrameWriter::ready`] before each.
    pub(crate) fn put<T: Serialize>(&mut self, value: &T) -> Result<(), FrameBroken> {
        let bytes = postcard::to_allocvec(value).map_err(|_| FrameBroken::Unreadable)?;
        self.0.start_send_unpin(Bytes::from(bytes)).map_err(|_| FrameBroken::TooLong)
    }

    /// Nothing is lost when it is dropped half way.
    pub(crate) async fn flush(&mut self) -> Result<(), FrameBroken> {
        SinkExt::<Bytes>::flush(&mut self.0).await.map_err(FrameBroken::of)
    }

    pub(crate) async fn send<T: Serialize>(&mut self, value: &T) -> Result<(), FrameBroken> {
        self.put(value)?;
        self.flush().await
    }

    /// Everything is said.
    pub(crate) async fn close(&mut self) -> Result<(), FrameBroken> {
        SinkExt::<Bytes>::close(&mut self.0).await.map_err(FrameBroken::of)
    }
}

impl FrameBroken {
    fn of(error: Error) -> Self {
        // The codec's own word for a frame that is too long.
        if error.kind() == ErrorKind::InvalidData { Self::Unreadable } else { Self::Transport(error) }
    }
}

fn codec(longest: usize) -> LengthDelimitedCodec {
    LengthDelimitedCodec::builder().length_field_type::<u32>().max_frame_length(longest).new_codec()
}
