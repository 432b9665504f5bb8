//! Listening for HTTP: bounded in connections, in time and in size, and drained when the service stops.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use beckon_wire::Code;
use beckon_wire::limits::BODY_MAX_BYTES;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::app::Shared;
use crate::error::{Failure, answer};
use crate::routes;

/// Push sockets are connections too.
const CONNECTIONS_MAX: usize = 10_000;
/// Calls that are worked on at the same time; others wait their turn.
const CALLS_MAX: usize = 256;
const HEADERS_WITHIN: Duration = Duration::from_secs(30);
const HEADER_BYTES_MAX: usize = 32 * 1024;
const DRAIN_WITHIN: Duration = Duration::from_secs(5);

pub fn router(app: &Shared) -> Router {
    let calls = Arc::new(Semaphore::new(CALLS_MAX));
    routes::router(app)
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(from_fn_with_state(calls, take_turns))
        .layer(from_fn(answer))
        .layer(from_fn(secure))
        .with_state(app.clone())
}

async fn take_turns(State(calls): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    match calls.acquire().await {
        Ok(_turn) => next.run(request).await,
        Err(_) => Failure::from(Code::Unavailable).into_response(),
    }
}

/// Answers are for who asked, now, and are what they say they are. Pages and assets say more themselves.
async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    response
}

/// Runs until the service stops and every connection has had its answer, or its time.
pub async fn run(app: Shared, listener: TcpListener) -> Result<()> {
    let router = router(&app);
    let permits = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    loop {
        let permit = permits.clone().acquire_owned().await?;
        let (stream, peer) = tokio::select! {
            () = app.stopping.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of files, most likely: what runs must end before more can begin.
                    tracing::warn!(%error, "a connection could not be accepted");
                    app.core.clock.sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        let connection = connection(router.clone(), stream, peer, &graceful);
        app.tasks.spawn(async move {
            connection.await;
            drop(permit);
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_WITHIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections did not end in time");
    }
    Ok(())
}

fn connection(
    router: Router,
    stream: TcpStream,
    peer: SocketAddr,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + use<> {
    // Wake-ups are small and urgent.
    let _ = stream.set_nodelay(true);
    let service = tower::service_fn(move |mut request: axum::http::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(HEADER_BYTES_MAX);
    let service = TowerToHyperService::new(service);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
    let watched = graceful.watch(connection);
    async move {
        if let Err(error) = watched.await {
            tracing::trace!(%peer, %error, "a connection broke");
        }
    }
}
