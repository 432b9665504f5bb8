//! The address book of who is signed in.

use beckon_domain::{BookEntry, BookEntryId};
use rusqlite::{Connection, params};

use super::rows::{json, read_json};

pub fn put(connection: &Connection, entry: &BookEntry) -> rusqlite::Result<()> {
    let mut put = connection.prepare_cached("INSERT OR REPLACE INTO book (id, entry) VALUES (?1, ?2)")?;
    put.execute(params![entry.id.0.as_bytes(), json(entry)?])?;
    Ok(())
}

pub fn remove(connection: &Connection, id: BookEntryId) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM book WHERE id = ?1", [id.0.as_bytes()])?;
    Ok(())
}

/// In the order in which they were added.
pub fn all(connection: &Connection) -> rusqlite::Result<Vec<BookEntry>> {
    let mut statement = connection.prepare_cached("SELECT entry FROM book ORDER BY id")?;
    let entries = statement.query_map([], |row| read_json(row.get(0)?))?;
    entries.collect()
}
