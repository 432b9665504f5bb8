//! Every act in every state.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::*;
use crate::act_table::{Cell, cells};

/// One row for each act: the state afterwards, `=` where nothing changes, `-` where it is over and refused by
/// name, `other` where the act belongs to the other side.
const TABLE: &str = "
act                     ringing   gone      accepted rejected cancelled missed
accept                  accepted  accepted  =        -        -         -
reject                  rejected  rejected  -        =        -         -
cancel                  cancelled cancelled -        -        =         -
the caller is gone      gone      =         =        =        =         =
the caller is back      =         ringing   =        =        =         =
half a minute           =         cancelled =        =        =         =
a minute                missed    cancelled =        =        =         =
blocked                 blocked   blocked   =        blocked  blocked   blocked
accept, by the caller   other     other     other    other    other     other
reject, by the caller   other     other     other    other    other     other
cancel, by the called   other     other     other    other    other     other
accept, by a stranger   other     other     other    other    other     other
reject, by a stranger   other     other     other    other    other     other
";

#[test]
fn every_act_in_every_state_does_what_the_table_says() {
    let cells = cells(TABLE);
    assert_eq!(cells.len(), 13 * 6);
    for Cell { act, state, expected } in cells {
        let before = call_in(state);
        let outcome = perform(act, before.clone());
        assert_eq!(describe(&before, &outcome), expected, "{act} while {state}: {outcome:?}");
    }
}

fn describe(before: &Call, outcome: &Result<Call, CallRefusal>) -> &'static str {
    match outcome {
        Ok(after) if after == before => "=",
        Ok(after) if after.called != before.called => "blocked",
        Ok(Call { state: CallState::Ringing { gone_since: Some(_) }, .. }) => "gone",
        Ok(after) => after.state.name().as_str(),
        Err(CallRefusal::Over { .. }) => "-",
        Err(CallRefusal::NotYours) => "other",
    }
}

fn perform(act: &str, before: Call) -> Result<Call, CallRefusal> {
    match act {
        "accept" => before.accept(ben(), now()),
        "reject" => before.reject(ben(), now()),
        "cancel" => before.cancel(ana(), now()),
        "the caller is gone" => Ok(before.caller_gone(now())),
        "the caller is back" => Ok(before.caller_back()),
        "half a minute" => Ok(before.elapse(now() + SENDER_GONE_FOR)),
        "a minute" => Ok(before.elapse(now() + CALL_RINGS)),
        "blocked" => Ok(before.blocked()),
        "accept, by the caller" => before.accept(ana(), now()),
        "reject, by the caller" => before.reject(ana(), now()),
        "cancel, by the called" => before.cancel(ben(), now()),
        "accept, by a stranger" => before.accept(eve(), now()),
        "reject, by a stranger" => before.reject(eve(), now()),
        _ => panic!("the table names an unknown act: {act}"),
    }
}

fn call_in(state: &str) -> Call {
    let ringing = placed();
    match state {
        "ringing" => ringing,
        "gone" => ringing.caller_gone(now()),
        "accepted" => ringing.accept(ben(), now()).unwrap(),
        "rejected" => ringing.reject(ben(), now()).unwrap(),
        "cancelled" => ringing.cancel(ana(), now()).unwrap(),
        "missed" => ringing.elapse(now() + CALL_RINGS),
        _ => panic!("unknown state {state}"),
    }
}

fn placed() -> Call {
    let (id, session) = (CallId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
    Call::place(id, ana(), Target::Id(ben()), Some(ben()), session, now())
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
fn it_rings_for_a_minute_and_may_be_answered_in_its_last_millisecond() {
    let last = now() + CALL_RINGS - TimeDelta::milliseconds(1);
    assert!(placed().elapse(last).accept(ben(), last).is_ok());
    let missed = placed().elapse(now() + CALL_RINGS);
    assert_eq!(missed.state, CallState::Missed { at: now() + CALL_RINGS });
    let state = CallStateName::Missed;
    assert_eq!(missed.accept(ben(), now() + CALL_RINGS), Err(CallRefusal::Over { state }));
}

#[test]
fn a_state_survives_the_store() {
    for state in ["ringing", "gone", "accepted", "rejected", "cancelled", "missed"] {
        let state = call_in(state).state;
        let json = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<CallState>(&json).unwrap(), state);
    }
}
