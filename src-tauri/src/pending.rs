//! What the main window is to show, until its page asks: it may not be there yet.

use std::sync::{Mutex, PoisonError};

use beckon_domain::RequestId;

#[derive(Default)]
pub struct Pending(Mutex<Option<RequestId>>);

impl Pending {
    /// The last one counts.
    pub fn put(&self, request: RequestId) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
    }

    pub fn take(&self) -> Option<RequestId> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
