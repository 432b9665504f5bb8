//! Locks the account of whoever sits at the host, so that nobody finds it open after the session.

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use others as system;

#[derive(Debug, thiserror::Error)]
pub enum NoLock {
    /// macOS has no public way.
    #[error("this system cannot lock the account for a program")]
    NotAvailable,
    #[error("the system did not lock the account: {0}")]
    Failed(String),
}

/// Whether this system has something that locks. It may take a moment.
pub async fn can_lock() -> bool {
    system::can_lock().await
}

pub async fn lock() -> Result<(), NoLock> {
    system::lock().await
}

#[cfg(not(target_os = "linux"))]
mod others {
    use super::NoLock;

    pub(super) fn can_lock() -> impl Future<Output = bool> {
        std::future::ready(cfg!(windows))
    }

    pub(super) fn lock() -> impl Future<Output = Result<(), NoLock>> {
        std::future::ready(locked())
    }

    #[cfg(windows)]
    fn locked() -> Result<(), NoLock> {
        winsafe::LockWorkStation().map_err(|error| NoLock::Failed(error.to_string()))
    }

    #[cfg(not(windows))]
    fn locked() -> Result<(), NoLock> {
        Err(NoLock::NotAvailable)
    }
}
