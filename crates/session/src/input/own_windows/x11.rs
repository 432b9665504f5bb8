//! The X server knows which process opened each window (XRes); those of other Beckons bear a mark. A window manager's
//! frame belongs to what it frames: a click on it could close or move that.

use std::collections::VecDeque;

use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::res::{ClientIdMask, ClientIdSpec, ConnectionExt as _};
use x11rb::protocol::xproto::{Atom, AtomEnum, ConnectionExt as _, InputFocus, Window};
use x11rb::rust_connection::RustConnection;

use super::MARK;
use crate::input::InputFailed;

/// Windows within one that is asked about: what is framed comes early.
const LOOKED_AT_MOST: usize = 64;

pub(in crate::input) struct OwnWindows {
    connection: RustConnection,
    root: Window,
    process: u32,
    names: Names,
}

/// What windows say of themselves.
struct Names {
    /// Their process, where the server does not say it.
    process: Atom,
    /// The window that stands for all of a program's, also for its dialogs and menus.
    leader: Atom,
    mark: Atom,
}

impl OwnWindows {
    pub(in crate::input) fn open(display: Option<&str>) -> Result<Self, InputFailed> {
        let (connection, screen) = x11rb::connect(display).map_err(|error| InputFailed(error.to_string()))?;
        let root = connection.setup().roots.get(screen).map(|screen| screen.root);
        let root = root.ok_or_else(|| InputFailed("there is no screen".to_owned()))?;
        let names = prepare(&connection).map_err(|error| InputFailed(error.to_string()))?;
        Ok(Self { connection, root, process: std::process::id(), names })
    }

    /// What cannot be found out counts as own.
    pub(in crate::input) fn is_at(&self, (x, y): (i32, i32)) -> bool {
        let place = |number: i32| i16::try_from(number).unwrap_or(i16::MAX);
        self.top_at(place(x), place(y)).and_then(|top| self.holds_own(top)).unwrap_or(true)
    }

    pub(in crate::input) fn is_focused(&self) -> bool {
        self.focus_is_own().unwrap_or(true)
    }

    fn focus_is_own(&self) -> Result<bool, ReplyError> {
        let focus = self.connection.get_input_focus()?.reply()?.focus;
        if focus == u32::from(InputFocus::NONE) {
            return Ok(false);
        }
        if focus == u32::from(InputFocus::POINTER_ROOT) || focus == self.root {
            let pointer = self.connection.query_pointer(self.root)?.reply()?;
            return self.holds_own(pointer.child);
        }
        self.holds_own(self.outermost(focus)?)
    }

    /// A program may give the focus to a window within one of its own, which says nothing of itself.
    fn outermost(&self, mut window: Window) -> Result<Window, ReplyError> {
        for _ in 0..LOOKED_AT_MOST {
            let parent = self.connection.query_tree(window)?.reply()?.parent;
            if parent == self.root || parent == x11rb::NONE {
                break;
            }
            window = parent;
        }
        Ok(window)
    }

    /// The window directly on the desktop, if there is one.
    fn top_at(&self, x: i16, y: i16) -> Result<Window, ReplyError> {
        Ok(self.connection.translate_coordinates(self.root, self.root, x, y)?.reply()?.child)
    }

    fn holds_own(&self, top: Window) -> Result<bool, ReplyError> {
        let mut waiting = VecDeque::from([top]);
        waiting.retain(|window| *window != x11rb::NONE);
        for _ in 0..LOOKED_AT_MOST {
            let Some(window) = waiting.pop_front() else { return Ok(false) };
            match self.is_own(window).and_then(|own| Ok((own, self.connection.query_tree(window)?.reply()?)))
            {
                Ok((true, _)) => return Ok(true),
                Ok((false, tree)) => waiting.extend(tree.children),
                // It is gone by now.
                Err(ReplyError::X11Error(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    fn is_own(&self, window: Window) -> Result<bool, ReplyError> {
        Ok(self.is_of_this_process(window)? || self.is_of_another_beckon(window)?)
    }

    fn is_of_this_process(&self, window: Window) -> Result<bool, ReplyError> {
        let spec = ClientIdSpec { client: window, mask: ClientIdMask::LOCAL_CLIENT_PID };
        let known = self.connection.res_query_client_ids(&[spec])?.reply()?;
        let process = match known.ids.iter().find_map(|id| id.value.first()) {
            Some(process) => Some(*process),
            None => self.says(window, self.names.process, AtomEnum::CARDINAL)?,
        };
        Ok(process == Some(self.process))
    }

    fn is_of_another_beckon(&self, window: Window) -> Result<bool, ReplyError> {
        let Some(leader) = self.says(window, self.names.leader, AtomEnum::WINDOW)? else { return Ok(false) };
        match self.says(leader, self.names.mark, AtomEnum::CARDINAL) {
            // It names one that is gone.
            Err(ReplyError::X11Error(_)) => Ok(false),
            mark => Ok(mark?.is_some()),
        }
    }

    fn says(&self, window: Window, name: Atom, kind: AtomEnum) -> Result<Option<u32>, ReplyError> {
        let said = self.connection.get_property(false, window, name, kind, 0, 1)?.reply()?;
        Ok(said.value32().and_then(|mut value| value.next()))
    }
}

fn prepare(connection: &RustConnection) -> Result<Names, ReplyError> {
    connection.res_query_version(1, 2)?.reply()?;
    let atom =
        |name: &str| Ok::<_, ReplyError>(connection.intern_atom(false, name.as_bytes())?.reply()?.atom);
    Ok(Names { process: atom("_NET_WM_PID")?, leader: atom("WM_CLIENT_LEADER")?, mark: atom(MARK)? })
}
