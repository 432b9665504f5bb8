//! The front page says what this is.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{Plain, organisation, render, speech};
use crate::app::Shared;
use crate::error::Answer;

pub async fn home(State(app): State<Shared>, headers: HeaderMap) -> Answer<Response> {
    let speech = speech(&app, &headers);
    let organisation = organisation(&app).await?;
    let page = Plain {
        title: speech.say_with("home-title", &[("organisation", &organisation)]),
        heading: speech.say_with("home-heading", &[("organisation", &organisation)]),
        paragraphs: ["home-lead", "home-recipient", "home-agent"].map(|id| speech.say(id)).into(),
        speech,
        organisation,
    };
    render(StatusCode::OK, &page)
}
