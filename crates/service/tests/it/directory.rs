use beckon_domain::Role;
use beckon_domain::keys::SignedFor;
use beckon_service::admin;
use beckon_wire::device::{Challenge, ChallengeBody, DeviceSignIn, DeviceToken};
use beckon_wire::directory::Directory;
use beckon_wire::{Code, paths};

use crate::cast::{PASSWORD, Player, Stage, email};
use crate::scenes::code;

fn agents(directory: &Directory) -> Vec<&str> {
    directory.agents.iter().map(|agent| agent.name.as_str()).collect()
}

fn queues(directory: &Directory) -> Vec<(&str, bool)> {
    directory.queues.iter().map(|queue| (queue.name.as_str(), queue.mine)).collect()
}

/// The device comes back under another name.
async fn is_renamed(stage: &Stage, player: &Player, name: &str) {
    let post = async |path: &str, body: String| {
        stage.http.post(format!("{}{path}", stage.origin())).body(body).send().await.unwrap()
    };
    let asked = serde_json::to_string(&ChallengeBody { key: player.key.public() }).unwrap();
    let Challenge { challenge } = post(paths::DEVICE_CHALLENGE, asked).await.json().await.unwrap();
    let signature = player.key.sign(SignedFor::SignIn, challenge.as_bytes());
    let (key, name) = (player.key.public(), name.parse().ok());
    let sign_in = DeviceSignIn { key, challenge, signature, name, version: "0.1.0".to_owned() };
    let answer = post(paths::DEVICE_SIGN_IN, serde_json::to_string(&sign_in).unwrap()).await;
    answer.json::<DeviceToken>().await.unwrap();
}

#[tokio::test]
async fn everyone_signed_in_is_told_whom_a_request_can_be_given_to() {
    let stage = Stage::open().await;
    let ana = stage.agent("ana").await;
    let (viewer, olga) = (stage.person("Vic", Role::Viewer).await, stage.person("Olga", Role::Owner).await);
    let (ben, guest) = (stage.agent("Ben").await, stage.guest().await);
    stage.queue("tier 2", &[]).await;
    stage.queue("Tier 1", &["ana"]).await;
    admin::disable_account(&stage.office().await, &email("Ben")).await.unwrap();

    let anas = ana.directory().await;
    assert_eq!(agents(&anas), ["ana", "Olga"], "neither viewers nor who is disabled");
    assert_eq!(queues(&anas), [("Tier 1", true), ("tier 2", false)]);
    let mut of_the_organisation = [ana.id, viewer.id, olga.id, ben.id];
    of_the_organisation.sort();
    let devices: Vec<_> = anas.devices.iter().map(|device| device.id).collect();
    assert_eq!(devices, of_the_organisation, "sorted by name, then by ID");
    assert!(anas.devices.iter().all(|device| device.name.is_some() && device.alias.is_none()));

    let vics = viewer.directory().await;
    assert_eq!((&vics.agents, &vics.devices), (&anas.agents, &anas.devices));
    assert_eq!(queues(&vics), [("Tier 1", false), ("tier 2", false)]);
    assert_eq!(code(guest.get::<Directory>(paths::DIRECTORY).await), Code::Forbidden);
    assert_eq!(guest.changes("", 0).await.directory, None);
}

#[tokio::test]
async fn whatever_changes_in_it_changes_its_tag_and_wakes_those_who_read_it() {
    let stage = Stage::open().await;
    let (ana, other) = (stage.agent("Ana").await, stage.guest().await);
    stage.account("Ben", Role::SupportAgent).await;
    let office = stage.office().await;
    let tier = "Tier 1".parse().unwrap();
    stage.pass(1);
    let mut push = ana.opens_push().await;
    let mut seen = ana.changes("", 0).await;
    let mut told = async |what: &str| {
        stage.pass(1);
        let woken = push.wakes().await.unwrap();
        let now = ana.changes(&seen.epoch, seen.cursor).await;
        assert!(woken > seen.cursor, "{what}");
        assert_ne!(now.directory, seen.directory, "{what}");
        seen = now;
    };
    admin::create_queue(&office, &tier).await.unwrap();
    told("a queue").await;
    admin::add_to_queue(&office, &tier, &email("Ana")).await.unwrap();
    told("her own queue").await;
    admin::disable_account(&office, &email("Ben")).await.unwrap();
    told("a disabled agent").await;
    admin::enable_account(&office, &email("Ben")).await.unwrap();
    told("an enabled agent").await;
    stage.account("Cem", Role::SupportAgent).await;
    told("a new agent").await;
    other.sign_in(&stage, "Ben").await;
    told("a device of the organisation").await;
    is_renamed(&stage, &other, "Front desk").await;
    told("another name").await;
    admin::forget_device(&office, other.id).await.unwrap();
    told("a forgotten device").await;
    let adopted = stage.guest().await;
    admin::adopt_device(&office, adopted.id).await.unwrap();
    told("an adopted device").await;
}

#[tokio::test]
async fn what_changes_nothing_in_it_leaves_its_tag() {
    let stage = Stage::open().await;
    let (ana, other) = (stage.agent("Ana").await, stage.guest().await);
    stage.account("Ben", Role::SupportAgent).await;
    other.sign_in(&stage, "Ben").await;
    let before = ana.changes("", 0).await.directory;
    assert!(before.is_some());
    other.post::<()>(paths::ACCOUNT_SIGN_OUT, &()).await.unwrap();
    other.sign_in(&stage, "Ben").await;
    other.back(&stage).await;
    let guest = stage.guest().await;
    is_renamed(&stage, &guest, "A guest's").await;
    admin::set_password(&stage.office().await, &email("Ben"), PASSWORD).await.unwrap();
    ana.creates("Dana", beckon_wire::request::AssignTo::Myself).await;
    assert_eq!(ana.changes("", 0).await.directory, before);
    assert_ne!(other.changes("", 0).await.directory, before, "nobody is signed in there");
}
