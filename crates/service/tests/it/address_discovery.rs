use std::net::{Ipv4Addr, UdpSocket};

use beckon_service::Config;
use beckon_service::config::AddressDiscovery;
use beckon_wire::paths;
use beckon_wire::service::ServiceInfo;

use crate::cast::{Stage, read};

impl Stage {
    async fn starts_with(&mut self, change: impl FnOnce(&mut Config)) {
        let mut config = Config::on_free_ports(self.folder.path());
        change(&mut config);
        self.running.take().unwrap().shutdown().await.unwrap();
        self.start(config).await;
    }

    async fn tells(&self) -> Option<u16> {
        let url = format!("{}{}", self.origin(), paths::SERVICE);
        let info: ServiceInfo = read(self.http.get(url).send().await.unwrap()).await.unwrap();
        info.address_discovery.map(|told| told.port)
    }
}

#[tokio::test]
async fn address_discovery_is_beside_the_relay_unless_it_is_elsewhere_or_off() {
    let mut stage = Stage::open().await;
    stage.starts_with(|config| config.address_discovery = AddressDiscovery::BesideRelay).await;
    assert_eq!(stage.tells().await, Some(stage.running().relay_address.port()));
    let free = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    stage.starts_with(|config| config.address_discovery = AddressDiscovery::At(free)).await;
    assert_eq!(stage.tells().await, Some(free.port()));
    stage.starts_with(|config| config.address_discovery = AddressDiscovery::Off).await;
    assert_eq!(stage.tells().await, None);
}

#[tokio::test]
async fn a_port_that_is_taken_stops_the_service_only_where_somebody_chose_it() {
    let mut stage = Stage::open().await;
    let relay = stage.running().relay_address;
    let _taken = UdpSocket::bind(relay).unwrap();
    stage
        .starts_with(|config| {
            config.relay_listen = relay;
            config.address_discovery = AddressDiscovery::BesideRelay;
        })
        .await;
    assert_eq!(stage.tells().await, None);

    stage.running.take().unwrap().shutdown().await.unwrap();
    let mut config = Config::on_free_ports(stage.folder.path());
    config.address_discovery = AddressDiscovery::At(relay);
    let clock = std::sync::Arc::new(stage.clock.clone());
    let refused = beckon_service::Service::start(config, clock).await.err().unwrap();
    assert!(format!("{refused:#}").contains(&format!("address discovery at {relay}")), "{refused:#}");
}
