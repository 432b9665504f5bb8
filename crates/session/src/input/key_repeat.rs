//! X repeats by itself what is held, also when the line to whoever holds it is broken. So it does not repeat
//! what a viewer holds: the viewer's own system does, and its repeats come as further presses.

use std::collections::BTreeSet;

use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{AutoRepeatMode, ChangeKeyboardControlAux, ConnectionExt as _, Keycode};
use x11rb::rust_connection::RustConnection;

use super::InputFailed;

/// Put back as it was when the keys come up, and when this is dropped.
pub(super) struct KeyRepeat {
    connection: RustConnection,
    stopped: BTreeSet<Keycode>,
}

impl KeyRepeat {
    pub(super) fn open(display: Option<&str>) -> Result<Self, InputFailed> {
        let (connection, _) = x11rb::connect(display).map_err(|error| InputFailed(error.to_string()))?;
        Ok(Self { connection, stopped: BTreeSet::new() })
    }

    /// Before the key goes down.
    pub(super) fn stop(&mut self, key: Keycode) -> Result<(), InputFailed> {
        if self.repeats(key)? {
            self.set(key, AutoRepeatMode::OFF)?;
            self.stopped.insert(key);
        }
        Ok(())
    }

    /// Whether the key would repeat if it were held here. Those that change others do not.
    pub(super) fn is_stopped(&self, key: Keycode) -> bool {
        self.stopped.contains(&key)
    }

    /// After the key came up.
    pub(super) fn restore(&mut self, key: Keycode) -> Result<(), InputFailed> {
        if self.stopped.remove(&key) {
            self.set(key, AutoRepeatMode::ON)?;
        }
        Ok(())
    }

    fn repeats(&self, key: Keycode) -> Result<bool, ReplyError> {
        let repeats = self.connection.get_keyboard_control()?.reply()?.auto_repeats;
        Ok(repeats.get(usize::from(key / 8)).is_some_and(|keys| keys & 1 << (key % 8) != 0))
    }

    fn set(&self, key: Keycode, mode: AutoRepeatMode) -> Result<(), ReplyError> {
        let change = ChangeKeyboardControlAux::new().key(u32::from(key)).auto_repeat_mode(mode);
        self.connection.change_keyboard_control(&change)?.check()
    }
}

impl Drop for KeyRepeat {
    fn drop(&mut self) {
        for key in std::mem::take(&mut self.stopped) {
            if let Err(error) = self.set(key, AutoRepeatMode::ON) {
                tracing::debug!(%error, "a key does not repeat any more");
            }
        }
    }
}

impl From<ReplyError> for InputFailed {
    fn from(error: ReplyError) -> Self {
        Self(error.to_string())
    }
}
