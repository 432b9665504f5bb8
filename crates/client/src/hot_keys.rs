//! The keys that work in whatever program the person is: which ones, and what may be chosen.

use beckon_wire::{ApiError, Code};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::client::Client;
use crate::preferences::Preferences;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum HotKey {
    /// Ends every session in which this device is the host.
    Stop,
    /// Gives the focus to the pop-up of an invitation.
    Popup,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum HotKeyChoice {
    #[default]
    Usual,
    Off,
    Keys(Combination),
}

/// One key with those that are held down with it. As text: `Control+Alt+Shift+End`, in this order, the key by the
/// name that browsers give to its place on the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(as = "String", export)]
pub struct Combination {
    modifiers: u8,
    /// Its place in the list of [`KEYS`].
    key: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no combination of keys that a program may hold")]
pub struct NoCombination;

/// What the windows say of these keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct HotKeysState {
    /// Whether this system lets a program hold such keys at all.
    pub possible: bool,
    pub stop: HotKeyState,
    pub popup: HotKeyState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct HotKeyState {
    /// None: switched off.
    pub keys: Option<Combination>,
    pub usual: Combination,
    /// It was needed, and another program has it.
    pub taken: bool,
}

/// As they are written, and in which order.
const MODIFIERS: [&str; 4] = ["Control", "Alt", "Shift", "Meta"];
const CONTROL: u8 = 1 << 0;
const ALT: u8 = 1 << 1;
const SHIFT: u8 = 1 << 2;
const META: u8 = 1 << 3;

const E: u8 = 4;
const I: u8 = 8;
const HOME: u8 = 64;
const END: u8 = 65;

/// Keys with which people write, leave, go on or answer are not among them.
#[rustfmt::skip]
const KEYS: [&str; 75] = [
    "KeyA", "KeyB", "KeyC", "KeyD", "KeyE", "KeyF", "KeyG", "KeyH", "KeyI", "KeyJ", "KeyK", "KeyL", "KeyM",
    "KeyN", "KeyO", "KeyP", "KeyQ", "KeyR", "KeyS", "KeyT", "KeyU", "KeyV", "KeyW", "KeyX", "KeyY", "KeyZ",
    "Digit0", "Digit1", "Digit2", "Digit3", "Digit4", "Digit5", "Digit6", "Digit7", "Digit8", "Digit9",
    "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12", "F13", "F14", "F15", "F16",
    "F17", "F18", "F19", "F20", "F21", "F22", "F23", "F24",
    "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown", "Insert",
    "Delete", "Backspace", "Space", "Pause", "Comma", "Period",
];

impl HotKey {
    pub const ALL: [Self; 2] = [Self::Stop, Self::Popup];

    /// Not one that desktops use. A laptop of Apple's has no *End*.
    pub fn usual(self) -> Combination {
        let apple = cfg!(target_os = "macos");
        let (modifiers, key) = match self {
            Self::Stop if apple => (CONTROL | SHIFT | META, E),
            Self::Popup if apple => (CONTROL | SHIFT | META, I),
            Self::Stop => (CONTROL | ALT | SHIFT, END),
            Self::Popup => (CONTROL | ALT | SHIFT, HOME),
        };
        Combination { modifiers, key }
    }

    /// None: switched off.
    pub fn of(self, preferences: &Preferences) -> Option<Combination> {
        let choice = match self {
            Self::Stop => preferences.stop_key,
            Self::Popup => preferences.popup_key,
        };
        self.keys(choice)
    }

    pub fn keys(self, choice: HotKeyChoice) -> Option<Combination> {
        match choice {
            HotKeyChoice::Usual => Some(self.usual()),
            HotKeyChoice::Off => None,
            HotKeyChoice::Keys(keys) => Some(keys),
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Stop => Self::Popup,
            Self::Popup => Self::Stop,
        }
    }
}

impl Client {
    /// No two of them are the same.
    pub fn choose_hot_key(&self, hot_key: HotKey, choice: HotKeyChoice) -> Result<(), ApiError> {
        let mut preferences = self.preferences();
        let keys = hot_key.keys(choice);
        if keys.is_some() && keys == hot_key.other().of(&preferences) {
            return Err(ApiError::new(Code::HotKeyTwice));
        }
        match hot_key {
            HotKey::Stop => preferences.stop_key = choice,
            HotKey::Popup => preferences.popup_key = choice,
        }
        self.set_preferences(preferences)
    }

    /// Whether a viewer holds keys down here, or used one a moment ago: a hot key that comes then may be theirs.
    pub fn is_viewer_typing(&self) -> bool {
        let inner = self.inner();
        inner.sessions.own_screen.parts().typing.is_under_way(inner.shared.clock.monotonic())
    }
}

impl TryFrom<String> for Combination {
    type Error = NoCombination;

    fn try_from(text: String) -> Result<Self, NoCombination> {
        let (held, key) = text.rsplit_once('+').ok_or(NoCombination)?;
        let mut modifiers = 0;
        for name in held.split('+') {
            let place = MODIFIERS.iter().position(|known| *known == name).ok_or(NoCombination)?;
            let bit = 1 << place;
            // In their order, and each once.
            if modifiers >= bit {
                return Err(NoCombination);
            }
            modifiers |= bit;
        }
        // With Shift alone people write.
        if modifiers & !SHIFT == 0 {
            return Err(NoCombination);
        }
        let place = KEYS.iter().position(|known| *known == key).ok_or(NoCombination)?;
        Ok(Self { modifiers, key: u8::try_from(place).map_err(|_| NoCombination)? })
    }
}

impl From<Combination> for String {
    fn from(keys: Combination) -> Self {
        keys.to_string()
    }
}

impl std::fmt::Display for Combination {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, name) in MODIFIERS.iter().enumerate() {
            if self.modifiers & 1 << place != 0 {
                write!(to, "{name}+")?;
            }
        }
        to.write_str(KEYS.get(usize::from(self.key)).copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Combination, NoCombination> {
        Combination::try_from(text.to_owned())
    }

    #[test]
    fn a_combination_is_read_as_it_is_written() {
        for text in ["Control+Alt+Shift+End", "Control+KeyA", "Alt+Shift+Meta+F12", "Meta+Digit0"] {
            assert_eq!(read(text).map(|keys| keys.to_string()), Ok(text.to_owned()));
        }
        for hot_key in HotKey::ALL {
            assert_eq!(read(&hot_key.usual().to_string()), Ok(hot_key.usual()));
        }
    }

    #[test]
    fn what_people_write_or_answer_with_is_no_combination() {
        let refused = [
            "",
            "+",
            "End",
            "KeyA",
            "Shift+KeyA",
            "Control+",
            "Control+Alt",
            "Control+Enter",
            "Alt+Tab",
            "Control+Escape",
            "Control+Control+KeyA",
            "Alt+Control+KeyA",
            "Control+KeyA+KeyB",
            "control+KeyA",
            " Control+KeyA",
            "Control+keya",
        ];
        for text in refused {
            assert_eq!(read(text), Err(NoCombination), "{text}");
        }
    }

    #[test]
    fn the_usual_ones_are_those_that_the_manual_names() {
        let usual = HotKey::ALL.map(|hot_key| hot_key.usual().to_string());
        let named = if cfg!(target_os = "macos") {
            ["Control+Shift+Meta+KeyE", "Control+Shift+Meta+KeyI"]
        } else {
            ["Control+Alt+Shift+End", "Control+Alt+Shift+Home"]
        };
        assert_eq!(usual, named);
    }

    #[test]
    fn switched_off_there_is_none_and_the_usual_two_differ() {
        let mut preferences = Preferences::default();
        let [stop, popup] = HotKey::ALL.map(|hot_key| hot_key.of(&preferences));
        assert!(stop.is_some() && popup.is_some() && stop != popup);
        preferences.stop_key = HotKeyChoice::Off;
        preferences.popup_key = HotKeyChoice::Keys(HotKey::Stop.usual());
        assert_eq!(HotKey::Stop.of(&preferences), None);
        assert_eq!(HotKey::Popup.of(&preferences), Some(HotKey::Stop.usual()));
    }
}
