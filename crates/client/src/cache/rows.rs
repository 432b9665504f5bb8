//! One request in the cache's tables.

use beckon_domain::RequestId;
use beckon_domain::session_request::StatusName;
use beckon_wire::directory::DeviceEntry;
use beckon_wire::join::JoinedView;
use beckon_wire::request::{Connect, MailState, RequestView};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{order, whose};

/// More at once is a mail server that fails, which those who run the service see.
const UNDELIVERED_MAX: u32 = 500;

/// Written again under a new number, so that the highest numbers are those that changed last.
pub fn put_request(connection: &Connection, view: &RequestView) -> rusqlite::Result<()> {
    remove_request(connection, view.id)?;
    let (agent, queue) = (view.agent.as_ref(), view.queue.as_ref());
    let mut row = connection.prepare_cached(
        "INSERT INTO requests (id, rank, recipient, agent, assigned_to, client, queue, unassigned, time, changed_at,
             undelivered)
         VALUES (?1, ?2, ?3, ?4, coalesce((SELECT assigned_to FROM clients WHERE id = ?6), ?5), ?6, ?7, ?8, ?9, ?10,
             ?11)",
    )?;
    row.execute(params![
        view.id.0.as_bytes(),
        rank(view),
        order::name(view.recipient.as_str()),
        whose::key(agent.map(|agent| agent.id.0)),
        order::assigned_to(view),
        order::client(view).map(|client| client.to_string()),
        whose::key(queue.map(|queue| queue.id.0)),
        whose::is_unassigned(view),
        order::time(view).timestamp_millis(),
        view.changed_at.timestamp_millis(),
        failed_at(view).map(|at| at.timestamp_millis()),
    ])?;
    let number = connection.last_insert_rowid();
    let mut shown = connection.prepare_cached("INSERT INTO views (number, view) VALUES (?1, ?2)")?;
    shown.execute(params![number, json(view)?])?;
    let email = view.contact.as_ref().and_then(|contact| contact.email.as_ref());
    let mut words = connection.prepare_cached(
        "INSERT INTO words (rowid, recipient, email, agent, queue, comments, whose)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    words.execute(params![
        number,
        view.recipient.as_str(),
        email.map_or("", |email| email.as_str()),
        agent.map_or("", |agent| agent.name.as_str()),
        queue.map_or("", |queue| queue.name.as_str()),
        view.comments.as_str(),
        whose::words(view),
    ])?;
    Ok(())
}

pub fn remove_request(connection: &Connection, id: RequestId) -> rusqlite::Result<()> {
    let mut find = connection.prepare_cached("DELETE FROM requests WHERE id = ?1 RETURNING number")?;
    let Some(number) = find.query_row([id.0.as_bytes()], |row| row.get::<_, i64>(0)).optional()? else {
        return Ok(());
    };
    for delete in ["DELETE FROM views WHERE number = ?1", "DELETE FROM words WHERE rowid = ?1"] {
        connection.prepare_cached(delete)?.execute([number])?;
    }
    Ok(())
}

pub fn request(connection: &Connection, id: RequestId) -> rusqlite::Result<Option<RequestView>> {
    let mut find = connection.prepare_cached(
        "SELECT view FROM views WHERE number = (SELECT number FROM requests WHERE id = ?1)",
    )?;
    find.query_row([id.0.as_bytes()], |row| read_json(row.get(0)?)).optional()
}

/// Clients are sorted by the names that the directory has for them.
pub fn put_clients(connection: &Connection, clients: &[DeviceEntry]) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM clients", [])?;
    let mut put = connection.prepare_cached("INSERT INTO clients (id, assigned_to) VALUES (?1, ?2)")?;
    for client in clients {
        put.execute(params![client.id.to_string(), order::of_client(client)])?;
    }
    let named = "SELECT assigned_to FROM clients WHERE id = client";
    let unnamed = format!("'{}' || client", order::UNNAMED);
    let rename =
        format!("UPDATE requests SET assigned_to = coalesce(({named}), {unnamed}) WHERE client IS NOT NULL");
    connection.execute(&rename, [])?;
    Ok(())
}

/// Requests that are over and whose mail failed after that moment and request, the first of them first. Of more than
/// [`UNDELIVERED_MAX`] those that failed last.
pub fn undelivered(
    connection: &Connection,
    after: Option<(DateTime<Utc>, RequestId)>,
) -> rusqlite::Result<Vec<RequestView>> {
    let (at, id) = after.map_or((i64::MIN, Uuid::nil()), |(at, id)| (at.timestamp_millis(), id.0));
    let mut statement = connection.prepare_cached(
        "SELECT view FROM requests JOIN views USING (number)
         WHERE undelivered IS NOT NULL AND (undelivered, id) > (?1, ?2) ORDER BY undelivered DESC, id DESC LIMIT ?3",
    )?;
    let rows =
        statement.query_map(params![at, id.as_bytes(), UNDELIVERED_MAX], |row| read_json(row.get(0)?))?;
    let mut rows: Vec<RequestView> = rows.collect::<rusqlite::Result<_>>()?;
    rows.reverse();
    Ok(rows)
}

pub fn put_joined(connection: &Connection, view: &JoinedView) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT OR REPLACE INTO joined (request, view) VALUES (?1, ?2)",
        params![view.request.0.to_string(), json(view)?],
    )?;
    Ok(())
}

pub fn joined(connection: &Connection) -> rusqlite::Result<Vec<JoinedView>> {
    let mut statement = connection.prepare_cached("SELECT view FROM joined ORDER BY request")?;
    let rows = statement.query_map([], |row| read_json(row.get(0)?))?;
    rows.collect()
}

fn failed_at(view: &RequestView) -> Option<DateTime<Utc>> {
    let over = matches!(view.status, StatusName::Closed | StatusName::Expired);
    view.mail.filter(|mail| over && mail.state == MailState::Failed).map(|mail| mail.at)
}

/// What needs an agent most comes first.
fn rank(view: &RequestView) -> i64 {
    match view.status {
        StatusName::Connected => 0,
        StatusName::Ready => 1,
        StatusName::Waiting if view.connect != Connect::NobodyJoined => 2,
        StatusName::Waiting => 3,
        StatusName::Open => 4,
        StatusName::Expired => 5,
        StatusName::Closed => 6,
    }
}

pub fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

pub fn read_json<T: DeserializeOwned>(text: String) -> rusqlite::Result<T> {
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })
}
