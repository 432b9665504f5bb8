//! One page of the list: filtered, searched and sorted; and where in it a request stands.

use beckon_domain::RequestId;
use beckon_wire::request::RequestView;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::rows::read_json;
use super::whose::{Filter, Reader};
use crate::view::{RequestPage, RequestQuery, SortBy};

/// The most rows of one page.
const PAGE_MAX: u32 = 500;
/// A search that finds more shows those that changed last: one letter finds half of everything, and nobody reads
/// that.
const FOUND_MAX: usize = 1_000;

pub fn page(connection: &Connection, query: &RequestQuery, reader: &Reader) -> rusqlite::Result<RequestPage> {
    let (filter, order) = (Filter::of(query.scope, reader), Order::of(query));
    let unfiltered = count(connection, &Filter::default())?;
    let (total, more_found, numbers) = if let Some(search) = as_search(&query.text, &filter) {
        let found = found(connection, &order, search)?;
        let page = found.iter().skip(query.offset as usize).take(limit(query) as usize);
        let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
        (total, found.len() >= FOUND_MAX, page.copied().collect())
    } else {
        let total = if filter.is_everything() { unfiltered } else { count(connection, &filter)? };
        (total, false, sorted(connection, query, &order, &filter)?)
    };
    let rows = views(connection, &numbers)?;
    Ok(RequestPage { total, more_found, unfiltered, rows, waiting: Vec::new(), undelivered: Vec::new() })
}

/// How many stand before it; none where the list does not have it.
pub fn place(
    connection: &Connection,
    query: &RequestQuery,
    reader: &Reader,
    id: RequestId,
) -> rusqlite::Result<Option<u32>> {
    let (filter, order) = (Filter::of(query.scope, reader), Order::of(query));
    if let Some(search) = as_search(&query.text, &filter) {
        let number = "SELECT number FROM requests WHERE id = ?1";
        let number: Option<i64> =
            connection.prepare_cached(number)?.query_row([id.0.as_bytes()], |row| row.get(0)).optional()?;
        let found = found(connection, &order, search)?;
        let place = found.iter().position(|found| Some(*found) == number);
        return Ok(place.and_then(|place| u32::try_from(place).ok()));
    }
    let Some(keys) = keys(connection, &order, &filter, id)? else { return Ok(None) };
    before(connection, &order, &filter, &keys).map(Some)
}

/// An index, and the columns of it that make an order.
struct Order {
    index: &'static str,
    columns: Vec<Column>,
}

struct Column {
    name: &'static str,
    descending: bool,
}

impl Order {
    fn of(query: &RequestQuery) -> Self {
        let (index, columns): (_, &[(&str, bool)]) = match query.sort {
            SortBy::Status => ("requests_by_status", &[("rank", false), ("changed_at", true)]),
            SortBy::Recipient => ("requests_by_recipient", &[("recipient", false)]),
            SortBy::Agent => ("requests_by_assigned_to", &[("assigned_to", false)]),
            SortBy::Expires => ("requests_by_time", &[("time", false)]),
            SortBy::Changed => ("requests_by_change", &[("changed_at", false)]),
        };
        let columns = columns.iter().chain(&[("number", false)]);
        let turned = |&(name, backwards)| Column { name, descending: backwards != query.descending };
        Self { index, columns: columns.map(turned).collect() }
    }

    fn names(&self) -> String {
        self.columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
    }

    fn by(&self) -> String {
        let by = |column: &Column| format!("{}{}", column.name, if column.descending { " DESC" } else { "" });
        self.columns.iter().map(by).collect::<Vec<_>>().join(", ")
    }
}

fn count(connection: &Connection, filter: &Filter) -> rusqlite::Result<u32> {
    let sql = format!("SELECT count(*) FROM requests {}", where_clause(filter));
    connection.prepare_cached(&sql)?.query_row(params_from_iter(&filter.values), |row| row.get(0))
}

/// Walks the index of the order, which knows of each request whether the filter wants it.
fn sorted(
    connection: &Connection,
    query: &RequestQuery,
    order: &Order,
    filter: &Filter,
) -> rusqlite::Result<Vec<i64>> {
    let sql = format!(
        "SELECT number FROM requests INDEXED BY {} {} ORDER BY {} LIMIT ? OFFSET ?",
        order.index,
        where_clause(filter),
        order.by(),
    );
    let page = [i64::from(limit(query)), i64::from(query.offset)];
    let values: Vec<Value> = filter.values.iter().cloned().chain(page.map(Value::from)).collect();
    numbers(connection, &sql, &values)
}

/// What a request stands by in the order; none where the filter does not want it.
fn keys(
    connection: &Connection,
    order: &Order,
    filter: &Filter,
    id: RequestId,
) -> rusqlite::Result<Option<Vec<Value>>> {
    let sql = format!("SELECT {} FROM requests WHERE id = ?{}", order.names(), and_clause(filter));
    let mut statement = connection.prepare_cached(&sql)?;
    let id = [Value::from(id.0.as_bytes().to_vec())];
    let read = |row: &Row| (0..order.columns.len()).map(|column| row.get(column)).collect();
    statement.query_row(params_from_iter(id.iter().chain(&filter.values)), read).optional()
}

/// Counts in the index: those with a smaller first column, those with the same first and a smaller second, and so on.
fn before(connection: &Connection, order: &Order, filter: &Filter, keys: &[Value]) -> rusqlite::Result<u32> {
    let mut before = 0;
    let mut same = String::new();
    for (place, Column { name, descending }) in order.columns.iter().enumerate() {
        let sign = if *descending { '>' } else { '<' };
        let sql = format!(
            "SELECT count(*) FROM requests INDEXED BY {} WHERE {same}{name} {sign} ?{}",
            order.index,
            and_clause(filter),
        );
        let values = keys.iter().take(place + 1).chain(&filter.values);
        let counted: u32 =
            connection.prepare_cached(&sql)?.query_row(params_from_iter(values), |row| row.get(0))?;
        before += counted;
        same.push_str(&format!("{name} = ? AND "));
    }
    Ok(before)
}

/// Everything that is found, at most [`FOUND_MAX`].
fn found(connection: &Connection, order: &Order, search: String) -> rusqlite::Result<Vec<i64>> {
    let sql = format!(
        "SELECT number FROM requests WHERE number IN
             (SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT {FOUND_MAX})
         ORDER BY {}",
        order.by(),
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

fn and_clause(filter: &Filter) -> String {
    if filter.is_everything() { String::new() } else { format!(" AND {}", filter.condition) }
}

fn limit(query: &RequestQuery) -> u32 {
    query.limit.min(PAGE_MAX)
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

#[cfg(test)]
mod tests;
