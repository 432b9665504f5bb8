//! What the service shows in a browser: small pages that need no scripts and act on nothing by being looked at.

mod assets;
mod assist;
mod call;
mod download;
mod home;
mod join;
mod landing;
mod offers;
mod session_link;
mod setup;
mod system;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ORIGIN, REFERRER_POLICY, RETRY_AFTER,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use beckon_domain::Language;
use beckon_wire::Code;
use beckon_wire::paths::{CALL_PAGE, LANDING};

use crate::app::{App, Shared};
use crate::error::{Answer, Failure, IsPage, Trace};
use crate::store::settings;
use crate::words::Speech;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub fn router(app: &Shared) -> Router<Shared> {
    let pages = Router::new()
        .route("/", get(home::home))
        .route(LANDING, get(landing::show))
        .route("/s/{token}/open", post(landing::open))
        .route("/s/{token}/assist", get(assist::assist))
        .route(CALL_PAGE, get(call::show))
        .route("/join", get(join::show).post(join::submit))
        .route("/download", get(download::show))
        .route("/download/{kind}", get(download::file))
        .route("/setup/{token}", get(setup::show).post(setup::submit))
        .fallback(|| async { Failure::from(Code::NotFound) })
        .layer(from_fn_with_state(app.clone(), failing))
        .layer(from_fn(guarded));
    pages.merge(assets::router())
}

/// A person sees a page, also when something fails.
async fn failing(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let speech = speech(&app, request.headers());
    let trace = request.extensions().get::<Trace>().map(|trace| trace.0.clone()).unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(failure) = response.extensions().get::<Arc<Failure>>() else { return response };
    let kind = match failure.code() {
        Code::Internal => "failed",
        Code::NotFound | Code::BadRequest => "missing",
        _ => "unavailable",
    };
    let page = Failed {
        speech,
        organisation: speech.say("page-by"),
        heading: speech.say(&format!("{kind}-heading")),
        lead: speech.say(&format!("{kind}-lead")),
        trace: (kind != "missing").then_some(trace),
    };
    if let Ok(html) = page.render() {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        *response.body_mut() = html.into();
        response.extensions_mut().insert(IsPage);
    }
    response
}

/// Pages are never kept, indexed, framed or referred from: their address is the secret.
async fn guarded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // Packages are for everyone, and say so.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let mut set =
        |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(REFERRER_POLICY, "no-referrer");
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    set(HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    response
}

/// Whether a form was sent from one of our own pages. Browsers say so in `Sec-Fetch-Site`; those that do not
/// send `Origin`, which is `null` for a page without referrers such as ours.
fn is_own_form(app: &App, headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    headers.get(ORIGIN).is_some_and(|origin| origin == "null") || app.is_own_origin(headers)
}

fn render(status: StatusCode, page: &impl Template) -> Answer<Response> {
    let html = page.render().map_err(anyhow::Error::from)?;
    Ok((status, Html(html)).into_response())
}

/// Of what it cannot do, and of addresses where nothing is.
#[derive(Template)]
#[template(path = "failed.html")]
struct Failed<'a> {
    speech: Speech<'a>,
    organisation: String,
    heading: String,
    lead: String,
    /// By which the log's line is found.
    trace: Option<String>,
}

/// A heading, a sentence, and perhaps where to go on.
#[derive(Template)]
#[template(path = "plain.html")]
struct Plain<'a> {
    speech: Speech<'a>,
    organisation: String,
    title: String,
    heading: String,
    lead: String,
    /// What somebody else wrote, as it is.
    inert: Option<String>,
    onward: Option<Onward>,
}

struct Onward {
    path: &'static str,
    words: String,
}

async fn refused(app: &App, headers: &HeaderMap) -> Answer<Response> {
    let speech = speech(app, headers);
    let page = Plain {
        speech,
        organisation: organisation(app).await?,
        title: speech.say("page-by"),
        heading: speech.say("refused-heading"),
        lead: speech.say("refused-lead"),
        inert: None,
        onward: None,
    };
    render(StatusCode::FORBIDDEN, &page)
}

/// Whoever asks too much is told how long to wait, in the words for what was asked.
async fn busy(app: &App, speech: Speech<'_>, words: &str, failure: Failure) -> Answer<Response> {
    let Failure::Refused(error) = failure else { return Err(failure) };
    let seconds = error.params.get("retry_after_s").cloned().unwrap_or_default();
    let minutes = seconds.parse::<u64>().unwrap_or_default().div_ceil(60).to_string();
    let waits = [("seconds", seconds.as_str()), ("minutes", minutes.as_str())];
    let page = Plain {
        organisation: organisation(app).await?,
        title: speech.say("page-by"),
        heading: speech.say(&format!("{words}-heading")),
        lead: speech.say_with(&format!("{words}-lead"), &waits),
        inert: None,
        onward: (words == "join-busy").then(|| Onward { path: "/join", words: speech.say("join-again") }),
        speech,
    };
    let mut response = render(StatusCode::TOO_MANY_REQUESTS, &page)?;
    if let Ok(wait) = HeaderValue::try_from(seconds) {
        response.headers_mut().insert(RETRY_AFTER, wait);
    }
    Ok(response)
}

fn speech<'a>(app: &'a App, headers: &HeaderMap) -> Speech<'a> {
    speech_or(app, headers, Language::default())
}

/// `otherwise` is spoken to a browser that asks for no language that there is.
fn speech_or<'a>(app: &'a App, headers: &HeaderMap, otherwise: Language) -> Speech<'a> {
    let wanted = headers.get("accept-language").and_then(|value| value.to_str().ok());
    app.words.speaking(wanted, otherwise)
}

async fn organisation(app: &App) -> Answer<String> {
    Ok(settings::organisation(&mut *app.core.store.read().await?).await?.into())
}
