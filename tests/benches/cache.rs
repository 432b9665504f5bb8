//! What an agent waits for when sorting, filtering and searching, with a hundred thousand requests.

use std::time::Duration;

use beckon_client::cache::Cache;
use beckon_client::view::{RequestQuery, Scope, SortBy};
use beckon_domain::{AccountId, Role, SharedClock};
use beckon_wire::account::AccountView;
use rusqlite::Connection;
use uuid::Uuid;

use crate::figure::{Figure, Mark, Quantity, Sample};
use crate::rows;

const ROWS: u32 = 100_000;
/// What a window shows, and some more to scroll into.
const PAGE: u32 = 100;
const TIMES: usize = 60;

pub fn measure(clock: &SharedClock) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cache.sqlite");
    let account = AccountView {
        id: AccountId(Uuid::from_u128(7)),
        name: "Ana".parse().unwrap(),
        email: "ana@acme.example".to_owned(),
        role: Role::SupportAgent,
    };
    let cache = Cache::open(&path);
    for answer in rows::answers(ROWS, &account, "one") {
        cache.apply(&answer);
    }
    let bare = Connection::open(&path).unwrap();
    let query = RequestQuery { limit: PAGE, ..RequestQuery::default() };
    let mine = account.id.0.simple().to_string();
    let searches = [
        (
            "sort by recipient",
            RequestQuery { sort: SortBy::Recipient, ..query.clone() },
            page("ORDER BY recipient, number"),
        ),
        (
            "sort by agent, descending",
            RequestQuery { sort: SortBy::Agent, descending: true, ..query.clone() },
            page("ORDER BY assigned_to DESC, number DESC"),
        ),
        (
            "filter: mine",
            RequestQuery { scope: Scope::Mine, ..query.clone() },
            page(&format!("WHERE agent = x'{mine}' ORDER BY rank, changed_at DESC, number")),
        ),
        (
            "search: one letter typed",
            RequestQuery { text: "d".to_owned(), ..query.clone() },
            page(&found("\"d\"*")),
        ),
        (
            "search: a name",
            RequestQuery { text: "dana fox".to_owned(), ..query.clone() },
            page(&found("\"dana\"* \"fox\"*")),
        ),
        (
            "search: one of all",
            RequestQuery { text: "printer 996".to_owned(), ..query },
            page(&found("\"printer\"* \"996\"*")),
        ),
    ];
    let opened = Sample::take(clock, TIMES, || drop(Cache::open(&path)));
    let opened_bare = Sample::take(clock, TIMES, || {
        let connection = Connection::open(&path).unwrap();
        connection.query_row("SELECT view FROM views LIMIT 1", [], |_| Ok(())).unwrap();
    });
    let mut figures = vec![figure("open", &opened, &opened_bare)];
    for (name, query, sql) in searches {
        let ours = Sample::take(clock, TIMES, || assert!(!cache.requests(&query).rows.is_empty()));
        let floor = Sample::take(clock, TIMES, || drop(texts(&bare, &sql)));
        figures.push(figure(name, &ours, &floor));
    }
    figures
}

/// The views of the first hundred.
fn page(chosen: &str) -> String {
    format!("SELECT view FROM views JOIN (SELECT number FROM requests {chosen} LIMIT {PAGE}) USING (number)")
}

/// The same bound on what is found as in the client.
fn found(words: &str) -> String {
    format!(
        "WHERE number IN (SELECT rowid FROM words WHERE words MATCH '{words}' ORDER BY rowid DESC LIMIT 1000)
         ORDER BY rank, changed_at DESC, number"
    )
}

fn texts(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare_cached(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

fn figure(what: &str, ours: &Sample, floor: &Sample) -> Figure {
    Figure {
        name: format!("Cache of {ROWS} requests, {what}, p50"),
        ours: Quantity::Time(ours.quantile(0.5)),
        floor: Some(Quantity::Time(floor.quantile(0.5))),
        marks: vec![Mark::AtMost(Quantity::Time(Duration::from_millis(16))), Mark::TimesTheFloor(2.0)],
    }
}
