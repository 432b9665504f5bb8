//! Passwords: argon2id, never in a task that others wait for, and as slow for an unknown email as for a
//! known one.

use std::sync::Arc;

use anyhow::{Context, anyhow};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use beckon_wire::limits::{PASSWORD_MAX, PASSWORD_MIN};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::error::Answer;

/// Each takes 19 MiB and a core while it is checked.
const AT_ONCE: usize = 2;

pub struct Passwords {
    permits: Arc<Semaphore>,
    /// Checked where there is no account.
    nobodys: String,
}

impl Passwords {
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self { permits: Arc::new(Semaphore::new(AT_ONCE)), nobodys: hash(b"of nobody at all")? })
    }

    pub async fn hash(&self, password: Zeroizing<String>) -> Answer<String> {
        self.work(move || hash(password.as_bytes())).await?
    }

    /// `known` is the stored hash of the account, if there is one.
    pub async fn verify(&self, password: Zeroizing<String>, known: Option<String>) -> Answer<bool> {
        let is_known = known.is_some();
        let stored = known.unwrap_or_else(|| self.nobodys.clone());
        Ok(self.work(move || matches(password.as_bytes(), &stored)).await? && is_known)
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
        let permit = self.permits.clone().acquire_owned().await.context("waiting for a turn")?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        Ok(done.await.context("a password check broke")?)
    }
}

pub fn hash(password: &[u8]) -> Answer<String> {
    let hash =
        Argon2::default().hash_password(password).map_err(|error| anyhow!("hashing a password: {error}"))?;
    Ok(hash.to_string())
}

fn matches(password: &[u8], stored: &str) -> bool {
    let Ok(stored) = PasswordHash::new(stored) else { return false };
    Argon2::default().verify_password(password, &stored).is_ok()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongLength {
    Short,
    Long,
}

/// Counted in characters, as people do.
pub fn check(password: &str) -> Result<(), WrongLength> {
    match password.chars().take(PASSWORD_MAX + 1).count() {
        0..PASSWORD_MIN => Err(WrongLength::Short),
        PASSWORD_MIN..=PASSWORD_MAX => Ok(()),
        _ => Err(WrongLength::Long),
    }
}
