//! Every act in every state, and what the product page says beside it.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::*;
use crate::act_table::{Cell, cells};
use crate::permission::ProfileId;

/// One row for each act: the state afterwards, `=` where nothing changes, `-` where it is over and refused by
/// name, `other` where the act belongs to the other side.
const TABLE: &str = "
act                        pending   gone      accepted rejected cancelled expired
edit                       edited    edited    -        -        -         -
edit to the same           =         =         -        -        -         -
cancel                     cancelled cancelled -        -        =         -
accept                     accepted  accepted  =        -        -         -
accept, another session    accepted  accepted  -        -        -         -
accept, an older revision  older     older     -        -        -         -
reject                     rejected  rejected  -        =        -         -
the inviter is gone        gone      =         =        =        =         =
the inviter is back        =         pending   =        =        =         =
half a minute              =         cancelled =        =        =         =
two minutes                expired   cancelled =        =        =         =
blocked                    blocked   blocked   =        blocked  blocked   blocked
edit, by the invited       other     other     other    other    other     other
cancel, by the invited     other     other     other    other    other     other
accept, by the inviter     other     other     other    other    other     other
reject, by the inviter     other     other     other    other    other     other
accept, by a stranger      other     other     other    other    other     other
reject, by a stranger      other     other     other    other    other     other
";

#[test]
fn every_act_in_every_state_does_what_the_table_says() {
    let cells = cells(TABLE);
    assert_eq!(cells.len(), 18 * 6);
    for Cell { act, state, expected } in cells {
        let before = invitation_in(state);
        let outcome = perform(act, before.clone());
        assert_eq!(describe(&before, &outcome), expected, "{act} while {state}: {outcome:?}");
    }
}

fn describe(before: &Invitation, outcome: &Result<Invitation, InvitationRefusal>) -> &'static str {
    match outcome {
        Ok(after) if after == before => "=",
        Ok(after) if after.invited != before.invited => "blocked",
        Ok(after) if after.offer != before.offer => "edited",
        Ok(Invitation { state: InvitationState::Pending { gone_since: Some(_) }, .. }) => "gone",
        Ok(after) => after.state.name().as_str(),
        Err(InvitationRefusal::Over { .. }) => "-",
        Err(InvitationRefusal::OlderRevision { .. }) => "older",
        Err(InvitationRefusal::NotYours) => "other",
    }
}

fn perform(act: &str, before: Invitation) -> Result<Invitation, InvitationRefusal> {
    let (seen, other) = (before.offer.revision, SessionId(Uuid::from_u128(9)));
    let (name, full) = ("Full access".parse::<Name>().unwrap(), ProfileId::FullAccess.permissions());
    let same = before.offer.clone();
    match act {
        "edit" => before.edit(ana(), name, full),
        "edit to the same" => before.edit(ana(), same.profile, same.permissions),
        "cancel" => before.cancel(ana(), now()),
        "accept" => before.accept(ben(), seen, session(), now()),
        "accept, another session" => before.accept(ben(), seen, other, now()),
        "accept, an older revision" => before.accept(ben(), Revision(0), session(), now()),
        "reject" => before.reject(ben(), now()),
        "the inviter is gone" => Ok(before.inviter_gone(now())),
        "the inviter is back" => Ok(before.inviter_back()),
        "half a minute" => Ok(before.elapse(now() + SENDER_GONE_FOR)),
        "two minutes" => Ok(before.elapse(now() + INVITATION_LASTS)),
        "blocked" => Ok(before.blocked()),
        "edit, by the invited" => before.edit(ben(), name, full),
        "cancel, by the invited" => before.cancel(ben(), now()),
        "accept, by the inviter" => before.accept(ana(), seen, session(), now()),
        "reject, by the inviter" => before.reject(ana(), now()),
        "accept, by a stranger" => before.accept(eve(), seen, session(), now()),
        "reject, by a stranger" => before.reject(eve(), now()),
        _ => panic!("the table names an unknown act: {act}"),
    }
}

fn invitation_in(state: &str) -> Invitation {
    let pending = sent();
    match state {
        "pending" => pending,
        "gone" => pending.inviter_gone(now()),
        "accepted" => pending.accept(ben(), Revision(1), session(), now()).unwrap(),
        "rejected" => pending.reject(ben(), now()).unwrap(),
        "cancelled" => pending.cancel(ana(), now()).unwrap(),
        "expired" => pending.elapse(now() + INVITATION_LASTS),
        _ => panic!("unknown state {state}"),
    }
}

fn sent() -> Invitation {
    let offer = ("Default".parse().unwrap(), ProfileId::Default.permissions());
    let id = InvitationId(Uuid::from_u128(1));
    Invitation::send(id, ana(), Target::Id(ben()), Some(ben()), offer, now())
}

fn session() -> SessionId {
    SessionId(Uuid::from_u128(2))
}

fn ana() -> DeviceId {
    200_000_001.try_into().unwrap()
}

fn ben() -> DeviceId {
    200_000_002.try_into().unwrap()
}

fn eve() -> DeviceId {
    200_000_003.try_into().unwrap()
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

#[test]
fn an_edit_makes_a_new_revision_and_does_not_extend_the_time() {
    let edited = perform("edit", sent()).unwrap();
    assert_eq!((edited.offer.revision, edited.expires_at()), (Revision(2), now() + INVITATION_LASTS));
    let older = edited.clone().accept(ben(), Revision(1), session(), now());
    assert_eq!(older, Err(InvitationRefusal::OlderRevision { current: Revision(2) }));
    assert!(edited.clone().accept(ben(), Revision(2), session(), now()).is_ok());
    assert!(edited.reject(ben(), now()).is_ok(), "whatever it offers");
}

#[test]
fn it_expires_at_two_minutes_and_not_before() {
    let almost = now() + INVITATION_LASTS - TimeDelta::milliseconds(1);
    assert_eq!(sent().elapse(almost), sent());
    let late = sent().elapse(now() + TimeDelta::hours(1));
    assert_eq!(late.state, InvitationState::Expired { at: now() + INVITATION_LASTS });
}

#[test]
fn an_inviter_who_goes_at_the_end_leaves_it_to_the_clock() {
    let gone = sent().inviter_gone(now() + TimeDelta::seconds(100));
    let ended = gone.elapse(now() + TimeDelta::minutes(5));
    assert_eq!(ended.state.name(), InvitationStateName::Expired);
    let gone = sent().inviter_gone(now() + TimeDelta::seconds(10));
    let ended = gone.elapse(now() + TimeDelta::minutes(5));
    assert_eq!(ended.state, InvitationState::Cancelled { at: now() + TimeDelta::seconds(40) });
}

#[test]
fn a_state_survives_the_store() {
    for state in ["pending", "gone", "accepted", "rejected", "cancelled", "expired"] {
        let state = invitation_in(state).state;
        let json = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<InvitationState>(&json).unwrap(), state);
    }
}
