//! The internet in small: a service in the middle, and homes behind routers.

use std::net::{Ipv4Addr, SocketAddr};

use crate::network::{Computer, Network};

/// Where the service is. Clients want TLS everywhere but on loopback addresses; so it has one of those, and in
/// these networks they are routed like all others.
pub const SERVICE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(127, 9, 9, 9)), 0);

pub struct Internet {
    middle: Network,
    /// Where the service stands.
    pub computer: Computer,
}

/// How a router chooses the port under which a connection leaves.
#[derive(Clone, Copy)]
pub enum Ports {
    /// The one that it came with: a port is the same for everyone outside.
    Kept,
    /// Another for each destination: nobody can be told which.
    Drawn,
}

/// A computer, and the router between it and the world.
pub struct Home {
    router: Network,
    _inside: Network,
    pub computer: Computer,
}

impl Internet {
    pub fn new() -> Self {
        let middle = Network::new().passes_on();
        Self { computer: Computer::stands_in(&middle), middle }
    }

    /// `number` tells homes apart: each has an address of its own in the world. Inside they are all alike.
    pub fn home(&self, number: u8, ports: Ports) -> Home {
        let (router, inside) = (Network::new().passes_on(), Network::new());
        let (near, far) = (format!("198.51.{number}.2"), format!("198.51.{number}.1"));
        let wall = format!("home{number}");
        router.joins("world", &format!("{near}/24"), &self.middle, &wall, &format!("{far}/24"));
        inside.joins("cable", "192.168.1.2/24", &router, "home", "192.168.1.1/24");
        for (network, next, interface) in
            [(&router, far.as_str(), "world"), (&inside, "192.168.1.1", "cable")]
        {
            network.ip(&format!("route add default via {next}"));
            network.ip(&format!("route add {} via {next} dev {interface} table local", SERVICE.ip()));
        }
        router.runs("nft", "--file -", &rules(ports));
        Home { computer: Computer::stands_in(&inside), router, _inside: inside }
    }
}

impl Home {
    /// Packets from outside that nobody inside had asked for.
    pub fn kept_out(&self) -> u64 {
        self.counted("kept_out")
    }

    /// Packets of computers inside to other homes.
    pub fn sent_to_homes(&self) -> u64 {
        self.counted("sent_to_homes")
    }

    fn counted(&self, counter: &str) -> u64 {
        let shown = self.router.runs("nft", &format!("list counter ip router {counter}"), "");
        let mut words = shown.split_whitespace().skip_while(|word| *word != "packets");
        words.nth(1).unwrap().parse().unwrap()
    }
}

/// What comes unasked is dropped without an answer. Else the router would remember it as a connection with
/// itself, and give the one that leaves for the same place another port.
fn rules(ports: Ports) -> String {
    let drawn = match ports {
        Ports::Kept => "",
        Ports::Drawn => "random,fully-random",
    };
    format!(
        r#"
        table ip router {{
            counter kept_out {{ }}
            counter sent_to_homes {{ }}
            chain leaves {{
                type nat hook postrouting priority srcnat
                oifname "world" masquerade {drawn}
            }}
            chain is_for_the_router {{
                type filter hook input priority filter; policy drop
                iifname "world" counter name kept_out
            }}
            chain passes {{
                type filter hook forward priority filter; policy drop
                iifname "home" ip daddr 198.51.0.0/16 counter name sent_to_homes
                iifname "home" accept
                ct state established,related accept
            }}
        }}
        "#
    )
}
