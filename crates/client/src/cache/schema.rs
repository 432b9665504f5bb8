//! The cache's tables. There are no migrations: another version is another cache.

use std::path::Path;

use rusqlite::Connection;

use crate::folders::make_private;

/// Moves on with every change below, and with every change of what is kept in `view`.
const VERSION: i64 = 8;

/// A cache may lose its last second in a crash; it is asked for again. 16 MiB of pages hold the sort keys of 100,000
/// requests. What is written waits for the disk only when the log is copied back: after 4,000 pages, not 1,000.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384;
    PRAGMA wal_autocheckpoint = 4000;";

/// More than are in use: a list that is looked at must not make what writes it be prepared again.
const STATEMENTS: usize = 64;

const TABLES: &str = "
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    -- What is sorted and filtered by, apart from what is shown: a scan of it touches few pages. The rank comes from
    -- the status, `recipient`, `assigned_to` and `time` from order.rs; no agent and no queue are empty. `client` is
    -- the one whose name is seen in `assigned_to`. `undelivered` is when a mail failed, if the request is over.
    CREATE TABLE requests (
        number INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE,
        rank INTEGER NOT NULL,
        recipient TEXT NOT NULL,
        agent BLOB NOT NULL,
        assigned_to TEXT NOT NULL,
        client TEXT,
        queue BLOB NOT NULL,
        unassigned INTEGER NOT NULL,
        time INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        undelivered INTEGER
    ) STRICT;
    -- The columns of the filters stand at the end of each, so that no filter has to look into the table.
    CREATE INDEX requests_by_status ON requests (rank, changed_at DESC, number, agent, queue, unassigned);
    CREATE INDEX requests_by_recipient ON requests (recipient, number, agent, queue, unassigned);
    CREATE INDEX requests_by_assigned_to ON requests (assigned_to, number, agent, queue, unassigned);
    CREATE INDEX requests_by_time ON requests (time, number, agent, queue, unassigned);
    CREATE INDEX requests_by_change ON requests (changed_at, number, agent, queue, unassigned);
    CREATE INDEX requests_by_agent ON requests (agent);
    CREATE INDEX requests_by_queue ON requests (queue);
    CREATE INDEX requests_of_nobody ON requests (unassigned) WHERE unassigned = 1;
    CREATE INDEX requests_of_clients ON requests (client) WHERE client IS NOT NULL;
    CREATE INDEX requests_undelivered ON requests (undelivered, id) WHERE undelivered IS NOT NULL;
    -- By what name each is sorted: of the directory's.
    CREATE TABLE clients (id TEXT PRIMARY KEY, assigned_to TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE views (number INTEGER PRIMARY KEY, view TEXT NOT NULL) STRICT;
    -- In its last column is not what people look for, but what the filters do: see whose.rs.
    CREATE VIRTUAL TABLE words USING fts5 (
        recipient, email, agent, queue, comments, whose, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
    );
    CREATE TABLE book (id BLOB PRIMARY KEY, entry TEXT NOT NULL) STRICT, WITHOUT ROWID;
    -- Invitations and calls, those that are not over first.
    CREATE TABLE introductions (
        id BLOB PRIMARY KEY,
        kind TEXT NOT NULL,
        over INTEGER NOT NULL,
        at INTEGER NOT NULL,
        view TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE joined (request TEXT PRIMARY KEY, view TEXT NOT NULL) STRICT, WITHOUT ROWID;
";

pub fn open(path: &Path) -> Connection {
    match open_file(path) {
        Ok(connection) => connection,
        Err(error) => {
            tracing::warn!(%error, path = %path.display(), "the cache is made anew");
            open_anew(path)
        }
    }
}

pub fn open_anew(path: &Path) -> Connection {
    for suffix in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        let _ = std::fs::remove_file(file);
    }
    open_file(path).unwrap_or_else(|error| {
        tracing::error!(%error, path = %path.display(), "the cache is kept in memory only");
        in_memory()
    })
}

#[expect(clippy::expect_used, reason = "an empty database in memory needs nothing that could be missing")]
pub fn in_memory() -> Connection {
    let connection = Connection::open_in_memory().expect("SQLite is linked in");
    connection.execute_batch(TABLES).expect("the tables are well-formed");
    connection
}

fn open_file(path: &Path) -> anyhow::Result<Connection> {
    if let Some(folder) = path.parent() {
        make_private(folder)?;
    }
    let connection = Connection::open(path)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.execute_batch(PRAGMAS)?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match version {
        // Damage shows when it is read: looking for it here would read the whole file before the first row.
        VERSION => {}
        0 => {
            let tables = format!("BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;");
            connection.execute_batch(&tables)?;
        }
        other => anyhow::bail!("the cache is of version {other}"),
    }
    Ok(connection)
}
