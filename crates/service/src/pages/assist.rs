//! Assist for one request: the program as it is, under a name that carries the service and the join code.

use axum::extract::{Path, Request, State};
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use beckon_domain::JoinCode;
use beckon_domain::assist::file_name;
use beckon_wire::Code;

use super::download::streamed;
use super::session_link::find;
use super::{busy, speech};
use crate::app::{App, Shared};
use crate::downloads::Kind;
use crate::error::Answer;
use crate::identity::Address;

/// A link through which no computer may join now has a page that says so.
pub async fn assist(
    State(app): State<Shared>,
    address: Address,
    Path(token): Path<String>,
    request: Request,
) -> Answer<Response> {
    let found = find(&mut *app.core.store.read().await?, &app.core.keys, &token, app.core.now()).await?;
    let budget = if found.is_some() { &app.budgets.downloads } else { &app.budgets.pages };
    if let Err(failure) = budget.spend(address) {
        let why = if found.is_some() { "download-busy" } else { "landing-busy" };
        return busy(&app, speech(&app, request.headers()), why, failure).await;
    }
    if let Some(code) = found.as_ref().and_then(|found| found.state.code())
        && let Some(package) = app.downloads.newest(Kind::Assist).await
    {
        return streamed(&app, &package, &name(&app, code), request).await;
    }
    let page = HeaderValue::try_from(format!("/s/{token}")).map_err(|_| Code::NotFound)?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, page)]).into_response())
}

/// Where the name cannot say where the service is, the person does.
pub fn name(app: &App, code: &JoinCode) -> String {
    let origin = app.origin.parse().ok();
    origin.map_or_else(|| "Beckon Assist.exe".to_owned(), |origin| file_name(&origin, code, "exe"))
}
