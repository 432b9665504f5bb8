//! Each window knows the process that opened it, and its class. A web page inside one belongs to another process, and
//! a menu or a dialog has a class of the system's, so the window is asked that holds or opened them all.

use winsafe::{HWND, POINT, co};

use super::MARK;
use crate::input::InputFailed;

pub(in crate::input) struct OwnWindows {
    process: u32,
}

impl OwnWindows {
    pub(in crate::input) fn open(_display: Option<&str>) -> Result<Self, InputFailed> {
        Ok(Self { process: std::process::id() })
    }

    pub(in crate::input) fn is_at(&self, (x, y): (i32, i32)) -> bool {
        HWND::WindowFromPoint(POINT { x, y }).is_some_and(|window| self.is_own(&window))
    }

    pub(in crate::input) fn is_focused(&self) -> bool {
        HWND::GetForegroundWindow().is_some_and(|window| self.is_own(&window))
    }

    fn is_own(&self, window: &HWND) -> bool {
        // What another program's window owns may be ours, and the other way round.
        let outermost = [co::GA::ROOT, co::GA::ROOTOWNER].map(|which| window.GetAncestor(which));
        outermost.iter().any(|outermost| self.is_ours(outermost.as_ref().unwrap_or(window)))
    }

    fn is_ours(&self, window: &HWND) -> bool {
        let (_, process) = window.GetWindowThreadProcessId();
        process == self.process || window.GetClassName().is_ok_and(|class| class == MARK)
    }
}
