//! One page of the list: filtered, searched and sorted.

use beckon_wire::request::RequestView;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::rows::read_json;
use super::whose::{Filter, Reader};
use crate::view::{RequestPage, RequestQuery, SortBy};

/// The most rows of one page.
const PAGE_MAX: u32 = 500;
/// A search that finds more shows those that changed last: one letter finds half of everything, and nobody reads
/// that.
const FOUND_MAX: usize = 1_000;

pub fn page(connection: &Connection, query: &RequestQuery, reader: &Reader) -> rusqlite::Result<RequestPage> {
    let filter = Filter::of(query.scope, reader);
    let unfiltered = count(connection, &Filter::default())?;
    let (total, more_found, numbers) = if let Some(search) = as_search(&query.text, &filter) {
        let found = found(connection, query, search)?;
        let page = found.iter().skip(query.offset as usize).take(limit(query) as usize);
        let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
        (total, found.len() >= FOUND_MAX, page.copied().collect())
    } else {
        let total = if filter.is_everything() { unfiltered } else { count(connection, &filter)? };
        (total, false, sorted(connection, query, &filter)?)
    };
    let rows = views(connection, &numbers)?;
    Ok(RequestPage { total, more_found, unfiltered, rows, waiting: Vec::new() })
}

fn count(connection: &Connection, filter: &Filter) -> rusqlite::Result<u32> {
    let sql = format!("SELECT count(*) FROM requests {}", where_clause(filter));
    connection.prepare_cached(&sql)?.query_row(params_from_iter(&filter.values), |row| row.get(0))
}

/// Walks the index of the order, which knows of each request whether the filter wants it.
fn sorted(connection: &Connection, query: &RequestQuery, filter: &Filter) -> rusqlite::Result<Vec<i64>> {
    let (index, order) = order(query);
    let sql = format!(
        "SELECT number FROM requests INDEXED BY {index} {} ORDER BY {order} LIMIT ? OFFSET ?",
        where_clause(filter)
    );
    let page = [i64::from(limit(query)), i64::from(query.offset)];
    let values: Vec<Value> = filter.values.iter().cloned().chain(page.map(Value::from)).collect();
    numbers(connection, &sql, &values)
}

/// Everything that is found, at most [`FOUND_MAX`].
fn found(connection: &Connection, query: &RequestQuery, search: String) -> rusqlite::Result<Vec<i64>> {
    let (_, order) = order(query);
    let sql = format!(
        "SELECT number FROM requests WHERE number IN
             (SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT {FOUND_MAX})
         ORDER BY {order}"
    );
    numbers(connection, &sql, &[search.into()])
}

fn numbers(connection: &Connection, sql: &str, values: &[Value]) -> rusqlite::Result<Vec<i64>> {
    let mut statement = connection.prepare_cached(sql)?;
    let numbers = statement.query_map(params_from_iter(values), |row| row.get(0))?;
    numbers.collect()
}

fn views(connection: &Connection, numbers: &[i64]) -> rusqlite::Result<Vec<RequestView>> {
    let mut statement = connection.prepare_cached("SELECT view FROM views WHERE number = ?1")?;
    numbers.iter().map(|number| statement.query_row([number], |row| read_json(row.get(0)?))).collect()
}

fn where_clause(filter: &Filter) -> String {
    if filter.is_everything() { String::new() } else { format!("WHERE {}", filter.condition) }
}

fn limit(query: &RequestQuery) -> u32 {
    query.limit.min(PAGE_MAX)
}

/// The index that holds the order, and the order.
fn order(query: &RequestQuery) -> (&'static str, &'static str) {
    match (query.sort, query.descending) {
        (SortBy::Status, false) => ("requests_by_status", "rank, changed_at DESC, number"),
        (SortBy::Status, true) => ("requests_by_status", "rank DESC, changed_at, number DESC"),
        (SortBy::Recipient, false) => ("requests_by_recipient", "recipient, number"),
        (SortBy::Recipient, true) => ("requests_by_recipient", "recipient DESC, number DESC"),
        (SortBy::Agent, false) => ("requests_by_agent_name", "agent_name, number"),
        (SortBy::Agent, true) => ("requests_by_agent_name", "agent_name DESC, number DESC"),
        (SortBy::Expires, false) => ("requests_by_expiry", "expires_at, number"),
        (SortBy::Expires, true) => ("requests_by_expiry", "expires_at DESC, number DESC"),
        (SortBy::Changed, false) => ("requests_by_change", "changed_at, number"),
        (SortBy::Changed, true) => ("requests_by_change", "changed_at DESC, number DESC"),
    }
}

/// Each typed word is the beginning of a word that is looked for; nothing typed is query syntax.
fn as_search(text: &str, filter: &Filter) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| format!("\"{word}\"*"))
        .collect();
    if words.is_empty() {
        return None;
    }
    let typed = format!("{{recipient email agent queue comments}} : ({})", words.join(" AND "));
    if filter.words.is_empty() {
        return Some(typed);
    }
    Some(format!("{typed} AND whose : ({})", filter.words.join(" OR ")))
}
