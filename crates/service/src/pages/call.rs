//! The page of an ID or alias, for mails and portals: with one click the reader's own Beckon calls it.
//!
//! It looks nobody up, and so it says the same of every device, and of none.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use beckon_domain::Link;
use beckon_domain::link::{Target, inert};

use super::offers::{Fitting, Getting, Shown};
use super::system::is_telephone;
use super::{Plain, organisation, render, speech};
use crate::app::{App, Shared};
use crate::downloads::Kind;
use crate::error::Answer;
use crate::words::Speech;

#[derive(Template)]
#[template(path = "call.html")]
struct Page<'a> {
    speech: Speech<'a>,
    organisation: String,
    title: String,
    /// As people read it.
    target: String,
    /// None on a telephone: Beckon does not run on it.
    link: Option<String>,
    /// Of this service: an ID means another device at another one.
    address: String,
    getting: Getting,
}

pub async fn show(State(app): State<Shared>, headers: HeaderMap, uri: Uri) -> Answer<Response> {
    // As it was sent: the links' own grammar decodes it, once.
    let named = uri.path().strip_prefix("/c/").unwrap_or_default();
    let link = Link::parse(format!("anydesk:{named}").as_bytes(), None);
    let Link::Call { target } = &link else { return nothing(&app, &headers, named).await };
    let speech = speech(&app, &headers);
    let target = match target {
        Target::Id(id) => id.grouped(),
        Target::Alias(alias) => alias.to_string(),
    };
    let page = Page {
        title: speech.say_of("call-title", "target", &target),
        organisation: organisation(&app).await?,
        link: (!is_telephone(&headers)).then(|| link.to_string()),
        getting: getting(&app, &headers, speech).await,
        address: app.origin.clone(),
        target,
        speech,
    };
    render(StatusCode::OK, &page)
}

/// An Assist calls nobody.
async fn getting(app: &App, headers: &HeaderMap, speech: Speech<'_>) -> Getting {
    let fitting = Fitting::of(app, headers, |kind| kind != Kind::Assist).await;
    Getting {
        offers: fitting.offers.into_iter().map(|offer| Shown::new(offer, speech)).collect(),
        has_packages: fitting.has_packages,
        elsewhere: fitting.elsewhere.then(|| speech.say("call-get-elsewhere")),
        then: Some(speech.say_of("call-get-then", "address", &app.origin)),
    }
}

async fn nothing(app: &App, headers: &HeaderMap, named: &str) -> Answer<Response> {
    let speech = speech(app, headers);
    let page = Plain {
        organisation: organisation(app).await?,
        title: speech.say("page-by"),
        heading: speech.say("call-wrong-heading"),
        lead: speech.say("call-wrong-lead"),
        inert: Some(inert(named.as_bytes())),
        onward: None,
        speech,
    };
    render(StatusCode::NOT_FOUND, &page)
}
