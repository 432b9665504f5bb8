//! What `fuzz/fuzz_targets/control.rs` needs of this side's door.

use bytes::BytesMut;
use tokio_util::codec::{Decoder as _, Encoder as _};

use super::{FRAME_MAX, FrameCodec, LENGTH_BYTES};

/// Reads pieces as they come. Whatever is understood can be said again and means the same, and nothing is kept
/// beyond the longest frame.
pub fn hear<'a>(pieces: impl Iterator<Item = &'a [u8]>) {
    let mut buffer = BytesMut::new();
    for piece in pieces {
        buffer.extend_from_slice(piece);
        loop {
            match FrameCodec.decode(&mut buffer) {
                Ok(Some(frame)) => {
                    let mut again = BytesMut::new();
                    assert!(FrameCodec.encode(frame.clone(), &mut again).is_ok());
                    assert!(matches!(FrameCodec.decode(&mut again), Ok(Some(same)) if same == frame));
                }
                Ok(None) => break,
                Err(_) => return,
            }
        }
        assert!(buffer.len() < LENGTH_BYTES + FRAME_MAX);
    }
}
