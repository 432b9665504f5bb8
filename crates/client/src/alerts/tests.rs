use beckon_domain::session_request::{LinkNumber, Revision};
use beckon_domain::{ProfileId, Role, SessionId};
use beckon_wire::account::{AccountView, Person};
use beckon_wire::changes::Change;
use beckon_wire::request::{AskView, Connect, QueueName, SessionPhase, SessionView};
use chrono::DateTime;
use uuid::Uuid;

use super::*;

fn person(number: u128) -> Person {
    Person { id: AccountId(Uuid::from_u128(number)), name: "Ana".parse().unwrap() }
}

const ANA: u128 = 1;
const BEN: u128 = 2;
/// Ana is in the first queue and not in the second.
const QUEUES: [u128; 2] = [8, 9];

fn ana() -> AccountView {
    let Person { id, name } = person(ANA);
    AccountView { id, name, email: "ana@acme.example".into(), role: Role::SupportAgent }
}

fn queue(number: u128) -> QueueName {
    QueueName { id: QueueId(Uuid::from_u128(number)), name: "Tier 1".parse().unwrap() }
}

fn me() -> Me {
    let [mine, _] = QUEUES;
    Me { account: person(ANA).id, queues: vec![queue(mine).id], device: Some(device(DESK)) }
}

/// Where Ana sits.
const DESK: u64 = 300_000_001;

fn device(id: u64) -> DeviceId {
    id.try_into().unwrap()
}

fn row(number: u128, agent: Option<u128>, status: StatusName) -> RequestView {
    let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    RequestView {
        id: RequestId(Uuid::from_u128(number)),
        link: LinkNumber(1),
        revision: Revision(1),
        status,
        recipient: "Dana Fox".parse().unwrap(),
        comments: "".parse().unwrap(),
        profile: ProfileId::Default,
        own_profile: None,
        agent: agent.map(person),
        queue: None,
        device: None,
        created_by: person(BEN),
        created_at: at,
        expires_at: at,
        changed_at: at,
        closing: None,
        closed_at: None,
        declined_at: None,
        host: None,
        ask: None,
        session: None,
        connect: Connect::Connect,
        may_act: true,
        contact: None,
        schedule: None,
        expiry: None,
        mail: None,
    }
}

fn mine(status: StatusName) -> RequestView {
    row(1, Some(ANA), status)
}

fn declined(minute: i64) -> RequestView {
    let declined_at = DateTime::from_timestamp(1_800_000_000 + 60 * minute, 0);
    RequestView { declined_at, ..mine(StatusName::Waiting) }
}

fn told(before: Option<&RequestView>, now: &RequestView) -> Option<AlertKind> {
    alert(before, now, &me()).map(|alert| alert.kind)
}

#[test]
fn an_agent_is_told_when_the_link_is_opened_access_allowed_or_declined() {
    use StatusName::{Closed, Connected, Expired, Open, Ready, Waiting};
    let table = [
        (Some(Open), Waiting, Some(AlertKind::Opened)),
        (None, Waiting, Some(AlertKind::Opened)),
        (Some(Waiting), Ready, Some(AlertKind::Allowed)),
        (Some(Open), Ready, Some(AlertKind::Allowed)),
        (None, Ready, Some(AlertKind::Allowed)),
        (Some(Waiting), Waiting, None),
        (Some(Ready), Ready, None),
        (Some(Connected), Ready, None),
        (Some(Ready), Waiting, None),
        (Some(Connected), Waiting, None),
        (Some(Ready), Connected, None),
        (None, Open, None),
        (Some(Waiting), Open, None),
        (Some(Waiting), Closed, None),
        (Some(Open), Expired, None),
    ];
    for (before, now, expected) in table {
        assert_eq!(told(before.map(mine).as_ref(), &mine(now)), expected, "{before:?} → {now:?}");
    }
    assert_eq!(told(Some(&mine(Waiting)), &declined(1)), Some(AlertKind::Declined));
    assert_eq!(told(Some(&declined(1)), &declined(2)), Some(AlertKind::Declined), "once more");
    assert_eq!(told(Some(&declined(1)), &declined(1)), None);
    assert_eq!(told(Some(&declined(1)), &mine(Waiting)), None, "asked anew");
}

#[test]
fn only_what_concerns_the_agent_is_told() {
    use StatusName::{Ready, Waiting};
    let tells = |request: &dyn Fn(StatusName) -> RequestView| {
        alert(Some(&request(Waiting)), &request(Ready), &me()).is_some()
    };
    let [hers, another] = QUEUES;
    let in_queue =
        |number, agent| move |status| RequestView { queue: Some(queue(number)), ..row(1, agent, status) };
    assert!(tells(&in_queue(hers, None)));
    assert!(!tells(&in_queue(another, None)), "who sees every queue is not in every queue");
    assert!(!tells(&in_queue(hers, Some(BEN))), "claimed by somebody else");
    assert!(!tells(&|status| row(1, None, status)), "neither made, nor claimed, nor in a queue");
    let at_client =
        |id, agent| move |status| RequestView { device: Some(device(id)), ..row(1, agent, status) };
    assert!(tells(&at_client(DESK, None)));
    assert!(!tells(&at_client(DESK, Some(BEN))), "claimed by somebody else");
    assert!(!tells(&at_client(DESK + 1, None)), "another client's");
    assert!(tells(&|status| RequestView { created_by: person(ANA), ..row(1, None, status) }));
    assert!(!tells(&|status| RequestView { may_act: false, ..mine(status) }));
}

#[test]
fn the_answer_to_ones_own_question_is_seen_in_the_session_window() {
    let until = DateTime::from_timestamp(1_800_000_060, 0).unwrap();
    let ask = AskView { session: SessionId(Uuid::from_u128(5)), agent: person(ANA), mine: true, until };
    let asking = RequestView { ask: Some(ask), ..mine(StatusName::Waiting) };
    assert_eq!(told(Some(&asking), &declined(1)), None);
    assert_eq!(told(Some(&asking), &mine(StatusName::Ready)), None);
}

#[test]
fn ready_for_somebody_who_is_connecting_already_is_nothing_to_tell() {
    let session = SessionView {
        id: SessionId(Uuid::from_u128(5)),
        agent: person(ANA),
        mine: false,
        phase: SessionPhase::Reserved,
        since: None,
    };
    let reserved = RequestView { session: Some(session), ..mine(StatusName::Ready) };
    assert_eq!(told(Some(&mine(StatusName::Waiting)), &reserved), None);
}

struct Desk {
    cache: Cache,
    watch: Watch,
    heard: broadcast::Receiver<AlertNews>,
    _folder: tempfile::TempDir,
}

impl Desk {
    fn opens() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let news = channel();
        let heard = news.subscribe();
        let cache = Cache::open(&folder.path().join("c.sqlite"));
        Self { cache, watch: Watch::new(news), heard, _folder: folder }
    }

    /// One reading, of as many answers as there are lists of rows.
    fn reads(&mut self, epoch: &str, answers: &[Vec<RequestView>]) -> Vec<AlertNews> {
        let mut reading = Reading::default();
        for rows in answers {
            let after = self.cache.cursor().after;
            let change = |row: &RequestView| Change {
                number: after + 1,
                thing: Thing::Request(Box::new(row.clone())),
            };
            let changes = Changes {
                epoch: epoch.into(),
                cursor: after + 1,
                more: false,
                changes: rows.iter().map(change).collect(),
                account: Some(ana()),
                mail: false,
                directory: None,
            };
            self.watch.look(&mut reading, &self.cache, &changes);
            self.cache.apply(&changes);
        }
        self.watch.tell(reading, &self.cache);
        std::iter::from_fn(|| self.heard.try_recv().ok()).collect()
    }
}

fn rows(count: u128, status: StatusName) -> Vec<RequestView> {
    (1..=count).map(|number| row(number, Some(ANA), status)).collect()
}

#[test]
fn what_is_found_at_the_start_or_after_starting_over_is_not_told() {
    let mut desk = Desk::opens();
    let found = [rows(2, StatusName::Waiting), rows(3, StatusName::Ready)];
    assert_eq!(desk.reads("e1", &found), []);
    let told =
        desk.reads("e1", &[vec![mine(StatusName::Closed)], vec![row(9, Some(ANA), StatusName::Waiting)]]);
    assert!(
        matches!(told.as_slice(), [AlertNews::Raised(alert)] if alert.kind == AlertKind::Opened),
        "{told:?}"
    );
    let over = AlertNews::Over(row(9, None, StatusName::Open).id);
    assert_eq!(desk.reads("e2", &found), [over], "and what is gone is taken back");
}

#[test]
fn many_at_once_are_told_as_a_number() {
    let mut desk = Desk::opens();
    desk.reads("e1", &[rows(500, StatusName::Open)]);
    assert_eq!(desk.reads("e1", &[rows(500, StatusName::Waiting)]), [AlertNews::Many(500)]);
}

#[test]
fn an_alert_is_over_when_it_is_no_longer_so() {
    let mut desk = Desk::opens();
    desk.reads("e1", &[vec![mine(StatusName::Open)]]);
    let id = mine(StatusName::Open).id;
    let raised = |told: Vec<AlertNews>, kind| matches!(told.as_slice(), [AlertNews::Raised(alert)] if alert.kind == kind && alert.request == id);
    assert!(raised(desk.reads("e1", &[vec![mine(StatusName::Waiting)]]), AlertKind::Opened));
    assert!(raised(desk.reads("e1", &[vec![mine(StatusName::Ready)]]), AlertKind::Allowed), "in its place");
    assert_eq!(desk.reads("e1", &[vec![row(1, Some(BEN), StatusName::Ready)]]), [AlertNews::Over(id)]);
    assert_eq!(desk.reads("e1", &[vec![mine(StatusName::Connected)]]), []);
}

#[test]
fn what_was_over_before_anybody_could_be_told_is_not_told() {
    let mut desk = Desk::opens();
    desk.reads("e1", &[vec![mine(StatusName::Waiting)]]);
    assert_eq!(desk.reads("e1", &[vec![mine(StatusName::Ready)], vec![mine(StatusName::Closed)]]), []);
}
