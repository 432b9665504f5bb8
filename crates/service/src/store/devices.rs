//! Devices and the tokens they show.

use beckon_domain::text::Name;
use beckon_domain::{Alias, DeviceId, PublicKey};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};

use super::{Columns, changes};
use crate::error::Answer;

/// Signing in again does not end what other requests of the same device are doing.
const TOKENS_PER_DEVICE: i64 = 8;

#[derive(Debug, Clone)]
pub struct Device {
    pub id: DeviceId,
    pub key: PublicKey,
    pub name: Option<Name>,
    pub alias: Option<Alias>,
    pub version: String,
    pub last_seen: DateTime<Utc>,
    pub adopted: bool,
    /// Whether this service is its home, as it says.
    pub home: bool,
    pub audience: i64,
}

pub(super) fn read(row: &SqliteRow) -> Answer<Device> {
    Ok(Device {
        id: row.parsed("id")?,
        key: row.parsed("key")?,
        name: row.maybe("name")?,
        alias: row.maybe("alias")?,
        version: row.try_get("version")?,
        last_seen: row.moment("last_seen")?,
        adopted: row.try_get::<Option<i64>, _>("adopted_at")?.is_some(),
        home: row.try_get("home")?,
        audience: row.try_get("audience")?,
    })
}

pub async fn by_id(db: &mut SqliteConnection, id: DeviceId) -> Answer<Option<Device>> {
    let row = sqlx::query("SELECT * FROM devices WHERE id = ? AND key IS NOT NULL")
        .bind(id.to_string())
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read).transpose()
}

pub async fn by_key(db: &mut SqliteConnection, key: &PublicKey) -> Answer<Option<Device>> {
    let row =
        sqlx::query("SELECT * FROM devices WHERE key = ?").bind(key.to_string()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// Which device shows this token.
pub async fn by_token(
    db: &mut SqliteConnection,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Answer<Option<DeviceId>> {
    let row = sqlx::query(
        "SELECT devices.id FROM device_tokens JOIN devices ON devices.id = device_tokens.device
         WHERE device_tokens.hash = ? AND device_tokens.expires_at > ? AND devices.key IS NOT NULL",
    )
    .bind(hash)
    .bind(now.timestamp_millis())
    .fetch_optional(db)
    .await?;
    row.map(|row| row.parsed("id")).transpose()
}

/// One on which an account signed in at any time, or that an administrator adopted.
pub(super) const OF_ORGANISATION: &str = "key IS NOT NULL AND (adopted_at IS NOT NULL
    OR EXISTS (SELECT 1 FROM sign_ins WHERE sign_ins.device = devices.id))";

pub async fn is_of_organisation(db: &mut SqliteConnection, id: DeviceId) -> Answer<bool> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT EXISTS (SELECT 1 FROM devices WHERE id = ");
    query.push_bind(id.to_string()).push(" AND ").push(OF_ORGANISATION).push(")");
    Ok(query.build_query_scalar().fetch_one(db).await?)
}

pub async fn of_organisation(db: &mut SqliteConnection) -> Answer<Vec<Device>> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM devices WHERE ");
    let rows = query.push(OF_ORGANISATION).build().fetch_all(db).await?;
    rows.iter().map(read).collect()
}

pub async fn all(db: &mut SqliteConnection) -> Answer<Vec<Device>> {
    let rows = sqlx::query("SELECT * FROM devices WHERE key IS NOT NULL ORDER BY last_seen DESC")
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

/// The device with this key; the first time, an ID is drawn for it.
pub async fn register(
    db: &mut SqliteConnection,
    key: &PublicKey,
    name: Option<&Name>,
    version: &str,
    now: DateTime<Utc>,
) -> Answer<DeviceId> {
    if let Some(device) = by_key(db, key).await? {
        sqlx::query("UPDATE devices SET name = ?, version = ?, last_seen = ? WHERE id = ?")
            .bind(name.map(Name::as_str))
            .bind(version)
            .bind(now.timestamp_millis())
            .bind(device.id.to_string())
            .execute(&mut *db)
            .await?;
        if device.name.as_ref() != name && is_of_organisation(db, device.id).await? {
            changes::in_directory(db).await?;
        }
        return Ok(device.id);
    }
    loop {
        let id = DeviceId::draw();
        let drawn = sqlx::query(
            "INSERT INTO devices (id, key, name, version, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(id.to_string())
        .bind(key.to_string())
        .bind(name.map(Name::as_str))
        .bind(version)
        .bind(now.timestamp_millis())
        .bind(now.timestamp_millis())
        .execute(&mut *db)
        .await?;
        if drawn.rows_affected() == 1 {
            return Ok(id);
        }
    }
}

pub async fn keep_token(
    db: &mut SqliteConnection,
    device: DeviceId,
    hash: &[u8],
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Answer<()> {
    sqlx::query("DELETE FROM device_tokens WHERE expires_at <= ?")
        .bind(now.timestamp_millis())
        .execute(&mut *db)
        .await?;
    sqlx::query("INSERT INTO device_tokens (hash, device, expires_at) VALUES (?, ?, ?)")
        .bind(hash)
        .bind(device.to_string())
        .bind(until.timestamp_millis())
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "DELETE FROM device_tokens WHERE device = ? AND hash NOT IN
           (SELECT hash FROM device_tokens WHERE device = ? ORDER BY expires_at DESC LIMIT ?)",
    )
    .bind(device.to_string())
    .bind(device.to_string())
    .bind(TOKENS_PER_DEVICE)
    .execute(db)
    .await?;
    Ok(())
}

pub async fn adopt(db: &mut SqliteConnection, id: DeviceId, now: DateTime<Utc>) -> Answer<()> {
    sqlx::query("UPDATE devices SET adopted_at = COALESCE(adopted_at, ?) WHERE id = ?")
        .bind(now.timestamp_millis())
        .bind(id.to_string())
        .execute(&mut *db)
        .await?;
    changes::in_directory(db).await
}

/// Whether this was the key of a device that was forgotten.
pub async fn is_revoked(db: &mut SqliteConnection, key: &PublicKey) -> Answer<bool> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM devices WHERE revoked_key = ?)")
        .bind(key.to_string())
        .fetch_one(db)
        .await?)
}

/// All that came with the key; the ID stays taken, and the key is kept as one that opens nothing.
pub async fn forget(db: &mut SqliteConnection, id: DeviceId) -> Answer<()> {
    sqlx::query("DELETE FROM device_tokens WHERE device = ?").bind(id.to_string()).execute(&mut *db).await?;
    sqlx::query(
        "UPDATE devices SET revoked_key = key, key = NULL, name = NULL, adopted_at = NULL
         WHERE id = ? AND key IS NOT NULL",
    )
    .bind(id.to_string())
    .execute(&mut *db)
    .await?;
    changes::in_directory(db).await
}
