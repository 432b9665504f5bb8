//! Every act, with who, when and from which device.

use beckon_domain::{AccountId, Act, RequestId};
use beckon_wire::account::Person;
use beckon_wire::request::HistoryEntry;
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{Columns, Entry};
use crate::error::Answer;

pub async fn add(
    db: &mut SqliteConnection,
    request: RequestId,
    entry: &Entry,
    now: DateTime<Utc>,
) -> Answer<()> {
    sqlx::query("INSERT INTO acts (request, at, act, account, device, detail) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(request.0.to_string())
        .bind(now.timestamp_millis())
        .bind(entry.act.as_str())
        .bind(entry.by.map(|id| id.0.to_string()))
        .bind(entry.device.map(|id| id.to_string()))
        .bind(entry.detail.as_deref())
        .execute(db)
        .await?;
    Ok(())
}

pub async fn of(db: &mut SqliteConnection, request: RequestId) -> Answer<Vec<HistoryEntry>> {
    let rows = sqlx::query(
        "SELECT acts.at, acts.act, acts.account, acts.device, acts.detail, accounts.name FROM acts
         LEFT JOIN accounts ON accounts.id = acts.account WHERE acts.request = ? ORDER BY acts.id",
    )
    .bind(request.0.to_string())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            let by = match (row.maybe::<Uuid>("account")?, row.maybe("name")?) {
                (Some(id), Some(name)) => Some(Person { id: AccountId(id), name }),
                _ => None,
            };
            let act: String = row.parsed("act")?;
            let act: Act = serde_json::from_value(act.into())?;
            // The other details are for this program alone.
            let comment = if act == Act::EndAndClose { row.maybe("detail")? } else { None };
            let at = row.moment("at")?;
            let device = row.maybe("device")?;
            Ok(HistoryEntry { at, act, by, device, comment, assigned_to: None, schedule: None })
        })
        .collect()
}

/// What the first act said: a create that comes again must say the same.
pub async fn created_with(db: &mut SqliteConnection, request: RequestId) -> Answer<Option<String>> {
    let detail: Option<Option<String>> =
        sqlx::query_scalar("SELECT detail FROM acts WHERE request = ? AND act = ? ORDER BY id LIMIT 1")
            .bind(request.0.to_string())
            .bind(Act::Create.as_str())
            .fetch_optional(db)
            .await?;
    Ok(detail.flatten())
}
