//! Tells an endpoint, by QUIC, what its address looks like from outside. Two sides that know this of
//! themselves find a direct way to each other through their routers.
//!
//! It tells nothing else, so that it asks nobody who they are.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result};
use beckon_wire::service::AddressDiscovery as Told;
use data_encoding::BASE64URL_NOPAD;
use iroh_relay::server::{QuicConfig, Server, ServerConfig};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use url::{Host, Url};

use crate::config::{AddressDiscovery as Wanted, Config};

pub struct AddressDiscovery {
    server: Server,
    /// What clients are told of it.
    pub told: Told,
}

impl AddressDiscovery {
    /// Nobody chose the port beside the relay, so that it may be taken: then sessions are relayed, as without.
    pub async fn start(config: &Config, relay: SocketAddr, relay_url: &str) -> Result<Option<Self>> {
        match config.address_discovery {
            Wanted::Off => Ok(None),
            Wanted::At(listen) => Self::listen(listen, relay_url).await.map(Some),
            Wanted::BesideRelay => {
                let beside = if config.relay_url.is_some() { everywhere(relay) } else { relay };
                let started = Self::listen(beside, relay_url).await;
                Ok(started.inspect_err(|error| tracing::warn!("no address discovery: {error:#}")).ok())
            }
        }
    }

    async fn listen(listen: SocketAddr, relay_url: &str) -> Result<Self> {
        let (tls, certificate) = identity(relay_url)?;
        let mut quic = QuicConfig::new(listen);
        quic.server_config = Some(tls);
        let mut config = ServerConfig::default();
        config.quic = Some(quic);
        let server = Server::spawn(config)
            .await
            .with_context(|| format!("starting address discovery at {listen}, by UDP"))?;
        let address = server.quic_addr().context("address discovery listens nowhere")?;
        tracing::info!(%address, "address discovery listens, by UDP");
        Ok(Self { server, told: Told { port: address.port(), certificate } })
    }

    pub async fn shutdown(self) -> Result<()> {
        self.server.shutdown().await.context("stopping address discovery")
    }
}

fn everywhere(address: SocketAddr) -> SocketAddr {
    let ip = match address {
        SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    SocketAddr::new(ip, address.port())
}

/// A key of this run and a certificate that it signs itself: clients hear of it from the service with every
/// connection, so that there is none to keep, to copy or to renew.
fn identity(relay_url: &str) -> Result<(rustls::ServerConfig, String)> {
    let key = KeyPair::generate().context("making a key")?;
    let mut certificate = CertificateParams::new([name_in(relay_url)?])?;
    certificate.distinguished_name = DistinguishedName::new();
    certificate.distinguished_name.push(DnType::CommonName, "Beckon address discovery");
    let certificate = certificate.self_signed(&key).context("making a certificate")?.der().clone();
    let text = BASE64URL_NOPAD.encode(&certificate);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivatePkcs8KeyDer::from(key).into())?;
    Ok((tls, text))
}

/// As clients ask for it: they look for both under one name.
fn name_in(relay_url: &str) -> Result<String> {
    let url = Url::parse(relay_url).context("reading the relay's URL")?;
    Ok(match url.host().context("the relay's URL has no host")? {
        Host::Domain(name) => name.to_owned(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_the_name_under_which_the_relay_is_reached() {
        for (url, name) in [
            ("https://relay.acme.example", "relay.acme.example"),
            ("https://relay.acme.example:8443/", "relay.acme.example"),
            ("http://127.0.0.1:7401", "127.0.0.1"),
            ("http://[::1]:7401", "::1"),
        ] {
            assert_eq!(name_in(url).unwrap(), name);
            assert!(identity(url).is_ok(), "{url}");
        }
        assert!(name_in("mailto:ana@acme.example").is_err());
    }

    #[test]
    fn a_relay_behind_a_proxy_has_it_on_every_interface() {
        let listens = |relay: &str| everywhere(relay.parse().unwrap()).to_string();
        assert_eq!(listens("127.0.0.1:7401"), "0.0.0.0:7401");
        assert_eq!(listens("[::1]:7401"), "[::]:7401");
    }
}
