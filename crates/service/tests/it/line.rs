use beckon_domain::RequestId;
use beckon_domain::session_request::StatusName;
use beckon_wire::changes::Thing;
use beckon_wire::join::HostAct;
use beckon_wire::request::{AgentAct, AssignTo};

use crate::cast::{Player, Stage};
use crate::sockets::Push;

/// Somebody who allowed access and waits for an agent.
struct Waiting {
    host: Player,
    push: Push,
    id: RequestId,
}

impl Waiting {
    async fn in_line(stage: &Stage, ana: &Player, to: AssignTo) -> Self {
        let host = stage.guest().await;
        let push = host.opens_push().await;
        let id = ana.creates("Somebody", to).await;
        let joined = host.joins(&ana.code(id).await).await.unwrap();
        stage.pass(1);
        host.allows(&joined).await.unwrap();
        Self { host, push, id }
    }

    async fn place(&self) -> Option<u32> {
        self.host.joined().await.unwrap().place
    }

    /// The next place that a wake-up leads to, as a client would find it.
    async fn is_told(&mut self, epoch: &str, after: u64) -> Option<u32> {
        while self.push.wakes().await? <= after {}
        let changes = self.host.changes(epoch, after).await.changes;
        changes.into_iter().find_map(|change| match change.thing {
            Thing::Joined(joined) => joined.place,
            _ => None,
        })
    }
}

#[tokio::test]
async fn hosts_wait_in_the_order_in_which_they_allowed() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let tier = stage.queue("Tier 1", &["Ana"]).await;
    let unassigned = async || Waiting::in_line(&stage, &ana, AssignTo::Unassigned).await;
    let (first, second) = (unassigned().await, unassigned().await);
    let queued = Waiting::in_line(&stage, &ana, AssignTo::Queue(tier)).await;
    let third = unassigned().await;
    assert_eq!((first.place().await, second.place().await, third.place().await), (Some(1), Some(2), Some(3)));
    assert_eq!(queued.place().await, Some(1), "a queue is a line of its own");
    let at_a_client = Waiting::in_line(&stage, &ana, AssignTo::Device(ana.id)).await;
    assert_eq!(at_a_client.place().await, Some(1), "and so is a client");
    let mine = Waiting::in_line(&stage, &ana, AssignTo::Myself).await;
    assert_eq!(mine.place().await, None, "whoever has an agent waits in no line");
}

#[tokio::test]
async fn whoever_stands_behind_is_told_when_one_leaves_the_line() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let line = async || Waiting::in_line(&stage, &ana, AssignTo::Unassigned).await;
    let (first, second, mut third) = (line().await, line().await, line().await);
    let seen = third.host.changes("", 0).await;
    assert_eq!(third.place().await, Some(3));

    ana.acts(first.id, AgentAct::Claim).await.unwrap();
    assert_eq!(third.is_told(&seen.epoch, seen.cursor).await, Some(2), "taken out of it by an agent");
    assert_eq!((first.place().await, second.place().await), (None, Some(1)));
    let seen = third.host.changes("", 0).await;
    second.host.hosts(second.id, HostAct::Leave).await.unwrap();
    assert_eq!(third.is_told(&seen.epoch, seen.cursor).await, Some(1), "by leaving");

    let seen = third.host.changes("", 0).await.cursor;
    let later = line().await;
    assert_eq!(later.place().await, Some(2));
    assert_eq!(third.host.changes("", 0).await.cursor, seen, "nobody is woken by who comes behind");
}

#[tokio::test]
async fn time_and_silence_move_the_line_too() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let line = async || Waiting::in_line(&stage, &ana, AssignTo::Unassigned).await;
    let (Waiting { push, host, .. }, mut second) = (line().await, line().await);
    let seen = second.host.changes("", 0).await;
    drop((push, host));
    crate::scenes::eventually(async || {
        let first = ana.changes("", 0).await.changes.into_iter().find_map(|change| match change.thing {
            Thing::Request(view) if view.id != second.id => Some(view),
            _ => None,
        });
        first?.host.filter(|host| !host.present)
    })
    .await;
    stage.pass(60);
    assert_eq!(second.is_told(&seen.epoch, seen.cursor).await, Some(1));
    assert_eq!(second.host.joined().await.unwrap().status, StatusName::Ready);
}

#[tokio::test]
async fn who_is_given_back_to_the_line_stands_where_they_stood() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let line = async || Waiting::in_line(&stage, &ana, AssignTo::Unassigned).await;
    let (first, second) = (line().await, line().await);
    ana.acts(first.id, AgentAct::Claim).await.unwrap();
    assert_eq!(second.place().await, Some(1));
    ana.acts(first.id, AgentAct::Release).await.unwrap();
    assert_eq!((first.place().await, second.place().await), (Some(1), Some(2)));
}
