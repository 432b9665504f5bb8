//! The first words on a stream beside the control stream: what it is for, and the answer. A length in front,
//! then postcard; nothing is read beyond them, since the stream may go on in another language.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The most bytes of a first word.
const MOST: u32 = 4_096;

/// Viewer, first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Opening {
    /// To see that monitor: the first is the primary one.
    Screen { monitor: u8 },
    /// To list, send or fetch; it says which in frames of its own.
    Files,
    /// To share clipboards until the stream ends.
    Clipboard,
    /// To be told what the host's computer is.
    SystemInfo,
    /// Whether to lock the account once the session is over. Nothing follows.
    LockAtEnd { wanted: bool },
    /// To be told of the monitors, until the stream ends.
    Monitors,
}

pub(crate) async fn say<T: Serialize>(
    stream: &mut (impl AsyncWrite + Unpin),
    word: &T,
) -> std::io::Result<()> {
    let bytes = postcard::to_allocvec(word).map_err(std::io::Error::other)?;
    let length = u32::try_from(bytes.len()).map_err(std::io::Error::other)?;
    stream.write_u32(length).await?;
    stream.write_all(&bytes).await
}

pub(crate) async fn hear<T: DeserializeOwned>(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<T> {
    let length = stream.read_u32().await?;
    if length > MOST {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; usize::try_from(length).map_err(std::io::Error::other)?];
    stream.read_exact(&mut bytes).await?;
    match postcard::take_from_bytes(&bytes) {
        Ok((word, [])) => Ok(word),
        _ => Err(std::io::ErrorKind::InvalidData.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_first_word_arrives_as_it_was_said() {
        let (mut viewer, mut host) = tokio::io::duplex(64);
        say(&mut viewer, &Opening::Screen { monitor: 3 }).await.unwrap();
        let mut bytes = [0; 6];
        host.read_exact(&mut bytes).await.unwrap();
        assert_eq!(bytes, [0, 0, 0, 2, 0, 3]);
        say(&mut viewer, &Opening::Screen { monitor: 3 }).await.unwrap();
        assert_eq!(hear::<Opening>(&mut host).await.unwrap(), Opening::Screen { monitor: 3 });
    }

    #[tokio::test]
    async fn one_that_is_too_long_or_means_nothing_is_refused() {
        for bytes in [&[0, 0, 0x10, 1, 0][..], &[0, 0, 0, 2, 9, 9], &[0, 0, 0, 3, 0, 0, 0]] {
            let (mut viewer, mut host) = tokio::io::duplex(64);
            viewer.write_all(bytes).await.unwrap();
            assert!(hear::<Opening>(&mut host).await.is_err(), "{bytes:?}");
        }
    }
}
