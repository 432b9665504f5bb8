//! The thread that does what a viewer wants, if it may at that very moment.

use std::sync::Arc;
use std::time::Duration;

use beckon_domain::{Permission, SharedClock};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::{Button, Input, InputSource, Key, Typing, Wheel};
use crate::close_code::CloseCode;
use crate::gate::Gate;
use crate::pointer::{PointerOnScreen, PointerSource};

/// Orders that wait; a viewer that sends more is held back.
const QUEUE: usize = 256;
/// Keys that may be down at once.
const HELD_MOST: usize = 32;
/// What was on its way when the switch was turned off may still arrive so long after it.
const GRACE: Duration = Duration::from_secs(2);
/// So many tries after that are no mistake.
const TRIES: u32 = 50;

const BUTTONS: [(u16, Button); 5] = [
    (1 << 0, Button::Left),
    (1 << 1, Button::Middle),
    (1 << 2, Button::Right),
    (1 << 7, Button::Back),
    (1 << 8, Button::Forward),
];
const WHEELS: [(u16, Wheel); 4] =
    [(1 << 3, Wheel::Up), (1 << 4, Wheel::Down), (1 << 5, Wheel::Left), (1 << 6, Wheel::Right)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Key {
        down: bool,
        keysym: u32,
        scancode: Option<u8>,
    },
    Pointer {
        at: (i32, i32),
        buttons: u16,
    },
    /// Everything that is down comes up.
    LetGo,
    /// A switch was turned, on or off.
    SwitchesTurned,
}

/// Who says whether a viewer may use keys and pointer, and who hears of it if it does not care.
pub(crate) struct InputWatch {
    pub(crate) gate: Arc<dyn Gate>,
    pub(crate) clock: SharedClock,
    /// Knows when a viewer uses keys.
    pub(crate) typing: Typing,
    /// Hears of a viewer that does not stop trying.
    pub(crate) faults: mpsc::Sender<CloseCode>,
}

pub(crate) struct Hands {
    input: Option<Box<dyn Input>>,
    /// What is seen of a viewer that may point and no more.
    pointer: PointerOnScreen,
    watch: InputWatch,
    turned_at: Duration,
    tries: u32,
    /// What this viewer holds down, as the system was told.
    held: Vec<Key>,
    buttons: u16,
    /// The buttons as the viewer said them last.
    said: u16,
}

impl Hands {
    /// The orders are obeyed until their sender is dropped; then everything is let go. Must be called within a
    /// tokio runtime.
    pub(crate) fn start(
        source: Arc<dyn InputSource>,
        pointers: Arc<dyn PointerSource>,
        watch: InputWatch,
    ) -> std::io::Result<mpsc::Sender<Order>> {
        let (orders, mut asked) = mpsc::channel(QUEUE);
        let runtime = Handle::current();
        let run = move || {
            let mut hands = Self::new(&*source, pointers, watch);
            while let Some(order) = runtime.block_on(hands.next(&mut asked)) {
                hands.obey(order);
            }
            hands.let_go();
        };
        std::thread::Builder::new().name("input".to_owned()).spawn(run)?;
        Ok(orders)
    }

    fn new(source: &dyn InputSource, pointers: Arc<dyn PointerSource>, watch: InputWatch) -> Self {
        let opened = source.open();
        let input = opened.inspect_err(|error| tracing::warn!(%error, "a viewer can only look")).ok();
        let turned_at = watch.clock.monotonic();
        let pointer = PointerOnScreen::new(pointers, watch.clock.clone());
        Self { input, pointer, watch, turned_at, tries: 0, held: Vec::new(), buttons: 0, said: 0 }
    }

    /// The next order. While there is none, a pointer that rests is taken away.
    async fn next(&mut self, asked: &mut mpsc::Receiver<Order>) -> Option<Order> {
        tokio::select! {
            biased;
            order = asked.recv() => return order,
            () = self.pointer.has_rested() => {}
        }
        self.pointer.take_away();
        asked.recv().await
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::LetGo => self.let_go(),
            Order::SwitchesTurned => {
                self.turned_at = self.watch.clock.monotonic();
                let may_control = self.may(Permission::Input);
                if !may_control {
                    self.let_go_of_input();
                }
                if may_control || !self.may(Permission::UserPointer) {
                    self.pointer.take_away();
                }
            }
            // Asked for each one, at the last moment.
            Order::Key { .. } | Order::Pointer { .. } if !self.may(Permission::Input) => {
                self.without_control(order);
            }
            Order::Key { .. } | Order::Pointer { .. } if self.is_hidden() => {
                self.hear_buttons(order);
                self.let_go();
            }
            Order::Key { down, keysym, scancode } => self.key(Key { scancode, keysym }, down),
            Order::Pointer { at, buttons } => self.pointer(at, buttons),
        }
    }

    fn may(&self, permission: Permission) -> bool {
        self.watch.gate.allows(permission)
    }

    fn without_control(&mut self, order: Order) {
        self.hear_buttons(order);
        match order {
            Order::Pointer { at, .. } if self.may(Permission::UserPointer) => {
                self.let_go_of_input();
                self.pointer.place(at);
            }
            _ => self.refuse(),
        }
    }

    fn is_hidden(&mut self) -> bool {
        self.input.as_mut().is_some_and(|input| input.is_hidden())
    }

    /// What is pressed now does not count as pressed once it may.
    fn hear_buttons(&mut self, order: Order) {
        if let Order::Pointer { buttons, .. } = order {
            self.said = buttons;
        }
    }

    fn refuse(&mut self) {
        self.let_go();
        if self.watch.clock.monotonic() < self.turned_at + GRACE {
            return;
        }
        self.tries += 1;
        if self.tries == TRIES {
            tracing::warn!("a viewer does not stop to send input that it may not send");
            // Where a fault waits already, the session ends anyway.
            let _ = self.watch.faults.try_send(CloseCode::NotAllowed);
        }
    }

    fn key(&mut self, key: Key, down: bool) {
        self.pointer.take_away();
        let Some(input) = &mut self.input else { return };
        let now = self.watch.clock.monotonic();
        let held = self.held.iter().position(|held| held.is_same(key));
        let done = match (down, held) {
            // It comes up as it went down, whatever it is called now.
            (false, Some(place)) => {
                self.watch.typing.comes_up(now);
                input.key(self.held.swap_remove(place), false)
            }
            (true, None) if self.held.len() < HELD_MOST && !input.is_own_window_focused() => {
                self.held.push(key);
                self.watch.typing.goes_down(now);
                input.key(key, true)
            }
            (true, Some(place)) if !input.is_own_window_focused() => {
                self.held.get(place).map_or(Ok(()), |held| input.repeat(*held))
            }
            _ => Ok(()),
        };
        report(done);
    }

    fn pointer(&mut self, at: (i32, i32), buttons: u16) {
        self.pointer.take_away();
        let Some(input) = &mut self.input else { return };
        let pressed = buttons & !std::mem::replace(&mut self.said, buttons);
        let now = self.watch.clock.monotonic();
        let may_touch = !input.is_own_window_at(at);
        if may_touch {
            report(input.move_to(at));
        }
        for (bit, button) in BUTTONS {
            if self.buttons & !buttons & bit != 0 {
                self.buttons &= !bit;
                self.watch.typing.comes_up(now);
                report(input.button(button, false));
            }
            if may_touch && pressed & bit != 0 {
                self.buttons |= bit;
                self.watch.typing.goes_down(now);
                report(input.button(button, true));
            }
        }
        let turned = WHEELS.iter().filter(|(bit, _)| may_touch && pressed & bit != 0);
        turned.for_each(|(_, wheel)| report(input.turn(*wheel)));
    }

    fn let_go(&mut self) {
        self.pointer.take_away();
        self.let_go_of_input();
    }

    fn let_go_of_input(&mut self) {
        let Some(input) = &mut self.input else { return };
        let now = self.watch.clock.monotonic();
        for key in self.held.drain(..).rev() {
            self.watch.typing.comes_up(now);
            report(input.key(key, false));
        }
        for (bit, button) in BUTTONS {
            if self.buttons & bit != 0 {
                self.watch.typing.comes_up(now);
                report(input.button(button, false));
            }
        }
        self.buttons = 0;
    }
}

impl Key {
    fn is_same(self, other: Self) -> bool {
        match (self.scancode, other.scancode) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self.keysym == other.keysym,
            _ => false,
        }
    }
}

fn report(done: Result<(), super::InputFailed>) {
    if let Err(error) = done {
        tracing::debug!(%error, "a viewer's input");
    }
}

#[cfg(test)]
mod tests;
