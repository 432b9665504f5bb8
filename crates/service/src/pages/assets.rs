//! The pages' style, script and mark.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::Shared;

pub fn router() -> Router<Shared> {
    Router::new()
        .route(
            "/assets/page.css",
            get(|| asset("text/css; charset=utf-8", include_bytes!("../../assets/page.css"))),
        )
        .route(
            "/assets/page.js",
            get(|| asset("text/javascript; charset=utf-8", include_bytes!("../../assets/page.js"))),
        )
        .route(
            "/assets/mark.svg",
            get(|| asset("image/svg+xml", include_bytes!("../../../../icons/beckon.svg"))),
        )
}

fn asset(kind: &'static str, bytes: &'static [u8]) -> std::future::Ready<Response> {
    // Kept briefly: after an update nobody should see new pages in old clothes for long.
    let headers =
        [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=300"), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    std::future::ready((headers, bytes).into_response())
}
