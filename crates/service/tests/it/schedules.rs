//! Requests for a time, and how long they last.

use beckon_domain::session_request::{Expiry, StatusName};
use beckon_domain::{Act, Clock, Schedule, Zone};
use beckon_wire::request::{AgentAct, AssignTo, CreateRequest, EditRequest, RequestView};
use beckon_wire::session::HostReport;
use beckon_wire::{ApiError, Code, paths};
use chrono::{DateTime, TimeDelta, Utc};

use crate::cast::{Player, Stage, new_request};
use crate::scenes::{Ready, code, eventually};

const DAY: i64 = 24 * 60 * 60;

fn after(stage: &Stage, seconds: i64) -> DateTime<Utc> {
    stage.clock.now() + TimeDelta::seconds(seconds)
}

fn at(at: DateTime<Utc>) -> Schedule {
    Schedule { at, zone: "Asia/Kathmandu".parse().unwrap() }
}

async fn creates(
    ana: &Player,
    schedule: Option<Schedule>,
    expiry: Option<Expiry>,
) -> Result<RequestView, ApiError> {
    let create = CreateRequest { schedule, expiry, ..new_request("Dana", AssignTo::Myself) };
    ana.post(paths::REQUESTS, &create).await
}

#[tokio::test]
async fn the_expiry_counts_from_the_scheduled_time() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let planned =
        creates(&ana, Some(at(after(&stage, 3 * DAY))), Some(Expiry::AfterSeconds(900))).await.unwrap();
    assert_eq!(planned.expires_at, after(&stage, 3 * DAY + 900));
    assert_eq!(planned.schedule.as_ref().unwrap().zone.name(), "Asia/Kathmandu");

    let schedule = at(after(&stage, 5 * DAY));
    let moved = AgentAct::Reschedule { schedule: schedule.clone(), expiry: None };
    let moved = ana.acts(planned.id, moved).await.unwrap();
    assert_eq!(moved.expires_at, after(&stage, 5 * DAY + 900), "the chosen one holds for the new time");
    let told = ana.history(planned.id).await;
    assert_eq!(told.last().unwrap().schedule.as_ref(), Some(&schedule));

    let started = ana.acts(planned.id, AgentAct::StartNow).await.unwrap();
    assert_eq!((started.schedule, started.expires_at), (None, after(&stage, 900)));
    let again = ana.acts(planned.id, AgentAct::StartNow).await.unwrap();
    assert_eq!(again.expires_at, started.expires_at);
    let acts: Vec<_> = ana.history(planned.id).await.into_iter().map(|entry| entry.act).collect();
    assert_eq!(acts, [Act::Create, Act::Reschedule, Act::StartNow], "what changed nothing left no trace");
}

#[tokio::test]
async fn times_that_make_no_sense_are_refused_by_name_and_nothing_changes() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let tomorrow = after(&stage, DAY);
    for (schedule, expiry, expected) in [
        (Some(at(stage.clock.now())), None, Code::ScheduleInThePast),
        (Some(at(after(&stage, -DAY))), None, Code::ScheduleInThePast),
        (None, Some(Expiry::AfterSeconds(0)), Code::ExpiresTooSoon),
        (None, Some(Expiry::At(stage.clock.now())), Code::ExpiresTooSoon),
        (Some(at(tomorrow)), Some(Expiry::At(tomorrow)), Code::ExpiresTooSoon),
        (Some(at(tomorrow)), Some(Expiry::At(after(&stage, 3_600))), Code::ExpiresTooSoon),
        (None, Some(Expiry::At(after(&stage, 90 * DAY + 1))), Code::ExpiresTooLate),
        (None, Some(Expiry::AfterSeconds(u32::MAX)), Code::ExpiresTooLate),
        (Some(at(tomorrow)), Some(Expiry::At(after(&stage, 91 * DAY + 1))), Code::ExpiresTooLate),
        (Some(at(DateTime::<Utc>::MAX_UTC)), None, Code::ExpiresTooLate),
    ] {
        let refused = creates(&ana, schedule.clone(), expiry).await;
        assert_eq!(code(refused), expected, "{schedule:?} {expiry:?}");
    }
    assert!(ana.changes("", 0).await.changes.is_empty());
    assert!(creates(&ana, None, Some(Expiry::At(after(&stage, 90 * DAY)))).await.is_ok());
    assert!(creates(&ana, Some(at(tomorrow)), Some(Expiry::At(after(&stage, 91 * DAY)))).await.is_ok());

    let id = creates(&ana, Some(at(tomorrow)), None).await.unwrap().id;
    let before = ana.sees(id).await.unwrap();
    let reschedule = |schedule, expiry| AgentAct::Reschedule { schedule, expiry };
    let edit = |expiry| AgentAct::Edit(EditRequest { expiry: Some(expiry), ..EditRequest::default() });
    for (act, expected) in [
        (reschedule(at(after(&stage, -1)), None), Code::ScheduleInThePast),
        (reschedule(at(tomorrow), Some(Expiry::At(after(&stage, 60)))), Code::ExpiresTooSoon),
        (reschedule(at(tomorrow), Some(Expiry::AfterSeconds(8_000_000))), Code::ExpiresTooLate),
        (edit(Expiry::At(after(&stage, 60))), Code::ExpiresTooSoon),
        (AgentAct::ReopenFor(Expiry::default()), Code::NotInThisStatus),
    ] {
        assert_eq!(code(ana.acts(id, act.clone()).await), expected, "{act:?}");
    }
    assert_eq!(ana.sees(id).await.unwrap(), before);
    ana.acts(id, AgentAct::Close).await.unwrap();
    let dead = ana.acts(id, AgentAct::ReopenFor(Expiry::AfterSeconds(0))).await;
    assert_eq!(code(dead), Code::ExpiresTooSoon);
    let live = ana.acts(id, AgentAct::ReopenFor(Expiry::AfterSeconds(900))).await.unwrap();
    assert_eq!((live.schedule, live.expires_at), (None, after(&stage, 900)));
}

#[tokio::test]
async fn a_zone_that_nobody_knows_is_told_by_name() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    for zone in ["Mars/Base", "", "+01:00", "Europe/Berlin\u{0}"] {
        let schedule = serde_json::json!({ "at": "2027-03-01T09:00:00Z", "zone": zone });
        let create = serde_json::json!({
            "id": uuid::Uuid::now_v7(), "recipient": "Dana", "assign_to": "myself", "schedule": schedule });
        assert_eq!(
            code(ana.post::<RequestView>(paths::REQUESTS, &create).await),
            Code::UnknownZone,
            "{zone}"
        );
        let act = serde_json::json!({ "reschedule": { "schedule": schedule } });
        let path = paths::with_id(paths::REQUEST_ACT, id.0);
        assert_eq!(code(ana.post::<RequestView>(&path, &act).await), Code::UnknownZone, "{zone}");
    }
}

#[tokio::test]
async fn joining_opens_a_quarter_of_an_hour_before() {
    let stage = Stage::open().await;
    let (ana, dana) = (stage.agent("Ana").await, stage.guest().await);
    let schedule = Schedule { at: after(&stage, 20 * 60), zone: Zone::UTC };
    let id = creates(&ana, Some(schedule), None).await.unwrap().id;
    let joined = dana.joins(&ana.code(id).await).await.unwrap_err();
    assert_eq!(
        (joined.code, joined.params["opens_at"].as_str()),
        (Code::TooEarly, "2027-01-15T08:05:00+00:00")
    );
    stage.pass(5 * 60);
    dana.joins(&ana.code(id).await).await.unwrap();
}

#[tokio::test]
async fn start_now_lets_the_host_join_at_once() {
    let stage = Stage::open().await;
    let (ana, dana) = (stage.agent("Ana").await, stage.guest().await);
    let id = creates(&ana, Some(at(after(&stage, DAY))), None).await.unwrap().id;
    ana.acts(id, AgentAct::StartNow).await.unwrap();
    dana.joins(&ana.code(id).await).await.unwrap();
}

#[tokio::test]
async fn a_running_session_is_not_cut_when_time_runs_out_and_the_request_is_expired_after_it() {
    let (Ready { stage, ana, dana, danas_push: _push, id }, session) = Ready::connected().await;
    let short = EditRequest { expiry: Some(Expiry::AfterSeconds(60)), ..EditRequest::default() };
    ana.acts(id, AgentAct::Edit(short)).await.unwrap();
    for _ in 0..6 {
        stage.pass(20);
        dana.reports(session, HostReport::Beat).await.unwrap();
        assert_eq!(ana.sees(id).await.unwrap().status, StatusName::Connected);
    }
    let url = ana.link(id).await.url;
    let (status, page) = stage.page(url.trim_start_matches(stage.origin())).await;
    assert!(status == 200 && page.contains("You are connected") && !page.contains("id=\"until-left\""));
    assert_eq!(ana.acts(id, AgentAct::Disconnect).await.unwrap().status, StatusName::Expired);
    eventually(async || dana.joined().await.is_none().then_some(())).await;
}
