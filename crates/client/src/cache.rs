//! What the window shows first: the last known things, on disk.
//!
//! It may be deleted at any time and nothing is lost but speed, so opening it cannot fail: damaged or of
//! another version, it is made anew; where nothing can be written, it lives in memory.

mod rows;
mod schema;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_domain::RequestId;
use beckon_wire::account::AccountView;
use beckon_wire::changes::{Change, Changes, Thing};
use beckon_wire::join::JoinedView;
use beckon_wire::request::RequestView;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::view::{RequestPage, RequestQuery};

pub struct Cache {
    connection: Mutex<Connection>,
    path: PathBuf,
    failed: AtomicBool,
}

/// Where the client stands in the service's changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cursor {
    pub epoch: String,
    pub after: u64,
}

/// What an answer of the service changed here.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    pub requests: Vec<RequestId>,
    pub joined: Vec<RequestId>,
    pub started_over: bool,
}

impl Cache {
    pub fn open(path: &Path) -> Self {
        let connection = schema::open(path);
        Self { connection: Mutex::new(connection), path: path.to_owned(), failed: AtomicBool::new(false) }
    }

    pub fn cursor(&self) -> Cursor {
        let connection = self.lock();
        Cursor {
            epoch: read_meta(&connection, "epoch").unwrap_or_default(),
            after: read_meta(&connection, "cursor").unwrap_or_default(),
        }
    }

    pub fn account(&self) -> Option<AccountView> {
        read_meta::<Option<AccountView>>(&self.lock(), "account").flatten()
    }

    /// Whether the service can send mail to recipients.
    pub fn mail(&self) -> bool {
        self.recall("mail").unwrap_or_default()
    }

    /// Facts that are shown before the service answers: its name, this device's ID.
    pub fn remember(&self, key: &str, value: &impl Serialize) {
        self.attempt(|connection| write_meta(connection, key, value));
    }

    pub fn recall<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        read_meta(&self.lock(), key)
    }

    /// Changes and cursor in one transaction. A cache that fails is made anew and stands at the beginning, so
    /// that whoever goes on from its cursor asks for everything again.
    pub fn apply(&self, changes: &Changes) -> Applied {
        let mut connection = self.lock();
        write_changes(&connection, changes).unwrap_or_else(|error| {
            tracing::warn!(%error, "the cache is made anew");
            // A disk that fails twice is full, or broken: then memory must do.
            let failed_before = self.failed.swap(true, Ordering::Relaxed);
            *connection = if failed_before { schema::in_memory() } else { schema::open_anew(&self.path) };
            Applied { started_over: true, ..Applied::default() }
        })
    }

    pub fn request(&self, id: RequestId) -> Option<RequestView> {
        rows::request(&self.lock(), id).unwrap_or_else(|error| complain(&error))
    }

    pub fn requests(&self, query: &RequestQuery) -> RequestPage {
        let account = self.account().map(|account| account.id);
        rows::requests(&self.lock(), query, account).unwrap_or_else(|error| {
            tracing::error!(%error, "the cache does not answer");
            RequestPage { total: 0, unfiltered: 0, rows: Vec::new() }
        })
    }

    pub fn joined(&self) -> Vec<JoinedView> {
        rows::joined(&self.lock()).unwrap_or_else(|error| {
            tracing::error!(%error, "the cache does not answer");
            Vec::new()
        })
    }

    /// Runs a write of something that is asked for again at the next start; a cache that fails is made anew.
    fn attempt(&self, mut write: impl FnMut(&Connection) -> rusqlite::Result<()>) {
        let mut connection = self.lock();
        if let Err(error) = write(&connection) {
            tracing::warn!(%error, "the cache is made anew");
            *connection = schema::open_anew(&self.path);
            if let Err(error) = write(&connection) {
                tracing::error!(%error, "the cache cannot be written");
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn complain<T>(error: &rusqlite::Error) -> Option<T> {
    tracing::error!(%error, "the cache does not answer");
    None
}

fn write_changes(connection: &Connection, changes: &Changes) -> rusqlite::Result<Applied> {
    let mut applied = Applied::default();
    let transaction = connection.unchecked_transaction()?;
    let epoch: Option<String> = read_meta(&transaction, "epoch");
    if epoch.as_ref() != Some(&changes.epoch) {
        transaction.execute_batch("DELETE FROM requests; DELETE FROM words; DELETE FROM joined;")?;
        applied.started_over = true;
    }
    for change in &changes.changes {
        apply_one(&transaction, change, &mut applied)?;
    }
    write_meta(&transaction, "epoch", &changes.epoch)?;
    write_meta(&transaction, "cursor", &changes.cursor)?;
    write_meta(&transaction, "account", &changes.account)?;
    write_meta(&transaction, "mail", &changes.mail)?;
    transaction.commit()?;
    Ok(applied)
}

fn apply_one(connection: &Connection, change: &Change, applied: &mut Applied) -> rusqlite::Result<()> {
    match &change.thing {
        Thing::Request(view) => {
            rows::put_request(connection, view)?;
            applied.requests.push(view.id);
        }
        Thing::RequestGone(id) => {
            rows::remove_request(connection, *id)?;
            applied.requests.push(*id);
        }
        Thing::Joined(view) => {
            rows::put_joined(connection, view)?;
            applied.joined.push(view.request);
        }
        Thing::JoinedGone(id) => {
            connection.execute("DELETE FROM joined WHERE request = ?1", [id.0.to_string()])?;
            applied.joined.push(*id);
        }
    }
    Ok(())
}

fn read_meta<T: DeserializeOwned>(connection: &Connection, key: &str) -> Option<T> {
    let value: Option<String> = connection
        .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
        .optional()
        .ok()
        .flatten();
    serde_json::from_str(&value?).ok()
}

fn write_meta(connection: &Connection, key: &str, value: &impl Serialize) -> rusqlite::Result<()> {
    let value = rows::json(value)?;
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", params![key, value])?;
    Ok(())
}
