//! Mails to recipients: queued with the act that they tell of, and kept as long as the request.

use beckon_domain::session_request::LinkNumber;
use beckon_domain::{EmailAddress, RequestId, SessionRequest};
use beckon_wire::request::{MailProblem, MailState, MailView};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};
use uuid::Uuid;

use super::Columns;
use crate::error::Answer;
use crate::mail::{Calendar, News};

#[derive(Debug, Clone)]
pub struct Mail {
    pub number: i64,
    pub request: RequestId,
    pub news: News,
    pub link: LinkNumber,
    pub message_id: String,
    pub state: State,
    pub since: DateTime<Utc>,
    pub try_at: Option<DateTime<Utc>>,
    settled_at: Option<DateTime<Utc>>,
    pub problem: Option<MailProblem>,
    /// To whom it goes.
    pub email: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Queued,
    Sending,
    Sent,
    Failed,
    /// No longer true when its turn came.
    Dropped,
}

impl State {
    const ALL: [Self; 5] = [Self::Queued, Self::Sending, Self::Sent, Self::Failed, Self::Dropped];

    fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

/// A mail that the recipient has, or may have: a crash or a lost answer hides how a try ended.
pub struct Delivered {
    pub message_id: String,
    pub calendar: Calendar,
    pub link: LinkNumber,
}

/// What counts once a mail was tried. Read without its other columns, which may be what broke it.
pub struct Tried {
    pub request: RequestId,
    pub tries: u32,
    pub since: DateTime<Utc>,
    pub problem: Option<String>,
}

impl Mail {
    pub fn view(&self) -> Option<MailView> {
        let (state, at) = match self.state {
            State::Queued | State::Sending => (MailState::Queued, Some(self.since)),
            State::Sent => (MailState::Sent, self.settled_at),
            State::Failed => (MailState::Failed, self.settled_at),
            State::Dropped => return None,
        };
        Some(MailView { state, at: at.unwrap_or(self.since), problem: self.problem })
    }
}

fn read(row: &SqliteRow) -> Answer<Mail> {
    let state: &str = row.try_get("state")?;
    let state = State::ALL.into_iter().find(|known| known.as_str() == state);
    let moment = |column| match row.try_get::<Option<i64>, _>(column)? {
        Some(_) => row.moment(column).map(Some),
        None => Ok(None),
    };
    let problem: Option<String> = row.try_get("problem")?;
    Ok(Mail {
        number: row.try_get("number")?,
        request: RequestId(row.id("request")?),
        news: row.parsed("news")?,
        link: LinkNumber(row.try_get("link")?),
        message_id: row.try_get("message_id")?,
        state: state.ok_or_else(|| anyhow::anyhow!("the stored state of a mail cannot be read"))?,
        since: row.moment("since")?,
        try_at: moment("try_at")?,
        settled_at: moment("settled_at")?,
        problem: problem.map(|problem| serde_json::from_value(problem.into())).transpose()?,
        email: row.try_get("email")?,
    })
}

/// In place of what was queued before. `host` is the service's own, for the mail's id.
pub async fn queue(
    db: &mut SqliteConnection,
    request: &SessionRequest,
    news: News,
    host: &str,
    now: DateTime<Utc>,
) -> Answer<()> {
    sqlx::query("UPDATE mails SET state = ?, try_at = NULL WHERE request = ? AND state = ?")
        .bind(State::Dropped.as_str())
        .bind(request.id.0.to_string())
        .bind(State::Queued.as_str())
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "INSERT INTO mails (request, news, link, message_id, state, since, try_at, email)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(request.id.0.to_string())
    .bind(news.as_str())
    .bind(request.link.0)
    .bind(format!("<{}@{host}>", Uuid::now_v7().simple()))
    .bind(State::Queued.as_str())
    .bind(now.timestamp_millis())
    .bind(now.timestamp_millis())
    .bind(request.contact.mailed().map_or("", EmailAddress::as_str))
    .execute(db)
    .await?;
    Ok(())
}

pub async fn by_number(db: &mut SqliteConnection, number: i64) -> Answer<Option<Mail>> {
    let row = sqlx::query("SELECT * FROM mails WHERE number = ?").bind(number).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

pub async fn tried(db: &mut SqliteConnection, number: i64) -> Answer<Option<Tried>> {
    let row = sqlx::query("SELECT request, tries, since, problem FROM mails WHERE number = ?")
        .bind(number)
        .fetch_optional(db)
        .await?;
    row.map(|row| {
        Ok(Tried {
            request: RequestId(row.id("request")?),
            tries: row.try_get("tries")?,
            since: row.moment("since")?,
            problem: row.try_get("problem")?,
        })
    })
    .transpose()
}

/// The last mail about a request that was not dropped.
pub async fn last_of(db: &mut SqliteConnection, request: RequestId) -> Answer<Option<Mail>> {
    let row =
        sqlx::query("SELECT * FROM mails WHERE request = ? AND state <> ? ORDER BY number DESC LIMIT 1")
            .bind(request.0.to_string())
            .bind(State::Dropped.as_str())
            .fetch_optional(db)
            .await?;
    row.as_ref().map(read).transpose()
}

/// How many mails about this request were queued before this one: the number of its calendar entry.
pub async fn count_before(db: &mut SqliteConnection, mail: &Mail) -> Answer<u32> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM mails WHERE request = ? AND number < ?")
        .bind(mail.request.0.to_string())
        .bind(mail.number)
        .fetch_one(db)
        .await?)
}

/// What the recipient has of the mails before this one, the oldest first. At another address they have none.
pub async fn delivered_before(db: &mut SqliteConnection, mail: &Mail) -> Answer<Vec<Delivered>> {
    let rows = sqlx::query(
        "SELECT message_id, calendar, link FROM mails
         WHERE request = ? AND number < ? AND email = ? AND (state = ? OR unanswered > 0) ORDER BY number",
    )
    .bind(mail.request.0.to_string())
    .bind(mail.number)
    .bind(&mail.email)
    .bind(State::Sent.as_str())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Delivered {
                message_id: row.try_get("message_id")?,
                calendar: row.parsed("calendar")?,
                link: LinkNumber(row.try_get("link")?),
            })
        })
        .collect()
}

/// Which is due next, and when. The mails of one request go one after another.
pub async fn next_try(db: &mut SqliteConnection, under_way: &[i64]) -> Answer<Option<(i64, DateTime<Utc>)>> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT number, try_at FROM mails WHERE try_at IS NOT NULL
         AND request NOT IN (SELECT request FROM mails WHERE number IN (",
    );
    let mut list = query.separated(", ");
    for number in under_way {
        list.push_bind(*number);
    }
    query.push(")) ORDER BY try_at, number LIMIT 1");
    let row = query.build().fetch_optional(db).await?;
    row.map(|row| Ok((row.try_get("number")?, row.moment("try_at")?))).transpose()
}

/// Kept before the first byte is sent.
pub async fn begin(db: &mut SqliteConnection, number: i64, calendar: Calendar) -> Answer<()> {
    sqlx::query(
        "UPDATE mails SET state = ?, calendar = ?, tries = tries + 1, unanswered = unanswered + 1
         WHERE number = ?",
    )
    .bind(State::Sending.as_str())
    .bind(calendar.as_str())
    .bind(number)
    .execute(db)
    .await?;
    Ok(())
}

/// How the try ended is known: by it, the recipient has the mail or has it not.
pub async fn answered(db: &mut SqliteConnection, number: i64) -> Answer<()> {
    sqlx::query("UPDATE mails SET unanswered = unanswered - 1 WHERE number = ?")
        .bind(number)
        .execute(db)
        .await?;
    Ok(())
}

pub async fn put_off(
    db: &mut SqliteConnection,
    number: i64,
    tries: u32,
    until: DateTime<Utc>,
    problem: MailProblem,
) -> Answer<()> {
    sqlx::query("UPDATE mails SET state = ?, tries = ?, try_at = ?, problem = ? WHERE number = ?")
        .bind(State::Queued.as_str())
        .bind(tries)
        .bind(until.timestamp_millis())
        .bind(problem.as_str())
        .bind(number)
        .execute(db)
        .await?;
    Ok(())
}

/// Nothing else about it changes: there is nothing else that could be read.
pub async fn set_due(db: &mut SqliteConnection, number: i64, at: DateTime<Utc>) -> Answer<()> {
    sqlx::query("UPDATE mails SET try_at = ? WHERE number = ?")
        .bind(at.timestamp_millis())
        .bind(number)
        .execute(db)
        .await?;
    Ok(())
}

/// It is over with this mail.
pub async fn settle(
    db: &mut SqliteConnection,
    number: i64,
    state: State,
    problem: Option<MailProblem>,
    now: DateTime<Utc>,
) -> Answer<()> {
    sqlx::query("UPDATE mails SET state = ?, try_at = NULL, settled_at = ?, problem = ? WHERE number = ?")
        .bind(state.as_str())
        .bind(now.timestamp_millis())
        .bind(problem.map(MailProblem::as_str))
        .bind(number)
        .execute(db)
        .await?;
    Ok(())
}

/// A failed one begins anew, as the same mail.
pub async fn begin_anew(db: &mut SqliteConnection, number: i64, now: DateTime<Utc>) -> Answer<()> {
    sqlx::query(
        "UPDATE mails SET state = ?, tries = 0, since = ?, try_at = ?, settled_at = NULL, problem = NULL
         WHERE number = ?",
    )
    .bind(State::Queued.as_str())
    .bind(now.timestamp_millis())
    .bind(now.timestamp_millis())
    .bind(number)
    .execute(db)
    .await?;
    Ok(())
}
