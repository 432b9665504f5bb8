//! What must happen by itself, and when.

use beckon_domain::{CallId, InvitationId, RequestId, SessionId};
use chrono::{DateTime, Utc};
use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use super::Columns;
use crate::error::Answer;

/// What something is due for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Request(RequestId),
    Invitation(InvitationId),
    Call(CallId),
    /// The session of an invitation or a call.
    Introduction(SessionId),
}

impl Subject {
    fn key(self) -> (&'static str, Uuid) {
        match self {
            Self::Request(id) => ("request", id.0),
            Self::Invitation(id) => ("invitation", id.0),
            Self::Call(id) => ("call", id.0),
            Self::Introduction(id) => ("introduction", id.0),
        }
    }

    /// None where it is of a kind that only a later version knows.
    fn from_key(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "request" => Some(Self::Request(RequestId(id))),
            "invitation" => Some(Self::Invitation(InvitationId(id))),
            "call" => Some(Self::Call(CallId(id))),
            "introduction" => Some(Self::Introduction(SessionId(id))),
            _ => None,
        }
    }
}

impl From<RequestId> for Subject {
    fn from(id: RequestId) -> Self {
        Self::Request(id)
    }
}

impl From<InvitationId> for Subject {
    fn from(id: InvitationId) -> Self {
        Self::Invitation(id)
    }
}

impl From<CallId> for Subject {
    fn from(id: CallId) -> Self {
        Self::Call(id)
    }
}

impl From<SessionId> for Subject {
    fn from(id: SessionId) -> Self {
        Self::Introduction(id)
    }
}

/// Replaces what was due for this one before.
pub async fn set_due(
    db: &mut SqliteConnection,
    subject: impl Into<Subject>,
    due: Option<DateTime<Utc>>,
) -> Answer<()> {
    let (kind, subject) = subject.into().key();
    let subject = subject.to_string();
    let Some(due) = due else {
        sqlx::query("DELETE FROM jobs WHERE kind = ? AND subject = ?")
            .bind(kind)
            .bind(subject)
            .execute(db)
            .await?;
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO jobs (kind, subject, due_at) VALUES (?, ?, ?)
         ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at",
    )
    .bind(kind)
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

pub async fn due(db: &mut SqliteConnection, now: DateTime<Utc>) -> Answer<Vec<Subject>> {
    let rows = sqlx::query("SELECT kind, subject FROM jobs WHERE due_at <= ? ORDER BY due_at LIMIT 100")
        .bind(now.timestamp_millis())
        .fetch_all(db)
        .await?;
    let subjects = rows.iter().map(|row| Ok(Subject::from_key(row.try_get("kind")?, row.id("subject")?)));
    subjects.filter_map(Answer::transpose).collect()
}

pub async fn due_of(db: &mut SqliteConnection, subject: impl Into<Subject>) -> Answer<Option<DateTime<Utc>>> {
    let (kind, subject) = subject.into().key();
    let row = sqlx::query("SELECT due_at FROM jobs WHERE kind = ? AND subject = ?")
        .bind(kind)
        .bind(subject.to_string())
        .fetch_optional(db)
        .await?;
    row.map(|row| row.moment("due_at")).transpose()
}
