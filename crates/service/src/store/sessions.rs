//! Sessions: which two endpoint keys a session has, who signed them, and the grant.

use beckon_domain::statement::Side;
use beckon_domain::{AccountId, DeviceId, PublicKey, RequestId, SessionId, SignedGrant, SignedStatement};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::Columns;
use crate::error::Answer;

#[derive(Debug, Clone)]
pub struct Session {
    pub id: SessionId,
    pub request: RequestId,
    pub account: AccountId,
    pub viewer: DeviceId,
    pub viewer_statement: SignedStatement,
    pub host: Option<DeviceId>,
    pub host_endpoint: Option<PublicKey>,
    pub grant: Option<SignedGrant>,
}

fn read(row: &SqliteRow) -> Answer<Session> {
    let grant: Option<&str> = row.try_get("signed_grant")?;
    Ok(Session {
        id: SessionId(row.id("id")?),
        request: RequestId(row.id("request")?),
        account: AccountId(row.id("account")?),
        viewer: row.parsed("viewer")?,
        viewer_statement: row.json("viewer_statement")?,
        host: row.maybe("host")?,
        host_endpoint: row.maybe("host_endpoint")?,
        grant: grant.map(serde_json::from_str).transpose()?,
    })
}

pub async fn by_id(db: &mut SqliteConnection, id: SessionId) -> Answer<Option<Session>> {
    let row =
        sqlx::query("SELECT * FROM sessions WHERE id = ?").bind(id.0.to_string()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// Whether a session of whatever kind has, or had, this id.
pub async fn is_used(db: &mut SqliteConnection, id: SessionId) -> Answer<bool> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?1)
             OR EXISTS (SELECT 1 FROM introductions WHERE session = ?1)
             OR EXISTS (SELECT 1 FROM calls WHERE session = ?1)",
    )
    .bind(id.0.to_string())
    .fetch_one(db)
    .await?)
}

/// Those in which either side is known by this key.
pub async fn by_endpoint(db: &mut SqliteConnection, endpoint: &PublicKey) -> Answer<Vec<Session>> {
    let rows = sqlx::query("SELECT * FROM sessions WHERE viewer_endpoint = ? OR host_endpoint = ?")
        .bind(endpoint.to_string())
        .bind(endpoint.to_string())
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

pub async fn insert(
    db: &mut SqliteConnection,
    request: RequestId,
    account: AccountId,
    viewer: DeviceId,
    signed: &SignedStatement,
    now: DateTime<Utc>,
) -> Answer<()> {
    debug_assert_eq!(signed.statement.side, Side::Viewer);
    sqlx::query(
        "INSERT INTO sessions (id, request, account, viewer, viewer_endpoint, viewer_statement, asked_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(signed.statement.session.0.to_string())
    .bind(request.0.to_string())
    .bind(account.0.to_string())
    .bind(viewer.to_string())
    .bind(signed.statement.endpoint.to_string())
    .bind(serde_json::to_string(signed)?)
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

pub async fn keep_grant(
    db: &mut SqliteConnection,
    host: DeviceId,
    signed: &SignedStatement,
    grant: &SignedGrant,
    now: DateTime<Utc>,
) -> Answer<()> {
    sqlx::query(
        "UPDATE sessions SET host = ?, host_endpoint = ?, signed_grant = ?, granted_at = ? WHERE id = ?",
    )
    .bind(host.to_string())
    .bind(signed.statement.endpoint.to_string())
    .bind(serde_json::to_string(grant)?)
    .bind(now.timestamp_millis())
    .bind(signed.statement.session.0.to_string())
    .execute(db)
    .await?;
    Ok(())
}

pub async fn has_grant(db: &mut SqliteConnection, id: SessionId) -> Answer<bool> {
    let granted: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM sessions WHERE id = ? AND signed_grant IS NOT NULL")
            .bind(id.0.to_string())
            .fetch_optional(db)
            .await?;
    Ok(granted.is_some())
}

pub async fn connected(db: &mut SqliteConnection, id: SessionId, now: DateTime<Utc>) -> Answer<()> {
    sqlx::query("UPDATE sessions SET connected_at = COALESCE(connected_at, ?), ended_at = NULL WHERE id = ?")
        .bind(now.timestamp_millis())
        .bind(id.0.to_string())
        .execute(db)
        .await?;
    Ok(())
}

pub async fn ended(db: &mut SqliteConnection, id: SessionId, now: DateTime<Utc>) -> Answer<()> {
    sqlx::query("UPDATE sessions SET ended_at = COALESCE(ended_at, ?) WHERE id = ?")
        .bind(now.timestamp_millis())
        .bind(id.0.to_string())
        .execute(db)
        .await?;
    Ok(())
}

pub async fn comment(db: &mut SqliteConnection, id: SessionId, comment: &str) -> Answer<()> {
    sqlx::query("UPDATE sessions SET comment = ? WHERE id = ?")
        .bind(comment)
        .bind(id.0.to_string())
        .execute(db)
        .await?;
    Ok(())
}
