//! The cache's tables. There are no migrations: another version is another cache.

use std::path::Path;

use rusqlite::Connection;

use crate::folders::make_private;

/// Moves on with every change below, and with every change of what is kept in `view`.
const VERSION: i64 = 2;

const TABLES: &str = "
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE requests (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        view TEXT NOT NULL,
        rank INTEGER NOT NULL,
        recipient TEXT NOT NULL COLLATE NOCASE,
        agent_id TEXT NOT NULL,
        agent_name TEXT NOT NULL COLLATE NOCASE,
        expires_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX requests_by_status ON requests (rank, changed_at DESC, number);
    CREATE INDEX requests_by_recipient ON requests (recipient, number);
    CREATE INDEX requests_by_agent ON requests (agent_name, number);
    CREATE INDEX requests_by_expiry ON requests (expires_at, number);
    CREATE INDEX requests_by_change ON requests (changed_at, number);
    CREATE VIRTUAL TABLE words USING fts5 (
        recipient, agent, comments, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
    );
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
    // A cache may lose its last second in a crash; it is asked for again.
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match version {
        VERSION => {
            let sound: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            anyhow::ensure!(sound == "ok", "the cache is damaged: {sound}");
        }
        0 => {
            let tables = format!("BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;");
            connection.execute_batch(&tables)?;
        }
        other => anyhow::bail!("the cache is of version {other}"),
    }
    Ok(connection)
}
