use std::time::Duration;

use beckon_domain::statement::Side;
use beckon_domain::{PublicKey, SecretKey, SessionId, SignedStatement};
use beckon_wire::request::AgentAct;
use beckon_wire::session::HostReport;
use futures_util::{SinkExt as _, StreamExt as _};
use iroh_relay::client::{Client, ClientBuilder, ClientSink, ClientStream};
use iroh_relay::protos::relay::{ClientToRelayMsg, Datagrams, RelayToClientMsg, Status};

use crate::cast::{Player, Stage};
use crate::scenes::Ready;

pub async fn is_admitted(stage: &Stage, endpoint: &SecretKey) -> bool {
    comes_to_the_relay(stage, endpoint).await.is_some()
}

async fn comes_to_the_relay(stage: &Stage, endpoint: &SecretKey) -> Option<Client> {
    let url = url::Url::parse(&stage.running().relay_url).unwrap();
    let key = endpoint.to_bytes().into();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = iroh_relay::tls::CaTlsConfig::default().client_config(provider).unwrap();
    let client = ClientBuilder::new(url, key, Default::default()).tls_client_config(tls);
    client.connect().await.ok()
}

pub fn known_by(endpoint: &SecretKey, player: &Player, signed: SignedStatement) -> SignedStatement {
    let mut statement = signed.statement;
    statement.endpoint = endpoint.public();
    statement.sign(&player.key)
}

#[tokio::test]
async fn the_relay_admits_the_two_keys_of_a_session_while_it_lives_and_nobody_else() {
    let Ready { mut stage, ana, dana, id, danas_push: _push, .. } = Ready::for_ana().await;
    let (viewer, host, stranger) = (SecretKey::generate(), SecretKey::generate(), SecretKey::generate());
    assert!(!is_admitted(&stage, &viewer).await, "before *Connect*");

    let session = SessionId(uuid::Uuid::now_v7());
    let signed = known_by(&viewer, &ana, ana.statement_for(session, id, 1, Side::Viewer));
    ana.acts(id, AgentAct::Connect(signed)).await.unwrap();
    assert!(is_admitted(&stage, &viewer).await);
    assert!(!is_admitted(&stage, &host).await, "before the answer");
    let signed = known_by(&host, &dana, dana.statement_for(session, id, 1, Side::Host));
    dana.answers_with(session, signed).await.unwrap();
    dana.reports(session, HostReport::Connected).await.unwrap();
    dana.reports(session, HostReport::Lost).await.unwrap();
    assert!(is_admitted(&stage, &viewer).await && is_admitted(&stage, &host).await, "while they resume");
    assert!(!is_admitted(&stage, &stranger).await);

    let used = stage.running().relay_use().unwrap();
    assert_eq!((used.admitted, used.turned_away), (3, 3), "{used:?}");
    stage.running.as_mut().unwrap().stop_relay().await.unwrap();
    assert!(!is_admitted(&stage, &viewer).await);
    stage.running.as_mut().unwrap().start_relay().await.unwrap();
    assert!(is_admitted(&stage, &viewer).await);

    stage.pass(120);
    assert!(
        !is_admitted(&stage, &viewer).await && !is_admitted(&stage, &host).await,
        "two minutes after the loss"
    );
}

/// Of one message. A burst that is let through whole has hundreds of them.
const BLOCK: usize = 60_000;

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sends_more_than_one_may_is_slowed_and_what_was_carried_is_counted() {
    let Ready { stage, ana, dana, id, danas_push: _push, .. } = Ready::for_ana().await;
    let (viewer, host) = (SecretKey::generate(), SecretKey::generate());
    let session = SessionId(uuid::Uuid::now_v7());
    let signed = known_by(&viewer, &ana, ana.statement_for(session, id, 1, Side::Viewer));
    ana.acts(id, AgentAct::Connect(signed)).await.unwrap();
    let signed = known_by(&host, &dana, dana.statement_for(session, id, 1, Side::Host));
    dana.answers_with(session, signed).await.unwrap();
    let sender = comes_to_the_relay(&stage, &viewer).await.unwrap();
    let mut receiver = comes_to_the_relay(&stage, &host).await.unwrap();
    let (mut told, mut sends) = sender.split();
    let used = || stage.running().relay_use().unwrap();
    assert_eq!((used().slowed, used().bytes), (0, 0));

    let everything = async {
        let mut arrived = 0;
        let mut slowed = std::pin::pin!(sends_until_slowed(&mut sends, &mut told, host.public()));
        let mut is_slowed = false;
        // What the relay says that it carried is what came. It may carry more as soon as it was asked.
        let mut carried = None;
        while !is_slowed || carried != Some(arrived) {
            tokio::select! {
                () = &mut slowed, if !is_slowed => is_slowed = true,
                message = receiver.next() => arrived += length(message.unwrap().unwrap()),
            }
            carried = Some(used().bytes);
        }
        arrived
    };
    let arrived = tokio::time::timeout(Duration::from_secs(60), everything).await.unwrap();
    assert!(arrived > BLOCK as u64);
    assert_eq!(used().slowed, 1, "the other one was not");
}

/// As fast as it can, until the relay says that this is too much.
async fn sends_until_slowed(sends: &mut ClientSink, told: &mut ClientStream, to: PublicKey) {
    let slowed = async {
        while told.next().await.unwrap().unwrap() != RelayToClientMsg::Status(Status::RateLimited) {}
    };
    let sending = async {
        loop {
            let (datagrams, dst_endpoint_id) =
                (Datagrams::from([7; BLOCK]), to.as_bytes().try_into().unwrap());
            sends.send(ClientToRelayMsg::Datagrams { dst_endpoint_id, datagrams }).await.unwrap();
        }
    };
    tokio::select! {
        () = slowed => {}
        () = sending => {}
    }
}

fn length(message: RelayToClientMsg) -> u64 {
    match message {
        RelayToClientMsg::Datagrams { datagrams, .. } => datagrams.contents.len() as u64,
        _ => 0,
    }
}
