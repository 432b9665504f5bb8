//! The recipient's page: who asks, what will happen, and the join code once a person went on.
//!
//! Looking at it changes nothing, so that mail scanners and previews open no link.

use askama::Template;
use axum::extract::{Path, State as Given};
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use beckon_domain::session_request::Assignment;
use beckon_domain::{Act, LinkToken, SessionRequest, Status};
use beckon_wire::Code;
use chrono::{DateTime, SecondsFormat, Utc};
use sqlx::SqliteConnection;

use super::{is_own_form, organisation, refused, render, speech};
use crate::app::{App, Shared};
use crate::error::{Answer, Failure};
use crate::identity::Address;
use crate::seal::{Hashed, Keys};
use crate::store::{Entry, accounts, links, queues, requests, settings};
use crate::words::Speech;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Fresh,
    Opened(String),
    Joined(String),
    Connected,
    Closed,
    Expired,
    Replaced,
    Unknown,
}

impl State {
    fn as_str(&self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Opened(_) => "opened",
            Self::Joined(_) => "joined",
            Self::Connected => "connected",
            Self::Closed => "closed",
            Self::Expired => "expired",
            Self::Replaced => "replaced",
            Self::Unknown => "unknown",
        }
    }

    fn http(&self) -> StatusCode {
        match self {
            Self::Fresh | Self::Opened(_) | Self::Joined(_) | Self::Connected => StatusCode::OK,
            Self::Closed | Self::Expired | Self::Replaced => StatusCode::GONE,
            Self::Unknown => StatusCode::NOT_FOUND,
        }
    }
}

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
    until: Option<Until>,
}

struct Until {
    exact: String,
    shown: String,
}

impl Until {
    fn new(at: DateTime<Utc>) -> Self {
        let exact = at.to_rfc3339_opts(SecondsFormat::Secs, true);
        Self { exact, shown: at.format("%e %B %Y, %H:%M UTC").to_string().trim().to_owned() }
    }
}

/// What a link stands for, and who asks.
struct Found {
    state: State,
    assignment: Assignment,
    until: Option<DateTime<Utc>>,
}

pub async fn show(
    Given(app): Given<Shared>,
    address: Address,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Answer<Response> {
    let mut db = app.core.store.read().await?;
    let found = find(&mut db, &app.core.keys, &token, app.core.now()).await?;
    let speech = speech(&app, &headers);
    if found.is_none()
        && let Err(failure) = app.budgets.pages.spend(address)
    {
        // The page asks for a reader of its own; whoever waits for a second one must hold none.
        drop(db);
        return busy(&app, speech, failure).await;
    }
    let none = Found { state: State::Unknown, assignment: Assignment::default(), until: None };
    let found = found.unwrap_or(none);
    let organisation = settings::organisation(&mut db).await?.to_string();
    let who = who(&mut db, speech, &organisation, found.assignment).await?;
    let say = |part: &str| {
        let id = format!("landing-{}-{part}", found.state.as_str());
        speech.say_with(&id, &[("who", &who), ("organisation", &organisation)])
    };
    let page = Landing {
        title: speech.say_with("landing-title", &[("organisation", &organisation)]),
        heading: capitalised(&say("heading")),
        lead: say("lead"),
        token,
        until: found.until.map(Until::new),
        state: found.state,
        speech,
        organisation,
    };
    render(page.state.http(), &page)
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
        return busy(&app, speech(&app, &headers), failure).await;
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

async fn find(
    db: &mut SqliteConnection,
    keys: &Keys,
    token: &str,
    now: DateTime<Utc>,
) -> Answer<Option<Found>> {
    let Ok(token) = token.parse::<LinkToken>() else { return Ok(None) };
    let hash = keys.hash(Hashed::LinkToken, token.as_bytes());
    let Some(link) = links::by_token_hash(db, &hash).await? else { return Ok(None) };
    let Some(stored) = requests::by_id(db, link.request).await? else { return Ok(None) };
    // Shown as time has made it, even if that was not written yet.
    let (request, _) = stored.request.elapse(now);
    let state = if link.replaced { State::Replaced } else { state(db, keys, &request).await? };
    let goes_on = state.http() == StatusCode::OK;
    let until = goes_on.then_some(request.expires_at);
    Ok(Some(Found { state, assignment: request.assignment, until }))
}

async fn state(db: &mut SqliteConnection, keys: &Keys, request: &SessionRequest) -> Answer<State> {
    Ok(match &request.status {
        Status::Open => State::Fresh,
        Status::Waiting(waiting) if waiting.host.is_none() => State::Opened(code(db, keys, request).await?),
        Status::Waiting(_) | Status::Ready(_) => State::Joined(code(db, keys, request).await?),
        Status::Connected(_) => State::Connected,
        Status::Closed { .. } => State::Closed,
        Status::Expired { .. } => State::Expired,
    })
}

async fn code(db: &mut SqliteConnection, keys: &Keys, request: &SessionRequest) -> Answer<String> {
    let link = links::current(db, keys, request.id).await?.ok_or(Code::NotFound)?;
    Ok(link.code.to_string())
}

/// As the organisation vouches for them.
async fn who(
    db: &mut SqliteConnection,
    speech: Speech<'_>,
    organisation: &str,
    assignment: Assignment,
) -> Answer<String> {
    if let Some(agent) = assignment.agent
        && let Some(account) = accounts::by_id(db, agent).await?
    {
        let names = [("agent", account.name.as_str()), ("organisation", organisation)];
        return Ok(speech.say_with("landing-agent", &names));
    }
    if let Some(queue) = assignment.queue
        && let Some(name) = queues::name(db, queue).await?
    {
        return Ok(
            speech.say_with("landing-queue", &[("queue", name.as_str()), ("organisation", organisation)])
        );
    }
    Ok(speech.say_with("landing-anyone", &[("organisation", organisation)]))
}

/// A sentence begins with a capital, also where it begins with "an agent of".
fn capitalised(sentence: &str) -> String {
    let isolate = |c: char| matches!(c, '\u{2066}'..='\u{2069}');
    let mut done = false;
    sentence
        .chars()
        .flat_map(|c| {
            let first = !done && !isolate(c);
            done |= first;
            let upper = first.then(|| c.to_uppercase());
            let same = (!first).then_some(c);
            upper.into_iter().flatten().chain(same)
        })
        .collect()
}

async fn busy(app: &App, speech: Speech<'_>, failure: Failure) -> Answer<Response> {
    let Failure::Refused(error) = failure else { return Err(failure) };
    let seconds = error.params.get("retry_after_s").cloned().unwrap_or_default();
    let page = super::Plain {
        organisation: organisation(app).await?,
        title: speech.say("page-by"),
        heading: speech.say("landing-busy-heading"),
        paragraphs: vec![speech.say_with("landing-busy-lead", &[("seconds", &seconds)])],
        speech,
    };
    let mut response = render(StatusCode::TOO_MANY_REQUESTS, &page)?;
    if let Ok(wait) = HeaderValue::try_from(seconds) {
        response.headers_mut().insert(RETRY_AFTER, wait);
    }
    Ok(response)
}
