//! What the program's own file name says, where it is an Assist.

use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_domain::Assist;

pub struct AssistFile(Mutex<Option<Assist>>);

impl AssistFile {
    pub fn of(launched: Option<Assist>) -> Self {
        Self(Mutex::new(launched))
    }

    pub fn is_assist(&self) -> bool {
        self.lock().is_some()
    }

    pub fn told(&self) -> Assist {
        self.lock().clone().unwrap_or(Assist::Untold)
    }

    pub fn put(&self, told: Assist) {
        *self.lock() = Some(told);
    }

    fn lock(&self) -> MutexGuard<'_, Option<Assist>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
