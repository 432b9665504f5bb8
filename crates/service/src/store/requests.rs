//! Session requests: columns for what is searched, JSON for the facts of the status.

use beckon_domain::session_request::{Agent, Assignment, LinkNumber, Lost, Revision};
use beckon_domain::{
    AccountId, Contact, DeviceId, EmailAddress, QueueId, RequestId, SessionId, SessionRequest, Status,
};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use super::Columns;
use crate::error::Answer;

#[derive(Debug, Clone)]
pub struct Stored {
    pub request: SessionRequest,
    pub changed_at: DateTime<Utc>,
}

fn read(row: &SqliteRow) -> Answer<Stored> {
    let request = SessionRequest {
        id: RequestId(row.id("id")?),
        link: LinkNumber(row.try_get("link")?),
        revision: Revision(row.try_get("revision")?),
        recipient: row.parsed("recipient")?,
        comments: row.parsed("comments")?,
        profile: row.json("profile")?,
        assignment: Assignment {
            agent: row.maybe::<Uuid>("agent")?.map(AccountId),
            queue: row.maybe::<Uuid>("queue")?.map(QueueId),
            device: row.maybe("device")?,
        },
        schedule: row.json("schedule")?,
        expiry: row.json("expiry")?,
        expires_at: row.moment("expires_at")?,
        created_by: AccountId(row.id("created_by")?),
        created_at: row.moment("created_at")?,
        status: row.json("facts")?,
        contact: Contact {
            email: row.maybe("email")?,
            send_mail: row.try_get("send_mail")?,
            language: row.parsed("language")?,
        },
    };
    Ok(Stored { request, changed_at: row.moment("changed_at")? })
}

pub async fn by_id(db: &mut SqliteConnection, id: RequestId) -> Answer<Option<Stored>> {
    let row =
        sqlx::query("SELECT * FROM requests WHERE id = ?").bind(id.0.to_string()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// The one that this device has joined.
pub async fn joined_by(db: &mut SqliteConnection, host: DeviceId) -> Answer<Option<Stored>> {
    let row = sqlx::query("SELECT * FROM requests WHERE host = ?")
        .bind(host.to_string())
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Those in which an agent at this device asks, has pressed *Connect*, is connected, or was until the
/// connection broke.
pub async fn viewed_by(db: &mut SqliteConnection, viewer: DeviceId) -> Answer<Vec<RequestId>> {
    let rows = sqlx::query("SELECT id FROM requests WHERE viewer = ?")
        .bind(viewer.to_string())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| Ok(RequestId(row.id("id")?))).collect()
}

/// The same, at every device from which this account ever asked: it may be signed out there by now.
pub async fn viewed_from_devices_of(db: &mut SqliteConnection, account: AccountId) -> Answer<Vec<RequestId>> {
    let rows = sqlx::query(
        "SELECT id FROM requests WHERE viewer IN (SELECT viewer FROM sessions WHERE account = ?)",
    )
    .bind(account.0.to_string())
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Ok(RequestId(row.id("id")?))).collect()
}

/// Those that some device has joined.
pub async fn with_host(db: &mut SqliteConnection) -> Answer<Vec<RequestId>> {
    let rows = sqlx::query("SELECT id FROM requests WHERE host IS NOT NULL").fetch_all(db).await?;
    rows.iter().map(|row| Ok(RequestId(row.id("id")?))).collect()
}

pub async fn insert(db: &mut SqliteConnection, request: &SessionRequest) -> Answer<()> {
    sqlx::query(
        "INSERT INTO requests (id, link, revision, recipient, comments, profile, schedule, expiry, expires_at,
                               created_by, created_at, changed_at, facts, status)
         VALUES (?, 0, 0, '', '', '', '', '', 0, ?, ?, 0, '', '')",
    )
    .bind(request.id.0.to_string())
    .bind(request.created_by.0.to_string())
    .bind(request.created_at.timestamp_millis())
    .execute(&mut *db)
    .await?;
    update(db, request, request.created_at).await
}

/// Writes all that may change, so that there is one list of the columns.
pub async fn update(
    db: &mut SqliteConnection,
    request: &SessionRequest,
    changed_at: DateTime<Utc>,
) -> Answer<()> {
    sqlx::query(
        "UPDATE requests SET link = ?, revision = ?, recipient = ?, comments = ?, profile = ?, agent = ?,
                queue = ?, device = ?, schedule = ?, expiry = ?, expires_at = ?, changed_at = ?, facts = ?,
                status = ?, host = ?, viewer = ?, session = ?, email = ?, send_mail = ?, language = ?,
                allowed_at = ?
         WHERE id = ?",
    )
    .bind(request.link.0)
    .bind(request.revision.0)
    .bind(request.recipient.as_str())
    .bind(request.comments.as_str())
    .bind(serde_json::to_string(&request.profile)?)
    .bind(request.assignment.agent.map(|id| id.0.to_string()))
    .bind(request.assignment.queue.map(|id| id.0.to_string()))
    .bind(request.assignment.device.map(|id| id.to_string()))
    .bind(serde_json::to_string(&request.schedule)?)
    .bind(serde_json::to_string(&request.expiry)?)
    .bind(request.expires_at.timestamp_millis())
    .bind(changed_at.timestamp_millis())
    .bind(serde_json::to_string(&request.status)?)
    .bind(request.status.name().as_str())
    .bind(request.host().map(|host| host.device.to_string()))
    .bind(agent_of(&request.status).map(|agent| agent.device.to_string()))
    .bind(request.status.session().map(|id| id.0.to_string()))
    .bind(request.contact.email.as_ref().map(EmailAddress::as_str))
    .bind(request.contact.send_mail)
    .bind(request.contact.language.as_str())
    .bind(allowed_at(&request.status).map(|at| at.timestamp_millis()))
    .bind(request.id.0.to_string())
    .execute(db)
    .await?;
    Ok(())
}

fn allowed_at(status: &Status) -> Option<DateTime<Utc>> {
    match status {
        Status::Ready(ready) => Some(ready.allowed_at),
        _ => None,
    }
}

/// The agent who asks, has pressed *Connect*, is connected, or was until the connection broke.
pub fn agent_of(status: &Status) -> Option<Agent> {
    let was_in = |lost: Option<Lost>| lost.map(|lost| lost.running.agent);
    match status {
        Status::Waiting(waiting) => waiting.ask.map(|ask| ask.agent).or_else(|| was_in(waiting.lost)),
        Status::Ready(ready) => ready.reservation.map(|held| held.agent).or_else(|| was_in(ready.lost)),
        Status::Connected(connected) => Some(connected.running.agent),
        Status::Open | Status::Closed { .. } | Status::Expired { .. } => None,
    }
}

/// Whether this session is one that two devices are in, or are about to be introduced for.
pub fn in_session(request: &SessionRequest, session: SessionId) -> bool {
    request.status.session() == Some(session)
}
