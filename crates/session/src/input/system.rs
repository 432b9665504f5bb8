//! By way of enigo, which knows how each system takes input.

use enigo::{Axis, Direction, Enigo, Keyboard, Mouse, Settings};

#[cfg(not(target_os = "macos"))]
use super::InputSource;
#[cfg(target_os = "linux")]
use super::key_repeat::KeyRepeat;
use super::keysym::{key_of, scancode_of};
#[cfg(target_os = "linux")]
use super::layout::Layout;
use super::own_windows::OwnWindows;
#[cfg(windows)]
use super::virtual_desk;
use super::{Button, Input, InputFailed, Key, Wheel, scancode};
#[cfg(target_os = "linux")]
use crate::foreground::Foreground;

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
    #[cfg(target_os = "linux")]
    settings: Settings,
    #[cfg(target_os = "linux")]
    layout: Layout,
    #[cfg(target_os = "linux")]
    repeat: KeyRepeat,
    #[cfg(target_os = "linux")]
    foreground: Foreground,
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
        Ok(Self {
            // Before enigo reads it: what changes in between is not missed.
            #[cfg(target_os = "linux")]
            layout: Layout::open(display)?,
            enigo: enigo(&settings)?,
            #[cfg(target_os = "linux")]
            settings,
            own: OwnWindows::open(display)?,
            #[cfg(target_os = "linux")]
            repeat: KeyRepeat::open(display)?,
            #[cfg(target_os = "linux")]
            foreground: Foreground::open(display).map_err(|error| InputFailed(error.to_string()))?,
        })
    }

    /// What writes a letter is another key in another layout.
    #[cfg(target_os = "linux")]
    fn follow_layout(&mut self) -> Result<(), InputFailed> {
        if self.layout.has_changed()? {
            self.enigo = enigo(&self.settings)?;
        }
        Ok(())
    }

    #[cfg(target_os = "linux")]
    fn press_physical(&mut self, key: u16, down: bool) -> Result<(), InputFailed> {
        let code = u8::try_from(key).map_err(|_| InputFailed(format!("X has no key {key}")))?;
        if down {
            self.repeat.stop(code)?;
            return Ok(self.enigo.raw(key, Direction::Press)?);
        }
        self.enigo.raw(key, Direction::Release)?;
        self.repeat.restore(code)
    }

    #[cfg(not(target_os = "linux"))]
    fn press_physical(&mut self, key: u16, down: bool) -> Result<(), InputFailed> {
        Ok(self.enigo.raw(key, direction(down))?)
    }

    /// For X, a key that repeats is one that comes up and goes down.
    #[cfg(target_os = "linux")]
    fn repeat_physical(&mut self, key: u16) -> Result<(), InputFailed> {
        if u8::try_from(key).is_ok_and(|code| self.repeat.is_stopped(code)) {
            self.enigo.raw(key, Direction::Release)?;
            self.enigo.raw(key, Direction::Press)?;
        }
        Ok(())
    }

    #[cfg(not(target_os = "linux"))]
    fn repeat_physical(&mut self, key: u16) -> Result<(), InputFailed> {
        self.press_physical(key, true)
    }
}

/// Whether the key is held while it is down. X repeats what is held, and which of its keys this one is only the
/// library knows, so that it is pressed and let go at once; but those that change others must be held.
fn is_held(keysym: u32) -> bool {
    const MODIFIERS: std::ops::RangeInclusive<u32> = 0xffe1..=0xffee;
    cfg!(not(target_os = "linux")) || MODIFIERS.contains(&keysym)
}

fn direction(down: bool) -> Direction {
    if down { Direction::Press } else { Direction::Release }
}

impl Input for SystemInput {
    fn key(&mut self, key: Key, down: bool) -> Result<(), InputFailed> {
        if let Some(physical) = place_of(key) {
            return self.press_physical(physical, down);
        }
        #[cfg(target_os = "linux")]
        self.follow_layout()?;
        let named = key_of(key.keysym);
        let named = named.ok_or_else(|| InputFailed(format!("no key is called {:#x}", key.keysym)))?;
        match (is_held(key.keysym), down) {
            (true, _) => Ok(self.enigo.key(named, direction(down))?),
            (false, true) => Ok(self.enigo.key(named, Direction::Click)?),
            (false, false) => Ok(()),
        }
    }

    fn repeat(&mut self, key: Key) -> Result<(), InputFailed> {
        match place_of(key) {
            Some(physical) => self.repeat_physical(physical),
            None if is_held(key.keysym) && cfg!(target_os = "linux") => Ok(()),
            None => self.key(key, true),
        }
    }

    #[cfg(windows)]
    fn move_to(&mut self, at: (i32, i32)) -> Result<(), InputFailed> {
        virtual_desk::move_pointer(at)
    }

    #[cfg(not(windows))]
    fn move_to(&mut self, (x, y): (i32, i32)) -> Result<(), InputFailed> {
        Ok(self.enigo.move_mouse(x, y, enigo::Coordinate::Abs)?)
    }

    fn button(&mut self, button: Button, down: bool) -> Result<(), InputFailed> {
        Ok(self.enigo.button(button.into(), direction(down))?)
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

    #[cfg(target_os = "linux")]
    fn is_hidden(&mut self) -> bool {
        !self.foreground.is_shown()
    }
}

fn enigo(settings: &Settings) -> Result<Enigo, InputFailed> {
    Enigo::new(settings).map_err(|error| InputFailed(error.to_string()))
}

/// What enigo calls the physical key, where there is one.
fn place_of(key: Key) -> Option<u16> {
    key.scancode.or_else(|| scancode_of(key.keysym)).and_then(physical)
}

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
