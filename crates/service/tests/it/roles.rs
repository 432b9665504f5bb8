//! What each of the four roles sees of requests, and does with them.

use beckon_domain::Role;
use beckon_domain::session_request::Expiry;
use beckon_domain::statement::Side;
use beckon_domain::{RequestId, Schedule, Zone};
use beckon_wire::changes::Thing;
use beckon_wire::request::{AgentAct, AssignTo, Connect, EditRequest, HistoryEntry, RequestLink};
use beckon_wire::{Code, paths};
use chrono::TimeDelta;

use crate::cast::{Player, Stage};
use crate::scenes::code;

/// One request for each way in which somebody may come to see one, all made by Ana.
struct Office {
    stage: Stage,
    ana: Player,
    reader: Player,
    unassigned: RequestId,
    theirs: RequestId,
    at_their_client: RequestId,
    in_their_queue: RequestId,
    anas: RequestId,
    at_anas_client: RequestId,
    in_another_queue: RequestId,
}

impl Office {
    async fn read_by(role: Role) -> Self {
        let stage = Stage::open().await;
        let (ana, reader) = (stage.agent("Ana").await, stage.person("Rea", role).await);
        let (tier1, tier2) = (stage.queue("Tier 1", &["Rea"]).await, stage.queue("Tier 2", &[]).await);
        let make = async |to| ana.creates("Dana", to).await;
        // A viewer is given nothing, but may have been another role when they were.
        let theirs = make(AssignTo::Myself).await;
        let mut unit = stage.office().await;
        let core = &mut unit;
        let mut written = core.begin().await.unwrap();
        let given = "UPDATE requests SET agent = (SELECT id FROM accounts WHERE name = 'Rea') WHERE id = ?";
        sqlx::query(given).bind(theirs.0.to_string()).execute(written.db()).await.unwrap();
        let seen = "INSERT INTO changes SELECT 'account:' || accounts.id, request, kind, number
            FROM changes, accounts WHERE accounts.name = 'Rea' AND request = ? AND class = 'admins'";
        sqlx::query(seen).bind(theirs.0.to_string()).execute(written.db()).await.unwrap();
        written.commit().await.unwrap();
        Self {
            unassigned: make(AssignTo::Unassigned).await,
            at_their_client: make(AssignTo::Device(reader.id)).await,
            in_their_queue: make(AssignTo::Queue(tier1)).await,
            anas: make(AssignTo::Myself).await,
            at_anas_client: make(AssignTo::Device(ana.id)).await,
            in_another_queue: make(AssignTo::Queue(tier2)).await,
            theirs,
            stage,
            ana,
            reader,
        }
    }

    fn in_sight(&self) -> [RequestId; 4] {
        [self.unassigned, self.theirs, self.at_their_client, self.in_their_queue]
    }

    fn of_others(&self) -> [RequestId; 3] {
        [self.anas, self.at_anas_client, self.in_another_queue]
    }

    async fn listed(&self) -> Vec<RequestId> {
        let changes = self.reader.changes("", 0).await.changes.into_iter();
        let mut ids: Vec<_> = changes
            .filter_map(|change| match change.thing {
                Thing::Request(view) => Some(view.id),
                _ => None,
            })
            .collect();
        ids.sort();
        ids
    }

    async fn reads(&self, id: RequestId) {
        assert!(self.reader.sees(id).await.is_some());
        self.reader.link(id).await;
        assert_eq!(self.reader.history(id).await.len(), 1);
    }

    async fn knows_nothing_of(&self, id: RequestId) {
        let (link, history) =
            (paths::with_id(paths::REQUEST_LINK, id.0), paths::with_id(paths::REQUEST_HISTORY, id.0));
        assert_eq!(code(self.reader.get::<RequestLink>(&link).await), Code::NotFound);
        assert_eq!(code(self.reader.get::<Vec<HistoryEntry>>(&history).await), Code::NotFound);
        for act in self.every_act(id) {
            assert_eq!(code(self.reader.acts(id, act.clone()).await), Code::NotFound, "{act:?}");
        }
        assert_eq!(self.ana.history(id).await.len(), 1);
    }

    fn every_act(&self, id: RequestId) -> Vec<AgentAct> {
        let at = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::hours(1);
        let signed = || self.reader.statement(id, 1, Side::Viewer);
        vec![
            AgentAct::Edit(EditRequest { recipient: "Eve".parse().ok(), ..EditRequest::default() }),
            AgentAct::Comment("mine now".parse().unwrap()),
            AgentAct::Claim,
            AgentAct::Release,
            AgentAct::Assign(AssignTo::Myself),
            AgentAct::Reschedule { schedule: Schedule { at, zone: Zone::UTC }, expiry: None },
            AgentAct::StartNow,
            AgentAct::Ask(signed()),
            AgentAct::CancelAsk,
            AgentAct::Connect(signed()),
            AgentAct::Disconnect,
            AgentAct::EndAndClose { comment: None },
            AgentAct::NewLink,
            AgentAct::Close,
            AgentAct::Reopen,
            AgentAct::ReopenFor(Expiry::default()),
            AgentAct::SendAgain,
        ]
    }
}

fn sorted<const N: usize>(mut ids: [RequestId; N]) -> [RequestId; N] {
    ids.sort();
    ids
}

#[tokio::test]
async fn owners_and_admins_see_every_request_and_act_on_it() {
    for role in [Role::Owner, Role::Admin] {
        let office = Office::read_by(role).await;
        assert_eq!(office.listed().await.len(), 7);
        for id in office.in_sight().into_iter().chain(office.of_others()) {
            office.reads(id).await;
            assert!(office.reader.sees(id).await.unwrap().may_act);
            office.reader.acts(id, AgentAct::Close).await.unwrap();
        }
    }
}

#[tokio::test]
async fn support_agents_see_and_act_on_what_concerns_them() {
    let office = Office::read_by(Role::SupportAgent).await;
    assert_eq!(office.listed().await, sorted(office.in_sight()));
    for id in office.of_others() {
        office.knows_nothing_of(id).await;
    }
    for id in office.in_sight() {
        office.reads(id).await;
        office.reader.acts(id, AgentAct::Comment("seen".parse().unwrap())).await.unwrap();
    }
    let own = office.reader.creates("Finn", AssignTo::Agent(office.ana.account().await)).await;
    assert!(office.reader.sees(own).await.unwrap().may_act, "their own, given to another");
}

#[tokio::test]
async fn viewers_see_the_same_and_every_act_of_theirs_is_refused() {
    let office = Office::read_by(Role::Viewer).await;
    assert_eq!(office.listed().await, sorted(office.in_sight()));
    for id in office.of_others() {
        office.knows_nothing_of(id).await;
    }
    for id in office.in_sight() {
        office.reads(id).await;
        let view = office.reader.sees(id).await.unwrap();
        assert_eq!((view.may_act, view.connect), (false, Connect::MayNotAct));
        for act in office.every_act(id) {
            assert_eq!(code(office.reader.acts(id, act.clone()).await), Code::Forbidden, "{act:?}");
        }
        assert_eq!(office.ana.history(id).await.len(), 1, "nothing has happened");
    }
    assert_eq!(office.reader.directory().await.agents.len(), 1, "names they see");
    drop(office.stage);
}

#[tokio::test]
async fn at_another_client_an_agent_does_not_see_what_is_given_to_the_first() {
    let office = Office::read_by(Role::SupportAgent).await;
    let elsewhere = office.stage.guest().await;
    elsewhere.sign_in(&office.stage, "Rea").await;
    assert!(elsewhere.sees(office.at_their_client).await.is_none());
    assert!(elsewhere.sees(office.in_their_queue).await.is_some());
    let link = paths::with_id(paths::REQUEST_LINK, office.at_their_client.0);
    assert_eq!(code(elsewhere.get::<RequestLink>(&link).await), Code::NotFound);
}
