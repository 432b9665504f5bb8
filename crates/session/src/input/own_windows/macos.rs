//! The window server lists all windows with their processes.

use xcap::{Window, XCapResult};

use super::program::Program;
use crate::input::InputFailed;

pub(in crate::input) struct OwnWindows {
    program: Program,
}

impl OwnWindows {
    pub(in crate::input) fn open(_display: Option<&str>) -> Result<Self, InputFailed> {
        Ok(Self { program: Program::of_this_process() })
    }

    /// What cannot be found out counts as own.
    pub(in crate::input) fn is_at(&self, at: (i32, i32)) -> bool {
        self.top_is_own(at).unwrap_or(true)
    }

    pub(in crate::input) fn is_focused(&self) -> bool {
        self.focus_is_own().unwrap_or(true)
    }

    fn top_is_own(&self, at: (i32, i32)) -> XCapResult<bool> {
        let mut top = None;
        for window in Window::all()? {
            let height = window.z()?;
            if covers(&window, at)? && top.as_ref().is_none_or(|(highest, _)| height > *highest) {
                top = Some((height, window.pid()?));
            }
        }
        Ok(top.is_some_and(|(_, process)| self.program.is_run_by(process)))
    }

    fn focus_is_own(&self) -> XCapResult<bool> {
        for window in Window::all()? {
            if window.is_focused()? {
                return Ok(self.program.is_run_by(window.pid()?));
            }
        }
        Ok(false)
    }
}

fn covers(window: &Window, (x, y): (i32, i32)) -> XCapResult<bool> {
    let within = |place: i32, from: i32, length: u32| {
        i64::from(place) >= i64::from(from) && i64::from(place) < i64::from(from) + i64::from(length)
    };
    Ok(within(x, window.x()?, window.width()?) && within(y, window.y()?, window.height()?))
}
