//! Numbered steps in what somebody can see.
//!
//! A change is kept per class of readers, and only the last of each: whoever asks again from their cursor
//! gets every thing that has changed since, once, as it is now. Numbers are drawn inside the act's
//! transaction from one locked row, so no later number is visible before an earlier one.

use std::collections::BTreeSet;
use std::fmt;

use anyhow::Context;
use beckon_domain::session_request::Assignment;
use beckon_domain::{AccountId, DeviceId, QueueId, RequestId, SessionRequest};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};
use uuid::Uuid;

use super::Columns;
use crate::error::Answer;
use crate::identity::Reader;

/// Who sees a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Admins,
    /// All accounts: unassigned requests, and what the organisation has chosen.
    Everyone,
    Account(AccountId),
    Queue(QueueId),
    Device(DeviceId),
    /// In place of a device that is not there.
    Nobody,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admins => f.write_str("admins"),
            Self::Everyone => f.write_str("everyone"),
            Self::Account(id) => write!(f, "account:{}", id.0),
            Self::Queue(id) => write!(f, "queue:{}", id.0),
            Self::Device(id) => write!(f, "device:{id}"),
            Self::Nobody => f.write_str("nobody"),
        }
    }
}

/// As what a thing is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// By agents.
    Request,
    /// By the device that joined it.
    Joined,
    /// By the two devices that it concerns.
    Invitation,
    /// The same.
    Call,
    /// In the address book of one account.
    BookEntry,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Joined => "joined",
            Self::Invitation => "invitation",
            Self::Call => "call",
            Self::BookEntry => "book_entry",
        }
    }

    fn from_str(kind: &str) -> Option<Self> {
        [Self::Request, Self::Joined, Self::Invitation, Self::Call, Self::BookEntry]
            .into_iter()
            .find(|known| known.as_str() == kind)
    }
}

/// What a class sees was cut anew; there is no thing.
const AUDIENCE: &str = "audience";
/// What an organisation has chosen for all of its accounts; there is no thing either.
pub(super) const SETTINGS: &str = "settings";
/// To whom requests can be given: who acts on them, which queues and devices there are, and their names.
pub(super) const DIRECTORY: &str = "directory";

/// More classes than see one request, before and after an act.
const KEPT: usize = 16;

pub struct Numbered {
    pub number: i64,
    /// The thing's id.
    pub subject: Uuid,
    pub kind: Kind,
}

/// One class that something happened to.
pub struct Stirred {
    pub class: String,
    pub number: i64,
    pub audience: bool,
}

/// Who sees a request, and as what.
pub fn audience(request: &SessionRequest) -> BTreeSet<(Class, Kind)> {
    let Assignment { agent, queue, device } = request.assignment;
    let unassigned = request.assignment == Assignment::default();
    let agents = [
        Some(Class::Admins),
        unassigned.then_some(Class::Everyone),
        Some(Class::Account(request.created_by)),
        agent.map(Class::Account),
        queue.map(Class::Queue),
        device.map(Class::Device),
    ];
    let host = request.host().map(|host| (Class::Device(host.device), Kind::Joined));
    agents.into_iter().flatten().map(|class| (class, Kind::Request)).chain(host).collect()
}

async fn draw(db: &mut SqliteConnection) -> Answer<i64> {
    Ok(sqlx::query_scalar("UPDATE counter SET n = n + 1 WHERE only_row = 1 RETURNING n")
        .fetch_one(db)
        .await?)
}

pub async fn latest(db: &mut SqliteConnection) -> Answer<i64> {
    Ok(sqlx::query_scalar("SELECT n FROM counter WHERE only_row = 1").fetch_one(db).await?)
}

/// Numbers a change of `after` for everyone who sees it, or saw it before.
pub async fn number(
    db: &mut SqliteConnection,
    before: Option<&SessionRequest>,
    after: &SessionRequest,
) -> Answer<()> {
    let sees = audience(after);
    let saw = before.map(audience).unwrap_or_default();
    // Whether it is gone is seen when it is read: another class of the same reader may see it still.
    number_all(db, saw.union(&sees).map(|(class, kind)| (*class, *kind, after.id.0))).await
}

/// Numbers a change of something that two devices see. Where there is no second one the same is written for
/// nobody: the first must not learn it from the time that it takes.
pub async fn number_for(
    db: &mut SqliteConnection,
    kind: Kind,
    subject: Uuid,
    devices: [Option<DeviceId>; 2],
) -> Answer<()> {
    number_all(db, devices.map(|device| (device.map_or(Class::Nobody, Class::Device), kind, subject))).await
}

/// Numbers a change of something that one class sees.
pub async fn number_one(db: &mut SqliteConnection, class: Class, kind: Kind, subject: Uuid) -> Answer<()> {
    number_all(db, [(class, kind, subject)]).await
}

/// Requests look different to the devices that joined them, and to nobody else.
pub async fn number_for_hosts(db: &mut SqliteConnection, joined: &[(RequestId, DeviceId)]) -> Answer<()> {
    number_all(db, joined.iter().map(|(request, host)| (Class::Device(*host), Kind::Joined, request.0))).await
}

/// All under one number, in one question: what is asked costs less than that it is asked.
async fn number_all(
    db: &mut SqliteConnection,
    all: impl IntoIterator<Item = (Class, Kind, Uuid)>,
) -> Answer<()> {
    let all: Vec<_> = all.into_iter().collect();
    // A line is of another length each time: its statement is not worth keeping.
    let is_kept = all.len() <= KEPT;
    let mut query = QueryBuilder::<Sqlite>::new(
        "UPDATE counter SET n = n + 1 WHERE only_row = 1; INSERT INTO changes (class, request, kind, number) ",
    );
    query.push_values(all, |mut row, (class, kind, subject)| {
        row.push_bind(class.to_string()).push_bind(subject.to_string()).push_bind(kind.as_str());
        row.push("(SELECT n FROM counter WHERE only_row = 1)");
    });
    query.push(" ON CONFLICT (class, request, kind) DO UPDATE SET number = excluded.number");
    query.build().persistent(is_kept).execute(db).await?;
    Ok(())
}

/// What this account or device sees is another cut of the world from now on: its epoch changes.
pub async fn cut_anew(db: &mut SqliteConnection, class: Class) -> Answer<()> {
    let number = draw(db).await?;
    let (sql, id) = match class {
        Class::Account(id) => ("UPDATE accounts SET audience = ? WHERE id = ?", id.0.to_string()),
        Class::Device(id) => ("UPDATE devices SET audience = ? WHERE id = ?", id.to_string()),
        Class::Admins | Class::Everyone | Class::Queue(_) | Class::Nobody => return Ok(()),
    };
    sqlx::query(sql).bind(number).bind(id).execute(&mut *db).await?;
    put(db, class, "", AUDIENCE, number).await
}

/// Something that every account is told beside its requests.
pub async fn for_all_accounts(db: &mut SqliteConnection) -> Answer<()> {
    let number = draw(db).await?;
    put(db, Class::Everyone, "", SETTINGS, number).await
}

/// Everything that changes a name in the directory, or who is in it, says so here in its own transaction.
pub async fn in_directory(db: &mut SqliteConnection) -> Answer<()> {
    let number = draw(db).await?;
    put(db, Class::Everyone, "", DIRECTORY, number).await
}

async fn put(db: &mut SqliteConnection, class: Class, request: &str, kind: &str, number: i64) -> Answer<()> {
    sqlx::query(
        "INSERT INTO changes (class, request, kind, number) VALUES (?, ?, ?, ?)
         ON CONFLICT (class, request, kind) DO UPDATE SET number = excluded.number",
    )
    .bind(class.to_string())
    .bind(request)
    .bind(kind)
    .bind(number)
    .execute(db)
    .await?;
    Ok(())
}

/// The last change of every thing that `reader` saw, after `after`, in order.
pub async fn after(
    db: &mut SqliteConnection,
    reader: &Reader,
    after: i64,
    limit: i64,
) -> Answer<Vec<Numbered>> {
    let mut query =
        QueryBuilder::<Sqlite>::new("SELECT request, kind, MAX(number) AS last FROM changes WHERE number > ");
    query.push_bind(after).push(" AND (");
    of_reader(&mut query, reader);
    query.push(") GROUP BY request, kind ORDER BY last LIMIT ").push_bind(limit);
    let rows = query.build().fetch_all(db).await?;
    rows.iter()
        .map(|row| {
            let kind = row.try_get("kind")?;
            let kind =
                Kind::from_str(kind).with_context(|| format!("a change of an unknown kind: {kind}"))?;
            Ok(Numbered { number: row.try_get("last")?, subject: row.id("request")?, kind })
        })
        .collect()
}

/// The cursor of somebody who has seen all there is for `reader` now.
pub async fn seen_through(db: &mut SqliteConnection, reader: &Reader) -> Answer<i64> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT COALESCE(MAX(number), 0) FROM changes WHERE ");
    of_reader(&mut query, reader);
    if reader.account.is_some() {
        query.push(" OR (class = ").push_bind(Class::Everyone.to_string());
        query.push(" AND kind IN (").push_bind(SETTINGS).push(", ").push_bind(DIRECTORY).push("))");
    }
    let last: i64 = query.build_query_scalar().fetch_one(db).await?;
    let cut = reader.account.as_ref().map_or(0, |account| account.audience).max(reader.device.audience);
    Ok(last.max(cut))
}

/// Whether this thing was ever in `reader`'s sight, even if it is not now.
pub async fn was_shown(db: &mut SqliteConnection, reader: &Reader, request: RequestId) -> Answer<bool> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT EXISTS (SELECT 1 FROM changes WHERE request = ");
    query.push_bind(request.0.to_string()).push(" AND (");
    of_reader(&mut query, reader);
    query.push("))");
    Ok(query.build_query_scalar().fetch_one(db).await?)
}

fn of_reader(query: &mut QueryBuilder<Sqlite>, reader: &Reader) {
    query
        .push("(kind IN ('joined', 'invitation', 'call') AND class = ")
        .push_bind(Class::Device(reader.device.id).to_string())
        .push(")");
    if let Some(account) = &reader.account {
        query.push(" OR (kind = 'book_entry' AND class = ");
        query.push_bind(Class::Account(account.id).to_string()).push(")");
    }
    let classes = reader.request_classes();
    if classes.is_empty() {
        return;
    }
    query.push(" OR (kind = 'request' AND class IN (");
    let mut list = query.separated(", ");
    for class in classes {
        list.push_bind(class.to_string());
    }
    query.push("))");
}

/// Which classes something happened to after `after`, for the sockets.
pub async fn stirred(db: &mut SqliteConnection, after: i64) -> Answer<Vec<Stirred>> {
    let rows = sqlx::query(
        "SELECT class, MAX(number) AS last, MAX(CASE WHEN kind = ? THEN 1 ELSE 0 END) AS audience
         FROM changes WHERE number > ? GROUP BY class",
    )
    .bind(AUDIENCE)
    .bind(after)
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Stirred {
                class: row.try_get("class")?,
                number: row.try_get("last")?,
                audience: row.try_get::<i64, _>("audience")? != 0,
            })
        })
        .collect()
}
