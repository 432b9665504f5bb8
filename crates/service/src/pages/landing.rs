//! The recipient's page: who asks, what will happen, and the join code once a person went on.
//!
//! Looking at it changes nothing, so that mail scanners and previews open no link.

use askama::Template;
use axum::extract::{Path, State as Given};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use beckon_domain::{Act, LinkToken, Schedule, Zone};
use beckon_wire::Code;
use chrono::{DateTime, SecondsFormat, Utc};

use super::offers::Way;
use super::session_link::{Found, State, find};
use super::system::is_telephone;
use super::{busy, is_own_form, refused, render, speech_or};
use crate::app::Shared;
use crate::asker::{capitalised, who};
use crate::error::Answer;
use crate::identity::Address;
use crate::moments::spoken;
use crate::seal::Hashed;
use crate::store::{Entry, links, settings};
use crate::words::Speech;

#[derive(Template)]
#[template(path = "landing.html")]
struct Landing<'a> {
    speech: Speech<'a>,
    organisation: String,
    token: String,
    title: String,
    heading: String,
    lead: String,
    state: State,
    /// How the computer gets there, where it may join.
    way: Option<Way>,
    when: Option<When>,
    /// From when on a computer can join, while none can.
    opens_at: Option<String>,
    /// What an agent did about the time, in words.
    changed: Option<String>,
    until: Option<Until>,
    /// By which the page's script counts down, whatever the reader's clock says.
    now: String,
    is_telephone: bool,
    /// Where the code is typed on another computer.
    code_page: String,
}

/// When the session is meant to happen.
struct When {
    exact: String,
    /// In the zone that the agent chose.
    shown: String,
    /// For readers elsewhere, unless it says the same.
    in_utc: Option<String>,
}

impl When {
    fn new(speech: Speech<'_>, schedule: &Schedule) -> Self {
        Self {
            exact: exact(schedule.at),
            shown: spoken(speech, schedule.at, schedule.zone),
            in_utc: (schedule.zone != Zone::UTC).then(|| spoken(speech, schedule.at, Zone::UTC)),
        }
    }
}

struct Until {
    exact: String,
    shown: String,
}

impl Until {
    /// The page's script shows it in the reader's zone.
    fn new(speech: Speech<'_>, at: DateTime<Utc>) -> Self {
        Self { exact: exact(at), shown: spoken(speech, at, Zone::UTC) }
    }
}

fn exact(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

pub async fn show(
    Given(app): Given<Shared>,
    address: Address,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Answer<Response> {
    let mut db = app.core.store.read().await?;
    let found = find(&mut db, &app.core.keys, &token, app.core.now()).await?;
    let language = found.as_ref().map(|found| found.language).unwrap_or_default();
    let speech = speech_or(&app, &headers, language);
    if found.is_none()
        && let Err(failure) = app.budgets.pages.spend(address)
    {
        // The page asks for a reader of its own; whoever waits for a second one must hold none.
        drop(db);
        return busy(&app, speech, "landing-busy", failure).await;
    }
    let found = found.unwrap_or_else(Found::nothing);
    let organisation = settings::organisation(&mut db).await?.to_string();
    let who = who(&mut db, speech, &organisation, found.assignment).await?;
    drop(db);
    let way = match found.state.code() {
        Some(code) => Some(Way::of(&app, &headers, speech, &token, code).await),
        None => None,
    };
    let say = |part: &str| {
        let id = format!("landing-{}-{part}", found.state.as_str());
        speech.say_with(&id, &[("who", &who), ("organisation", &organisation)])
    };
    let changed = changed(&found).map(|words| speech.say_with(words, &[("who", &who)]));
    let early = found.opens_at.filter(|_| found.state == State::Scheduled);
    let page = Landing {
        title: speech.say_with("landing-title", &[("organisation", &organisation)]),
        heading: capitalised(&say("heading")),
        lead: capitalised(&say("lead")),
        token,
        way,
        when: found.schedule.map(|schedule| When::new(speech, &schedule)),
        opens_at: early.map(exact),
        changed: changed.map(|said| capitalised(&said)),
        now: exact(app.core.now()),
        is_telephone: is_telephone(&headers),
        code_page: format!("{}/join", app.origin),
        until: found.until.map(|at| Until::new(speech, at)),
        state: found.state,
        speech,
        organisation,
    };
    render(page.state.http(), &page)
}

fn changed(found: &Found) -> Option<&'static str> {
    match (found.time_changed?, &found.state) {
        (Act::Reschedule, State::Scheduled) => Some("landing-rescheduled"),
        (Act::StartNow, State::Fresh | State::Opened(_)) => Some("landing-started"),
        _ => None,
    }
}

/// The page's own act, by a person. Only a link that it opens takes the one writer.
pub async fn open(
    Given(app): Given<Shared>,
    address: Address,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Answer<Response> {
    if !is_own_form(&app, &headers) {
        return refused(&app, &headers).await;
    }
    let found = find(&mut *app.core.store.read().await?, &app.core.keys, &token, app.core.now()).await?;
    if found.is_none()
        && let Err(failure) = app.budgets.pages.spend(address)
    {
        return busy(&app, super::speech(&app, &headers), "landing-busy", failure).await;
    }
    if found.is_some_and(|found| found.state == State::Fresh)
        && let Ok(read) = token.parse::<LinkToken>()
    {
        let mut unit = app.core.begin().await?;
        let hash = app.core.keys.hash(Hashed::LinkToken, read.as_bytes());
        let link = links::by_token_hash(unit.db(), &hash).await?.filter(|link| !link.replaced);
        if let Some(link) = link
            && let Some(before) = unit.request(link.request).await?
            // A dead one has a page that says so.
            && let Ok(after) = before.clone().open_link()
        {
            unit.record(&before, after, Entry::by_itself(Act::OpenLink)).await?;
            unit.commit().await?;
        }
    }
    let back = HeaderValue::try_from(format!("/s/{token}")).map_err(|_| Code::NotFound)?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, back)]).into_response())
}
