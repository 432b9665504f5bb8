//! The layout of X's keyboard. Enigo reads it once, and a person may choose another at any time.

use x11rb::connection::Connection as _;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _};
use x11rb::rust_connection::RustConnection;

use super::InputFailed;

/// Where every program that sets a layout writes which one it is.
const NAMES: &[u8] = b"_XKB_RULES_NAMES";
/// In units of four bytes; names are far shorter.
const LONGEST: u32 = 1024;

pub(super) struct Layout {
    connection: RustConnection,
    screen: usize,
    known: Vec<u8>,
}

impl Layout {
    pub(super) fn open(display: Option<&str>) -> Result<Self, InputFailed> {
        let opened = x11rb::connect(display).map_err(|error| InputFailed(error.to_string()))?;
        let (connection, screen) = opened;
        let mut layout = Self { connection, screen, known: Vec::new() };
        layout.has_changed()?;
        Ok(layout)
    }

    /// Since this was asked last.
    pub(super) fn has_changed(&mut self) -> Result<bool, InputFailed> {
        let before = std::mem::take(&mut self.known);
        self.known = self.names()?;
        Ok(self.known != before)
    }

    fn names(&self) -> Result<Vec<u8>, ReplyError> {
        let Some(screen) = self.connection.setup().roots.get(self.screen) else { return Ok(Vec::new()) };
        let property = self.connection.intern_atom(false, NAMES)?.reply()?.atom;
        let asked =
            self.connection.get_property(false, screen.root, property, AtomEnum::STRING, 0, LONGEST)?;
        Ok(asked.reply()?.value)
    }
}
