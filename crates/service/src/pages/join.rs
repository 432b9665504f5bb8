//! Where a join code is typed by hand: it leads to the page of its request, and opens nothing by itself.

use askama::Template;
use axum::Form;
use axum::extract::{FromRequest, Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use beckon_domain::{JoinCode, LinkToken};
use serde::Deserialize;

use super::{busy, is_own_form, organisation, refused, render, speech};
use crate::app::{App, Shared};
use crate::error::Answer;
use crate::identity::Address;
use crate::routes::{in_time, landing_path};
use crate::seal::Hashed;
use crate::store::links;
use crate::words::Speech;

#[derive(Template)]
#[template(path = "join.html")]
struct Page<'a> {
    speech: Speech<'a>,
    organisation: String,
    /// As it was typed.
    code: String,
    wrong: Option<String>,
}

#[derive(Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
}

pub async fn show(State(app): State<Shared>, headers: HeaderMap) -> Answer<Response> {
    page(&app, &headers, StatusCode::OK, String::new(), None).await
}

pub async fn submit(
    State(app): State<Shared>,
    address: Address,
    headers: HeaderMap,
    body: Request,
) -> Answer<Response> {
    if !is_own_form(&app, &headers) {
        return refused(&app, &headers).await;
    }
    let typed = match in_time(Form::<Typed>::from_request(body, &app)).await? {
        Ok(Form(typed)) => typed.code,
        Err(rejection) => return Ok(rejection.into_response()),
    };
    let Ok(code) = typed.parse::<JoinCode>() else {
        // What can be no code guesses none.
        return page(&app, &headers, StatusCode::UNPROCESSABLE_ENTITY, typed, Some("join-wrong-form")).await;
    };
    // The same budget as for what clients send: an address that guesses waits, whichever way it guesses.
    if let Err(failure) = app.budgets.spend_join(address) {
        return busy(&app, speech(&app, &headers), "join-busy", failure).await;
    }
    let token = look_up(&app, &code).await;
    if !matches!(token, Ok(None)) {
        app.budgets.give_back_join(&address);
    }
    match token? {
        Some(token) => Ok((StatusCode::SEE_OTHER, [(LOCATION, to(&token)?)]).into_response()),
        None => page(&app, &headers, StatusCode::NOT_FOUND, typed, Some("join-wrong-unknown")).await,
    }
}

async fn look_up(app: &App, code: &JoinCode) -> Answer<Option<LinkToken>> {
    let mut db = app.core.store.read().await?;
    let hash = app.core.keys.hash(Hashed::JoinCode, code.as_bytes());
    let Some(found) = links::by_code_hash(&mut db, &hash).await? else { return Ok(None) };
    Ok(links::opened(&mut db, &app.core.keys, &found).await?.map(|link| link.token))
}

fn to(token: &LinkToken) -> Answer<HeaderValue> {
    Ok(HeaderValue::try_from(landing_path(token)).map_err(anyhow::Error::from)?)
}

async fn page(
    app: &App,
    headers: &HeaderMap,
    status: StatusCode,
    code: String,
    wrong: Option<&str>,
) -> Answer<Response> {
    let speech = speech(app, headers);
    let organisation = organisation(app).await?;
    let wrong = wrong.map(|words| speech.say_of(words, "organisation", &organisation));
    render(status, &Page { speech, organisation, code, wrong })
}
