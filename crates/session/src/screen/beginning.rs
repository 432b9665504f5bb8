//! How a host's RFB begins, looked at while it passes to the viewer's page: a picture of a size that no screen
//! has would take all of that page's memory.
//!
//! Absent on purpose: whatever comes later. To find a new size among pictures is to understand the pictures.

use std::io::{Error, ErrorKind};

/// The version, the one kind of security, and that it is settled: `greet` on the host says so.
const GREETING: &[u8; 18] = b"RFB 003.008\n\x01\x01\0\0\0\0";
/// Twice as many as the largest screens have.
const PIXELS_MOST: u32 = 1 << 26;

#[derive(Default)]
pub(super) struct Beginning {
    /// Bytes that passed, as far as they matter.
    passed: usize,
    size: u32,
}

impl Beginning {
    /// The next bytes, in whatever pieces they come.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let matters = (GREETING.len() + size_of::<u32>()).saturating_sub(self.passed);
        bytes.iter().take(matters).try_for_each(|byte| self.pass_one(*byte))
    }

    fn pass_one(&mut self, byte: u8) -> Result<(), Error> {
        match GREETING.get(self.passed) {
            Some(expected) if byte != *expected => return Err(refused("no screen")),
            Some(_) => {}
            None => self.size = self.size << 8 | u32::from(byte),
        }
        self.passed += 1;
        let is_told = self.passed == GREETING.len() + size_of::<u32>();
        if is_told && !(1..=PIXELS_MOST).contains(&self.pixels()) {
            return Err(refused("a screen of a size that none has"));
        }
        Ok(())
    }

    /// Width and height have two bytes each, so that their product has no more than four.
    fn pixels(&self) -> u32 {
        (self.size >> 16) * (self.size & 0xffff)
    }
}

fn refused(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(size: [u8; 4], in_pieces_of: usize) -> bool {
        let bytes = [&GREETING[..], &size, &[0xff; 40]].concat();
        let mut beginning = Beginning::default();
        bytes.chunks(in_pieces_of).all(|piece| beginning.pass(piece).is_ok())
    }

    #[test]
    fn every_screen_passes_and_what_none_is_does_not() {
        for pieces in [1, 7, 100] {
            assert!(passes([0, 1, 0, 1], pieces));
            assert!(passes([0x1e, 0, 0x10, 0xe0], pieces), "7680 by 4320");
            assert!(passes([0x20, 0, 0x20, 0], pieces));
            assert!(!passes([0x20, 0, 0x20, 1], pieces));
            assert!(!passes([0xff; 4], pieces));
            assert!(!passes([0, 0, 0xff, 0xff], pieces));
        }
        assert!(Beginning::default().pass(b"RFB 003.007\n").is_err());
    }
}
