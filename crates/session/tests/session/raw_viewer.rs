//! A viewer that says whatever a test wants. It speaks bytes, so that it also pins the protocol.

use beckon_domain::SecretKey;
use beckon_session::{CloseCode, EndedWhy};
use iroh::endpoint::{Connection, ConnectionError, PortmapperConfig, RecvStream, SendStream, presets};
use iroh::{Endpoint, EndpointAddr, EndpointId, RelayMode, RelayUrl};
use tokio::io::{Join, join};

use crate::rfb_viewer::RfbViewer;
use crate::stage::{Seat, Stage, failsafe, session_id};
use crate::wire::Wire;

/// The protocol of the two, as the transport names it.
pub const ALPN: &[u8] = b"beckon/session/1";

pub struct RawViewer {
    endpoint: Endpoint,
    host: EndpointAddr,
}

pub struct Call {
    /// Dropping it would close the connection.
    _endpoint: Endpoint,
    pub connection: Connection,
    /// The control stream.
    pub wire: Wire,
}

/// Reached through the stage's relay alone.
pub async fn endpoint(stage: &Stage, key: &SecretKey) -> Endpoint {
    let relay: RelayUrl = stage.relay_url().parse().unwrap();
    Endpoint::builder(presets::Minimal)
        .secret_key(iroh::SecretKey::from_bytes(&key.to_bytes()))
        .alpns(vec![ALPN.to_vec()])
        .relay_mode(RelayMode::custom([relay]))
        .portmapper_config(PortmapperConfig::Disabled)
        .clear_ip_transports()
        .bind()
        .await
        .unwrap()
}

impl RawViewer {
    pub async fn new(stage: &Stage, key: &SecretKey) -> Self {
        let relay: RelayUrl = stage.relay_url().parse().unwrap();
        let endpoint = endpoint(stage, key).await;
        let host = EndpointId::from_bytes(stage.host_key().as_bytes()).unwrap();
        Self { endpoint, host: EndpointAddr::new(host).with_relay_url(relay) }
    }

    /// Dials until the host's endpoint is there.
    pub async fn connect(&self) -> Connection {
        failsafe(async {
            loop {
                if let Ok(connection) = self.endpoint.connect(self.host.clone(), ALPN).await {
                    return connection;
                }
            }
        })
        .await
    }

    pub async fn call(&self) -> Call {
        let connection = self.connect().await;
        let wire = Wire::opened(&connection).await;
        Call::new(self.endpoint.clone(), connection, wire)
    }

    /// A call that was let in.
    pub async fn welcomed(&self) -> Call {
        let mut call = self.call().await;
        call.say(&first_hello()).await;
        assert_eq!(call.hear().await.first(), Some(&1), "a welcome");
        call
    }
}

impl Call {
    pub fn new(_endpoint: Endpoint, connection: Connection, wire: Wire) -> Self {
        Self { _endpoint, connection, wire }
    }

    pub async fn say(&mut self, frame: &[u8]) {
        self.wire.say(frame).await;
    }

    pub async fn write(&mut self, bytes: &[u8]) {
        self.wire.write(bytes).await;
    }

    pub async fn hear(&mut self) -> Vec<u8> {
        self.wire.hear().await
    }

    /// What the other side writes in the chat next; other frames are passed over.
    pub async fn chat(&mut self) -> String {
        loop {
            if let [2, _, _, text @ ..] = self.hear().await.as_slice() {
                return String::from_utf8(text.to_vec()).unwrap();
            }
        }
    }

    /// A stream beside the control stream, and what is said first on it.
    pub async fn opens(&self, opening: &[u8]) -> Wire {
        let mut wire = Wire::opened(&self.connection).await;
        wire.say(opening).await;
        wire
    }

    pub async fn screen(&self) -> RfbViewer<Join<RecvStream, SendStream>> {
        let mut wire = self.opens(&opening::SCREEN).await;
        assert_eq!(wire.hear().await.first(), Some(&0), "it is shown");
        RfbViewer::on(join(wire.receive, wire.send)).await
    }

    /// Whether the other side answers what its computer is: it may, or is still there to say that it does not.
    pub async fn answers(&self) -> bool {
        let Ok((send, receive)) = failsafe(self.connection.open_bi()).await else { return false };
        let mut wire = Wire { send, receive };
        wire.say(&opening::SYSTEM_INFO).await;
        wire.hears().await.is_some()
    }
}

/// The code that the other side closed with.
pub async fn closed_with(connection: &Connection) -> u64 {
    match failsafe(connection.closed()).await {
        ConnectionError::ApplicationClosed(close) => close.error_code.into_inner(),
        other => panic!("the other side did not close it: {other}"),
    }
}

pub fn first_hello() -> Vec<u8> {
    hello(&[0])
}

pub fn resuming_hello(proof: [u8; 32]) -> Vec<u8> {
    hello(&[&[1][..], &proof, &[0]].concat())
}

fn hello(resume: &[u8]) -> Vec<u8> {
    [&[0, 1, 16][..], session_id().0.as_bytes(), resume].concat()
}

pub fn chat(id: u8, text: &str) -> Vec<u8> {
    [&[2, id, u8::try_from(text.len()).unwrap()][..], text.as_bytes()].concat()
}

/// Its host survives, closes with this code, and says that it misbehaved.
pub async fn is_thrown_out(mut host: Seat, call: &Call, code: CloseCode) {
    assert_eq!(host.ended().await, EndedWhy::Misbehaved);
    assert_eq!(closed_with(&call.connection).await, code as u64);
    failsafe(host.session.ended()).await;
}

/// What a stream is for.
pub mod opening {
    pub const SCREEN: [u8; 2] = [0, 0];
    pub const FILES: [u8; 1] = [1];
    pub const CLIPBOARD: [u8; 1] = [2];
    pub const SYSTEM_INFO: [u8; 1] = [3];
    pub const LOCK_AT_END: [u8; 2] = [4, 1];
    pub const MONITORS: [u8; 1] = [5];
}
