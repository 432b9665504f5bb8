//! Each window knows the process that opened it. A web page inside one belongs to another process, so the
//! outermost window is asked.

use winsafe::{HWND, POINT, co};

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
        let outermost = window.GetAncestor(co::GA::ROOT);
        let (_, process) = outermost.as_ref().unwrap_or(window).GetWindowThreadProcessId();
        process == self.process
    }
}
