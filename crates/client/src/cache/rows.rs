//! What is read from and written into the cache's tables.

use beckon_domain::session_request::StatusName;
use beckon_domain::{AccountId, RequestId};
use beckon_wire::join::JoinedView;
use beckon_wire::request::{Connect, RequestView};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, ToSql, params, params_from_iter};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::view::{RequestPage, RequestQuery, Scope, SortBy};

/// The most rows of one page.
const PAGE_MAX: u32 = 500;

pub fn put_request(connection: &Connection, view: &RequestView) -> rusqlite::Result<()> {
    remove_request(connection, view.id)?;
    let agent = view.agent.as_ref();
    let agent_name = agent.map_or("", |agent| agent.name.as_str());
    connection.execute(
        "INSERT INTO requests (id, view, rank, recipient, agent_id, agent_name, expires_at, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            view.id.0.to_string(),
            json(view)?,
            rank(view),
            view.recipient.as_str(),
            agent.map_or(String::new(), |agent| agent.id.0.to_string()),
            agent_name,
            view.expires_at.timestamp_millis(),
            view.changed_at.timestamp_millis(),
        ],
    )?;
    connection.execute(
        "INSERT INTO words (rowid, recipient, agent, comments) VALUES (?1, ?2, ?3, ?4)",
        params![connection.last_insert_rowid(), view.recipient.as_str(), agent_name, view.comments.as_str()],
    )?;
    Ok(())
}

pub fn remove_request(connection: &Connection, id: RequestId) -> rusqlite::Result<()> {
    let id = id.0.to_string();
    connection
        .execute("DELETE FROM words WHERE rowid = (SELECT number FROM requests WHERE id = ?1)", [&id])?;
    connection.execute("DELETE FROM requests WHERE id = ?1", [&id])?;
    Ok(())
}

pub fn request(connection: &Connection, id: RequestId) -> rusqlite::Result<Option<RequestView>> {
    connection
        .query_row("SELECT view FROM requests WHERE id = ?1", [id.0.to_string()], |row| {
            read_json(row.get(0)?)
        })
        .optional()
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

pub fn requests(
    connection: &Connection,
    query: &RequestQuery,
    account: Option<AccountId>,
) -> rusqlite::Result<RequestPage> {
    let mut filter = Filter::default();
    match query.scope {
        Scope::All => {}
        Scope::Mine => {
            filter
                .and("agent_id = ?", account.map_or_else(|| "none".to_owned(), |id| id.0.to_string()).into());
        }
        Scope::Unassigned => filter.and("agent_id = ?", String::new().into()),
    }
    if let Some(words) = as_prefix_search(&query.text) {
        filter.and("number IN (SELECT rowid FROM words WHERE words MATCH ?)", words.into());
    }
    let unfiltered = connection.query_row("SELECT count(*) FROM requests", [], |row| row.get(0))?;
    let total = if filter.values.is_empty() {
        unfiltered
    } else {
        let count = format!("SELECT count(*) FROM requests {}", filter.sql());
        connection.query_row(&count, filter.params(), |row| row.get(0))?
    };
    let page =
        format!("SELECT view FROM requests {} ORDER BY {} LIMIT ? OFFSET ?", filter.sql(), order(query));
    filter.values.push(i64::from(query.limit.min(PAGE_MAX)).into());
    filter.values.push(i64::from(query.offset).into());
    let mut statement = connection.prepare_cached(&page)?;
    let rows = statement.query_map(filter.params(), |row| read_json(row.get(0)?))?;
    Ok(RequestPage { total, unfiltered, rows: rows.collect::<rusqlite::Result<_>>()? })
}

#[derive(Default)]
struct Filter {
    conditions: Vec<&'static str>,
    values: Vec<Value>,
}

impl Filter {
    fn and(&mut self, condition: &'static str, value: Value) {
        self.conditions.push(condition);
        self.values.push(value);
    }

    fn sql(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!("WHERE {}", self.conditions.join(" AND "))
        }
    }

    fn params(&self) -> impl rusqlite::Params + '_ {
        params_from_iter(self.values.iter().map(|value| value as &dyn ToSql))
    }
}

fn order(query: &RequestQuery) -> &'static str {
    match (query.sort, query.descending) {
        (SortBy::Status, false) => "rank, changed_at DESC, number",
        (SortBy::Status, true) => "rank DESC, changed_at, number DESC",
        (SortBy::Recipient, false) => "recipient, number",
        (SortBy::Recipient, true) => "recipient DESC, number DESC",
        (SortBy::Agent, false) => "agent_name, number",
        (SortBy::Agent, true) => "agent_name DESC, number DESC",
        (SortBy::Expires, false) => "expires_at, number",
        (SortBy::Expires, true) => "expires_at DESC, number DESC",
        (SortBy::Changed, false) => "changed_at, number",
        (SortBy::Changed, true) => "changed_at DESC, number DESC",
    }
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

/// Each typed word is the beginning of a word that is looked for; nothing typed is query syntax.
fn as_prefix_search(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| format!("\"{word}\"*"))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

pub fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn read_json<T: DeserializeOwned>(text: String) -> rusqlite::Result<T> {
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })
}
