//! What the window shows first: the last known things, on disk.
//!
//! It may be deleted at any time and nothing is lost but speed, so opening it cannot fail: of another version,
//! or damaged wherever that comes to light, it is made anew; where nothing can be written, it lives in memory.

mod book;
mod introductions;
mod list;
mod order;
mod rows;
mod schema;
#[cfg(test)]
pub(crate) mod tests;
mod whose;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_domain::{BookEntry, CallId, DeviceId, InvitationId, QueueId, RequestId};
use beckon_wire::account::AccountView;
use beckon_wire::call::CallView;
use beckon_wire::changes::{Change, Changes, Thing};
use beckon_wire::directory::Directory;
use beckon_wire::invitation::InvitationView;
use beckon_wire::join::JoinedView;
use beckon_wire::request::RequestView;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Notify;

use self::introductions::Introductions;
use self::whose::Reader;
use crate::view::{RequestPage, RequestQuery};

pub struct Cache {
    connection: Mutex<Connection>,
    /// As they were read last: they are looked at with every hint. None once one has changed.
    introductions: Mutex<Option<Introductions>>,
    path: PathBuf,
    failed: AtomicBool,
    /// Told when reading it showed that it is damaged: everything must be asked for again.
    pub(crate) made_anew: Notify,
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
    /// Something in the address book.
    pub book: bool,
    /// An invitation, or a call.
    pub introductions: bool,
    pub started_over: bool,
}

impl Cache {
    pub fn open(path: &Path) -> Self {
        let connection = Mutex::new(schema::open(path));
        let (path, failed, made_anew) = (path.to_owned(), AtomicBool::new(false), Notify::new());
        Self { connection, introductions: Mutex::default(), path, failed, made_anew }
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

    pub fn directory(&self) -> Directory {
        self.recall("directory").unwrap_or_default()
    }

    /// Which directory is cached; none holds as long as nobody is signed in.
    pub fn directory_tag(&self) -> Option<String> {
        self.recall("directory_tag").flatten()
    }

    /// This device, as the service knows it.
    pub fn device(&self) -> Option<DeviceId> {
        self.recall("device")
    }

    /// The queues of whoever is signed in.
    pub fn my_queues(&self) -> Vec<QueueId> {
        self.recall("my_queues").unwrap_or_default()
    }

    /// All of it or nothing: without its tag it is asked for again.
    pub fn put_directory(&self, tag: Option<&str>, directory: &Directory) {
        let mine = directory.queues.iter().filter(|queue| queue.mine);
        let mine: Vec<QueueId> = mine.map(|queue| queue.id).collect();
        self.attempt(|connection| {
            let transaction = connection.unchecked_transaction()?;
            write_meta(&transaction, "directory", directory)?;
            write_meta(&transaction, "my_queues", &mine)?;
            rows::put_clients(&transaction, &directory.devices)?;
            write_meta(&transaction, "directory_tag", &tag)?;
            transaction.commit()
        });
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
        let applied = write_changes(&connection, changes).unwrap_or_else(|error| {
            *connection = self.anew(&error);
            Applied { started_over: true, ..Applied::default() }
        });
        drop(connection);
        if applied.introductions || applied.started_over {
            *lock(&self.introductions) = None;
        }
        applied
    }

    pub fn request(&self, id: RequestId) -> Option<RequestView> {
        self.read(|connection| rows::request(connection, id))
    }

    pub fn requests(&self, query: &RequestQuery) -> RequestPage {
        let reader = self.reader();
        self.read(|connection| list::page(connection, query, &reader))
    }

    /// How many stand before it in that list; none where the list does not have it.
    pub fn place(&self, query: &RequestQuery, id: RequestId) -> Option<u32> {
        let reader = self.reader();
        self.read(|connection| list::place(connection, query, &reader, id))
    }

    /// Requests that are over and whose mail failed after that moment and request, the first of them first.
    pub fn undelivered(&self, after: Option<(DateTime<Utc>, RequestId)>) -> Vec<RequestView> {
        self.read(|connection| rows::undelivered(connection, after))
    }

    pub fn joined(&self) -> Vec<JoinedView> {
        self.read(rows::joined)
    }

    /// Those that are not over first, then the latest; at most 200.
    pub fn invitations(&self) -> Vec<InvitationView> {
        self.introductions().invitations
    }

    /// As [`Cache::invitations`].
    pub fn calls(&self) -> Vec<CallView> {
        self.introductions().calls
    }

    fn introductions(&self) -> Introductions {
        let mut kept = lock(&self.introductions);
        kept.get_or_insert_with(|| self.read(introductions::all)).clone()
    }

    pub fn address_book(&self) -> Vec<BookEntry> {
        self.read(book::all)
    }

    fn reader(&self) -> Reader {
        Reader { account: self.account().map(|account| account.id), queues: self.my_queues() }
    }

    /// A cache that cannot be read has nothing, until it was filled anew.
    fn read<T: Default>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> T {
        let mut connection = self.lock();
        read(&connection).unwrap_or_else(|error| {
            *connection = self.anew(&error);
            self.made_anew.notify_one();
            T::default()
        })
    }

    /// A disk that fails twice is full, or broken: then memory must do.
    fn anew(&self, error: &rusqlite::Error) -> Connection {
        tracing::warn!(%error, path = %self.path.display(), "the cache is made anew");
        let failed_before = self.failed.swap(true, Ordering::Relaxed);
        if failed_before { schema::in_memory() } else { schema::open_anew(&self.path) }
    }

    /// Runs a write of something that is asked for again at the next start; a cache that fails is made anew.
    fn attempt(&self, mut write: impl FnMut(&Connection) -> rusqlite::Result<()>) {
        let mut connection = self.lock();
        if let Err(error) = write(&connection) {
            *connection = self.anew(&error);
            if let Err(error) = write(&connection) {
                tracing::error!(%error, "the cache cannot be written");
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        lock(&self.connection)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_changes(connection: &Connection, changes: &Changes) -> rusqlite::Result<Applied> {
    let mut applied = Applied::default();
    let transaction = connection.unchecked_transaction()?;
    let epoch: Option<String> = read_meta(&transaction, "epoch");
    if epoch.as_ref() != Some(&changes.epoch) {
        transaction.execute_batch(
            "DELETE FROM requests; DELETE FROM views; DELETE FROM words; DELETE FROM joined; DELETE FROM book;
             DELETE FROM introductions;",
        )?;
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
        Thing::BookEntry(entry) => {
            book::put(connection, entry)?;
            applied.book = true;
        }
        Thing::BookEntryGone(id) => {
            book::remove(connection, *id)?;
            applied.book = true;
        }
        Thing::Invitation(view) => {
            introductions::put_invitation(connection, view)?;
            applied.introductions = true;
        }
        Thing::Call(view) => {
            introductions::put_call(connection, view)?;
            applied.introductions = true;
        }
        Thing::InvitationGone(InvitationId(id)) | Thing::CallGone(CallId(id)) => {
            introductions::remove(connection, *id)?;
            applied.introductions = true;
        }
    }
    Ok(())
}

fn read_meta<T: DeserializeOwned>(connection: &Connection, key: &str) -> Option<T> {
    let mut find = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1").ok()?;
    let value: String = find.query_row([key], |row| row.get(0)).ok()?;
    serde_json::from_str(&value).ok()
}

fn write_meta(connection: &Connection, key: &str, value: &impl Serialize) -> rusqlite::Result<()> {
    let value = rows::json(value)?;
    let mut put = connection.prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)")?;
    put.execute(params![key, value])?;
    Ok(())
}
