//! `cargo +nightly fuzz run rfb`: whatever a viewer says, in whatever pieces, it is understood or refused, and
//! nothing is kept beyond the longest message.
//! `crates/session/src/rfb/client_messages/tests.rs` asserts the same without a fuzzer.

#![no_main]

use beckon_session::rfb::ClientMessages;
use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use tokio_util::codec::Decoder;

/// A wish for another size names up to 255 screens.
const LONGEST: usize = 8 + 16 * 255;

fuzz_target!(|said: (u8, Vec<u8>)| {
    let (size, bytes) = said;
    let (mut messages, mut buffer) = (ClientMessages::default(), BytesMut::new());
    for piece in bytes.chunks(usize::from(size).max(1)) {
        buffer.extend_from_slice(piece);
        loop {
            match messages.decode(&mut buffer) {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) => return,
            }
        }
        assert!(buffer.len() <= LONGEST);
    }
});
