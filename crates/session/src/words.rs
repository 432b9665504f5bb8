//! The four words that both windows show, so that a service which swaps keys is caught.

use bip39::Language;
use iroh::endpoint::Connection;

use crate::endpoint::exported;

pub(crate) fn words_of(first: &Connection) -> [String; 4] {
    four_words(exported(first, b"beckon four words"))
}

/// 44 bits, eleven for each word, out of the first connection's own secret.
fn four_words(secret: [u8; 6]) -> [String; 4] {
    let bits = secret.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte)) >> 4;
    [33, 22, 11, 0].map(|shift| word(bits >> shift))
}

fn word(bits: u64) -> String {
    let index = usize::try_from(bits & 0x7ff).unwrap_or_default();
    let words = Language::English.word_list();
    words.get(index).copied().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_the_first_44_bits() {
        assert_eq!(four_words([0; 6]), ["abandon", "abandon", "abandon", "abandon"]);
        assert_eq!(four_words([0xff; 6]), ["zoo", "zoo", "zoo", "zoo"]);
        // 00000000001 00000000010 00000000011 00000000100 and four bits that do not count.
        assert_eq!(four_words([0x00, 0x20, 0x08, 0x01, 0x80, 0x4f]), ["ability", "able", "about", "above"]);
    }
}
