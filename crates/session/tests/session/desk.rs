//! A host's machine of a test: a screen of one colour, and hands that only note what they are told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use beckon_session::HostParts;
use beckon_session::capture::{CannotCapture, Capture, CaptureSource, Monitor, Monitors, Seen};
use beckon_session::input::{Button, Input, InputFailed, InputSource, Key, Typing, Wheel};
use beckon_session::picture::Picture;
use beckon_session::pointer::{Pointer, PointerFailed, PointerSource};

pub const SIZE: (u16, u16) = (32, 16);

#[derive(Clone, Default)]
pub struct Desk(Arc<Shared>);

#[derive(Default)]
struct Shared {
    colour: Mutex<u8>,
    changed: Condvar,
    noted: Mutex<Vec<String>>,
    seen: AtomicBool,
}

impl Desk {
    pub fn parts(&self) -> HostParts {
        let (capture, input, pointer) =
            (Arc::new(self.clone()), Arc::new(self.clone()), Arc::new(self.clone()));
        HostParts { capture, input, pointer, typing: Typing::default() }
    }

    /// Paints the screen.
    pub fn paint(&self, colour: u8) {
        *self.0.colour.lock().unwrap() = colour;
        self.0.changed.notify_all();
    }

    /// Whether anybody's screen showed it.
    pub fn was_seen(&self) -> bool {
        self.0.seen.load(Ordering::SeqCst)
    }

    /// What hands did, oldest first.
    pub fn noted(&self) -> Vec<String> {
        self.0.noted.lock().unwrap().clone()
    }

    pub async fn notes(&self, what: &str) {
        crate::stage::until(|| self.noted().last().is_some_and(|last| last == what)).await;
    }

    fn note(&self, what: String) -> Result<(), InputFailed> {
        self.0.noted.lock().unwrap().push(what);
        Ok(())
    }
}

impl CaptureSource for Desk {
    fn monitors(&self) -> Result<Vec<Monitor>, CannotCapture> {
        Ok(vec![Monitor::new("desk", (0, 0), SIZE, 1.0)])
    }

    fn open(&self, number: u8) -> Result<Box<dyn Capture>, CannotCapture> {
        self.0.seen.store(true, Ordering::SeqCst);
        let monitors = Monitors { all: self.monitors()?, shown: 0, instead: number > 0 };
        Ok(Box::new(Looking { desk: self.clone(), seen: None, monitors }))
    }
}

struct Looking {
    desk: Desk,
    seen: Option<u8>,
    monitors: Monitors,
}

impl Capture for Looking {
    fn look(&mut self, picture: &mut Picture, patience: Duration) -> Result<Seen, CannotCapture> {
        let shared = &self.desk.0;
        let colour = shared.colour.lock().unwrap();
        let same = |colour: &mut u8| Some(*colour) == self.seen;
        let colour = *shared.changed.wait_timeout_while(colour, patience, same).unwrap().0;
        self.seen = Some(colour);
        if picture.size() != SIZE {
            *picture = Picture::new(SIZE.0, SIZE.1);
        }
        let row = [colour, 0, 0, 0].repeat(SIZE.0.into());
        (0..SIZE.1).for_each(|y| picture.put_row(0, y, &row));
        Ok(Seen { monitor: Monitor::new("desk", (0, 0), SIZE, 1.0), pointer: None, hidden: false })
    }

    fn monitors(&self) -> &Monitors {
        &self.monitors
    }
}

impl InputSource for Desk {
    fn open(&self) -> Result<Box<dyn Input>, InputFailed> {
        Ok(Box::new(self.clone()))
    }
}

impl Input for Desk {
    fn key(&mut self, key: Key, down: bool) -> Result<(), InputFailed> {
        self.note(format!("key {:?} {}", key.scancode, if down { "down" } else { "up" }))
    }

    fn repeat(&mut self, key: Key) -> Result<(), InputFailed> {
        self.note(format!("key {:?} again", key.scancode))
    }

    fn move_to(&mut self, (x, y): (i32, i32)) -> Result<(), InputFailed> {
        self.note(format!("at {x} {y}"))
    }

    fn button(&mut self, button: Button, down: bool) -> Result<(), InputFailed> {
        self.note(format!("{button:?} {}", if down { "down" } else { "up" }))
    }

    fn turn(&mut self, wheel: Wheel) -> Result<(), InputFailed> {
        self.note(format!("{wheel:?}"))
    }

    fn is_own_window_at(&mut self, _: (i32, i32)) -> bool {
        false
    }

    fn is_own_window_focused(&mut self) -> bool {
        false
    }
}

impl PointerSource for Desk {
    fn open(&self) -> Result<Box<dyn Pointer>, PointerFailed> {
        Ok(Box::new(Shown(self.clone())))
    }
}

/// Where a viewer points.
struct Shown(Desk);

impl Pointer for Shown {
    fn place(&mut self, (x, y): (i32, i32)) -> Result<(), PointerFailed> {
        self.0.note(format!("points {x} {y}")).map_err(|failed| PointerFailed(failed.0))
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        let _ = self.0.note("points no longer".to_owned());
    }
}
