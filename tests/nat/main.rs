//! Sessions between two homes behind routers: `cargo xtask test` runs them where the system lets a test make
//! networks of its own.
//!
//! The service, the clients and what is between them are real; only the wires are short.

#![cfg(target_os = "linux")]

#[cfg(test)]
mod internet;
#[cfg(test)]
mod network;
#[cfg(test)]
mod scene;

use std::time::Duration;

use beckon_domain::SessionId;
use internet::Ports;
use scene::{Resident, Scene};

/// Several times as long as a direct way needs where there is one.
const NEVER: Duration = Duration::from_secs(10);

#[tokio::test]
async fn between_routers_that_keep_ports_a_session_is_relayed_at_once_and_then_direct() {
    let scene = Scene::opens(Ports::Kept).await;
    let session = scene.session().await;
    assert!(scene.relayed_bytes() > 0, "the first words went through the relay");
    scene.ana.is_direct(session).await;
    scene.dana.is_direct(session).await;
    scene.they_talk(session).await;
    scene.closes().await;
}

#[tokio::test]
async fn between_routers_that_draw_ports_a_session_stays_relayed_and_works() {
    let scene = Scene::opens(Ports::Drawn).await;
    let session = scene.session().await;
    stays_relayed(&scene, session).await;
    assert!(scene.ana.home.kept_out() > 0 && scene.dana.home.kept_out() > 0, "both have tried");
    scene.closes().await;
}

#[tokio::test]
async fn a_host_that_shows_no_address_stays_relayed_and_neither_home_hears_of_the_other() {
    shows_no_address(|scene| &scene.dana).await;
}

#[tokio::test]
async fn a_viewer_that_shows_no_address_stays_relayed_and_neither_home_hears_of_the_other() {
    shows_no_address(|scene| &scene.ana).await;
}

async fn shows_no_address(who: impl Fn(&Scene) -> &Resident) {
    let scene = Scene::opens(Ports::Kept).await;
    who(&scene).shows_no_address();
    let session = scene.session().await;
    stays_relayed(&scene, session).await;
    assert_eq!((scene.ana.home.sent_to_homes(), scene.dana.home.sent_to_homes()), (0, 0));
    scene.closes().await;
}

async fn stays_relayed(scene: &Scene, session: SessionId) {
    let direct = tokio::time::timeout(NEVER, scene.ana.is_direct(session)).await;
    assert!(direct.is_err(), "there is no direct way");
    scene.they_talk(session).await;
    assert!(scene.ana.is_relayed(session) && scene.dana.is_relayed(session));
}
