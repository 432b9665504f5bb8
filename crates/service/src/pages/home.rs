//! The front page says what this is, and where to get Beckon.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{organisation, render, speech};
use crate::app::Shared;
use crate::error::Answer;
use crate::words::Speech;

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    speech: Speech<'a>,
    organisation: String,
}

pub async fn home(State(app): State<Shared>, headers: HeaderMap) -> Answer<Response> {
    let home = Home { speech: speech(&app, &headers), organisation: organisation(&app).await? };
    render(StatusCode::OK, &home)
}
