//! A viewer that says whatever a test wants. It speaks bytes, so that it also pins the protocol.

use beckon_domain::SecretKey;
use beckon_session::{CloseCode, EndedWhy};
use iroh::endpoint::{Connection, ConnectionError, PortmapperConfig, RecvStream, SendStream, presets};
use iroh::{Endpoint, EndpointAddr, EndpointId, RelayMode, RelayUrl};

use crate::stage::{Seat, Stage, failsafe, session_id};

pub struct RawViewer {
    endpoint: Endpoint,
    host: EndpointAddr,
}

pub struct Call {
    /// Dropping it would close the connection.
    _endpoint: Endpoint,
    pub connection: Connection,
    pub send: SendStream,
    pub receive: RecvStream,
}

impl RawViewer {
    pub async fn new(stage: &Stage, key: &SecretKey) -> Self {
        let relay: RelayUrl = stage.relay_url().parse().unwrap();
        let endpoint = Endpoint::builder(presets::Minimal)
            .secret_key(iroh::SecretKey::from_bytes(&key.to_bytes()))
            .relay_mode(RelayMode::custom([relay.clone()]))
            .portmapper_config(PortmapperConfig::Disabled)
            .clear_ip_transports()
            .bind()
            .await
            .unwrap();
        let host = EndpointId::from_bytes(stage.host_key().as_bytes()).unwrap();
        Self { endpoint, host: EndpointAddr::new(host).with_relay_url(relay) }
    }

    /// Dials until the host's endpoint is there.
    pub async fn connect(&self) -> Connection {
        failsafe(async {
            loop {
                if let Ok(connection) = self.endpoint.connect(self.host.clone(), b"beckon/session/1").await {
                    return connection;
                }
            }
        })
        .await
    }

    pub async fn call(&self) -> Call {
        let connection = self.connect().await;
        let (send, receive) = connection.open_bi().await.unwrap();
        Call { _endpoint: self.endpoint.clone(), connection, send, receive }
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
    /// One frame, with its length in front.
    pub async fn say(&mut self, frame: &[u8]) {
        let length = u32::try_from(frame.len()).unwrap().to_be_bytes();
        self.write(&[&length, frame].concat()).await;
    }

    /// Bytes as they are. A host that has closed already is no failure of the test.
    pub async fn write(&mut self, bytes: &[u8]) {
        let _ = failsafe(self.send.write_all(bytes)).await;
    }

    pub async fn hear(&mut self) -> Vec<u8> {
        let mut length = [0; 4];
        failsafe(self.receive.read_exact(&mut length)).await.unwrap();
        let mut frame = vec![0; u32::from_be_bytes(length) as usize];
        failsafe(self.receive.read_exact(&mut frame)).await.unwrap();
        frame
    }
}

/// The code that the host closed with.
pub async fn closed_with(connection: &Connection) -> u64 {
    match failsafe(connection.closed()).await {
        ConnectionError::ApplicationClosed(close) => close.error_code.into_inner(),
        other => panic!("the host did not close it: {other}"),
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
