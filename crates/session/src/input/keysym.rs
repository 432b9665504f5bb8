//! Keys that a viewer gives by what X calls them, for those that it cannot place on a keyboard.

use enigo::Key;
use xkeysym::{Keysym, key};

/// Nothing where a key of that name is not known here.
pub(super) fn key_of(keysym: u32) -> Option<Key> {
    let named = match keysym {
        0xff08 => Key::Backspace,
        0xff09 | 0xff89 => Key::Tab,
        0xff0d | 0xff8d => Key::Return,
        0xff1b => Key::Escape,
        0xff50 | 0xff95 => Key::Home,
        0xff51 | 0xff96 => Key::LeftArrow,
        0xff52 | 0xff97 => Key::UpArrow,
        0xff53 | 0xff98 => Key::RightArrow,
        0xff54 | 0xff99 => Key::DownArrow,
        0xff55 | 0xff9a => Key::PageUp,
        0xff56 | 0xff9b => Key::PageDown,
        0xff57 | 0xff9c => Key::End,
        0xff9f | 0xffff => Key::Delete,
        0xffaa => Key::Multiply,
        0xffab => Key::Add,
        0xffad => Key::Subtract,
        0xffae => Key::Decimal,
        0xffaf => Key::Divide,
        0xffb0 => Key::Numpad0,
        0xffb1 => Key::Numpad1,
        0xffb2 => Key::Numpad2,
        0xffb3 => Key::Numpad3,
        0xffb4 => Key::Numpad4,
        0xffb5 => Key::Numpad5,
        0xffb6 => Key::Numpad6,
        0xffb7 => Key::Numpad7,
        0xffb8 => Key::Numpad8,
        0xffb9 => Key::Numpad9,
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
        // Accents that wait for a letter. Other systems have no name for them.
        #[cfg(target_os = "linux")]
        0xfe50..=0xfe93 => Key::Other(keysym),
        _ => Key::Unicode(Keysym::new(keysym).key_char().filter(|char| !char.is_control())?),
    };
    Some(named)
}

/// The place on a keyboard of what writes nothing by itself, and is not called the same on all systems.
pub(super) fn scancode_of(keysym: u32) -> Option<u8> {
    match keysym {
        // The key that reaches the third level: on the right of the space bar, also where an Alt is there.
        key::ISO_Level3_Shift | key::Mode_switch => Some(0xb8),
        key::Insert | key::KP_Insert => Some(0xd2),
        // The five in the middle, while it is none.
        key::KP_Begin => Some(0x4c),
        key::Menu => Some(0xdd),
        key::Num_Lock => Some(0x45),
        key::Pause => Some(0xc6),
        key::Print => Some(0xb7),
        key::Scroll_Lock => Some(0x46),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// What the page calls each character beyond Latin 1: its own list, a line for each.
    fn called_by_the_page() -> Vec<(char, u32)> {
        let file = "../../ui/node_modules/@novnc/novnc/core/input/keysymdef.js";
        let list = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
        let list = list.expect("the page's libraries, which `cargo xtask setup` installs");
        let number = |text: &str| u32::from_str_radix(text.trim().strip_prefix("0x")?, 16).ok();
        let named = list.lines().filter_map(|line| {
            let (char, rest) = line.split_once(": ")?;
            Some((char::from_u32(number(char)?)?, number(rest.split_once(',')?.0)?))
        });
        named.collect()
    }

    #[test]
    fn every_character_is_the_one_that_the_page_means() {
        let called = called_by_the_page();
        assert!(called.len() > 600, "{}", called.len());
        for (char, keysym) in called.into_iter().filter(|(_, keysym)| *keysym < 0x0100_0000) {
            assert_eq!(key_of(keysym), Some(Key::Unicode(char)), "{keysym:#x}");
        }
        for (char, keysym) in [('€', 0x20ac), ('ą', 0x1b1), ('α', 0x7e1), ('Ж', 0x6f6), ('漢', 0x0100_6f22)]
        {
            assert_eq!(key_of(keysym), Some(Key::Unicode(char)), "{keysym:#x}");
        }
    }

    #[test]
    fn characters_and_keys_are_told_apart() {
        assert_eq!(key_of(0x61), Some(Key::Unicode('a')));
        assert_eq!(key_of(0xfc), Some(Key::Unicode('ü')));
        assert_eq!(key_of(0x0100_20ac), Some(Key::Unicode('€')));
        assert_eq!(key_of(0xff0d), Some(Key::Return));
        assert_eq!(key_of(0x0100_0007), None, "a bell is not a key");
        assert_eq!(key_of(0xff0b), None, "nor is what clears");
        assert_eq!(key_of(0x0100_d800), None, "half a character");
        assert_eq!(key_of(0), None);
        assert_eq!(key_of(u32::MAX), None);
    }

    #[test]
    fn the_keypad_is_a_keypad() {
        assert_eq!(key_of(0xffaa), Some(Key::Multiply));
        assert_eq!(key_of(0xffac), Some(Key::Unicode(',')));
        assert_eq!(key_of(0xffb0), Some(Key::Numpad0));
        assert_eq!(key_of(0xffb9), Some(Key::Numpad9));
        assert_eq!(key_of(0xffbd), Some(Key::Unicode('=')));
        assert_eq!(key_of(0xff80), Some(Key::Unicode(' ')));
        assert_eq!(key_of(0xff95), Some(Key::Home));
        assert_eq!(scancode_of(0xff9e), Some(0xd2));
    }

    #[test]
    fn what_changes_the_level_is_a_place_on_the_keyboard() {
        assert_eq!(scancode_of(0xfe03), Some(0xb8));
        assert_eq!(scancode_of(0xff7e), Some(0xb8));
        assert_eq!(scancode_of(0x61), None);
    }
}
