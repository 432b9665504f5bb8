//! What a service is started with. Everything has a default but the data folder.

use std::net::{AddrParseError, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use url::Url;

#[derive(Debug, Clone)]
pub struct Config {
    /// Database and keys.
    pub data: PathBuf,
    /// Plain HTTP: TLS is the business of the proxy in front. Port 0 takes a free one.
    pub listen: SocketAddr,
    pub relay_listen: SocketAddr,
    pub address_discovery: AddressDiscovery,
    /// Where people and clients reach the service, if not at the address it listens on.
    pub public_url: Option<Url>,
    pub relay_url: Option<Url>,
    /// Believe what the proxy says of where a request comes from.
    pub trust_proxy: bool,
    /// Packages to hand out, if not in the folder `downloads` of the data.
    pub downloads: Option<PathBuf>,
}

/// Where endpoints learn by UDP what their address looks like from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddressDiscovery {
    /// Under the relay's number. A relay that has a URL stands behind a proxy, which passes no UDP on: then on
    /// every interface.
    #[default]
    BesideRelay,
    At(SocketAddr),
    Off,
}

impl FromStr for AddressDiscovery {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Self, AddrParseError> {
        if text == "off" { Ok(Self::Off) } else { text.parse().map(Self::At) }
    }
}

impl Config {
    pub const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7400);
    pub const RELAY_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7401);

    /// On this machine only, at whatever ports are free.
    pub fn on_free_ports(data: impl Into<PathBuf>) -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            data: data.into(),
            listen: any,
            relay_listen: any,
            address_discovery: AddressDiscovery::At(any),
            public_url: None,
            relay_url: None,
            trust_proxy: false,
            downloads: None,
        }
    }
}

/// The URL of an address that was listened on: where it listens everywhere, this machine is meant.
pub fn local_url(address: SocketAddr) -> String {
    let mut reachable = address;
    if reachable.ip().is_unspecified() {
        reachable.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    format!("http://{reachable}")
}
