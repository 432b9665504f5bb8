//! A database as a service of before the fourth migration left it.

use std::path::Path;
use std::time::Duration;

use beckon_service::Config;
use beckon_wire::request::{AgentAct, AssignTo, MailState};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::cast::{Player, Stage};
use crate::mail::{DANA, Desk};
use crate::scenes::eventually;

/// The one before `0004_lines_and_addressees.sql`.
const BEFORE: i64 = 3;
const DATABASE: &str = "beckon.sqlite";
/// Longer than a second, which is what an old database can be asked for.
const A_MOMENT: Duration = Duration::from_millis(2_345);

#[tokio::test]
async fn what_was_allowed_and_mailed_before_there_were_lines_and_addressees_is_known_afterwards() {
    let mut desk = Desk::with_mail().await;
    let mailed = desk.invites("Dana Fox").await;
    desk.sees_mail(mailed, MailState::Sent).await;
    let tier = desk.stage.queue("Tier 1", &["Ana"]).await;
    let mut hosts = Vec::new();
    for _ in 0..3 {
        hosts.push(waits_in_line(&desk, AssignTo::Queue(tier)).await);
        desk.stage.clock.advance(A_MOMENT);
    }
    let since = in_line_since(&desk.stage).await;
    assert_eq!(since.len(), hosts.len());

    desk.stage.running.take().unwrap().shutdown().await.unwrap();
    grow_back(desk.stage.folder.path()).await;
    desk.stage.start(Config::on_free_ports(desk.stage.folder.path())).await;
    desk.ana_is_back().await;
    assert_eq!(in_line_since(&desk.stage).await, since);
    for (host, place) in hosts.iter().zip(1..) {
        let joined = host.back(&desk.stage).await.joined().await.unwrap();
        assert_eq!(joined.place, Some(place));
    }

    desk.ana.acts(mailed, AgentAct::Close).await.unwrap();
    let told = eventually(async || desk.server.taken().get(1).cloned()).await;
    let invited = desk.server.taken().swap_remove(0);
    assert_eq!(
        (told.to.as_slice(), told.header("In-Reply-To")),
        (&[DANA.to_owned()][..], invited.header("Message-ID"))
    );
}

async fn waits_in_line(desk: &Desk, to: AssignTo) -> Player {
    let host = desk.stage.guest().await;
    let id = desk.ana.creates("Somebody", to).await;
    let joined = host.joins(&desk.ana.code(id).await).await.unwrap();
    host.allows(&joined).await.unwrap();
    host
}

/// In whole seconds.
async fn in_line_since(stage: &Stage) -> Vec<(String, i64)> {
    let office = stage.office().await;
    let mut unit = office.begin().await.unwrap();
    let ready = "SELECT id, allowed_at / 1000 FROM requests WHERE status = 'ready' ORDER BY id";
    sqlx::query_as(ready).fetch_all(unit.db()).await.unwrap()
}

/// What is in the database now, as far as the service of then had a place for it.
async fn grow_back(folder: &Path) {
    let (now, then) = (folder.join(DATABASE), folder.join("then.sqlite"));
    let options = SqliteConnectOptions::new().filename(&then).create_if_missing(true).foreign_keys(false);
    let mut db = options.connect().await.unwrap();
    sqlx::migrate!().run_to(BEFORE, &mut db).await.unwrap();
    run(&mut db, format!("ATTACH '{}' AS now", now.display())).await;
    let tables =
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut db).await.unwrap();
    for table in tables {
        let columns = sqlx::query_scalar("SELECT group_concat(name) FROM pragma_table_info(?, 'main')");
        let columns: String = columns.bind(&table).fetch_one(&mut db).await.unwrap();
        let copy = format!("REPLACE INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}");
        run(&mut db, copy).await;
    }
    run(&mut db, "DETACH now".to_owned()).await;
    db.close().await.unwrap();
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("{DATABASE}{suffix}")));
    }
    std::fs::rename(then, now).unwrap();
}

async fn run(db: &mut SqliteConnection, sql: String) {
    sqlx::query(AssertSqlSafe(sql)).execute(db).await.unwrap();
}
