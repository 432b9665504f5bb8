use beckon_domain::DeviceId;
use beckon_domain::link::Target;
use beckon_service::admin;
use beckon_wire::call::CallAct;
use beckon_wire::lookup::{Block, Found, Home, Lookup, OwnDevice, SetBlock};
use beckon_wire::{Code, paths};

use crate::cast::Stage;
use crate::neighbours::Neighbours;
use crate::scenes::{Ready, code};

const NOTHING: Found = Found { device: None, alias: None, name: None, online: None };

#[tokio::test]
async fn a_device_is_a_guest_until_it_says_that_it_is_at_home() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let guest = stage.guest().await;
    let own: OwnDevice = guest.get(paths::HOME).await.unwrap();
    assert!(!own.home && own.alias.is_none() && own.namespace.is_none());
    assert_eq!(code(guest.invites(ana).await), Code::GuestDevice);
    assert_eq!(code(guest.calls(ana).await), Code::GuestDevice);
    let lookup = Lookup { targets: vec![Target::Id(ana.id)] };
    assert_eq!(code(guest.post::<Vec<Found>>(paths::LOOKUP, &lookup).await), Code::GuestDevice);

    let (sent, bens) = (ana.invites(ben).await.unwrap(), ben.invites(ana).await.unwrap());
    ana.post::<OwnDevice>(paths::HOME, &Home { home: false }).await.unwrap();
    let state = ben.invitation(sent.id).await.unwrap().state;
    assert_eq!(state, beckon_domain::invitation::InvitationStateName::Cancelled, "it moved elsewhere");
    assert_eq!(ana.invitation(bens.id).await, None);
    let late = ben.invites(ana).await.unwrap();
    assert_eq!(ana.invitation(late.id).await, None);
}

#[tokio::test]
async fn online_marks_are_for_the_organisations_devices_and_those_one_was_in_a_session_with() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let (offline, unknown) = (stage.neighbour().await, Target::Id(DeviceId::draw()));
    let targets = [Target::Id(ben.id), Target::Id(offline.id), unknown];
    assert_eq!(ana.looks_up(&targets).await, [NOTHING, NOTHING, NOTHING]);

    let office = stage.office().await;
    for player in [ana, ben, &offline] {
        admin::adopt_device(&office, player.id).await.unwrap();
    }
    let found = ana.looks_up(&targets).await;
    let online: Vec<Option<bool>> = found.iter().map(|found| found.online).collect();
    assert_eq!(online, [Some(true), Some(false), None]);
    assert_eq!(found[0].device, Some(ben.id));
    ben.blocks(ana).await;
    let blocking = Found { online: Some(false), ..found[0].clone() };
    assert_eq!(ana.looks_up(&targets).await[0], blocking, "who blocks is not there, and nothing else");
    assert_eq!(ben.looks_up(&[Target::Id(ana.id)]).await[0].online, Some(true));
}

#[tokio::test]
async fn whoever_was_let_in_once_may_know_of_the_other_ever_after() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let placed = ana.calls(ben).await.unwrap();
    assert_eq!(ana.looks_up(&[Target::Id(ben.id)]).await, [NOTHING]);
    ben.on_call(placed.id, CallAct::Accept).await.unwrap();
    assert_eq!(ana.looks_up(&[Target::Id(ben.id)]).await[0].online, Some(true));
    assert_eq!(ben.looks_up(&[Target::Id(ana.id)]).await[0].online, Some(true));
    let eve = stage.neighbour().await;
    ben.blocks(&eve).await;
    assert_eq!(eve.looks_up(&[Target::Id(ben.id)]).await, [NOTHING]);
}

#[tokio::test]
async fn a_guest_is_not_listed_even_after_a_session() {
    let (ready, _session) = Ready::connected().await;
    let Ready { ana, dana, .. } = &ready;
    ana.comes_home().await;
    assert_eq!(ana.looks_up(&[Target::Id(dana.id)]).await, [NOTHING]);
    dana.comes_home().await;
    assert_eq!(ana.looks_up(&[Target::Id(dana.id)]).await[0].device, Some(dana.id));
}

#[tokio::test]
async fn an_alias_is_for_devices_of_the_organisation_in_its_namespace_and_for_one_of_them() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    assert_eq!(code(ana.chooses_alias(Some("ana")).await), Code::Forbidden);
    let office = stage.office().await;
    for player in [ana, ben] {
        admin::adopt_device(&office, player.id).await.unwrap();
    }
    assert_eq!(code(ana.chooses_alias(Some("ana")).await), Code::NoNamespace);
    assert!(admin::set_namespace(&office, "not one").await.is_err());
    admin::set_namespace(&office, "Acme").await.unwrap();
    for bad in ["an", "a b c", "ana@x", "", "ána"] {
        assert_eq!(code(ana.chooses_alias(Some(bad)).await), Code::NotAnAlias, "{bad:?}");
    }
    let own = ana.chooses_alias(Some("Ana.Lopez")).await.unwrap();
    assert_eq!(own.alias.unwrap().to_string(), "Ana.Lopez@Acme");
    assert_eq!(own.namespace.as_deref(), Some("Acme"));
    assert_eq!(code(ben.chooses_alias(Some("ANA.lopez")).await), Code::AliasTaken);
    ana.chooses_alias(Some("ana.LOPEZ")).await.unwrap();

    admin::set_namespace(&office, "beispiel").await.unwrap();
    let moved: OwnDevice = ana.get(paths::HOME).await.unwrap();
    assert_eq!(moved.alias.unwrap().to_string(), "ana.LOPEZ@beispiel");
    let found = ben.looks_up(&[Target::Alias("Ana.Lopez@Beispiel".parse().unwrap())]).await;
    assert_eq!(found[0].device, Some(ana.id));
    ana.chooses_alias(None).await.unwrap();
    assert!(ben.chooses_alias(Some("ana.lopez")).await.is_ok());
}

#[tokio::test]
async fn blocks_are_kept_until_they_are_taken_back() {
    let stage = Stage::open().await;
    let (ana, ben) = (stage.neighbour().await, stage.neighbour().await);
    assert_eq!(ana.blocks(&ben).await, ana.blocks(&ben).await, "twice is once");
    assert_eq!(ana.get::<Vec<Block>>(paths::BLOCKS).await.unwrap().len(), 1);
    let unblock = SetBlock { device: ben.id, blocked: false };
    assert_eq!(ana.post::<Vec<Block>>(paths::BLOCKS, &unblock).await.unwrap(), []);
    let sent = ben.invites(&ana).await.unwrap();
    assert!(ana.invitation(sent.id).await.is_some());
    let oneself = SetBlock { device: ana.id, blocked: true };
    assert_eq!(code(ana.post::<Vec<Block>>(paths::BLOCKS, &oneself).await), Code::OwnId);
}
