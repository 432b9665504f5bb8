//! The recipient's page of a request that is meant for a time.

use beckon_domain::session_request::StatusName;
use beckon_domain::{Clock, Contact, Language, RequestId, Schedule};
use beckon_wire::paths;
use beckon_wire::request::{AgentAct, AssignTo, CreateRequest, RequestView};
use chrono::TimeDelta;

use crate::cast::{Player, Stage, new_request, text_of};

struct Planned {
    stage: Stage,
    ana: Player,
    id: RequestId,
    url: String,
}

impl Planned {
    async fn in_an_hour(zone: &str, language: Language) -> Self {
        let stage = Stage::open().await;
        let ana = stage.agent("Ana").await;
        let create = CreateRequest {
            schedule: Some(in_hours(&stage, 1, zone)),
            contact: Some(Contact { language, ..Contact::default() }),
            ..new_request("Dana", AssignTo::Myself)
        };
        let id = ana.post::<RequestView>(paths::REQUESTS, &create).await.unwrap().id;
        let url = ana.link(id).await.url;
        Self { stage, ana, id, url }
    }

    async fn page(&self) -> String {
        let response = self.stage.http.get(&self.url).send().await.unwrap();
        assert_eq!(response.status(), 200);
        text_of(response).await
    }

    async fn is_touched(&self) {
        let open = self.stage.http.post(format!("{}/open", self.url)).header("sec-fetch-site", "same-origin");
        assert_eq!(open.send().await.unwrap().status(), 303);
    }
}

fn in_hours(stage: &Stage, hours: i64, zone: &str) -> Schedule {
    Schedule { at: stage.clock.now() + TimeDelta::hours(hours), zone: zone.parse().unwrap() }
}

#[tokio::test]
async fn before_its_time_the_page_says_when_and_gives_no_code() {
    let planned = Planned::in_an_hour("America/New_York", Language::En).await;
    let code = planned.ana.code(planned.id).await.to_string();
    let page = planned.page().await;
    for words in [
        "data-state=\"scheduled\"",
        "Ana from Acme will help you at this time",
        "Friday, 15 January 2027, 04:00 (America/New_York)",
        "Friday, 15 January 2027, 09:00 (UTC)",
        "data-now=\"2027-01-15T08:00:00Z\"",
        "data-until=\"2027-01-15T08:45:00Z\"",
        "<noscript>",
        "Come back to this page then, or reload it",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains(&code) && !page.contains("id=\"open\"") && !page.contains("beckon:join"));

    planned.is_touched().await;
    assert_eq!(
        planned.ana.sees(planned.id).await.unwrap().status,
        StatusName::Open,
        "a look ahead opens nothing"
    );
    planned.stage.pass(45 * 60 - 1);
    assert!(planned.page().await.contains("data-state=\"scheduled\""));
    planned.stage.pass(1);
    let page = planned.page().await;
    assert!(page.contains("data-state=\"fresh\"") && page.contains("Planned for"), "{page}");
    planned.is_touched().await;
    assert!(planned.page().await.contains(&code));
}

#[tokio::test]
async fn in_utc_one_moment_is_enough_and_german_is_spoken_where_it_was_chosen() {
    let planned = Planned::in_an_hour("UTC", Language::De).await;
    let page = planned.page().await;
    assert!(
        page.contains("Freitag, 15. Januar 2027, 09:00 Uhr (UTC)") && !page.contains("data-plain"),
        "{page}"
    );
    assert!(page.contains("Ana von Acme hilft Ihnen zu dieser Zeit") && page.contains("lang=\"de\""));
    let english = planned.stage.http.get(&planned.url).header("accept-language", "en");
    assert!(text_of(english.send().await.unwrap()).await.contains("will help you at this time"));
}

#[tokio::test]
async fn the_page_says_that_the_time_was_changed_or_is_no_longer_waited_for() {
    let planned = Planned::in_an_hour("Europe/Berlin", Language::En).await;
    let Planned { stage, ana, id, .. } = &planned;
    assert!(!planned.page().await.contains("id=\"changed\""));
    let schedule = in_hours(stage, 3, "Europe/Berlin");
    ana.acts(*id, AgentAct::Reschedule { schedule, expiry: None }).await.unwrap();
    let page = planned.page().await;
    assert!(
        page.contains("The time has changed since this link was made.") && page.contains("12:00"),
        "{page}"
    );

    ana.acts(*id, AgentAct::StartNow).await.unwrap();
    let page = planned.page().await;
    assert!(page.contains("data-state=\"fresh\""), "{page}");
    assert!(page.contains("Ana from Acme no longer waits for the time that was set: you can begin now."));
    assert!(!page.contains("Planned for"));

    ana.acts(*id, AgentAct::NewLink).await.unwrap();
    let page = Planned { url: ana.link(*id).await.url, ..planned }.page().await;
    assert!(!page.contains("id=\"changed\""), "whoever has a new link never heard of it");
}

#[tokio::test]
async fn who_had_joined_sees_the_new_time_and_stays() {
    let planned = Planned::in_an_hour("UTC", Language::En).await;
    let Planned { stage, ana, id, .. } = &planned;
    stage.pass(50 * 60);
    let (ana, dana) = (ana.back(stage).await, stage.guest().await);
    let _push = dana.opens_push().await;
    dana.joins(&ana.code(*id).await).await.unwrap();
    let schedule = in_hours(stage, 24, "UTC");
    ana.acts(*id, AgentAct::Reschedule { schedule, expiry: None }).await.unwrap();
    let page = planned.page().await;
    assert!(
        page.contains("data-state=\"joined\"") && page.contains("16 January 2027, 08:50 (UTC)"),
        "{page}"
    );
}
