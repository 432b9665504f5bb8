//! One running program for each profile.

use std::fs::{File, TryLockError};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use anyhow::Context;

use crate::folders::{Folders, make_private};

/// Longer than quitting takes: a start right after a quit waits for the profile instead of failing.
const FREE_WITHIN: Duration = Duration::from_secs(10);

/// The profile is this program's for as long as the file is open.
pub fn take(folders: &Folders, profile: &str) -> anyhow::Result<File> {
    make_private(&folders.data)?;
    let lock = File::create(folders.data.join("lock"))?;
    within(FREE_WITHIN, lock).with_context(|| format!("the profile {profile} is already in use"))
}

fn within(limit: Duration, lock: File) -> anyhow::Result<File> {
    match lock.try_lock() {
        Ok(()) => return Ok(lock),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    let (tell, told) = sync_channel(1);
    std::thread::spawn(move || {
        // Nobody waits any more: the program ends, and the lock with it.
        let _ = tell.send(lock.lock().map(|()| lock));
    });
    Ok(told.recv_timeout(limit).context("whoever has it does not end")??)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_quitting_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path(), "default");
        let quitting = take(&folders, "default").unwrap();
        let next = std::thread::spawn({
            let folders = folders.clone();
            move || take(&folders, "default").map(drop)
        });
        drop(quitting);
        next.join().unwrap().unwrap();
    }

    #[test]
    fn whoever_stays_keeps_the_profile() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let held = File::create(&path).unwrap();
        held.lock().unwrap();
        assert!(within(Duration::from_millis(20), File::create(&path).unwrap()).is_err());
    }
}
