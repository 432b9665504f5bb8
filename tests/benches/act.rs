//! How long an act of one agent takes to arrive in the cache of another.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use beckon_client::SessionNetwork;
use beckon_domain::SharedClock;
use beckon_tests::cast::Person;
use beckon_tests::stage::{Program, built};
use beckon_wire::request::AssignTo;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio_tungstenite::tungstenite::Message;

use crate::crowd;
use crate::figure::{Figure, Mark, Quantity, Sample};
use crate::programs::Service;

pub const IDLE: u32 = 2_000;
const ACTS: u32 = 300;

#[tokio::main]
pub async fn measure(clock: &SharedClock) -> Vec<Figure> {
    let (echoes, acts) = (echoes(clock).await, acts(clock).await);
    [("p50", 0.5, 2.0), ("p99", 0.99, 4.0)]
        .map(|(name, part, times)| Figure {
            name: format!("Act in one client → cache of another, {IDLE} idle devices, {name}"),
            ours: Quantity::Time(acts.quantile(part)),
            floor: Some(Quantity::Time(echoes.quantile(part))),
            marks: vec![Mark::TimesTheFloor(times)],
        })
        .into()
}

/// A text there and back through a server that does nothing else.
pub async fn echoes(clock: &SharedClock) -> Sample {
    let folder = tempfile::tempdir().unwrap();
    let mut echo = Program::start("echo", &mut Command::new(built("BECKON_ECHO_BIN")), folder.path());
    let origin = echo.says("Listening on ").await;
    let _crowd = crowd::sockets(&origin, IDLE).await;
    let mut socket = crowd::socket(&origin, "/", IpAddr::V4(Ipv4Addr::LOCALHOST), None).await;
    let mut times = Vec::new();
    for number in 0..ACTS {
        let before = clock.monotonic();
        socket.send(Message::text(format!("comment {number}"))).await.unwrap();
        socket.next().await.unwrap().unwrap();
        times.push(clock.monotonic() - before);
    }
    Sample::of(times)
}

async fn acts(clock: &SharedClock) -> Sample {
    let service = Service::starts().await;
    let _crowd = crowd::devices(&service.origin, 0..IDLE).await;
    let folder = tempfile::tempdir().unwrap();
    let ana = agent("Ana", &service, folder.path(), clock).await;
    let ben = agent("Ben", &service, folder.path(), clock).await;
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Unassigned).await;
    ben.sees("the request", |client| client.get_request(request)).await;
    let mut times: Vec<Duration> = Vec::new();
    for number in 0..ACTS {
        let comment = format!("comment {number}");
        let before = clock.monotonic();
        let arrives = ben.sees("the comment", |client| {
            client.get_request(request).filter(|view| view.comments.as_str() == comment)
        });
        let acting = ana.client.comment_request(request, comment.clone());
        let (acted, arrived) = tokio::join!(acting, async {
            arrives.await;
            clock.monotonic()
        });
        acted.unwrap();
        times.push(arrived - before);
    }
    ana.client.shut_down().await;
    ben.client.shut_down().await;
    Sample::of(times)
}

async fn agent(name: &str, service: &Service, folder: &Path, clock: &SharedClock) -> Person {
    let home = Some(service.origin.clone());
    let code = Some(service.hires(name));
    let network = SessionNetwork::default();
    let person = Person::at_a_computer(name, folder.join(name), home, code, clock.clone(), network);
    person.is_signed_in().await;
    person
}
