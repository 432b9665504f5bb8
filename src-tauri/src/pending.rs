//! What the main window is to show, until its page asks: it may not be there yet.

use std::sync::{Mutex, PoisonError};

use beckon_domain::RequestId;
use beckon_wire::ApiError;

/// Of each, the last one counts.
#[derive(Default)]
pub struct Pending {
    pub request: Slot<RequestId>,
    /// Why something was not done that was pressed outside of the window.
    pub problem: Slot<ApiError>,
}

pub struct Slot<T>(Mutex<Option<T>>);

impl<T> Slot<T> {
    pub fn put(&self, shown: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
    }

    pub fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}
