//! What must happen by itself, and when.

use beckon_domain::RequestId;
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Columns;
use crate::error::Answer;

const REQUEST: &str = "request";

/// Replaces what was due for this request before.
pub async fn set_due(
    db: &mut SqliteConnection,
    request: RequestId,
    due: Option<DateTime<Utc>>,
) -> Answer<()> {
    let subject = request.0.to_string();
    let Some(due) = due else {
        sqlx::query("DELETE FROM jobs WHERE kind = ? AND subject = ?")
            .bind(REQUEST)
            .bind(subject)
            .execute(db)
            .await?;
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO jobs (kind, subject, due_at) VALUES (?, ?, ?)
         ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at",
    )
    .bind(REQUEST)
    .bind(subject)
    .bind(due.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

pub async fn next_due(db: &mut SqliteConnection) -> Answer<Option<DateTime<Utc>>> {
    let row = sqlx::query("SELECT due_at FROM jobs ORDER BY due_at LIMIT 1").fetch_optional(db).await?;
    row.map(|row| row.moment("due_at")).transpose()
}

pub async fn due(db: &mut SqliteConnection, now: DateTime<Utc>) -> Answer<Vec<RequestId>> {
    let rows =
        sqlx::query("SELECT subject FROM jobs WHERE kind = ? AND due_at <= ? ORDER BY due_at LIMIT 100")
            .bind(REQUEST)
            .bind(now.timestamp_millis())
            .fetch_all(db)
            .await?;
    rows.iter().map(|row| Ok(RequestId(row.id("subject")?))).collect()
}

pub async fn due_of(db: &mut SqliteConnection, request: RequestId) -> Answer<Option<DateTime<Utc>>> {
    let row = sqlx::query("SELECT due_at FROM jobs WHERE kind = ? AND subject = ?")
        .bind(REQUEST)
        .bind(request.0.to_string())
        .fetch_optional(db)
        .await?;
    row.map(|row| row.moment("due_at")).transpose()
}
