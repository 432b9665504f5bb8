use beckon_domain::{BookEntry, BookEntryId, Role};
use beckon_service::admin;
use beckon_wire::address_book::BookAct;
use beckon_wire::changes::Thing;
use beckon_wire::limits::BOOK_MAX;
use beckon_wire::{ApiError, Code, paths};
use serde_json::json;
use uuid::Uuid;

use crate::cast::{Player, Stage};

fn entry(target: &str) -> BookEntry {
    let target = if target.contains('@') { json!({ "alias": target }) } else { json!({ "id": target }) };
    serde_json::from_value(json!({
        "id": Uuid::now_v7(), "target": target, "name": "Front desk", "tags": ["Till", "Berlin"], "note": "by the door",
    }))
    .unwrap()
}

impl Player {
    async fn book(&self, act: BookAct) -> Result<(), ApiError> {
        self.post(paths::ADDRESS_BOOK, &act).await
    }

    async fn puts(&self, entry: &BookEntry) -> Result<(), ApiError> {
        self.book(BookAct::Put(entry.clone())).await
    }

    async fn removes(&self, id: BookEntryId) -> Result<(), ApiError> {
        self.book(BookAct::Remove(id)).await
    }

    /// Two thousand calls would take as many looks at the disk.
    async fn fills_book(&self, stage: &Stage) {
        let office = stage.office().await;
        let account = self.changes("", 0).await.account.unwrap().id.0;
        let mut unit = office.begin().await.unwrap();
        for number in 0..BOOK_MAX {
            let entry = entry(&(200_000_000 + number).to_string());
            for sql in [
                "UPDATE counter SET n = n + 1",
                "INSERT INTO changes (class, request, kind, number)
                     SELECT 'account:' || ?1, ?2, 'book_entry', n FROM counter",
                "INSERT INTO address_book (account, id, target, target_key, tags, note)
                     VALUES (?1, ?2, ?3, ?4, '[]', '')",
            ] {
                let mut query = sqlx::query(sql);
                if sql.contains('?') {
                    query = query.bind(account.to_string()).bind(entry.id.0.to_string());
                }
                if sql.contains("?4") {
                    let target = serde_json::to_string(&entry.target).unwrap();
                    query = query.bind(target).bind(entry.target.folded());
                }
                query.execute(unit.db()).await.unwrap();
            }
        }
        unit.commit().await.unwrap();
    }

    /// All of it, as somebody reads it who starts over.
    async fn reads_book(&self) -> Vec<BookEntry> {
        let (mut cursor, mut entries) = (0, Vec::new());
        loop {
            let page = self.changes(&self.changes("", 0).await.epoch, cursor).await;
            entries.extend(page.changes.into_iter().filter_map(|change| match change.thing {
                Thing::BookEntry(entry) => Some(*entry),
                _ => None,
            }));
            if !page.more {
                return entries;
            }
            cursor = page.cursor;
        }
    }
}

#[tokio::test]
async fn a_book_follows_its_person_to_all_their_devices_and_to_nobody_else() {
    let stage = Stage::open().await;
    let (ana, ben) = (stage.agent("Ana").await, stage.person("Ben", Role::Owner).await);
    let second = stage.guest().await;
    second.sign_in(&stage, "Ana").await;
    stage.pass(1);
    let (mut here, mut elsewhere) = (second.opens_push().await, ben.opens_push().await);
    let (before, bens) = (second.changes("", 0).await, ben.changes("", 0).await);

    let desk = entry("987654321");
    ana.puts(&desk).await.unwrap();
    let woken = here.wakes().await.unwrap();
    assert!(woken > before.cursor);
    let told = second.changes(&before.epoch, before.cursor).await;
    assert_eq!(told.changes.len(), 1);
    assert_eq!(told.changes[0].thing, Thing::BookEntry(Box::new(desk.clone())));
    assert_eq!(ben.changes(&bens.epoch, bens.cursor).await.changes, []);
    assert!(ben.reads_book().await.is_empty());

    let renamed = BookEntry { name: "Till 4".parse().ok(), ..desk.clone() };
    second.puts(&renamed).await.unwrap();
    assert_eq!(ana.reads_book().await, [renamed]);
    ana.removes(desk.id).await.unwrap();
    let gone = second.changes(&told.epoch, told.cursor).await;
    assert_eq!(gone.changes.last().unwrap().thing, Thing::BookEntryGone(desk.id));
    assert!(ana.reads_book().await.is_empty());
    ana.removes(desk.id).await.unwrap();

    ben.puts(&desk).await.unwrap();
    assert!(elsewhere.wakes().await.is_some(), "the same id, in another's book");
    assert!(ana.reads_book().await.is_empty());
}

#[tokio::test]
async fn what_is_said_twice_is_one_change() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let desk = entry("987654321");
    ana.puts(&desk).await.unwrap();
    let before = ana.changes("", 0).await;
    ana.puts(&desk).await.unwrap();
    ana.removes(BookEntryId(Uuid::now_v7())).await.unwrap();
    assert_eq!(ana.changes(&before.epoch, before.cursor).await.cursor, before.cursor);
}

#[tokio::test]
async fn each_id_and_alias_is_in_a_book_once() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let (desk, till) = (entry("Front.Desk@acme"), entry("987654321"));
    ana.puts(&desk).await.unwrap();
    ana.puts(&till).await.unwrap();
    let again = entry("front.desk@ACME");
    assert_eq!(ana.puts(&again).await.unwrap_err().code, Code::InBookAlready);
    let moved = BookEntry { target: till.target.clone(), ..desk.clone() };
    assert_eq!(ana.puts(&moved).await.unwrap_err().code, Code::InBookAlready);
    assert_eq!(ana.reads_book().await, [desk, till]);
}

#[tokio::test]
async fn a_full_book_takes_no_more_and_is_read_page_by_page() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    ana.fills_book(&stage).await;
    let refused = ana.puts(&entry("987654321")).await.unwrap_err();
    assert_eq!((refused.code, refused.params["max"].as_str()), (Code::BookFull, "2000"));
    let all = ana.reads_book().await;
    assert_eq!(all.len(), BOOK_MAX as usize);
    let renamed = BookEntry { name: None, ..all[0].clone() };
    ana.puts(&renamed).await.unwrap();
    ana.removes(all[1].id).await.unwrap();
    ana.puts(&entry("987654321")).await.unwrap();
}

#[tokio::test]
async fn a_book_needs_a_person_and_any_person_has_one() {
    let stage = Stage::open().await;
    let (guest, viewer) = (stage.guest().await, stage.person("Vic", Role::Viewer).await);
    let desk = entry("987654321");
    assert_eq!(guest.puts(&desk).await.unwrap_err().code, Code::Forbidden);
    viewer.puts(&desk).await.unwrap();
    assert_eq!(viewer.reads_book().await, std::slice::from_ref(&desk));

    viewer.post::<()>(paths::ACCOUNT_SIGN_OUT, &()).await.unwrap();
    assert!(viewer.reads_book().await.is_empty(), "nobody is signed in");
    viewer.sign_in(&stage, "Vic").await;
    assert_eq!(viewer.reads_book().await, std::slice::from_ref(&desk));
    admin::disable_account(&stage.office().await, &crate::cast::email("Vic")).await.unwrap();
    assert_eq!(viewer.removes(desk.id).await.unwrap_err().code, Code::Forbidden);
}

#[tokio::test]
async fn a_book_outlives_a_restart() {
    let mut stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let desk = entry("Front.Desk@acme");
    ana.puts(&desk).await.unwrap();
    stage.restart().await;
    assert_eq!(ana.back(&stage).await.reads_book().await, [desk]);
}

#[tokio::test]
async fn hostile_entries_are_refused_and_nothing_is_kept() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let put = |field: &str, value: serde_json::Value| {
        let mut entry = serde_json::to_value(entry("987654321")).unwrap();
        entry[field] = value;
        json!({ "put": entry })
    };
    for (body, code) in [
        (put("name", json!("x".repeat(10_000))), Code::TextTooLong),
        (put("name", json!("a\u{202e}b")), Code::TextForbidden),
        (put("name", json!(" ")), Code::TextEmpty),
        (put("note", json!("x".repeat(1_001))), Code::TextTooLong),
        (put("tags", json!(["a\nb"])), Code::TextForbidden),
        (put("tags", json!(["x".repeat(33)])), Code::TextTooLong),
        (put("tags", json!((0..11).map(|n| n.to_string()).collect::<Vec<_>>())), Code::BadRequest),
        (put("target", json!({ "id": "012345678" })), Code::BadRequest),
        (put("target", json!({ "alias": "a@b" })), Code::BadRequest),
        (put("target", json!("123456789")), Code::BadRequest),
        (put("id", json!("../../etc/passwd")), Code::BadRequest),
        (json!({ "put": null }), Code::BadRequest),
    ] {
        let refused = ana.post::<()>(paths::ADDRESS_BOOK, &body).await.unwrap_err();
        assert_eq!(refused.code, code, "{body}");
    }
    assert!(ana.reads_book().await.is_empty());
    let hostile = put("name", json!("<script>alert(1)</script>'; DROP TABLE address_book; --"));
    ana.post::<()>(paths::ADDRESS_BOOK, &hostile).await.unwrap();
    assert_eq!(ana.reads_book().await.len(), 1, "text is text");
}
