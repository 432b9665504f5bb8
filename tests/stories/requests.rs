//! What agents do with their requests, and what their clients show of it.

use std::time::Duration;

use beckon_client::view::{
    EditFields, ExpiryChoice, KeyMemory, NewRequest, RequestQuery, Scope, TypedContact, TypedTime,
};
use beckon_domain::session_request::{Expiry, StatusName};
use beckon_domain::{Act, Language, ProfileId, RequestId};
use beckon_service::admin;
use beckon_tests::cast::{Person, draft};
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;
use beckon_wire::directory::{Directory, QueueEntry};
use beckon_wire::request::{AssignTo, RequestView};
use chrono::{DateTime, TimeDelta};

const HOUR: ExpiryChoice = ExpiryChoice::AfterSeconds(3_600);

/// A time in Berlin; every story begins there at nine on the 15th of January 2027.
fn berlin(local: &str) -> TypedTime {
    TypedTime { local: local.into(), zone: "Europe/Berlin".into() }
}

async fn queue_of(acme: &Organisation, name: &str, agents: &[&Person]) {
    let core = beckon_service::open_core(acme.data(), acme.clock.shared()).await.unwrap();
    let name = name.parse().unwrap();
    admin::create_queue(&core, &name).await.unwrap();
    for agent in agents {
        let email = format!("{}@acme.example", agent.name.to_lowercase());
        admin::add_to_queue(&core, &name, &email).await.unwrap();
    }
}

/// Waits until this person's client knows the queue, as one of its agents or not.
async fn knows_queue(acme: &Organisation, person: &Person, name: &str, mine: bool) -> QueueEntry {
    let what = format!("the queue {name}");
    let knows = person.sees(&what, |client| {
        let queues = client.directory().queues;
        queues.into_iter().find(|queue| queue.name.as_str() == name && queue.mine == mine)
    });
    acme.clock_runs_until(knows).await
}

async fn sees_row(
    person: &Person,
    what: &str,
    id: RequestId,
    so: impl Fn(&RequestView) -> bool,
) -> RequestView {
    person.sees(what, |client| client.get_request(id).filter(|row| so(row))).await
}

fn scope(person: &Person, scope: Scope) -> Vec<RequestId> {
    let query = RequestQuery { scope, limit: 100, ..RequestQuery::default() };
    person.client.list_requests(&query).rows.into_iter().map(|row| row.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_form_arrives() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let request = NewRequest {
        comments: "printer\non fire".into(),
        profile: ProfileId::ScreenSharing.into(),
        email: "dana@example.com".into(),
        language: Language::De,
        schedule: Some(berlin("2027-01-16T14:30")),
        expiry: ExpiryChoice::At(berlin("2027-01-16T18:00")),
        ..draft("Dana Fox", AssignTo::Myself)
    };
    ana.client.create_request(request.clone()).await.unwrap();
    let row = ana.client.get_request(request.id).unwrap();
    assert_eq!(row.comments.as_str(), "printer\non fire");
    assert_eq!(row.profile, ProfileId::ScreenSharing);
    let contact = row.contact.unwrap();
    assert_eq!(contact.email.unwrap().as_str(), "dana@example.com");
    assert_eq!(contact.language, Language::De);
    let schedule = row.schedule.unwrap();
    assert_eq!(
        (schedule.at.to_rfc3339(), schedule.zone.name()),
        ("2027-01-16T13:30:00+00:00".into(), "Europe/Berlin")
    );
    assert_eq!(row.expires_at.to_rfc3339(), "2027-01-16T17:00:00+00:00");
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn times_that_cannot_be_are_refused_by_name() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let at =
        |schedule: TypedTime| NewRequest { schedule: Some(schedule), ..draft("Dana Fox", AssignTo::Myself) };
    let mars = TypedTime { local: "2027-01-16T14:30".into(), zone: "Mars/Base".into() };
    let until = |expiry| NewRequest { expiry, ..at(berlin("2027-01-16T14:30")) };
    for (request, code) in [
        (at(mars), Code::UnknownZone),
        (at(berlin("2027-03-28T02:30")), Code::NoSuchTime),
        (at(berlin("2027-01-15T08:59")), Code::ScheduleInThePast),
        (until(ExpiryChoice::At(berlin("2027-01-16T14:29"))), Code::ExpiresTooSoon),
        (until(ExpiryChoice::At(berlin("2028-01-16T14:30"))), Code::ExpiresTooLate),
        (until(ExpiryChoice::AfterSeconds(u32::MAX)), Code::ExpiresTooLate),
    ] {
        let told = format!("{request:?}");
        assert_eq!(ana.client.create_request(request).await.unwrap_err().code, code, "{told}");
    }
    assert!(ana.lists().is_empty());
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_edits_in_place_and_the_rest_stays() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let id = acme.joined_request(&ana, &dana).await;
    let before = ana.client.get_request(id).unwrap();
    let edit = |edit| ana.client.edit_request(id, edit);

    edit(EditFields { recipient: Some("Dana F.".into()), ..EditFields::default() }).await.unwrap();
    let row = ana.client.get_request(id).unwrap();
    assert_eq!(row.recipient.as_str(), "Dana F.");
    assert_eq!((row.status, row.profile, row.expires_at), (before.status, before.profile, before.expires_at));

    let contact =
        |email: &str| TypedContact { email: email.into(), send_mail: false, language: Language::De };
    edit(EditFields { contact: Some(contact("dana@example.com")), ..EditFields::default() }).await.unwrap();
    let kept = ana.client.get_request(id).unwrap().contact.unwrap();
    assert_eq!(kept.email.unwrap().as_str(), "dana@example.com");
    let refused = edit(EditFields { contact: Some(contact("dana")), ..EditFields::default() }).await;
    assert_eq!(refused.unwrap_err().code, Code::NotAnEmail);

    step("Another expiry counts from now");
    edit(EditFields { expiry: Some(HOUR), ..EditFields::default() }).await.unwrap();
    let row = ana.client.get_request(id).unwrap();
    assert_eq!(row.expiry, Some(Expiry::AfterSeconds(3_600)));
    assert!(row.expires_at < before.expires_at);

    step("Another profile is shown to Dana before she allows it");
    let shown = dana.is_asked().await;
    edit(EditFields { profile: Some(ProfileId::FullAccess.into()), ..EditFields::default() }).await.unwrap();
    let now = dana
        .sees("the other profile", |client| {
            client.state().joined.filter(|joined| joined.profile == ProfileId::FullAccess.into())
        })
        .await;
    assert!(now.revision > shown.revision);

    step("A closed request is not edited, but may be commented on");
    ana.client.close_request(id).await.unwrap();
    let refused = edit(EditFields { recipient: Some("Nobody".into()), ..EditFields::default() }).await;
    assert_eq!(refused.unwrap_err().code, Code::NotInThisStatus);
    ana.client.comment_request(id, "It was the cable.".into()).await.unwrap();
    assert_eq!(ana.client.get_request(id).unwrap().comments.as_str(), "It was the cable.");
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_goes_from_hand_to_hand() {
    let acme = Organisation::opens().await;
    let (ana, ben) = (acme.agent("Ana").await, acme.agent("Ben").await);
    queue_of(&acme, "Tier 1", &[&ana, &ben]).await;
    let queue = knows_queue(&acme, &ana, "Tier 1", true).await.id;
    knows_queue(&acme, &ben, "Tier 1", true).await;
    let Directory { agents, devices, .. } = ana.client.directory();
    let ben_himself = agents.iter().find(|agent| agent.name.as_str() == "Ben").unwrap().id;
    let bens_device = ben.client.state().home.unwrap().device.unwrap();
    assert!(devices.iter().any(|device| device.id == bens_device), "{devices:?}");
    let id = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;

    step("To Ben");
    ana.client.assign_request(id, AssignTo::Agent(ben_himself)).await.unwrap();
    let row = ben.sees_request(id, StatusName::Open).await;
    assert_eq!(row.agent.unwrap().name.as_str(), "Ben");
    assert_eq!(scope(&ben, Scope::Mine), [id]);

    step("To the queue, where nobody has it");
    ben.client.assign_request(id, AssignTo::Queue(queue)).await.unwrap();
    let row = sees_row(&ana, "it in the queue", id, |row| row.queue.is_some()).await;
    assert_eq!(row.agent, None);
    assert_eq!((scope(&ana, Scope::Queue(queue)), scope(&ana, Scope::MyQueues)), (vec![id], vec![id]));

    step("Both claim it at once: one has it, and it stays in its queue");
    let (first, second) = tokio::join!(ana.client.claim_request(id), ben.client.claim_request(id));
    let (winner, refused) = if first.is_ok() { (&ana, second) } else { (&ben, first) };
    let refused = refused.unwrap_err();
    assert!(matches!(refused.code, Code::TakenBy | Code::AssignedTo), "{refused:?}");
    assert_eq!(refused.params["name"], winner.name);
    let row = sees_row(winner, "it claimed", id, |row| row.agent.is_some()).await;
    assert!(row.queue.is_some());

    step("To Ben's computer");
    winner.client.assign_request(id, AssignTo::Device(bens_device)).await.unwrap();
    let row = sees_row(&ben, "it on this device", id, |row| row.device == Some(bens_device)).await;
    assert_eq!((row.agent, row.queue), (None, None));

    step("To nobody");
    ben.client.assign_request(id, AssignTo::Unassigned).await.unwrap();
    sees_row(&ana, "it unassigned", id, |row| row.device.is_none()).await;
    assert_eq!(scope(&ana, Scope::Unassigned), [id]);
    let history = ana.client.request_history(id).await.unwrap();
    let to: Vec<_> = history.iter().filter_map(|entry| entry.assigned_to.clone()).collect();
    assert_eq!(to.len(), 4, "{history:?}");
    let [agent, queue, device, nobody] = to.try_into().unwrap();
    assert_eq!(agent.agent.unwrap().name.as_str(), "Ben");
    assert_eq!(queue.queue.unwrap().name.as_str(), "Tier 1");
    assert_eq!(device.device, Some(bens_device));
    assert_eq!((nobody.agent, nobody.queue, nobody.device), (None, None, None));

    step("To somebody who is not there");
    let gone = beckon_domain::AccountId(uuid::Uuid::now_v7());
    let refused = ana.client.assign_request(id, AssignTo::Agent(gone)).await.unwrap_err();
    assert_eq!(refused.code, Code::NotAssignable);
    acme.closes([ana, ben]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ready_request_that_is_given_away_asks_the_host_again() {
    let acme = Organisation::opens().await;
    let (ana, ben, dana) = (acme.agent("Ana").await, acme.agent("Ben").await, acme.guest("Dana").await);
    let id = acme.ready_request(&ana, &dana).await;
    let agents = acme
        .clock_runs_until(ana.sees("Ben", |client| {
            let agents = client.directory().agents;
            agents.iter().any(|agent| agent.name.as_str() == "Ben").then_some(agents)
        }))
        .await;
    let ben_himself = agents.iter().find(|agent| agent.name.as_str() == "Ben").unwrap().id;
    ana.client.assign_request(id, AssignTo::Agent(ben_himself)).await.unwrap();
    ben.sees_request(id, StatusName::Waiting).await;
    let asked = dana
        .sees("who wants in now", |client| {
            client
                .state()
                .joined
                .filter(|joined| joined.agent.as_ref().is_some_and(|agent| agent.as_str() == "Ben"))
        })
        .await;
    assert_eq!(asked.status, StatusName::Waiting);
    dana.allows().await.unwrap();
    ben.sees_request(id, StatusName::Ready).await;
    ben.client.connect(id).await.unwrap();
    ben.talks().await;
    acme.closes([ana, ben, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_put_off_and_then_starts_at_once() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let id = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let code = ana.client.request_link(id).await.unwrap().code.to_string();

    step("To tomorrow; the link opens a quarter of an hour before");
    ana.client.reschedule_request(id, berlin("2027-01-16T09:00"), None).await.unwrap();
    let row = ana.client.get_request(id).unwrap();
    let at = row.schedule.clone().unwrap().at;
    assert_eq!(row.expires_at - at, TimeDelta::hours(24), "the chosen expiry counts from the new time");
    assert_eq!(dana.joins(&code).await.unwrap_err().code, Code::TooEarly);
    let refused = ana.client.reschedule_request(id, berlin("2027-03-28T02:30"), None).await.unwrap_err();
    assert_eq!((refused.code, refused.params["zone"].as_str()), (Code::NoSuchTime, "Europe/Berlin"));
    let refused = ana.client.reschedule_request(id, berlin("2027-01-14T09:00"), None).await.unwrap_err();
    assert_eq!(refused.code, Code::ScheduleInThePast);

    step("With another expiry");
    ana.client.reschedule_request(id, berlin("2027-01-16T10:00"), Some(HOUR)).await.unwrap();
    let row = ana.client.get_request(id).unwrap();
    assert_eq!(row.expires_at - row.schedule.unwrap().at, TimeDelta::hours(1));

    step("Now");
    ana.client.start_now(id).await.unwrap();
    assert_eq!(ana.client.get_request(id).unwrap().schedule, None);
    dana.joins(&code).await.unwrap();
    dana.is_asked().await;
    let history = ana.client.request_history(id).await.unwrap();
    let acts: Vec<Act> = history.iter().map(|entry| entry.act).collect();
    assert!(acts.contains(&Act::StartNow), "{acts:?}");
    let times: Vec<DateTime<chrono::Utc>> =
        history.iter().filter_map(|entry| entry.schedule.as_ref()).map(|schedule| schedule.at).collect();
    assert_eq!(times, [at, at + TimeDelta::hours(1)]);
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_request_is_reopened_for_as_long_as_the_agent_says() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let id = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let refused = ana.client.reopen_request(id, HOUR).await.unwrap_err();
    assert_eq!(refused.code, Code::NotInThisStatus);
    ana.client.close_request(id).await.unwrap();
    ana.client.reopen_request(id, HOUR).await.unwrap();
    let row = ana.sees_request(id, StatusName::Open).await;
    assert_eq!(row.expiry, Some(Expiry::AfterSeconds(3_600)));

    step("It expires, and is reopened until a date");
    acme.clock.advance(Duration::from_secs(3_600));
    acme.clock_runs_until(ana.sees_request(id, StatusName::Expired)).await;
    acme.clock_runs_until(ana.is_online()).await;
    let past = ExpiryChoice::At(berlin("2027-01-15T09:30"));
    assert_eq!(ana.client.reopen_request(id, past).await.unwrap_err().code, Code::ExpiresTooSoon);
    ana.client.reopen_request(id, ExpiryChoice::At(berlin("2027-01-20T12:00"))).await.unwrap();
    let row = ana.sees_request(id, StatusName::Open).await;
    assert_eq!(row.expires_at.to_rfc3339(), "2027-01-20T11:00:00+00:00");
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_allowed_first_is_first_in_line() {
    let acme = Organisation::opens().await;
    let (ana, dana, eve) = (acme.agent("Ana").await, acme.guest("Dana").await, acme.guest("Eve").await);
    queue_of(&acme, "Tier 1", &[&ana]).await;
    let queue = AssignTo::Queue(knows_queue(&acme, &ana, "Tier 1", true).await.id);
    let in_line = |guest: &'static str| format!("{guest}'s place");
    let place = |place| {
        move |client: &beckon_client::Client| {
            client.state().joined.filter(|joined| joined.place == Some(place))
        }
    };
    let mut requests = Vec::new();
    for guest in [&dana, &eve] {
        let id = ana.creates_a_request_for(&guest.name, queue).await;
        let code = ana.client.request_link(id).await.unwrap().code.to_string();
        guest.joins(&code).await.unwrap();
        let asked = guest.is_asked().await;
        assert_eq!((asked.queue.unwrap().as_str(), asked.place), ("Tier 1", None));
        guest.allows().await.unwrap();
        guest.has_joined(StatusName::Ready).await;
        ana.sees_request(id, StatusName::Ready).await;
        acme.clock.advance(Duration::from_secs(1));
        requests.push(id);
    }
    dana.sees(&in_line("Dana"), place(1)).await;
    eve.sees(&in_line("Eve"), place(2)).await;

    step("Ana takes Dana; Eve is next");
    ana.client.connect(requests[0]).await.unwrap();
    ana.talks().await;
    eve.sees(&in_line("Eve"), place(1)).await;
    acme.closes([ana, dana, eve]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_says_whether_the_asking_device_was_met_before() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let id = acme.joined_request(&ana, &dana).await;
    assert_eq!(dana.is_asked().await.met_before, None, "nobody asks yet");
    let memory = |client: &beckon_client::Client| client.state().joined?.met_before;
    let session = ana.client.connect(id).await.unwrap();
    assert_eq!(dana.sees("who asks", memory).await, KeyMemory::FirstTime);
    dana.allows().await.unwrap();
    ana.talks().await;
    dana.talks().await;

    step("Dana ends it; Ana asks again");
    dana.client.end_session(session).await.unwrap();
    ana.sees_request(id, StatusName::Waiting).await;
    ana.sees_the_end_of(session).await;
    ana.client.connect(id).await.unwrap();
    assert_eq!(dana.sees("who asks", memory).await, KeyMemory::MetBefore);
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_word_is_a_comment_on_the_session() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let (id, session) = acme.session(&ana, &dana).await;
    let refused = ana.client.end_and_close(session, Some("x".repeat(4_001))).await.unwrap_err();
    assert_eq!(refused.code, Code::TextTooLong);
    ana.talks().await;
    ana.client.end_and_close(session, Some("It was\nthe cable.".into())).await.unwrap();
    ana.sees_request(id, StatusName::Closed).await;
    let history = ana.client.request_history(id).await.unwrap();
    let said = history.into_iter().find(|entry| entry.act == Act::EndAndClose).unwrap();
    assert_eq!(said.comment.unwrap().as_str(), "It was\nthe cable.");
    acme.closes([ana, dana]).await;
}
