//! The endpoint of one session: a key of its own, the service's own relay, and nothing else.

use std::sync::Arc;
use std::time::Duration;

use beckon_domain::PublicKey;
use iroh::dns::{DnsResolver, FallbackMode};
use iroh::endpoint::{
    Connection, IdleTimeout, NetReportConfig, PortmapperConfig, QuicTransportConfig, VarInt, presets,
};
use iroh::tls::CaTlsConfig;
use iroh::{Endpoint, EndpointAddr, EndpointId, RelayConfig, RelayMap, RelayMode, RelayUrl};

use crate::live::{AddressDiscovery, SessionConfig};
use crate::timing::Timing;

/// The version that both sides speak is the last part.
pub(crate) const ALPN: &[u8] = b"beckon/session/1";

/// Guessed until it is measured, and rather too short: the first packet is lost if the viewer is at the relay before
/// the host, and is sent again after three of these. On a slower path it is sent twice.
const INITIAL_ROUND_TRIP: Duration = Duration::from_millis(20);

/// The control stream; screens, one that is shown and others that are about to close; the clipboard; and
/// what passes for files; and two on which it is told of monitors and of what is offered.
pub(crate) const STREAMS_OF_VIEWER: u32 = 12;
pub(crate) const STREAMS_OF_HOST: u32 = 0;

/// No discovery, no public relay, no third party: an address is only ever told to the other side, inside the
/// connection, by iroh itself.
pub(crate) async fn bind(
    config: &SessionConfig,
    relay: RelayUrl,
    streams: u32,
) -> Result<Endpoint, iroh::endpoint::BindError> {
    let network = &config.network;
    let maps_ports = network.port_mapping && !network.relay_only;
    let mapping = if maps_ports { PortmapperConfig::default() } else { PortmapperConfig::Disabled };
    let relays = RelayMap::from(RelayConfig::new(relay.clone(), None));
    let discovery = network.address_discovery.as_ref().filter(|_| !network.relay_only);
    let mut builder = Endpoint::builder(presets::Minimal)
        .secret_key(iroh::SecretKey::from_bytes(&config.endpoint.to_bytes()))
        .alpns(vec![ALPN.to_vec()])
        .relay_mode(RelayMode::Custom(relays))
        .ca_tls_config(trusted(discovery))
        .dns_resolver(resolver())
        .transport_config(transport(&config.timing, streams))
        .portmapper_config(mapping)
        .net_report_config(probes());
    if network.relay_only {
        builder = builder.clear_ip_transports();
    }
    let endpoint = builder.bind().await?;
    if let Some(discovery) = discovery {
        config.tasks.spawn(learn_address(endpoint.clone(), relay, discovery.port));
    }
    Ok(endpoint)
}

/// Who may answer as the relay and as its address discovery: who has a certificate of that name, or the one
/// that the service told. That gives the service nothing that it has not: it says what the relay's name is.
fn trusted(discovery: Option<&AddressDiscovery>) -> CaTlsConfig {
    let told = discovery.map(|discovery| discovery.certificate.clone().into());
    CaTlsConfig::embedded().with_extra_roots(told)
}

/// iroh goes to its relay once it has measured the ways there, which takes a fifth of a second at least; but whoever
/// sends something by the relay goes there at once. This is sent to nobody: the key is new, and thrown away.
pub(crate) async fn hurry_to_the_relay(endpoint: Endpoint, relay: RelayUrl) {
    let nobody = EndpointAddr::new(iroh::SecretKey::generate().public()).with_relay_url(relay);
    tokio::select! {
        _ = endpoint.connect(nobody, ALPN) => {}
        () = endpoint.online() => {}
        () = endpoint.closed() => {}
    }
}

/// Not before the relay is reached: where no UDP gets out, waiting for the answer would cost the first
/// connection seconds.
async fn learn_address(endpoint: Endpoint, relay: RelayUrl, port: u16) {
    tokio::select! {
        () = endpoint.online() => {}
        () = endpoint.closed() => return,
    }
    let mut with_discovery = RelayConfig::from(relay.clone());
    if let Some(discovery) = &mut with_discovery.quic {
        discovery.port = port;
    }
    endpoint.insert_relay(relay, Arc::new(with_discovery)).await;
}

/// Nothing is asked of the service's port 80, where nobody waits for it.
fn probes() -> NetReportConfig {
    let mut probes = NetReportConfig::default();
    probes.captive_portal_check = false;
    probes
}

/// The system's own name servers; iroh would ask public ones where those fail.
fn resolver() -> DnsResolver {
    DnsResolver::builder().with_system_defaults().with_fallback_mode(FallbackMode::Never).build()
}

/// The other side may open that many streams at a time.
fn transport(timing: &Timing, streams: u32) -> QuicTransportConfig {
    let idle = u32::try_from(timing.idle.as_millis()).map_or(VarInt::MAX, VarInt::from_u32);
    QuicTransportConfig::builder()
        .keep_alive_interval(timing.keep_alive)
        .max_idle_timeout(Some(IdleTimeout::from(idle)))
        .initial_rtt(INITIAL_ROUND_TRIP)
        .max_concurrent_bidi_streams(VarInt::from_u32(streams))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .datagram_receive_buffer_size(None)
        .build()
}

/// https, or http on this machine.
pub(crate) fn relay_url(text: &str) -> Option<RelayUrl> {
    let url: RelayUrl = text.parse().ok()?;
    let host = url.host_str()?;
    let loopback = host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    (url.scheme() == "https" || (url.scheme() == "http" && loopback)).then_some(url)
}

pub(crate) fn endpoint_id(key: &PublicKey) -> Option<EndpointId> {
    EndpointId::from_bytes(key.as_bytes()).ok()
}

/// The key that the other side proved.
pub(crate) fn remote_key(connection: &Connection) -> PublicKey {
    PublicKey::from_bytes(*connection.remote_id().as_bytes())
}

/// Bytes that only the two ends of this connection can know.
pub(crate) fn exported<const N: usize>(connection: &Connection, label: &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "TLS refuses only lengths far beyond these")]
    connection.export_keying_material(&mut bytes, label, b"").expect("a short export");
    bytes
}

#[cfg(test)]
mod tests {
    use beckon_domain::SecretKey;

    use super::*;

    #[test]
    fn iroh_derives_the_same_public_key() {
        let key = SecretKey::generate();
        let of_iroh = iroh::SecretKey::from_bytes(&key.to_bytes()).public();
        assert_eq!(of_iroh.as_bytes(), key.public().as_bytes());
        assert_eq!(endpoint_id(&key.public()), Some(of_iroh));
    }

    #[test]
    fn a_relay_is_https_or_on_this_machine() {
        for good in
            ["https://support.example.com", "http://127.0.0.1:8080", "http://[::1]:1", "http://localhost:1/"]
        {
            assert!(relay_url(good).is_some(), "{good}");
        }
        for bad in
            ["http://support.example.com", "http://127.0.0.1.example.com", "ftp://127.0.0.1", "", "relay"]
        {
            assert!(relay_url(bad).is_none(), "{bad}");
        }
    }
}
