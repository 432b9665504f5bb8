//! `cargo +nightly fuzz run control`: whatever the other side says on the control stream, in whatever pieces, it is
//! understood or refused, and nothing is kept beyond the longest frame.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|said: (u16, Vec<u8>)| {
    let (size, bytes) = said;
    beckon_session::fuzzing::hear(bytes.chunks(usize::from(size).max(1)));
});
