//! A list that grew for years. As many acts would take hours.

use std::path::Path;

use rusqlite::Connection;
use uuid::Uuid;

/// While the service is stopped: as many requests in all, each like the one that is there.
pub fn of_requests(data: &Path, count: u32) {
    let mut database = Connection::open(data.join("beckon.sqlite")).unwrap();
    let all = database.transaction().unwrap();
    all.execute_batch(
        "CREATE TEMP TABLE one AS SELECT * FROM requests;
         CREATE TEMP TABLE seen AS SELECT * FROM changes WHERE kind = 'request';",
    )
    .unwrap();
    for _ in 1..count {
        let id = Uuid::now_v7().to_string();
        all.execute("UPDATE one SET id = ?1", [&id]).unwrap();
        let next = "UPDATE seen SET request = ?1, number = (SELECT n + 1 FROM counter)";
        all.execute(next, [&id]).unwrap();
        all.execute_batch(
            "INSERT INTO requests SELECT * FROM one;
             INSERT INTO changes SELECT * FROM seen;
             UPDATE counter SET n = n + 1;",
        )
        .unwrap();
    }
    all.commit().unwrap();
}
