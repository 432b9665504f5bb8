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
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use crate::app::Shared;
use crate::error::{Failure, answer};
use crate::routes;

/// Push sockets are connections too: each holds its permit on after the upgrade.
pub const CONNECTIONS_MAX: usize = 10_000;
/// Calls that are worked on at the same time; others wait their turn.
const CALLS_MAX: usize = 256;
const HEADERS_WITHIN: Duration = Duration::from_secs(30);
const HEADER_BYTES_MAX: usize = 32 * 1024;
const DRAIN_WITHIN: Duration = Duration::from_secs(5);

/// One connection among all that may be open; given back when the last clone is dropped.
#[derive(Clone)]
pub struct Permit(#[expect(dead_code, reason = "held, not read")] Arc<OwnedSemaphorePermit>);

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
    let graceful = GracefulShutdown::new();
    loop {
        let permit = Permit(Arc::new(app.connections.clone().acquire_owned().await?));
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
        app.tasks.spawn(connection(router.clone(), stream, peer, permit, &graceful));
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
    permit: Permit,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + use<> {
    // Wake-ups are small and urgent.
    let _ = stream.set_nodelay(true);
    let service = tower::service_fn(move |mut request: axum::http::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(permit.clone());
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

#[cfg(test)]
mod tests {
    use beckon_domain::SecretKey;
    use beckon_domain::clock::FakeClock;
    use futures_util::StreamExt;
    use tokio_tungstenite::connect_async;
    use tokio_tungstenite::tungstenite::client::IntoClientRequest;

    use super::*;
    use crate::seal::{Hashed, draw_secret};
    use crate::store::devices;
    use crate::{Config, Service};

    #[tokio::test]
    async fn a_push_socket_counts_as_a_connection_until_it_ends() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let clock = FakeClock::starting_at(chrono::DateTime::UNIX_EPOCH);
        let config = Config::on_free_ports(folder.path());
        let running = Service::start(config, Arc::new(clock)).await.unwrap();
        let core = &running.app.core;
        let mut unit = core.begin().await.unwrap();
        let (now, token) = (unit.now, draw_secret());
        let key = SecretKey::generate().public();
        let device = devices::register(unit.db(), &key, None, "", now).await.unwrap();
        let hash = core.keys.hash(Hashed::DeviceToken, token.as_bytes());
        let until = now + chrono::TimeDelta::hours(1);
        devices::keep_token(unit.db(), device, &hash, until, now).await.unwrap();
        unit.commit().await.unwrap();

        let url = format!("ws://{}{}", running.address, beckon_wire::paths::PUSH);
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {}", *token).parse().unwrap());
        let (mut socket, _) = connect_async(request).await.unwrap();
        // One permit waits for the next connection.
        let open = || CONNECTIONS_MAX - 1 - running.app.connections.available_permits();
        socket.next().await.unwrap().unwrap();
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(open(), 1);
        drop(socket);
        while open() > 0 {
            tokio::task::yield_now().await;
        }
    }
}
