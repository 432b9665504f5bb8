//! Calling somebody to see and control their computer.

use beckon_client::Turn;
use beckon_client::view::{Ending, Occasion, Phase, SessionSide};
use beckon_domain::call::CallStateName as State;
use beckon_domain::{Permission, PermissionSet, SessionId};
use beckon_tests::cast::Person;
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;

use crate::introduced::{
    are_in_a_call, chat_and_mouse, device_of, places_call, rings, sees_call, two_people,
};

/// What every computer can carry out.
const SYSINFO: Permission = Permission::Sysinfo;

#[tokio::test(flavor = "multi_thread")]
async fn who_is_called_allows_it_and_the_caller_sees_their_screen() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;

    step("Ana calls Dana's ID");
    let call = places_call(&ana, &device_of(&dana).to_string()).await;
    assert_eq!(sees_call(&ana, call, State::Ringing).await.view.peer, None);
    let ringing = rings(&dana).await;
    assert_eq!(ringing.view.peer.unwrap().device, device_of(&ana));

    step("Dana allows the mouse");
    dana.client.allow_call(call, chat_and_mouse()).await.unwrap();
    let (at_ana, at_dana) = (ana.talks().await, dana.talks().await);
    assert_eq!((at_ana.side, at_dana.side), (SessionSide::Viewer, SessionSide::Host));
    assert_eq!((at_dana.occasion, at_ana.words), (Occasion::Call(call), at_dana.words));
    dana.client.send_chat(at_dana.id, "hello Ana".into()).await.unwrap();
    ana.reads(at_ana.id, "hello Ana").await;

    step("Dana ends it");
    dana.client.end_session(at_dana.id).await.unwrap();
    assert_eq!(ana.sees_the_end_of(at_ana.id).await, Phase::Ended { why: Ending::ByHost });
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_ends_by_deny_cancel_or_after_a_minute() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    let number = device_of(&dana).to_string();

    step("Dana denies");
    let denied = places_call(&ana, &number).await;
    assert_eq!(rings(&dana).await.view.id, denied);
    dana.client.deny_call(denied).await.unwrap();
    sees_call(&ana, denied, State::Rejected).await;

    step("Ana calls again, one call at a time, and cancels");
    let cancelled = places_call(&ana, &number).await;
    rings(&dana).await;
    let second = ana.client.call_typed("nobody@nowhere").unwrap_err();
    assert_eq!(second.code, Code::AlreadyCalling);
    ana.client.cancel_call(cancelled).await.unwrap();
    sees_call(&dana, cancelled, State::Cancelled).await;
    let late = dana.client.allow_call(cancelled, chat_and_mouse()).await.unwrap_err();
    assert_eq!(late.code, Code::CallOver);

    step("Nobody answers");
    let missed = places_call(&ana, &number).await;
    rings(&dana).await;
    acme.clock_runs_until(sees_call(&ana, missed, State::Missed)).await;
    sees_call(&dana, missed, State::Missed).await;
    assert!(ana.client.state().sessions.is_empty() && dana.client.state().sessions.is_empty());
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_blocking_and_not_to_be_disturbed_all_look_like_no_answer() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    let number = device_of(&dana).to_string();
    let own = ana.client.call_typed(&device_of(&ana).to_string()).unwrap_err();
    assert_eq!(own.code, Code::OwnId);

    let unknown = places_call(&ana, "nobody@nowhere").await;
    let unknown = acme.clock_runs_until(sees_call(&ana, unknown, State::Missed)).await.view;

    step("Dana does not want to be disturbed");
    let quiet = beckon_client::preferences::Preferences { do_not_disturb: true, ..dana.client.preferences() };
    dana.client.set_preferences(quiet).unwrap();
    let call = places_call(&ana, &number).await;
    let quiet = acme.clock_runs_until(sees_call(&ana, call, State::Missed)).await.view;
    sees_call(&dana, call, State::Missed).await;

    step("Dana blocks Ana");
    dana.client.set_block(device_of(&ana), true).await.unwrap();
    let call = places_call(&ana, &number).await;
    let blocked = acme.clock_runs_until(sees_call(&ana, call, State::Missed)).await.view;
    for view in [&unknown, &quiet, &blocked] {
        assert_eq!((&view.peer, &view.session), (&None, &None));
        assert_eq!(view.rings_until - view.placed_at, unknown.rings_until - unknown.placed_at);
    }
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_call_each_other_both_ring() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    let to_dana = places_call(&ana, &device_of(&dana).to_string()).await;
    let to_ana = places_call(&dana, &device_of(&ana).to_string()).await;
    assert_eq!(rings(&dana).await.view.id, to_dana);
    assert_eq!(rings(&ana).await.view.id, to_ana);

    step("Ana answers; Dana, who sees her screen now, cannot answer too");
    ana.client.allow_call(to_ana, chat_and_mouse()).await.unwrap();
    dana.talks().await;
    ana.talks().await;
    let refused = dana.client.allow_call(to_dana, chat_and_mouse()).await.unwrap_err();
    assert_eq!(refused.code, Code::InASession);
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_quits_does_not_ring_on() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    let call = places_call(&ana, &device_of(&dana).to_string()).await;
    rings(&dana).await;
    let ana = ana.restarts().await;
    sees_call(&dana, call, State::Cancelled).await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn switches_of_a_session_after_a_call_act_while_it_runs() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    let session = are_in_a_call(&ana, &dana, chat_and_mouse().with(SYSINFO)).await;

    let gone = |permissions: PermissionSet| !permissions.contains(SYSINFO);
    holds(&ana, session, |permissions| !gone(permissions)).await;
    dana.client.turn_switch(session, SYSINFO, Turn::Off).unwrap();
    holds(&ana, session, gone).await;
    dana.client.turn_switch(session, SYSINFO, Turn::On).unwrap();
    holds(&ana, session, |permissions| !gone(permissions)).await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_is_closed_is_never_a_yes() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    let number = device_of(&dana).to_string();

    step("Dana closes the window that asks");
    let call = places_call(&ana, &number).await;
    rings(&dana).await;
    dana.client.ring_window_closed(call).await;
    sees_call(&ana, call, State::Rejected).await;

    step("Ana calls again, and closes the window that says so");
    let call = ana.client.call_again(call).unwrap();
    rings(&dana).await;
    ana.client.call_window_closed(call).await;
    sees_call(&dana, call, State::Cancelled).await;
    assert!(dana.client.ringing().is_empty());

    step("Nothing is left to close");
    dana.client.ring_window_closed(call).await;
    ana.client.call_window_closed(call).await;
    sees_call(&ana, call, State::Cancelled).await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_not_to_be_disturbed_has_nothing_to_ring() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    places_call(&ana, &device_of(&dana).to_string()).await;
    rings(&dana).await;
    assert_eq!(dana.client.ringing().len(), 1);
    let quiet = beckon_client::preferences::Preferences { do_not_disturb: true, ..dana.client.preferences() };
    dana.client.set_preferences(quiet).unwrap();
    assert!(dana.client.ringing().is_empty());
    acme.closes([ana, dana]).await;
}

async fn holds(person: &Person, session: SessionId, what: impl Fn(PermissionSet) -> bool) -> PermissionSet {
    person
        .sees("other permissions", |client| {
            client.session_state(session).map(|state| state.permissions).filter(|held| what(*held))
        })
        .await
}
