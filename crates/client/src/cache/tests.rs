use super::*;
use crate::view::{Scope, SortBy};
use beckon_domain::session_request::{LinkNumber, Revision, StatusName};
use beckon_domain::{AccountId, ProfileId, Role};
use beckon_wire::account::Person;
use beckon_wire::request::Connect;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

fn person(name: &str) -> Person {
    Person { id: AccountId(Uuid::from_u128(name.len() as u128)), name: name.parse().unwrap() }
}

fn view(number: u128, recipient: &str, agent: Option<&str>, status: StatusName) -> RequestView {
    RequestView {
        id: RequestId(Uuid::from_u128(number)),
        link: LinkNumber(1),
        revision: Revision(1),
        status,
        recipient: recipient.parse().unwrap(),
        comments: "printer is on fire".parse().unwrap(),
        profile: ProfileId::Default,
        agent: agent.map(person),
        queue: None,
        device: None,
        created_by: person("Ana"),
        created_at: at(0),
        expires_at: at(1_440),
        changed_at: at(i64::try_from(number).unwrap()),
        closing: None,
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

fn changes(epoch: &str, cursor: u64, views: Vec<RequestView>) -> Changes {
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
    cache.apply(&changes("e1", 7, vec![view(1, "Dana Fox", None, StatusName::Open)]));
    assert_eq!(cache.requests(&RequestQuery { limit: 9, ..RequestQuery::default() }).rows.len(), 1);

    let nowhere = Cache::open(Path::new("/dev/null/no/such/folder/c.sqlite"));
    nowhere.apply(&changes("e1", 7, vec![view(1, "Dana Fox", None, StatusName::Open)]));
    assert_eq!(recipients(&nowhere, RequestQuery::default()), ["Dana Fox"], "then it lives in memory");
}
