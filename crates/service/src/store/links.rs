//! Every link a request has had: looked up by hash, sealed for *Copy link*, remembered when dead.

use beckon_domain::RequestId;
use beckon_domain::session_request::LinkNumber;
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::Columns;
use crate::error::Answer;
use crate::seal::{Hashed, Keys, Link};

pub struct Found {
    pub request: RequestId,
    pub number: LinkNumber,
    /// There is a newer one, or the request was reopened with one.
    pub replaced: bool,
}

fn read(row: &SqliteRow) -> Answer<Found> {
    Ok(Found {
        request: RequestId(row.id("request")?),
        number: LinkNumber(row.try_get("number")?),
        replaced: row.try_get::<Option<i64>, _>("replaced_at")?.is_some(),
    })
}

pub async fn by_token_hash(db: &mut SqliteConnection, hash: &[u8]) -> Answer<Option<Found>> {
    let row = sqlx::query("SELECT request, number, replaced_at FROM links WHERE token_hash = ?")
        .bind(hash)
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read).transpose()
}

/// A live one first: a code that was drawn again after its death means the live request.
pub async fn by_code_hash(db: &mut SqliteConnection, hash: &[u8]) -> Answer<Option<Found>> {
    let row = sqlx::query(
        "SELECT request, number, replaced_at FROM links WHERE code_hash = ?
         ORDER BY CASE WHEN replaced_at IS NULL THEN 0 ELSE 1 END, replaced_at DESC LIMIT 1",
    )
    .bind(hash)
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The current link in clear, for who may see the request, and for the landing page's own code.
pub async fn current(db: &mut SqliteConnection, keys: &Keys, request: RequestId) -> Answer<Option<Link>> {
    let row = sqlx::query("SELECT number, sealed FROM links WHERE request = ? AND replaced_at IS NULL")
        .bind(request.0.to_string())
        .fetch_optional(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let sealed: Vec<u8> = row.try_get("sealed")?;
    Ok(Some(keys.unseal(request, LinkNumber(row.try_get("number")?), &sealed)?))
}

/// The link that was found, in clear, also once it is dead.
pub async fn opened(db: &mut SqliteConnection, keys: &Keys, found: &Found) -> Answer<Option<Link>> {
    let row = sqlx::query("SELECT sealed FROM links WHERE request = ? AND number = ?")
        .bind(found.request.0.to_string())
        .bind(found.number.0)
        .fetch_optional(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let sealed: Vec<u8> = row.try_get("sealed")?;
    Ok(Some(keys.unseal(found.request, found.number, &sealed)?))
}

/// Fails with the keys of another database: no link of this one would open with them.
pub async fn prove_keys(db: &mut SqliteConnection, keys: &Keys) -> Answer<()> {
    let row = sqlx::query("SELECT request, number, sealed FROM links LIMIT 1").fetch_optional(db).await?;
    let Some(row) = row else { return Ok(()) };
    let sealed: Vec<u8> = row.try_get("sealed")?;
    keys.unseal(RequestId(row.id("request")?), LinkNumber(row.try_get("number")?), &sealed)?;
    Ok(())
}

/// Kills the links before it and draws a new one; its code is unlike every live one.
pub async fn draw(
    db: &mut SqliteConnection,
    keys: &Keys,
    request: RequestId,
    number: LinkNumber,
    now: DateTime<Utc>,
) -> Answer<Link> {
    sqlx::query("UPDATE links SET replaced_at = ? WHERE request = ? AND replaced_at IS NULL")
        .bind(now.timestamp_millis())
        .bind(request.0.to_string())
        .execute(&mut *db)
        .await?;
    loop {
        let link = Link::draw();
        let code_hash = keys.hash(Hashed::JoinCode, link.code.as_bytes());
        if by_code_hash(db, &code_hash).await?.is_some() {
            continue;
        }
        sqlx::query(
            "INSERT INTO links (token_hash, code_hash, request, number, sealed) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(keys.hash(Hashed::LinkToken, link.token.as_bytes()))
        .bind(code_hash)
        .bind(request.0.to_string())
        .bind(number.0)
        .bind(keys.seal(request, number, &link)?)
        .execute(db)
        .await?;
        return Ok(link);
    }
}
