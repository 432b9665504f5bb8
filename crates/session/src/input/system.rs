//! By way of enigo, which knows how each system takes input.

use enigo::{Axis, Coordinate, Direction, Enigo, Keyboard, Mouse, Settings};

#[cfg(not(target_os = "macos"))]
use super::InputSource;
use super::keysym::key_of;
use super::own_windows::OwnWindows;
use super::{Button, Input, InputFailed, Key, Wheel, scancode};

#[cfg(not(target_os = "macos"))]
#[derive(Default)]
pub(crate) struct System {
    /// On X11: the environment says which, where nobody does.
    pub(crate) display: Option<String>,
}

#[cfg(not(target_os = "macos"))]
impl InputSource for System {
    fn open(&self) -> Result<Box<dyn Input>, InputFailed> {
        Ok(Box::new(SystemInput::open(self.display.as_deref())?))
    }
}

pub(super) struct SystemInput {
    enigo: Enigo,
    own: OwnWindows,
}

impl SystemInput {
    pub(super) fn open(display: Option<&str>) -> Result<Self, InputFailed> {
        let settings = Settings {
            linux_delay: 0,
            x11_display: display.map(str::to_owned),
            // Asking the person for it is up to the program.
            open_prompt_to_get_permissions: false,
            ..Settings::default()
        };
        let enigo = Enigo::new(&settings).map_err(|error| InputFailed(error.to_string()))?;
        Ok(Self { enigo, own: OwnWindows::open(display)? })
    }
}

impl Input for SystemInput {
    fn key(&mut self, key: Key, down: bool) -> Result<(), InputFailed> {
        let direction = if down { Direction::Press } else { Direction::Release };
        if let Some(physical) = key.scancode.and_then(physical) {
            return Ok(self.enigo.raw(physical, direction)?);
        }
        match key_of(key.keysym) {
            Some(key) => Ok(self.enigo.key(key, direction)?),
            None => Err(InputFailed(format!("no key is called {:#x}", key.keysym))),
        }
    }

    fn move_to(&mut self, (x, y): (i32, i32)) -> Result<(), InputFailed> {
        Ok(self.enigo.move_mouse(x, y, Coordinate::Abs)?)
    }

    fn button(&mut self, button: Button, down: bool) -> Result<(), InputFailed> {
        let direction = if down { Direction::Press } else { Direction::Release };
        Ok(self.enigo.button(button.into(), direction)?)
    }

    fn turn(&mut self, wheel: Wheel) -> Result<(), InputFailed> {
        let (notches, axis) = match wheel {
            Wheel::Up => (-1, Axis::Vertical),
            Wheel::Down => (1, Axis::Vertical),
            Wheel::Left => (-1, Axis::Horizontal),
            Wheel::Right => (1, Axis::Horizontal),
        };
        Ok(self.enigo.scroll(notches, axis)?)
    }

    fn is_own_window_at(&mut self, at: (i32, i32)) -> bool {
        self.own.is_at(at)
    }

    fn is_own_window_focused(&mut self) -> bool {
        self.own.is_focused()
    }
}

/// What enigo calls a physical key.
#[cfg(target_os = "linux")]
fn physical(scancode: u8) -> Option<u16> {
    /// The codes of X begin there.
    const FIRST: u16 = 8;
    Some(scancode::evdev(scancode)? + FIRST)
}

#[cfg(windows)]
fn physical(scancode: u8) -> Option<u16> {
    Some(scancode::windows(scancode))
}

#[cfg(target_os = "macos")]
fn physical(scancode: u8) -> Option<u16> {
    scancode::macos(scancode)
}

impl From<Button> for enigo::Button {
    fn from(button: Button) -> Self {
        match button {
            Button::Left => Self::Left,
            Button::Middle => Self::Middle,
            Button::Right => Self::Right,
            Button::Back => Self::Back,
            Button::Forward => Self::Forward,
        }
    }
}

impl From<enigo::InputError> for InputFailed {
    fn from(error: enigo::InputError) -> Self {
        Self(error.to_string())
    }
}
