//! Whether an X server has the computer's screen. A locker that opens a desktop of its own, such as light-locker, and
//! whoever changes to another person's, take it away: nobody sees then what is drawn or what input would do.

use x11rb::connection::Connection;
use x11rb::errors::{ConnectError, ReplyError, ReplyOrIdError};
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ChangeWindowAttributesAux, ConnectionExt as _, EventMask, Window,
};
use x11rb::rust_connection::RustConnection;

/// Where Xorg says it, since 1.16. A display that is not a computer's screen does not say it.
const HAS_SCREEN: &[u8] = b"XFree86_has_VT";

pub(crate) struct Foreground {
    connection: RustConnection,
    root: Window,
    property: Atom,
    is_shown: bool,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum NoForeground {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Server(#[from] ReplyOrIdError),
}

impl Foreground {
    pub(crate) fn open(display: Option<&str>) -> Result<Self, NoForeground> {
        let (connection, screen) = x11rb::connect(display)?;
        let root = connection.setup().roots.get(screen).map_or(x11rb::NONE, |screen| screen.root);
        let (property, is_shown) = watch(&connection, root).map_err(ReplyOrIdError::from)?;
        Ok(Self { connection, root, property, is_shown })
    }

    /// What cannot be found out counts as not shown.
    pub(crate) fn is_shown(&mut self) -> bool {
        self.follow().inspect_err(|error| tracing::warn!(%error, "the X server")).is_ok() && self.is_shown
    }

    fn follow(&mut self) -> Result<(), ReplyError> {
        while let Some(event) = self.connection.poll_for_event()? {
            if matches!(event, Event::PropertyNotify(changed) if changed.atom == self.property) {
                self.is_shown = says_shown(&self.connection, self.root, self.property)?;
            }
        }
        Ok(())
    }
}

fn watch(connection: &RustConnection, root: Window) -> Result<(Atom, bool), ReplyError> {
    let property = connection.intern_atom(false, HAS_SCREEN)?.reply()?.atom;
    let hears = ChangeWindowAttributesAux::new().event_mask(EventMask::PROPERTY_CHANGE);
    connection.change_window_attributes(root, &hears)?.check()?;
    Ok((property, says_shown(connection, root, property)?))
}

fn says_shown(connection: &RustConnection, root: Window, property: Atom) -> Result<bool, ReplyError> {
    let said = connection.get_property(false, root, property, AtomEnum::INTEGER, 0, 1)?.reply()?;
    Ok(said.value32().and_then(|mut value| value.next()) != Some(0))
}
