//! What the viewer may do at this moment, asked at the point of effect.

use std::sync::{Arc, Mutex, PoisonError};

use beckon_domain::{Permission, PermissionSet};

/// Asked again for every message and every piece of a file, so that a switch acts in the middle of one.
pub trait Gate: Send + Sync + 'static {
    fn allows(&self, permission: Permission) -> bool;
}

/// A set that does not change.
impl Gate for PermissionSet {
    fn allows(&self, permission: Permission) -> bool {
        self.contains(permission)
    }
}

/// The gate that stands at the moment. Nothing passes before there is one.
#[derive(Default)]
pub(crate) struct CurrentGate(Mutex<Option<Arc<dyn Gate>>>);

impl CurrentGate {
    pub(crate) fn set(&self, gate: Arc<dyn Gate>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(gate);
    }
}

impl Gate for CurrentGate {
    fn allows(&self, permission: Permission) -> bool {
        let gate = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        gate.is_some_and(|gate| gate.allows(permission))
    }
}
