//! Whom one may invite, how often, and what one learns about them.

use beckon_domain::link::Target;
use beckon_domain::session_request::Revision;
use beckon_domain::{InvitationId, invitation::InvitationStateName as State};
use beckon_service::admin;
use beckon_wire::Code;
use beckon_wire::changes::Thing;
use beckon_wire::invitation::InvitationAct;

use crate::cast::Player;
use crate::neighbours::Neighbours;
use crate::scenes::code;

#[tokio::test]
async fn ones_own_id_and_alias_are_refused() {
    let Neighbours { stage, ana, .. } = &Neighbours::at_home().await;
    assert_eq!(code(ana.invites(ana).await), Code::OwnId);
    admin::adopt_device(&stage.office().await, ana.id).await.unwrap();
    admin::set_namespace(&stage.office().await, "Acme").await.unwrap();
    ana.chooses_alias(Some("Ana.Lopez")).await.unwrap();
    assert_eq!(code(ana.invites_by(Target::Alias("ana.lopez@ACME".parse().unwrap())).await), Code::OwnId);
}

#[tokio::test]
async fn an_alias_is_found_in_any_case_and_names_its_device_only_once_it_accepts() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    admin::adopt_device(&stage.office().await, ben.id).await.unwrap();
    admin::set_namespace(&stage.office().await, "Acme").await.unwrap();
    ben.chooses_alias(Some("Ben.Low")).await.unwrap();
    let sent = ana.invites_by(Target::Alias("BEN.low@acme".parse().unwrap())).await.unwrap();
    assert!(sent.peer.is_none() && ben.invitation(sent.id).await.is_some());
    ben.accepts(&sent).await.unwrap();
    let peer = ana.invitation(sent.id).await.unwrap().peer.unwrap();
    assert_eq!((peer.device, peer.alias.unwrap().to_string()), (ben.id, "Ben.Low@Acme".to_owned()));
}

/// What the inviter is told, but for what it chose itself.
async fn told(ana: &Player, id: InvitationId) -> String {
    let view = ana.invitation(id).await.unwrap();
    let (id, target) = (serde_json::to_string(&view.id), serde_json::to_string(&view.target));
    let told = serde_json::to_string(&view).unwrap();
    told.replace(&id.unwrap(), "ID").replace(&target.unwrap(), "TARGET")
}

#[tokio::test]
async fn unknown_offline_guest_and_blocking_devices_look_like_one_that_did_not_answer() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let (offline, guest, blocking) = (stage.neighbour().await, stage.guest().await, stage.neighbour().await);
    blocking.blocks(ana).await;
    let unknown = Target::Id(beckon_domain::DeviceId::draw());
    let targets = [ben, &offline, &guest, &blocking].map(|player| Target::Id(player.id));
    let mut sent = Vec::new();
    for target in targets.into_iter().chain([unknown]) {
        sent.push(ana.invites_by(target).await.unwrap().id);
    }
    for hidden in [&guest, &blocking] {
        assert!(hidden.changes("", 0).await.changes.is_empty());
    }
    let first = told(ana, sent[0]).await;
    for id in &sent {
        assert_eq!(told(ana, *id).await, first);
        assert_eq!(ana.edits(*id).await.unwrap().revision, Revision(2));
    }
    stage.pass(120);
    for id in &sent {
        ana.invitation_becomes(*id, State::Expired).await;
    }
    let first = told(ana, sent[0]).await;
    for id in sent {
        assert_eq!(told(ana, id).await, first);
    }
}

#[tokio::test]
async fn blocking_hides_what_was_sent_before_and_tells_nobody() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let sent = ana.invites(ben).await.unwrap();
    let seen = ben.changes("", 0).await;
    let anas = ana.changes("", 0).await;
    let blocked = ben.blocks(ana).await;
    assert_eq!(blocked.iter().map(|block| block.device).collect::<Vec<_>>(), [ana.id]);
    let news = ben.changes(&seen.epoch, seen.cursor).await.changes;
    assert!(matches!(&news[..], [change] if change.thing == Thing::InvitationGone(sent.id)));
    assert_eq!(code(ben.accepts(&sent).await), Code::NotFound);
    let told = ana.changes(&anas.epoch, anas.cursor).await.changes;
    assert!(told.iter().all(|change| change.thing == Thing::Invitation(Box::new(sent.clone()))));
    stage.pass(120);
    ana.invitation_becomes(sent.id, State::Expired).await;
    assert!(ben.invites(ana).await.is_ok(), "who blocks may still invite");
}

#[tokio::test]
async fn a_device_has_five_pending_and_sends_twenty_a_minute() {
    let Neighbours { stage, ana, ben, .. } = &Neighbours::at_home().await;
    let mut pending = Vec::new();
    for _ in 0..5 {
        pending.push(ana.invites(ben).await.unwrap().id);
    }
    let refused = ana.invites(ben).await.unwrap_err();
    assert_eq!((refused.code, refused.params["max"].as_str()), (Code::TooManyPending, "5"));
    for _ in 0..15 {
        ana.does(pending.pop().unwrap(), InvitationAct::Cancel).await.unwrap();
        pending.push(ana.invites(ben).await.unwrap().id);
    }
    ana.does(pending[0], InvitationAct::Cancel).await.unwrap();
    stage.pass(20);
    for _ in 0..80 {
        let refused = ana.invites(ben).await.unwrap_err();
        assert_eq!((refused.code, refused.params["retry_after_s"].as_str()), (Code::Throttled, "40"));
    }
    stage.pass(40);
    assert!(ana.invites(ben).await.is_ok());
    assert!(ben.invites(ana).await.is_ok(), "each device has limits of its own");
}
