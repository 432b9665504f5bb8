//! How windows come up whose pages are not painted yet. Before that none is shown: its web view could stay blank for
//! good.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tauri::WebviewWindow;

use super::About;
use crate::raise;

#[derive(Default)]
pub struct Entrances(Mutex<HashMap<About, Entrance>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entrance {
    /// The person asked for it.
    Forward,
    /// Somebody else wants something.
    Above,
    /// The system started the program, and there is no better place to wait.
    Minimized,
}

impl Entrances {
    pub fn await_page(&self, about: About, entrance: Entrance) {
        self.lock().insert(about, entrance);
    }

    pub fn awaits_page(&self, about: About) -> bool {
        self.lock().contains_key(&about)
    }

    /// Whether the window comes once its page is painted. Whoever asks for it themselves also gets it so.
    pub fn comes_by_itself(&self, about: About, entrance: Entrance) -> bool {
        let mut entrances = self.lock();
        let Some(waiting) = entrances.get_mut(&about) else { return false };
        if entrance == Entrance::Forward {
            *waiting = entrance;
        }
        true
    }

    /// Its page is painted, or gone.
    pub fn take(&self, about: About) -> Option<Entrance> {
        self.lock().remove(&about)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<About, Entrance>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entrance {
    pub fn bring(self, window: &WebviewWindow) {
        match self {
            Self::Forward => raise::come_forward(window),
            Self::Above => raise::show_above(window),
            Self::Minimized => {
                if let Err(error) = window.minimize().and_then(|()| window.show()) {
                    tracing::warn!(%error, "the window does not show");
                }
            }
        }
    }
}
