//! What passes on the control stream: frames with a length in front, each a postcard value.
//!
//! The viewer opens the one stream and says [`Hello`]; the host answers [`Welcome`] or closes the connection.
//! The order of the variants is the format: see `docs/protocol.md`.

use beckon_domain::{Permission, PermissionSet, SessionId};
use bytes::{BufMut, BytesMut};
use serde::{Deserialize, Serialize};
use tokio_util::codec::{Decoder, Encoder};

use crate::asks::Asks;
use crate::chat::{Chat, ChatId};
use crate::for_a_while::TimeLeft;
use crate::resume::{Proof, ResumeSecret};
use crate::screen::ScreenState;

/// Moves on with [`crate::endpoint::ALPN`] when the two would not understand each other; with this alone
/// when they would, but something new may be said.
pub(crate) const VERSION: u16 = 1;

/// The most bytes of a frame, without its length.
pub(crate) const FRAME_MAX: usize = 64 * 1024;

const LENGTH_BYTES: usize = 4;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Frame {
    /// Viewer, first.
    Hello(Hello),
    /// Host, first.
    Welcome(Welcome),
    /// Either.
    Chat(Chat),
    /// Host: what the viewer may do from now on.
    Permissions(PermissionSet),
    /// Either: this side ends the session.
    Bye,
    /// Host: what its screen does.
    Screen(ScreenState),
    /// Viewer: whatever it holds down comes up. Its window is no longer the one that hears keys.
    LetGo,
    /// Viewer: may it do this too?
    Ask(Permission),
    /// Host: what may be asked for, and what was asked and is not answered.
    Asks(Asks),
    /// Host: which switches turn off by themselves, and when.
    ForAWhile(TimeLeft),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hello {
    pub(crate) version: u16,
    pub(crate) session: SessionId,
    /// Absent on the first connect.
    pub(crate) resume: Option<Resume>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Resume {
    pub(crate) proof: Proof,
    /// The last message that this side has seen of the other's.
    pub(crate) chat_seen: ChatId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Welcome {
    pub(crate) permissions: PermissionSet,
    pub(crate) answer: Answer,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Answer {
    /// To a first connect: what to prove when coming back.
    First(ResumeSecret),
    /// To a resume: the host proves it too.
    Resumed(Resume),
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("a frame of {0} bytes")]
    TooLong(usize),
    #[error("a frame that cannot be read")]
    Unreadable,
    #[error(transparent)]
    Transport(#[from] std::io::Error),
}

pub(crate) struct FrameCodec;

impl Decoder for FrameCodec {
    type Item = Frame;
    type Error = FrameError;

    fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<Frame>, FrameError> {
        let Some(length) = buffer.first_chunk::<LENGTH_BYTES>() else { return Ok(None) };
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        // Before anything is allocated for it.
        if length > FRAME_MAX {
            return Err(FrameError::TooLong(length));
        }
        if buffer.len() < LENGTH_BYTES + length {
            buffer.reserve(LENGTH_BYTES + length - buffer.len());
            return Ok(None);
        }
        let frame = buffer.split_to(LENGTH_BYTES + length).split_off(LENGTH_BYTES);
        match postcard::take_from_bytes(&frame) {
            Ok((frame, [])) => Ok(Some(frame)),
            _ => Err(FrameError::Unreadable),
        }
    }
}

impl Encoder<Frame> for FrameCodec {
    type Error = FrameError;

    fn encode(&mut self, frame: Frame, buffer: &mut BytesMut) -> Result<(), FrameError> {
        let bytes = postcard::to_allocvec(&frame).map_err(|_| FrameError::Unreadable)?;
        let length = u32::try_from(bytes.len()).map_err(|_| FrameError::TooLong(bytes.len()))?;
        if bytes.len() > FRAME_MAX {
            return Err(FrameError::TooLong(bytes.len()));
        }
        buffer.reserve(LENGTH_BYTES + bytes.len());
        buffer.put_u32(length);
        buffer.extend_from_slice(&bytes);
        Ok(())
    }
}

#[cfg(feature = "fuzzing")]
pub mod fuzzing;

#[cfg(test)]
mod tests;
