//! macOS kills a program that asks for the keyboard's layout elsewhere than on its main thread, so everything
//! is done there.

use std::cell::RefCell;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use super::system::SystemInput;
use super::{Button, Input, InputFailed, InputSource, Key, MainThread, Wheel};

/// A main thread that does not come to it within this time hangs.
const PATIENCE: Duration = Duration::from_secs(2);

thread_local! {
    /// Of the main thread.
    static HANDS: RefCell<Option<SystemInput>> = const { RefCell::new(None) };
}

pub(super) struct Macos {
    pub(super) main_thread: Option<MainThread>,
}

impl InputSource for Macos {
    fn open(&self) -> Result<Box<dyn Input>, InputFailed> {
        let main_thread = self.main_thread.clone();
        let main_thread = main_thread.ok_or_else(|| InputFailed("there is no main thread".to_owned()))?;
        let mut input = OnMainThread { main_thread };
        // Whether it can be opened at all.
        input.ask(|_| Ok(()))?;
        Ok(Box::new(input))
    }
}

struct OnMainThread {
    main_thread: MainThread,
}

impl OnMainThread {
    fn ask<T: Send + 'static>(
        &mut self,
        act: impl FnOnce(&mut SystemInput) -> Result<T, InputFailed> + Send + 'static,
    ) -> Result<T, InputFailed> {
        let (reply, answer) = sync_channel(1);
        (self.main_thread)(Box::new(move || {
            // Who asked may have given up.
            let _ = reply.send(with_hands(act));
        }));
        answer.recv_timeout(PATIENCE).map_err(|_| InputFailed("the main thread is busy".to_owned()))?
    }
}

fn with_hands<T>(act: impl FnOnce(&mut SystemInput) -> Result<T, InputFailed>) -> Result<T, InputFailed> {
    HANDS.with_borrow_mut(|hands| {
        if hands.is_none() {
            *hands = Some(SystemInput::open(None)?);
        }
        hands.as_mut().map_or_else(|| Err(InputFailed("there are no hands".to_owned())), act)
    })
}

impl Input for OnMainThread {
    fn key(&mut self, key: Key, down: bool) -> Result<(), InputFailed> {
        self.ask(move |hands| hands.key(key, down))
    }

    fn repeat(&mut self, key: Key) -> Result<(), InputFailed> {
        self.ask(move |hands| hands.repeat(key))
    }

    fn move_to(&mut self, at: (i32, i32)) -> Result<(), InputFailed> {
        self.ask(move |hands| hands.move_to(at))
    }

    fn button(&mut self, button: Button, down: bool) -> Result<(), InputFailed> {
        self.ask(move |hands| hands.button(button, down))
    }

    fn turn(&mut self, wheel: Wheel) -> Result<(), InputFailed> {
        self.ask(move |hands| hands.turn(wheel))
    }

    fn is_own_window_at(&mut self, at: (i32, i32)) -> bool {
        self.ask(move |hands| Ok(hands.is_own_window_at(at))).unwrap_or(true)
    }

    fn is_own_window_focused(&mut self) -> bool {
        self.ask(|hands| Ok(hands.is_own_window_focused())).unwrap_or(true)
    }
}
