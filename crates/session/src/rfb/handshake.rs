//! The beginning: versions, no security of its own, and hello.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::client_messages::Malformed;

const VERSION: &[u8; 12] = b"RFB 003.008\n";
/// The one kind of security: none, since the connection around it has its own.
const NONE: u8 = 1;
const SECURITY_OK: [u8; 4] = [0; 4];

/// Until the viewer has said that it wants to see the screen.
pub(crate) async fn greet<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> Result<(), Malformed> {
    stream.write_all(VERSION).await?;
    let mut version = [0; VERSION.len()];
    stream.read_exact(&mut version).await?;
    if version != *VERSION {
        return Err(Malformed::Version);
    }
    stream.write_all(&[1, NONE]).await?;
    if stream.read_u8().await? != NONE {
        return Err(Malformed::Security);
    }
    stream.write_all(&SECURITY_OK).await?;
    // Whether it wants to be alone. Every viewer has a session of its own here.
    let _shared = stream.read_u8().await?;
    Ok(())
}
