//! Every act, with who, when and from which device.

use beckon_domain::session_request::Assignment;
use beckon_domain::{AccountId, Act, RequestId};
use beckon_wire::account::Person;
use beckon_wire::request::{Assignee, HistoryEntry, QueueName};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use uuid::Uuid;

use super::{Columns, Entry, accounts, queues};
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
    .fetch_all(&mut *db)
    .await?;
    let mut entries = Vec::with_capacity(rows.len());
    for row in &rows {
        entries.push(read(db, row).await?);
    }
    Ok(entries)
}

async fn read(db: &mut SqliteConnection, row: &SqliteRow) -> Answer<HistoryEntry> {
    let by = match (row.maybe::<Uuid>("account")?, row.maybe("name")?) {
        (Some(id), Some(name)) => Some(Person { id: AccountId(id), name }),
        _ => None,
    };
    let act: String = row.parsed("act")?;
    let act: Act = serde_json::from_value(act.into())?;
    let mut entry = HistoryEntry {
        at: row.moment("at")?,
        act,
        by,
        device: row.maybe("device")?,
        comment: None,
        assigned_to: None,
        schedule: None,
    };
    // The other details are for this program alone.
    match act {
        Act::EndAndClose => entry.comment = row.maybe("detail")?,
        Act::Assign => entry.assigned_to = Some(assignee(db, row.json("detail")?).await?),
        Act::Reschedule => entry.schedule = Some(row.json("detail")?),
        _ => {}
    }
    Ok(entry)
}

/// By the names that they have now.
async fn assignee(db: &mut SqliteConnection, to: Assignment) -> Answer<Assignee> {
    let mut assignee = Assignee { device: to.device, ..Assignee::default() };
    if let Some(id) = to.agent {
        assignee.agent = accounts::by_id(db, id).await?.map(|account| Person { id, name: account.name });
    }
    if let Some(id) = to.queue {
        assignee.queue = queues::name(db, id).await?.map(|name| QueueName { id, name });
    }
    Ok(assignee)
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

/// Which of these acts came last.
pub async fn last_of(db: &mut SqliteConnection, request: RequestId, acts: &[Act]) -> Answer<Option<Act>> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT act FROM acts WHERE request = ");
    query.push_bind(request.0.to_string()).push(" AND act IN (");
    let mut list = query.separated(", ");
    for act in acts {
        list.push_bind(act.as_str());
    }
    query.push(") ORDER BY id DESC LIMIT 1");
    let last: Option<String> = query.build_query_scalar().fetch_optional(db).await?;
    Ok(last.map(|act| serde_json::from_value(act.into())).transpose()?)
}
