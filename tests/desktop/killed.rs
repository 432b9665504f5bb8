//! The client is killed in the middle of something.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use beckon_tests::stage::until;
use beckon_tests::{backlog, step};
use rusqlite::types::FromSql;
use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use crate::computer::{Computer, Start};
use crate::service::ServiceProgram;

const MANY: u32 = 10_000;

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_the_list_comes_in_it_has_each_request_once_and_sends_what_waited_once() {
    let mut service = ServiceProgram::starts().await;
    let computer = Computer::is_switched_on().await;
    let email = service.hires("Ana");
    service.requests_for("Dana Fox", &email);
    let code = service.signs_in(&email);
    let origin = service.origin.clone();
    let start = Start { service: Some(&origin), ..Start::default() };
    let ana = computer.opens_beckon(Start { sign_in_code: Some(&code), ..start }).await;
    ana.page.sees_in("[role=grid]", "Dana Fox").await;

    step("The service is gone, and what Ana creates waits");
    service.is_killed();
    ana.page.sees("Offline. What you see was last updated at").await;
    ana.page.types("n").await;
    ana.page.focus_reaches("Recipient name").await;
    ana.page.types("Eve Moss\u{e007}").await;
    ana.page.sees_in("[data-part='outbox']", "Eve Moss").await;
    ana.quits().await;

    step("The service is back with ten thousand requests, and Ana's program is killed while they come in");
    let database = service.data().join("beckon.sqlite");
    backlog::of_requests(&service.data(), MANY);
    service.starts_again().await;
    let cache = cache(&computer);
    for at_least in [2, MANY / 2] {
        let mut beckon = computer.starts_beckon(start);
        until("some of the list", async || count(&cache).filter(|count| *count >= at_least)).await;
        beckon.kill();
        let left = count(&cache).unwrap();
        assert!(left >= at_least && left < MANY, "{left} had come in");
    }

    step("And once more in the moment in which the service has what waited");
    let mut beckon = computer.starts_beckon(start);
    until("what waited", async || (with_name(&database, "Eve Moss") > 0).then_some(())).await;
    beckon.kill();

    step("Started again, everything is there, and nothing is twice");
    let ana = computer.opens_beckon(start).await;
    ana.page.sees_in("aside", "Online").await;
    until("all of the list", async || count(&cache).filter(|count| *count == MANY + 1)).await;
    ana.page.is_not_there("[data-part='outbox']").await;
    ana.page.fills("Search requests", "Eve").await;
    ana.page.sees_in("[role=row][data-index='0']", "Eve Moss").await;
    ana.page.is_not_there("[role=row][data-index='1']").await;
    assert_eq!(cached(&cache), at_service(&database), "the same requests, each once");
    assert_eq!(with_name(&database, "Eve Moss"), 1, "sent once");
    let stands: Option<String> = one(&cache, "SELECT value FROM meta WHERE key = 'cursor'");
    let last: Option<i64> = one(&database, "SELECT MAX(number) FROM changes WHERE kind = 'request'");
    assert_eq!(stands, last.map(|last| last.to_string()), "it asks from there the next time");
}

/// The only one of the default profile.
fn cache(computer: &Computer) -> PathBuf {
    let files = std::fs::read_dir(computer.folder().join("data/default/cache")).unwrap();
    let mut paths = files.map(|file| file.unwrap().path());
    paths.find(|path| path.extension().is_some_and(|kind| kind == "sqlite")).unwrap()
}

fn count(cache: &Path) -> Option<u32> {
    one(cache, "SELECT COUNT(*) FROM requests")
}

fn with_name(database: &Path, name: &str) -> u32 {
    one(database, &format!("SELECT COUNT(*) FROM requests WHERE recipient = '{name}'")).unwrap_or_default()
}

fn cached(cache: &Path) -> BTreeSet<Uuid> {
    let rows: Vec<[u8; 16]> = all(cache, "SELECT id FROM requests");
    rows.into_iter().map(Uuid::from_bytes).collect()
}

fn at_service(database: &Path) -> BTreeSet<Uuid> {
    let rows: Vec<String> = all(database, "SELECT id FROM requests");
    rows.iter().map(|id| id.parse().unwrap()).collect()
}

/// None also where somebody else is writing it just now.
fn one<T: FromSql>(file: &Path, query: &str) -> Option<T> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    connection.query_row(query, [], |row| row.get(0)).ok()
}

fn all<T: FromSql>(file: &Path, query: &str) -> Vec<T> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut rows = connection.prepare(query).unwrap();
    rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}
