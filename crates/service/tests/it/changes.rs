use beckon_domain::RequestId;
use beckon_wire::changes::{Changes, Thing};
use beckon_wire::join::HostAct;
use beckon_wire::request::{AgentAct, AssignTo};

use crate::cast::Stage;
use crate::scenes::Joined;

fn requests(changes: &Changes) -> Vec<RequestId> {
    let ids = changes.changes.iter().filter_map(|change| match &change.thing {
        Thing::Request(view) => Some(view.id),
        _ => None,
    });
    ids.collect()
}

fn gone(changes: &Changes) -> Vec<RequestId> {
    let ids = changes.changes.iter().filter_map(|change| match &change.thing {
        Thing::RequestGone(id) | Thing::JoinedGone(id) => Some(*id),
        _ => None,
    });
    ids.collect()
}

#[tokio::test]
async fn each_thing_comes_once_as_it_is_now_in_the_order_of_its_last_change() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let (first, second) =
        (ana.creates("Dana", AssignTo::Myself).await, ana.creates("Eve", AssignTo::Myself).await);
    ana.acts(first, AgentAct::Comment("noted".parse().unwrap())).await.unwrap();
    let all = ana.changes("", 0).await;
    assert_eq!(requests(&all), [second, first]);
    assert!(all.changes.is_sorted_by_key(|change| change.number));
    assert_eq!((all.cursor, all.more), (all.changes[1].number, false));

    assert!(ana.changes(&all.epoch, all.cursor).await.changes.is_empty());
    ana.acts(second, AgentAct::Close).await.unwrap();
    let next = ana.changes(&all.epoch, all.cursor).await;
    assert_eq!(requests(&next), [second]);
    assert!(next.cursor > all.cursor);
}

#[tokio::test]
async fn losing_sight_is_a_change_too() {
    let stage = Stage::open().await;
    let (ana, ben) = (stage.agent("Ana").await, stage.agent("Ben").await);
    let id = ana.creates("Dana", AssignTo::Unassigned).await;
    let seen = ben.changes("", 0).await;
    assert_eq!(requests(&seen), [id]);
    ana.acts(id, AgentAct::Claim).await.unwrap();
    let next = ben.changes(&seen.epoch, seen.cursor).await;
    assert_eq!(gone(&next), [id]);
    assert!(ben.changes("", 0).await.changes.is_empty(), "whoever starts over has nothing to lose");
    ana.acts(id, AgentAct::Release).await.unwrap();
    assert_eq!(requests(&ben.changes(&next.epoch, next.cursor).await), [id]);
}

#[tokio::test]
async fn a_host_sees_what_it_joined_and_that_it_is_gone() {
    let Joined { stage: _stage, ana, dana, view, danas_push: _push, .. } = Joined::by_dana().await;
    let seen = dana.changes("", 0).await;
    assert!(
        matches!(&seen.changes[..], [change] if matches!(&change.thing, Thing::Joined(joined) if **joined == view))
    );
    ana.acts(view.request, AgentAct::Close).await.unwrap();
    assert_eq!(gone(&dana.changes(&seen.epoch, seen.cursor).await), [view.request]);
}

#[tokio::test]
async fn a_device_that_is_host_and_agent_sees_both_sides() {
    let stage = Stage::open().await;
    let (ana, ben) = (stage.agent("Ana").await, stage.agent("Ben").await);
    let id = ana.creates("Ben's own", AssignTo::Unassigned).await;
    ben.joins(&ana.code(id).await).await.unwrap();
    let seen = ben.changes("", 0).await;
    assert_eq!((requests(&seen), ben.joined().await.map(|view| view.request)), (vec![id], Some(id)));
    ben.hosts(id, HostAct::Leave).await.unwrap();
    let next = ben.changes(&seen.epoch, seen.cursor).await;
    assert_eq!((requests(&next), gone(&next)), (vec![id], vec![id]));
}

#[tokio::test]
async fn signing_in_and_out_is_another_epoch_which_begins_at_nothing() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let guest = stage.guest().await;
    let before = guest.changes("", 0).await;
    guest.sign_in(&stage, "Ana").await;
    let after = guest.changes(&before.epoch, before.cursor).await;
    assert_ne!(after.epoch, before.epoch);
    assert_eq!(requests(&after), [id]);
    assert!(after.cursor > before.cursor, "so that a client that compares cursors looks");
    guest.post::<()>(beckon_wire::paths::ACCOUNT_SIGN_OUT, &()).await.unwrap();
    let out = guest.changes(&after.epoch, after.cursor).await;
    assert!(out.epoch != after.epoch && out.changes.is_empty() && out.account.is_none());
}

#[tokio::test]
async fn a_client_that_knows_more_than_the_database_starts_over() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let seen = ana.changes("", 0).await;
    let restored = ana.changes(&seen.epoch, seen.cursor + 1_000).await;
    assert_ne!(restored.epoch, seen.epoch);
    assert_eq!(requests(&restored), [id]);
    let next = ana.changes(&restored.epoch, restored.cursor).await;
    assert!(next.epoch == restored.epoch && next.changes.is_empty());
}

#[tokio::test]
async fn more_than_an_answer_holds_comes_in_several() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let mut made = Vec::new();
    for _ in 0..505 {
        made.push(ana.creates("Dana", AssignTo::Myself).await);
    }
    let first = ana.changes("", 0).await;
    assert_eq!((first.changes.len(), first.more), (500, true));
    let second = ana.changes(&first.epoch, first.cursor).await;
    assert_eq!((second.changes.len(), second.more), (5, false));
    assert_eq!([requests(&first), requests(&second)].concat(), made);
}

#[tokio::test]
async fn ten_thousand_requests_come_in_pages_until_all_are_there() {
    const ALL: usize = 10_000;
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    ana.creates("Dana", AssignTo::Myself).await;
    let office = stage.office().await;
    let mut unit = office.begin().await.unwrap();
    // As many acts would take longer than all other tests together.
    let one =
        "CREATE TEMP TABLE one AS SELECT * FROM requests; CREATE TEMP TABLE seen AS SELECT * FROM changes
               WHERE kind = 'request'";
    sqlx::raw_sql(one).execute(unit.db()).await.unwrap();
    for _ in 1..ALL {
        let id = uuid::Uuid::now_v7().to_string();
        sqlx::query("UPDATE one SET id = ?").bind(&id).execute(unit.db()).await.unwrap();
        let next = "UPDATE seen SET request = ?, number = (SELECT n + 1 FROM counter)";
        sqlx::query(next).bind(&id).execute(unit.db()).await.unwrap();
        let copy = "INSERT INTO requests SELECT * FROM one; INSERT INTO changes SELECT * FROM seen;
                    UPDATE counter SET n = n + 1";
        sqlx::raw_sql(copy).execute(unit.db()).await.unwrap();
    }
    unit.commit().await.unwrap();

    let mut got = std::collections::BTreeSet::new();
    let mut page = ana.changes("", 0).await;
    let (mut pages, epoch) = (1, page.epoch.clone());
    loop {
        assert!(page.changes.len() <= 500 && page.changes.is_sorted_by_key(|change| change.number));
        got.extend(requests(&page));
        if !page.more {
            break;
        }
        page = ana.changes(&epoch, page.cursor).await;
        pages += 1;
    }
    assert_eq!((got.len(), pages), (ALL, ALL / 500));
    assert!(ana.changes(&epoch, page.cursor).await.changes.is_empty());
}
