//! Who comes to the host's endpoint. Strangers cost little here, and are sent away early.

use std::time::Duration;

use beckon_domain::SharedClock;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use iroh::Endpoint;
use iroh::endpoint::{Connection, Incoming};

use crate::close_code::CloseCode;
use crate::control::{Frame, Hello};
use crate::talk::{Gone, Talk};

/// The most that come at once; further ones are refused before any work.
const MOST: usize = 16;

pub(crate) struct Arrivals {
    endpoint: Endpoint,
    clock: SharedClock,
    within: Duration,
    coming: FuturesUnordered<BoxFuture<'static, Option<Arrival>>>,
}

pub(crate) enum Arrival {
    /// It proved its key, and said nothing yet.
    Proved(Connection),
    /// It was let on, and said what it wants.
    Said(Box<Talk>, Hello),
    /// It was let on, and broke the protocol.
    Misbehaved(Box<Talk>, CloseCode),
}

impl Arrivals {
    pub(crate) fn new(endpoint: Endpoint, clock: SharedClock, within: Duration) -> Self {
        Self { endpoint, clock, within, coming: FuturesUnordered::new() }
    }

    /// Nothing is lost when it is dropped half way.
    pub(crate) async fn next(&mut self) -> Arrival {
        loop {
            tokio::select! {
                incoming = self.endpoint.accept() => match incoming {
                    Some(incoming) if self.coming.len() < MOST => self.bounded(prove(incoming)),
                    Some(incoming) => incoming.refuse(),
                    None => std::future::pending().await,
                },
                Some(arrival) = self.coming.next(), if !self.coming.is_empty() => {
                    if let Some(arrival) = arrival {
                        return arrival;
                    }
                }
            }
        }
    }

    /// Lets one on that proved the right key, to hear what it wants.
    pub(crate) fn hear(&mut self, connection: Connection) {
        self.bounded(greet(connection));
    }

    fn bounded(&mut self, arrival: impl Future<Output = Option<Arrival>> + Send + 'static) {
        let patience = self.clock.sleep(self.within);
        self.coming.push(Box::pin(async move {
            tokio::select! { arrival = arrival => arrival, () = patience => None }
        }));
    }
}

async fn prove(incoming: Incoming) -> Option<Arrival> {
    match incoming.await {
        Ok(connection) => Some(Arrival::Proved(connection)),
        Err(error) => {
            tracing::debug!(%error, "a connection did not come about");
            None
        }
    }
}

async fn greet(connection: Connection) -> Option<Arrival> {
    let (send, receive) = connection.accept_bi().await.ok()?;
    let mut talk = Box::new(Talk::new(connection, send, receive));
    match talk.frame().await {
        Ok(Frame::Hello(hello)) => Some(Arrival::Said(talk, hello)),
        Ok(_) => Some(Arrival::Misbehaved(talk, CloseCode::NotAllowed)),
        Err(Gone::Broken(code)) => Some(Arrival::Misbehaved(talk, code)),
        Err(Gone::Lost | Gone::Closed(_)) => None,
    }
}
