//! One viewer's pointer, for as long as it moves.

use std::sync::Arc;
use std::time::Duration;

use beckon_domain::SharedClock;

use super::{Pointer, PointerFailed, PointerSource};

/// One that rests is taken away after so long: it would only be in the way.
const REST: Duration = Duration::from_secs(5);

pub(crate) struct PointerOnScreen {
    source: Arc<dyn PointerSource>,
    clock: SharedClock,
    shown: Option<Box<dyn Pointer>>,
    /// When it was placed last.
    placed_at: Duration,
}

impl PointerOnScreen {
    pub(crate) fn new(source: Arc<dyn PointerSource>, clock: SharedClock) -> Self {
        Self { source, clock, shown: None, placed_at: Duration::ZERO }
    }

    pub(crate) fn place(&mut self, at: (i32, i32)) {
        let now = self.clock.monotonic();
        match self.try_place(at) {
            Ok(()) => self.placed_at = now,
            Err(error) => {
                tracing::debug!(%error, "a viewer's pointer");
                self.take_away();
            }
        }
    }

    pub(crate) fn take_away(&mut self) {
        self.shown = None;
    }

    /// Returns once it has rested for so long that it is to be taken away; never while there is none.
    pub(crate) async fn has_rested(&self) {
        match self.shown {
            Some(_) => self.clock.sleep_until(self.placed_at + REST).await,
            None => std::future::pending().await,
        }
    }

    fn try_place(&mut self, at: (i32, i32)) -> Result<(), PointerFailed> {
        let mut pointer = self.shown.take().map_or_else(|| self.source.open(), Ok)?;
        pointer.place(at)?;
        self.shown = Some(pointer);
        Ok(())
    }
}
