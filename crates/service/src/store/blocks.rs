//! Whom a device does not want to hear of.

use beckon_domain::DeviceId;
use beckon_wire::lookup::Block;
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Columns;
use crate::error::Answer;

pub async fn of(db: &mut SqliteConnection, device: DeviceId) -> Answer<Vec<Block>> {
    let rows = sqlx::query("SELECT blocked, at FROM blocks WHERE device = ? ORDER BY at, blocked")
        .bind(device.to_string())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| Ok(Block { device: row.parsed("blocked")?, since: row.moment("at")? })).collect()
}

/// Blocked again, it stays as it is.
pub async fn add(
    db: &mut SqliteConnection,
    device: DeviceId,
    blocked: DeviceId,
    now: DateTime<Utc>,
) -> Answer<()> {
    sqlx::query("INSERT INTO blocks (device, blocked, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(device.to_string())
        .bind(blocked.to_string())
        .bind(now.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}

pub async fn remove(db: &mut SqliteConnection, device: DeviceId, blocked: DeviceId) -> Answer<()> {
    sqlx::query("DELETE FROM blocks WHERE device = ? AND blocked = ?")
        .bind(device.to_string())
        .bind(blocked.to_string())
        .execute(db)
        .await?;
    Ok(())
}
