use beckon_domain::statement::Side;
use beckon_domain::{SecretKey, SessionId, SignedStatement};
use beckon_wire::request::AgentAct;
use beckon_wire::session::HostReport;

use crate::cast::{Player, Stage};
use crate::scenes::Ready;

pub async fn is_admitted(stage: &Stage, endpoint: &SecretKey) -> bool {
    let url = url::Url::parse(&stage.running().relay_url).unwrap();
    let key = endpoint.to_bytes().into();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = iroh_relay::tls::CaTlsConfig::default().client_config(provider).unwrap();
    let client = iroh_relay::client::ClientBuilder::new(url, key, Default::default()).tls_client_config(tls);
    client.connect().await.is_ok()
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
