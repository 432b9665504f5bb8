//! All packages on one page, and each of them as a file.

use std::time::Duration;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_RANGE, LAST_MODIFIED, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use beckon_wire::Code;
use futures_util::StreamExt;
use tower_http::services::ServeFile;

use super::offers::Shown;
use super::{Onward, Plain, busy, organisation, render, speech};
use crate::app::{App, Shared};
use crate::downloads::{Kind, Package};
use crate::error::{Answer, Failure};
use crate::identity::Address;
use crate::words::Speech;

/// A slow line takes an hour for some ten megabytes; whoever takes longer holds a place for nothing.
const WITHIN: Duration = Duration::from_secs(60 * 60);
const ANOTHER_TURN_IN: Duration = Duration::from_secs(30);

#[derive(Template)]
#[template(path = "download.html")]
struct Page<'a> {
    speech: Speech<'a>,
    organisation: String,
    offers: Vec<Shown>,
}

pub async fn show(State(app): State<Shared>, address: Address, headers: HeaderMap) -> Answer<Response> {
    let speech = speech(&app, &headers);
    if let Err(failure) = app.budgets.downloads.spend(address) {
        return busy(&app, speech, "download-busy", failure).await;
    }
    let offers = app.downloads.offers().await;
    let offers = offers.into_iter().map(|offer| Shown::new(offer, speech)).collect();
    render(StatusCode::OK, &Page { speech, organisation: organisation(&app).await?, offers })
}

/// The address names a kind, never a file.
pub async fn file(
    State(app): State<Shared>,
    address: Address,
    Path(kind): Path<String>,
    request: Request,
) -> Answer<Response> {
    let kind: Kind = kind.parse().map_err(|_| Code::NotFound)?;
    let speech = speech(&app, request.headers());
    if let Err(failure) = app.budgets.downloads.spend(address) {
        return busy(&app, speech, "download-busy", failure).await;
    }
    let Some(package) = app.downloads.newest(kind).await else {
        let page = Plain {
            organisation: organisation(&app).await?,
            title: speech.say("download-title"),
            heading: speech.say("download-missing-heading"),
            lead: speech.say("download-missing-lead"),
            inert: None,
            onward: Some(Onward { path: "/download", words: speech.say("landing-get-all") }),
            speech,
        };
        return render(StatusCode::NOT_FOUND, &page);
    };
    let mut response = streamed(&app, &package, &package.name, request).await?;
    // Kept, but asked for again: the address stays when the version moves on.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// The package as it is, under `name`: whole, or the part that was asked for.
pub async fn streamed(app: &App, package: &Package, name: &str, mut request: Request) -> Answer<Response> {
    let Some(turn) = app.downloads.turn() else {
        let failure = Failure::throttled(ANOTHER_TURN_IN);
        return busy(app, speech(app, request.headers()), "download-full", failure).await;
    };
    let mut file = ServeFile::new(&package.path);
    if let Some(half) = request.headers_mut().remove(IF_RANGE) {
        // The library does not know this condition, and would go on with the half of another file.
        let look = Request::head("/").body(Body::empty()).map_err(anyhow::Error::from)?;
        let whole = file.try_call(look).await.map_err(anyhow::Error::from)?;
        if ![ETAG, LAST_MODIFIED].iter().any(|mark| whole.headers().get(mark) == Some(&half)) {
            request.headers_mut().remove(RANGE);
        }
    }
    let mut response = file.try_call(request).await.map_err(anyhow::Error::from)?.into_response();
    if response.status() == StatusCode::NOT_FOUND {
        return Err(Code::NotFound.into());
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(package.kind.media_type()));
    let saved = format!("attachment; filename=\"{name}\"");
    headers.insert(CONTENT_DISPOSITION, HeaderValue::try_from(saved).map_err(anyhow::Error::from)?);
    let clock = app.core.clock.clone();
    let time_is_over = Box::pin(async move { clock.sleep(WITHIN).await });
    Ok(response.map(|body| {
        let chunks = body.into_data_stream().take_until(time_is_over);
        Body::from_stream(chunks.inspect(move |_| _ = &turn))
    }))
}
