//! Keys that have no place on a keyboard, by what X calls them.

use enigo::Key;

/// Keysyms of characters beyond Latin 1 are their number in Unicode, and this.
const UNICODE: u32 = 0x0100_0000;

/// Nothing where a key of that name is not known here.
pub(super) fn key_of(keysym: u32) -> Option<Key> {
    let key = match keysym {
        0x20..=0x7e | 0xa0..=0xff => Key::Unicode(char::from_u32(keysym)?),
        UNICODE.. => Key::Unicode(char::from_u32(keysym - UNICODE).filter(|char| !char.is_control())?),
        0xff08 => Key::Backspace,
        0xff09 => Key::Tab,
        0xff0d | 0xff8d => Key::Return,
        0xff1b => Key::Escape,
        0xff50 => Key::Home,
        0xff51 => Key::LeftArrow,
        0xff52 => Key::UpArrow,
        0xff53 => Key::RightArrow,
        0xff54 => Key::DownArrow,
        0xff55 => Key::PageUp,
        0xff56 => Key::PageDown,
        0xff57 => Key::End,
        0xffff => Key::Delete,
        0xffbe => Key::F1,
        0xffbf => Key::F2,
        0xffc0 => Key::F3,
        0xffc1 => Key::F4,
        0xffc2 => Key::F5,
        0xffc3 => Key::F6,
        0xffc4 => Key::F7,
        0xffc5 => Key::F8,
        0xffc6 => Key::F9,
        0xffc7 => Key::F10,
        0xffc8 => Key::F11,
        0xffc9 => Key::F12,
        0xffe1 | 0xffe2 => Key::Shift,
        0xffe3 | 0xffe4 => Key::Control,
        0xffe5 => Key::CapsLock,
        0xffe7 | 0xffe8 | 0xffeb | 0xffec => Key::Meta,
        0xffe9 | 0xffea => Key::Alt,
        _ => return None,
    };
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_and_keys_are_told_apart() {
        assert_eq!(key_of(0x61), Some(Key::Unicode('a')));
        assert_eq!(key_of(0xfc), Some(Key::Unicode('ü')));
        assert_eq!(key_of(0x0100_20ac), Some(Key::Unicode('€')));
        assert_eq!(key_of(0xff0d), Some(Key::Return));
        assert_eq!(key_of(0x0100_0007), None, "a bell is not a key");
        assert_eq!(key_of(0), None);
        assert_eq!(key_of(u32::MAX), None);
    }
}
