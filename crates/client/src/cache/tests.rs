use super::*;
use crate::view::{Scope, SortBy};
use beckon_domain::session_request::{LinkNumber, Revision, StatusName};
use beckon_domain::text::Name;
use beckon_domain::{AccountId, ProfileId, Role};
use beckon_wire::account::Person;
use beckon_wire::directory::QueueEntry;
use beckon_wire::request::Connect;
use beckon_wire::request::QueueName;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

fn person(name: &str) -> Person {
    Person { id: AccountId(Uuid::from_u128(name.len() as u128)), name: name.parse().unwrap() }
}

pub fn view(number: u128, recipient: &str, agent: Option<&str>, status: StatusName) -> RequestView {
    RequestView {
        id: RequestId(Uuid::from_u128(number)),
        link: LinkNumber(1),
        revision: Revision(1),
        status,
        recipient: recipient.parse().unwrap(),
        comments: "printer is on fire".parse().unwrap(),
        profile: ProfileId::Default,
        own_profile: None,
        agent: agent.map(person),
        queue: None,
        device: None,
        created_by: person("Ana"),
        created_at: at(0),
        expires_at: at(1_440),
        changed_at: at(i64::try_from(number).unwrap()),
        closing: None,
        closed_at: None,
        declined_at: None,
        host: None,
        ask: None,
        session: None,
        connect: Connect::NobodyJoined,
        may_act: true,
        contact: None,
        schedule: None,
        expiry: None,
        mail: None,
    }
}

pub fn changes(epoch: &str, cursor: u64, views: Vec<RequestView>) -> Changes {
    let thing = |view| Change { number: cursor, thing: Thing::Request(Box::new(view)) };
    let account = AccountView {
        id: person("Ana").id,
        name: "Ana".parse().unwrap(),
        email: "ana@acme.example".into(),
        role: Role::SupportAgent,
    };
    let changes = views.into_iter().map(thing).collect();
    let account = Some(account);
    Changes { epoch: epoch.into(), cursor, more: false, changes, account, mail: false, directory: None }
}

fn filled(path: &Path) -> Cache {
    let cache = Cache::open(path);
    let views = vec![
        view(1, "Dana Fox", Some("Ana"), StatusName::Closed),
        view(2, "João Prado", Some("Benedikt"), StatusName::Ready),
        view(3, "Zoë \"Z\" O'Neil", None, StatusName::Open),
    ];
    cache.apply(&changes("e1", 7, views));
    cache
}

fn recipients(cache: &Cache, query: RequestQuery) -> Vec<String> {
    let page = cache.requests(&RequestQuery { limit: 100, ..query });
    page.rows.iter().map(|row| row.recipient.to_string()).collect()
}

#[test]
fn what_needs_an_agent_most_comes_first() {
    let folder = tempfile::tempdir().unwrap();
    let cache = filled(&folder.path().join("c.sqlite"));
    let rows = recipients(&cache, RequestQuery::default());
    assert_eq!(rows, ["João Prado", "Zoë \"Z\" O'Neil", "Dana Fox"]);
    let by_name = RequestQuery { sort: SortBy::Recipient, descending: true, ..RequestQuery::default() };
    assert_eq!(recipients(&cache, by_name), ["Zoë \"Z\" O'Neil", "João Prado", "Dana Fox"]);
}

#[test]
fn typing_finds_beginnings_of_words_without_accents_or_case() {
    let folder = tempfile::tempdir().unwrap();
    let cache = filled(&folder.path().join("c.sqlite"));
    let find = |text: &str| recipients(&cache, RequestQuery { text: text.into(), ..RequestQuery::default() });
    assert_eq!(find("joao pr"), ["João Prado"]);
    assert_eq!(find("BENED"), ["João Prado"]);
    assert_eq!(find("fire").len(), 3);
    assert!(find("rado").is_empty());
}

#[test]
fn nothing_typed_is_query_syntax() {
    let folder = tempfile::tempdir().unwrap();
    let cache = filled(&folder.path().join("c.sqlite"));
    for typed in
        ["\"", "o'neil", "dana OR fox", "recipient:dana", "*", "NEAR(", "-", "a\0b", "';--", "(", "^z"]
    {
        let _ = recipients(&cache, RequestQuery { text: typed.into(), ..RequestQuery::default() });
    }
    let quoted = RequestQuery { text: "z o'neil".into(), ..RequestQuery::default() };
    assert_eq!(recipients(&cache, quoted), ["Zoë \"Z\" O'Neil"]);
}

#[test]
fn scopes_are_mine_and_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    let cache = filled(&folder.path().join("c.sqlite"));
    let of = |scope| recipients(&cache, RequestQuery { scope, ..RequestQuery::default() });
    assert_eq!(of(Scope::Mine), ["Dana Fox"]);
    assert_eq!(of(Scope::Unassigned), ["Zoë \"Z\" O'Neil"]);
    let page = cache.requests(&RequestQuery { scope: Scope::Mine, limit: 1, ..RequestQuery::default() });
    assert_eq!((page.total, page.unfiltered), (1, 3));
}

#[test]
fn changes_replace_remove_and_start_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.sqlite");
    let cache = filled(&path);
    cache.apply(&changes("e1", 8, vec![view(3, "Zoë", None, StatusName::Waiting)]));
    assert_eq!(cache.request(RequestId(Uuid::from_u128(3))).unwrap().status, StatusName::Waiting);
    assert_eq!(cache.requests(&RequestQuery::default()).total, 3);

    let mut gone = changes("e1", 9, vec![]);
    gone.changes.push(Change { number: 9, thing: Thing::RequestGone(RequestId(Uuid::from_u128(3))) });
    cache.apply(&gone);
    assert_eq!(cache.request(RequestId(Uuid::from_u128(3))), None);

    drop(cache);
    let cache = Cache::open(&path);
    assert_eq!(cache.cursor(), Cursor { epoch: "e1".into(), after: 9 });
    let applied = cache.apply(&changes("e2", 1, vec![view(9, "Li Wei", None, StatusName::Open)]));
    assert!(applied.started_over);
    assert_eq!(recipients(&cache, RequestQuery::default()), ["Li Wei"]);
}

#[test]
fn a_cache_that_cannot_be_used_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.sqlite");

    std::fs::write(&path, b"this is not a database, it is a text of some length").unwrap();
    assert_eq!(Cache::open(&path).cursor(), Cursor::default());

    drop(filled(&path));
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    assert_eq!(Cache::open(&path).cursor(), Cursor::default(), "another version is another cache");

    drop(filled(&path));
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let cache = Cache::open(&path);
    let again = changes("e1", 7, vec![view(1, "Dana Fox", None, StatusName::Open)]);
    cache.apply(&again);
    // As a pull does, which goes on from where the cache stands.
    if cache.cursor().after < again.cursor {
        cache.apply(&again);
    }
    assert_eq!(recipients(&cache, RequestQuery::default()), ["Dana Fox"]);

    let nowhere = Cache::open(Path::new("/dev/null/no/such/folder/c.sqlite"));
    nowhere.apply(&changes("e1", 7, vec![view(1, "Dana Fox", None, StatusName::Open)]));
    assert_eq!(recipients(&nowhere, RequestQuery::default()), ["Dana Fox"], "then it lives in memory");
}

pub fn queue(number: u128) -> QueueName {
    let name: Name = format!("Tier {number}").parse().unwrap();
    QueueName { id: QueueId(Uuid::from_u128(number)), name }
}

/// Ana is in the first two of three queues; each has one request, and two requests are in none.
fn with_queues(path: &Path) -> Cache {
    let cache = Cache::open(path);
    let in_queue = |number, agent: Option<&str>| RequestView {
        queue: Some(queue(number)),
        ..view(number, &format!("In {number}"), agent, StatusName::Ready)
    };
    let none = view(4, "In none", None, StatusName::Ready);
    let of_a_client = RequestView {
        device: Some(300_000_001.try_into().unwrap()),
        ..view(5, "In no queue of a client", None, StatusName::Ready)
    };
    cache.apply(&changes(
        "e1",
        4,
        vec![in_queue(1, Some("Ana")), in_queue(2, None), in_queue(3, None), none, of_a_client],
    ));
    let entry = |number| {
        let QueueName { id, name } = queue(number);
        QueueEntry { id, name, mine: number != 3 }
    };
    let directory = Directory { queues: [1, 2, 3].map(entry).to_vec(), ..Directory::default() };
    cache.put_directory(Some("d1"), &directory);
    cache
}

#[test]
fn scopes_are_one_queue_and_all_of_mine_also_while_searching() {
    let folder = tempfile::tempdir().unwrap();
    let cache = with_queues(&folder.path().join("c.sqlite"));
    for text in ["", "in", "tier"] {
        let of = |scope| {
            let query =
                RequestQuery { scope, text: text.into(), sort: SortBy::Recipient, ..RequestQuery::default() };
            recipients(&cache, query)
        };
        assert_eq!(of(Scope::Queue(queue(3).id)), ["In 3"], "{text}");
        assert_eq!(of(Scope::Queue(queue(9).id)), [""; 0], "{text}");
        assert_eq!(of(Scope::MyQueues), ["In 1", "In 2"], "{text}");
        assert_eq!(of(Scope::Mine), ["In 1"], "{text}");
    }
    let unassigned = |text: &str| {
        let query = RequestQuery { scope: Scope::Unassigned, text: text.into(), ..RequestQuery::default() };
        recipients(&cache, query)
    };
    assert_eq!(unassigned(""), ["In none"], "neither a queue nor a client has it");
    assert_eq!(unassigned("in"), ["In none"]);
    assert_eq!(unassigned("nobody"), [""; 0], "what the filters search by is nothing that people find");
    cache.put_directory(None, &Directory::default());
    assert_eq!(cache.directory_tag(), None);
    let mine = RequestQuery { scope: Scope::MyQueues, ..RequestQuery::default() };
    assert_eq!(recipients(&cache, mine.clone()), [""; 0]);
    assert_eq!(recipients(&cache, RequestQuery { text: "in".into(), ..mine }), [""; 0]);
}

#[test]
fn the_directory_outlives_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.sqlite");
    let directory = with_queues(&path).directory();
    let cache = Cache::open(&path);
    assert_eq!((cache.directory(), cache.directory_tag()), (directory, Some("d1".into())));
}

/// As many as one answer holds.
fn answer(first: u128, count: u128) -> Changes {
    let views = (first..first + count).map(|number| view(number, "Dana Fox", None, StatusName::Open));
    changes("e1", u64::try_from(first + count - 1).unwrap(), views.collect())
}

#[test]
fn a_search_that_finds_too_much_shows_what_changed_last() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(&folder.path().join("c.sqlite"));
    cache.apply(&answer(1, 1_200));
    cache.apply(&changes("e1", 1_201, vec![view(1, "Dana Fox", None, StatusName::Ready)]));
    let query = RequestQuery { text: "d".into(), limit: 2, ..RequestQuery::default() };
    let page = cache.requests(&query);
    assert_eq!((page.total, page.more_found, page.unfiltered), (1_000, true, 1_200));
    assert_eq!(page.rows[0].status, StatusName::Ready);
    let last = cache.requests(&RequestQuery { offset: 999, ..query.clone() });
    assert_eq!(last.rows.len(), 1);
    let past = cache.requests(&RequestQuery { offset: 1_000, ..query });
    assert_eq!(past.rows, []);
}

#[test]
fn ten_thousand_requests_come_in_as_many_answers_as_the_service_gives() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.sqlite");
    let cache = Cache::open(&path);
    for first in (1..10_000).step_by(500) {
        assert_eq!(cache.apply(&answer(first, 500)).requests.len(), 500);
    }
    drop(cache);
    let cache = Cache::open(&path);
    let deep = cache.requests(&RequestQuery { offset: 9_990, limit: 100, ..RequestQuery::default() });
    assert_eq!((deep.total, deep.rows.len(), cache.cursor().after), (10_000, 10, 10_000));
}

#[test]
fn wherever_a_sync_is_cut_off_the_cursor_and_the_rows_agree() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.sqlite");
    let cache = Cache::open(&path);
    for first in (1..60).step_by(20) {
        cache.apply(&answer(first, 20));
    }
    // What a killed program leaves: the file, and a log of which the end may be missing.
    let (file, log) =
        (std::fs::read(&path).unwrap(), std::fs::read(folder.path().join("c.sqlite-wal")).unwrap());
    drop(cache);
    let mut seen = std::collections::BTreeSet::new();
    for cut in (0..log.len()).step_by(log.len() / 64).chain([log.len()]) {
        let left = folder.path().join(cut.to_string());
        std::fs::create_dir(&left).unwrap();
        let path = left.join("c.sqlite");
        std::fs::write(&path, &file).unwrap();
        std::fs::write(left.join("c.sqlite-wal"), &log[..cut]).unwrap();
        let cache = Cache::open(&path);
        let rows = cache.requests(&RequestQuery::default()).unfiltered;
        assert_eq!(cache.cursor().after, u64::from(rows), "cut at {cut}");
        seen.insert(rows);
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [0, 20, 40, 60]);
}

#[test]
fn a_full_disk_costs_the_file_and_not_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.sqlite");
    let cache = Cache::open(&path);
    // What SQLite says when a disk is full, without filling one.
    let fill = || cache.lock().execute_batch("PRAGMA max_page_count = 1").unwrap();
    fill();
    assert!(cache.apply(&answer(1, 500)).started_over);
    assert_eq!(cache.cursor(), Cursor::default(), "everything is asked for again");
    fill();
    assert!(cache.apply(&answer(1, 500)).started_over);
    cache.apply(&answer(1, 500));
    assert_eq!(cache.requests(&RequestQuery::default()).total, 500);
    assert_eq!(Cache::open(&path).cursor(), Cursor::default(), "it was kept in memory");
}

#[test]
fn damage_that_shows_when_it_is_read_means_asking_for_everything_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.sqlite");
    let cache = Cache::open(&path);
    cache.apply(&answer(1, 500));
    drop(cache);
    let mut bytes = std::fs::read(&path).unwrap();
    // All but the first pages, where the tables are named and the cursor stands.
    bytes.get_mut(4 * 4_096..).unwrap().fill(0xA5);
    std::fs::write(&path, &bytes).unwrap();

    let cache = Cache::open(&path);
    for sort in [SortBy::Status, SortBy::Recipient, SortBy::Agent, SortBy::Expires, SortBy::Changed] {
        let _ = recipients(&cache, RequestQuery { sort, ..RequestQuery::default() });
    }
    assert_eq!(cache.cursor(), Cursor::default());
    let mut told = std::pin::pin!(cache.made_anew.notified());
    assert!(told.as_mut().enable(), "whoever syncs is told");
    cache.apply(&answer(1, 500));
    assert_eq!(cache.requests(&RequestQuery::default()).total, 500);
}
