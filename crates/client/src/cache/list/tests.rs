use beckon_domain::session_request::StatusName;
use beckon_domain::{DeviceId, RequestId};
use beckon_wire::directory::{DeviceEntry, Directory};
use beckon_wire::request::{QueueName, RequestView};
use uuid::Uuid;

use super::super::Cache;
use super::super::tests::{at, changes, queue, view};
use crate::view::{RequestQuery, Scope, SortBy};

fn cache_of(views: Vec<RequestView>) -> (tempfile::TempDir, Cache) {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(&folder.path().join("c.sqlite"));
    cache.apply(&changes("e1", 1, views));
    (folder, cache)
}

fn sorted(cache: &Cache, sort: SortBy, descending: bool) -> Vec<String> {
    let query = RequestQuery { sort, descending, limit: 100, ..RequestQuery::default() };
    cache.requests(&query).rows.into_iter().map(|row| row.recipient.to_string()).collect()
}

fn called(number: u128, recipient: &str) -> RequestView {
    view(number, recipient, None, StatusName::Open)
}

#[test]
fn names_stand_where_german_and_english_people_look_for_them() {
    let expected = [
        "aaron Quist",
        "Ágnes Nagy",
        "Åke Berg",
        "Änne Kurz",
        "Anton Bauer",
        "Émile Zola",
        "Erika Muster",
        "Łukasz Nowak",
        "Lutz Adler",
        "muller",
        "Müller",
        "Müllers",
        "Olga Orlova",
        "Ömer Kaya",
        "Ørjan Moe",
        "Strasser",
        "Straßner",
        "Strassnet",
        "Zoë",
    ];
    let views = expected.iter().rev().zip(1..).map(|(name, number)| called(number, name));
    let (_folder, cache) = cache_of(views.collect());
    assert_eq!(sorted(&cache, SortBy::Recipient, false), expected);
    let mut backwards = expected.map(str::to_owned);
    backwards.reverse();
    assert_eq!(sorted(&cache, SortBy::Recipient, true), backwards);
}

#[test]
fn when_sorts_by_the_time_that_the_column_shows() {
    let due =
        |number: u128, name: &str, minutes| RequestView { expires_at: at(minutes), ..called(number, name) };
    let scheduled =
        |minutes| Some(beckon_domain::Schedule { at: at(minutes), zone: beckon_domain::Zone::UTC });
    let closed = RequestView {
        status: StatusName::Closed,
        closed_at: Some(at(-30)),
        ..due(1, "closed half an hour ago", 5_000)
    };
    let of_an_old_service = RequestView {
        status: StatusName::Closed,
        closed_at: None,
        changed_at: at(-20),
        ..due(2, "closed when it last changed", 5_000)
    };
    let expired = RequestView { status: StatusName::Expired, ..due(3, "expired ten minutes ago", -10) };
    let declined = RequestView {
        status: StatusName::Waiting,
        declined_at: Some(at(-5)),
        ..due(4, "declined five minutes ago", 900)
    };
    let ends = due(5, "expires in an hour", 60);
    let planned = RequestView { schedule: scheduled(120), ..due(6, "begins in two hours", 9_000) };
    let connected = RequestView {
        status: StatusName::Connected,
        schedule: scheduled(-15),
        ..due(7, "connected, expires in three hours", 180)
    };
    let all = [closed, of_an_old_service, expired, declined, ends, planned, connected];
    let expected = all.clone().map(|view| view.recipient.to_string());
    let (_folder, cache) = cache_of(all.into_iter().rev().collect());
    assert_eq!(sorted(&cache, SortBy::Expires, false), expected);
}

fn device(number: u64) -> DeviceId {
    (300_000_000 + number).try_into().unwrap()
}

fn entry(number: u64, name: &str) -> DeviceEntry {
    let name = (!name.is_empty()).then(|| name.parse().unwrap());
    DeviceEntry { id: device(number), name, alias: None }
}

#[test]
fn assigned_to_sorts_by_the_name_that_is_seen_and_nobody_comes_last() {
    let of_queue = |number| Some(QueueName { name: "Bühne".parse().unwrap(), ..queue(number) });
    let views = vec![
        called(1, "nobody"),
        RequestView { queue: of_queue(1), ..called(2, "in Bühne") },
        RequestView {
            queue: of_queue(1), ..view(3, "Änne's out of Bühne", Some("Änne"), StatusName::Open)
        },
        RequestView { device: Some(device(1)), ..called(4, "at the client Buero") },
        RequestView { device: Some(device(2)), ..called(5, "at a client without a name") },
        view(6, "Carl's", Some("Carl"), StatusName::Open),
    ];
    let (_folder, cache) = cache_of(views);
    let directory = |devices| Directory { devices, ..Directory::default() };
    cache.put_directory(Some("d1"), &directory(vec![entry(1, "Buero"), entry(2, "")]));
    let expected = [
        "Änne's out of Bühne",
        "at the client Buero",
        "in Bühne",
        "Carl's",
        "at a client without a name",
        "nobody",
    ];
    assert_eq!(sorted(&cache, SortBy::Agent, false), expected);

    cache.put_directory(Some("d2"), &directory(vec![entry(1, "Zeltplatz"), entry(2, "Amt")]));
    let renamed = [
        "at a client without a name",
        "Änne's out of Bühne",
        "in Bühne",
        "Carl's",
        "at the client Buero",
        "nobody",
    ];
    assert_eq!(sorted(&cache, SortBy::Agent, false), renamed, "clients are found by their new names");
    let mut backwards = renamed;
    backwards.reverse();
    assert_eq!(sorted(&cache, SortBy::Agent, true), backwards);
}

const SORTS: [SortBy; 5] =
    [SortBy::Status, SortBy::Recipient, SortBy::Agent, SortBy::Expires, SortBy::Changed];

/// Names, times and statuses that repeat, so that every column of every order counts.
fn many(count: u128) -> Vec<RequestView> {
    (1..=count)
        .map(|number| {
            let agent = [None, Some("Ana"), Some("Benedikt")][number as usize % 3];
            let status = StatusName::ALL[number as usize % StatusName::ALL.len()];
            RequestView {
                changed_at: at(i64::try_from(number % 7).unwrap()),
                expires_at: at(i64::try_from(number % 11).unwrap()),
                ..view(number, &format!("Dana {}", number % 5), agent, status)
            }
        })
        .collect()
}

#[test]
fn where_a_request_stands_is_known_in_every_order_and_filter() {
    let (_folder, cache) = cache_of(many(200));
    for sort in SORTS {
        for (descending, scope, text) in [
            (false, Scope::All, ""),
            (true, Scope::All, ""),
            (false, Scope::Mine, ""),
            (true, Scope::Unassigned, ""),
            (false, Scope::All, "dana 3"),
            (true, Scope::Mine, "dana"),
        ] {
            let query = RequestQuery { scope, text: text.into(), sort, descending, limit: 500, offset: 0 };
            let rows = cache.requests(&query).rows;
            assert!(!rows.is_empty());
            for (place, row) in (0..).zip(&rows) {
                assert_eq!(cache.place(&query, row.id), Some(place), "{query:?}");
            }
            let all = (1..=201).map(|number| RequestId(Uuid::from_u128(number)));
            let hidden = all.filter(|id| cache.place(&query, *id).is_none()).count();
            assert_eq!(hidden, 201 - rows.len(), "{query:?}");
        }
    }
}

#[test]
fn a_client_that_is_renamed_before_its_request_comes_is_sorted_by_its_new_name() {
    let (_folder, cache) = cache_of(vec![view(1, "Carl's", Some("Carl"), StatusName::Open)]);
    let directory = Directory { devices: vec![entry(1, "Amt")], ..Directory::default() };
    cache.put_directory(Some("d1"), &directory);
    cache.apply(&changes("e1", 2, vec![RequestView { device: Some(device(1)), ..called(2, "at Amt") }]));
    assert_eq!(sorted(&cache, SortBy::Agent, false), ["at Amt", "Carl's"]);
}
