//! Named lists of agents.

use beckon_domain::text::Name;
use beckon_domain::{AccountId, QueueId};
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{Columns, changes};
use crate::error::Answer;

#[derive(Debug, Clone)]
pub struct Queue {
    pub id: QueueId,
    pub name: Name,
}

pub async fn all(db: &mut SqliteConnection) -> Answer<Vec<Queue>> {
    let rows = sqlx::query("SELECT id, name FROM queues ORDER BY name_key").fetch_all(db).await?;
    rows.iter().map(|row| Ok(Queue { id: QueueId(row.id("id")?), name: row.parsed("name")? })).collect()
}

pub async fn name(db: &mut SqliteConnection, id: QueueId) -> Answer<Option<Name>> {
    let row =
        sqlx::query("SELECT name FROM queues WHERE id = ?").bind(id.0.to_string()).fetch_optional(db).await?;
    row.map(|row| row.parsed("name")).transpose()
}

pub async fn by_name(db: &mut SqliteConnection, name: &Name) -> Answer<Option<QueueId>> {
    let row = sqlx::query("SELECT id FROM queues WHERE name_key = ?")
        .bind(name_key(name))
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok(QueueId(row.id("id")?))).transpose()
}

/// None if there is one of that name.
pub async fn create(db: &mut SqliteConnection, name: &Name) -> Answer<Option<QueueId>> {
    let id = QueueId(Uuid::now_v7());
    let made = sqlx::query(
        "INSERT INTO queues (id, name, name_key) VALUES (?, ?, ?) ON CONFLICT (name_key) DO NOTHING",
    )
    .bind(id.0.to_string())
    .bind(name.as_str())
    .bind(name_key(name))
    .execute(&mut *db)
    .await?;
    if made.rows_affected() == 0 {
        return Ok(None);
    }
    changes::in_directory(db).await?;
    Ok(Some(id))
}

pub async fn add(db: &mut SqliteConnection, queue: QueueId, account: AccountId) -> Answer<()> {
    sqlx::query("INSERT INTO queue_members (queue, account) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .bind(queue.0.to_string())
        .bind(account.0.to_string())
        .execute(db)
        .await?;
    Ok(())
}

pub async fn remove(db: &mut SqliteConnection, queue: QueueId, account: AccountId) -> Answer<()> {
    sqlx::query("DELETE FROM queue_members WHERE queue = ? AND account = ?")
        .bind(queue.0.to_string())
        .bind(account.0.to_string())
        .execute(db)
        .await?;
    Ok(())
}

pub async fn of(db: &mut SqliteConnection, account: AccountId) -> Answer<Vec<QueueId>> {
    let rows = sqlx::query("SELECT queue FROM queue_members WHERE account = ?")
        .bind(account.0.to_string())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| Ok(QueueId(row.id("queue")?))).collect()
}

pub async fn members(db: &mut SqliteConnection, queue: QueueId) -> Answer<Vec<AccountId>> {
    let rows = sqlx::query("SELECT account FROM queue_members WHERE queue = ?")
        .bind(queue.0.to_string())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| Ok(AccountId(row.id("account")?))).collect()
}

fn name_key(name: &Name) -> String {
    name.as_str().trim().to_lowercase()
}
