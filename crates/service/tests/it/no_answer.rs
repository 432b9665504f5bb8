//! To whoever calls or invites, a device that is unknown, offline, a guest or blocking is one that did not answer:
//! the service does and writes the same for each of them. That it takes as long is measured, not tested:
//! `cargo xtask bench no-answer`.

use std::collections::BTreeMap;
use std::time::Duration;

use beckon_domain::DeviceId;
use beckon_domain::call::CallStateName;
use beckon_domain::invitation::InvitationStateName;
use beckon_domain::link::Target;
use beckon_wire::call::CallAct;
use beckon_wire::lookup::{Found, Lookup};
use beckon_wire::{ApiError, Code, paths};
use sqlx::AssertSqlSafe;

use crate::cast::{Player, Stage};
use crate::neighbours::Neighbours;
use crate::scenes::eventually;
use crate::sockets::Push;

const A_MILLISECOND: Duration = Duration::from_millis(1);

struct Scene {
    neighbours: Neighbours,
    others: [Player; 3],
}

impl Scene {
    async fn opens() -> Self {
        let neighbours = Neighbours::at_home().await;
        let stage = &neighbours.stage;
        let others = [stage.neighbour().await, stage.guest().await, stage.neighbour().await];
        others[2].blocks(&neighbours.ana).await;
        Self { neighbours, others }
    }

    fn targets(&self) -> [(&str, Target); 6] {
        let [offline, guest, blocking] = &self.others;
        [
            ("silent", Target::Id(self.neighbours.ben.id)),
            ("offline", Target::Id(offline.id)),
            ("guest", Target::Id(guest.id)),
            ("blocking", Target::Id(blocking.id)),
            ("unknown", Target::Id(DeviceId::draw())),
            ("an unknown alias", Target::Alias("nobody@elsewhere".parse().unwrap())),
        ]
    }
}

/// How many rows each table has, and how many changes there were.
#[derive(Debug, PartialEq)]
struct Written(BTreeMap<String, i64>);

impl Written {
    async fn by(stage: &Stage) -> Self {
        let office = stage.office().await;
        let mut unit = office.begin().await.unwrap();
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table'";
        let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(unit.db()).await.unwrap();
        let mut written = BTreeMap::new();
        for table in tables {
            let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
            written.insert(table, sqlx::query_scalar(count).fetch_one(unit.db()).await.unwrap());
        }
        let changes = sqlx::query_scalar("SELECT n FROM counter").fetch_one(unit.db()).await.unwrap();
        written.insert("counter".to_owned(), changes);
        Self(written)
    }

    fn since(&self, before: &Self) -> Self {
        Self(self.0.iter().map(|(table, rows)| (table.clone(), rows - before.0[table])).collect())
    }
}

/// What the caller's client hears, and what the service writes meanwhile.
struct Watch<'a> {
    stage: &'a Stage,
    ana: &'a Player,
    push: Push,
    before: Written,
    epoch: String,
    cursor: u64,
}

#[derive(Debug, PartialEq)]
struct Traces {
    written: Written,
    cursor: u64,
    things: usize,
    woken_at: u64,
}

impl<'a> Watch<'a> {
    async fn over(Neighbours { stage, ana, .. }: &'a Neighbours) -> Self {
        // A clock that runs ahead of the sockets makes them look dead.
        let push = ana.opens_push().await;
        let seen = ana.changes("", 0).await;
        Self { stage, ana, push, before: Written::by(stage).await, epoch: seen.epoch, cursor: seen.cursor }
    }

    /// Since it was asked last.
    async fn traces(&mut self) -> Traces {
        let woken_at = self.push.wakes().await.unwrap() - self.cursor;
        let news = self.ana.changes(&self.epoch, self.cursor).await;
        let written = Written::by(self.stage).await;
        let traces = Traces {
            written: written.since(&self.before),
            cursor: news.cursor - self.cursor,
            things: news.changes.len(),
            woken_at,
        };
        (self.before, self.cursor) = (written, news.cursor);
        traces
    }
}

#[tokio::test]
async fn a_call_leaves_the_same_traces_whomever_it_reaches() {
    let scene = Scene::opens().await;
    let Neighbours { stage, ana, .. } = &scene.neighbours;
    let mut all = Vec::new();
    for (what, target) in scene.targets() {
        let mut watch = Watch::over(&scene.neighbours).await;
        let placed = ana.calls_by(target).await.unwrap();
        let begun = watch.traces().await;
        stage.clock.advance(Duration::from_secs(60) - A_MILLISECOND);
        assert_eq!(ana.call_seen(placed.id).await.unwrap().state, CallStateName::Ringing, "{what}");
        stage.clock.advance(A_MILLISECOND);
        let missed = eventually(async || {
            ana.call_seen(placed.id).await.filter(|view| view.state == CallStateName::Missed)
        });
        assert_eq!(missed.await.decided_at, Some(placed.rings_until), "{what}");
        all.push((what, begun, watch.traces().await));
    }
    for (what, begun, ended) in &all {
        assert_eq!((begun, ended), (&all[0].1, &all[0].2), "{what}");
    }
    assert_eq!((all[0].1.written.0["calls"], all[0].1.written.0["changes"]), (1, 2));
}

#[tokio::test]
async fn an_invitation_leaves_the_same_traces_whomever_it_reaches() {
    let scene = Scene::opens().await;
    let Neighbours { stage, ana, .. } = &scene.neighbours;
    let mut all = Vec::new();
    for (what, target) in scene.targets() {
        let mut watch = Watch::over(&scene.neighbours).await;
        let sent = ana.invites_by(target).await.unwrap();
        let begun = watch.traces().await;
        ana.edits(sent.id).await.unwrap();
        let edited = watch.traces().await;
        stage.clock.advance(Duration::from_secs(120));
        let expired = ana.invitation_becomes(sent.id, InvitationStateName::Expired).await;
        assert_eq!(expired.decided_at, Some(sent.expires_at), "{what}");
        all.push((what, begun, edited, watch.traces().await));
    }
    for (what, begun, edited, ended) in &all {
        assert_eq!((begun, edited, ended), (&all[0].1, &all[0].2, &all[0].3), "{what}");
    }
    assert_eq!((all[0].1.written.0["invitations"], all[0].1.written.0["changes"]), (1, 2));
}

/// As often as somebody in a hurry could ask.
const OFTEN: usize = 200;

#[tokio::test]
async fn whoever_asks_200_times_hears_the_same_and_waits_as_long_whomever_it_is_about() {
    let scene = Scene::opens().await;
    let Neighbours { stage, ana, .. } = &scene.neighbours;
    let mut all = Vec::new();
    for (what, target) in scene.targets() {
        let (mut looked_up, mut called) = (Vec::new(), Vec::new());
        for _ in 0..OFTEN {
            let lookup = Lookup { targets: vec![target.clone()] };
            let found: Result<Vec<Found>, ApiError> = ana.post(paths::LOOKUP, &lookup).await;
            looked_up.push(found.map_err(spoken));
            let placed = ana.calls_by(target.clone()).await;
            if let Ok(placed) = &placed {
                ana.on_call(placed.id, CallAct::Cancel).await.unwrap();
            }
            called.push(placed.map(drop).map_err(spoken));
        }
        all.push((what, looked_up, called));
        stage.pass(60);
    }
    for (what, looked_up, called) in &all {
        assert_eq!((looked_up, called), (&all[0].1, &all[0].2), "{what}");
    }
    let granted = (all[0].1.iter().flatten().count(), all[0].2.iter().flatten().count());
    assert_eq!(granted, (60, 10));
    let (code, params) = all[0].1.last().unwrap().as_ref().unwrap_err();
    assert_eq!((*code, params.contains_key("retry_after_s")), (Code::Throttled, true));
}

/// All of a refusal but its own number.
fn spoken(refused: ApiError) -> (Code, BTreeMap<String, String>) {
    (refused.code, refused.params)
}
