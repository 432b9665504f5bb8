//! How soon an invitation is asked at the other side, and how soon its session runs after *Connect*.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use beckon_client::view::InvitationState;
use beckon_domain::invitation::{INVITATIONS_A_MINUTE, InvitationStateName};
use beckon_domain::{InvitationId, SharedClock};
use beckon_tests::cast::Person;
use beckon_tests::stage::built;

use crate::act::{IDLE, echoes};
use crate::crowd;
use crate::figure::{Figure, Mark, Quantity, Sample};
use crate::guests::{device_of, guest, invitation_for};
use crate::programs::Service;

const INVITERS: u32 = 15;
const SESSIONS: u32 = 30;

#[tokio::main]
pub async fn measure(clock: &SharedClock) -> Vec<Figure> {
    let folder = tempfile::tempdir().unwrap();
    let (echoes, asked) = (echoes(clock).await, asked(folder.path(), clock).await);
    let (bare, connected) = (bare_connects(), connected(folder.path(), clock).await);
    let asked = [("p50", 0.5, 2.0), ("p99", 0.99, 4.0)].map(|(name, part, times)| Figure {
        name: format!("Invitation sent → pop-up asked for at the other side, {IDLE} idle devices, {name}"),
        ours: Quantity::Time(asked.quantile(part)),
        floor: Some(Quantity::Time(echoes.quantile(part))),
        marks: vec![Mark::TimesTheFloor(times)],
    });
    let connected = Figure {
        name: "Connect pressed → session runs at both sides, p50".to_owned(),
        ours: Quantity::Time(connected.quantile(0.5)),
        floor: Some(Quantity::Time(bare.quantile(0.5))),
        marks: vec![Mark::TimesTheFloor(3.0)],
    };
    asked.into_iter().chain([connected]).collect()
}

async fn asked(folder: &Path, clock: &SharedClock) -> Sample {
    let service = Service::starts().await;
    let _crowd = crowd::devices(&service.origin, 0..IDLE).await;
    let ana = guest("Ana", &service, folder, clock).await;
    let mut times = Vec::new();
    for number in 0..INVITERS {
        let dana = guest(&format!("Dana {number}"), &service, folder, clock).await;
        for _ in 0..INVITATIONS_A_MINUTE {
            let new = invitation_for(device_of(&ana));
            let id = new.id;
            let before = clock.monotonic();
            let (sent, at) = tokio::join!(dana.client.invite(new), async {
                waits(&ana, id).await;
                clock.monotonic()
            });
            sent.unwrap();
            times.push(at - before);
            dana.client.cancel_invitation(id).await.unwrap();
        }
        dana.client.shut_down().await;
    }
    ana.client.shut_down().await;
    Sample::of(times)
}

async fn connected(folder: &Path, clock: &SharedClock) -> Sample {
    let service = Service::starts().await;
    let viewer = guest("Emil", &service, folder, clock).await;
    let hosts = [guest("Fay", &service, folder, clock).await, guest("Gus", &service, folder, clock).await];
    let mut times: Vec<Duration> = Vec::new();
    for number in 0..SESSIONS {
        let host = &hosts[number as usize % hosts.len()];
        let new = invitation_for(device_of(&viewer));
        let id = new.id;
        host.client.invite(new).await.unwrap();
        let revision = waits(&viewer, id).await.view.revision;
        let before = clock.monotonic();
        let session = viewer.client.accept_invitation(id, revision).await.unwrap();
        tokio::join!(viewer.talks(), host.talks());
        times.push(clock.monotonic() - before);
        viewer.client.end_session(session).await.unwrap();
        tokio::join!(viewer.sees_the_end_of(session), host.sees_the_end_of(session));
        viewer.client.session_window_closed(session).await;
        host.client.session_window_closed(session).await;
    }
    viewer.client.shut_down().await;
    for host in &hosts {
        host.client.shut_down().await;
    }
    Sample::of(times)
}

fn bare_connects() -> Sample {
    let output = Command::new(built("BECKON_BARE_CONNECT_BIN")).output().unwrap();
    assert!(output.status.success(), "no bare connections: {output:?}");
    let lines = String::from_utf8(output.stdout).unwrap();
    Sample::of(lines.lines().map(|nanos| Duration::from_nanos(nanos.parse().unwrap())).collect())
}

async fn waits(invited: &Person, id: InvitationId) -> InvitationState {
    invited
        .sees("the invitation", |client| {
            let mut all = client.introductions_state().invitations.into_iter();
            all.find(|one| one.view.id == id && one.view.state == InvitationStateName::Pending)
        })
        .await
}
