//! What people keep of the devices that they connect to.

use beckon_domain::text::Name;
use beckon_domain::{AccountId, BookEntry, BookEntryId};
use sqlx::SqliteConnection;

use super::Columns;
use crate::error::Answer;

pub async fn by_id(
    db: &mut SqliteConnection,
    account: AccountId,
    id: BookEntryId,
) -> Answer<Option<BookEntry>> {
    let row = sqlx::query("SELECT target, name, tags, note FROM address_book WHERE account = ? AND id = ?")
        .bind(account.0.to_string())
        .bind(id.0.to_string())
        .fetch_optional(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(BookEntry {
        id,
        target: row.json("target")?,
        name: row.maybe("name")?,
        tags: row.json("tags")?,
        note: row.parsed("note")?,
    }))
}

pub async fn count(db: &mut SqliteConnection, account: AccountId) -> Answer<u32> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM address_book WHERE account = ?")
        .bind(account.0.to_string())
        .fetch_one(db)
        .await?)
}

/// Whether another entry has this entry's ID or alias.
pub async fn has_another(db: &mut SqliteConnection, account: AccountId, entry: &BookEntry) -> Answer<bool> {
    let row = sqlx::query("SELECT 1 FROM address_book WHERE account = ? AND target_key = ? AND id <> ?")
        .bind(account.0.to_string())
        .bind(entry.target.folded())
        .bind(entry.id.0.to_string())
        .fetch_optional(db)
        .await?;
    Ok(row.is_some())
}

pub async fn put(db: &mut SqliteConnection, account: AccountId, entry: &BookEntry) -> Answer<()> {
    sqlx::query(
        "INSERT INTO address_book (account, id, target, target_key, name, tags, note)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (account, id) DO UPDATE SET target = excluded.target, target_key = excluded.target_key,
             name = excluded.name, tags = excluded.tags, note = excluded.note",
    )
    .bind(account.0.to_string())
    .bind(entry.id.0.to_string())
    .bind(serde_json::to_string(&entry.target)?)
    .bind(entry.target.folded())
    .bind(entry.name.as_ref().map(Name::as_str))
    .bind(serde_json::to_string(&entry.tags)?)
    .bind(entry.note.as_str())
    .execute(db)
    .await?;
    Ok(())
}

/// Whether it was there.
pub async fn remove(db: &mut SqliteConnection, account: AccountId, id: BookEntryId) -> Answer<bool> {
    let removed = sqlx::query("DELETE FROM address_book WHERE account = ? AND id = ?")
        .bind(account.0.to_string())
        .bind(id.0.to_string())
        .execute(db)
        .await?;
    Ok(removed.rows_affected() == 1)
}
