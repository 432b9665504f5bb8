//! Calls that are answered late, whose service is slow, whose caller vanishes, and that reach somebody who is in a
//! session.

use std::sync::{Mutex, mpsc};
use std::time::Duration;

use beckon_client::view::Phase;
use beckon_domain::Clock as _;
use beckon_domain::call::CallStateName as State;
use beckon_tests::cast::Person;
use beckon_tests::forger::Forger;
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;

use crate::introduced::{
    are_in_a_call, chat_and_mouse, device_of, is_at_home, places_call, rings, sees_call, two_people,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_answered_in_its_last_second_and_not_after_it() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    let number = device_of(&dana).to_string();
    let missed = places_call(&ana, &number).await;
    rings(&dana).await;
    acme.clock_runs_until(sees_call(&dana, missed, State::Missed)).await;
    let late = dana.client.allow_call(missed, chat_and_mouse()).await.unwrap_err();
    assert_eq!(late.code, Code::CallOver);

    let call = ana.client.call_again(missed).unwrap();
    let until = rings(&dana).await.view.rings_until;
    let rest = (until - acme.clock.now()).to_std().unwrap();
    acme.clock_runs_until(acme.clock.sleep(rest - Duration::from_secs(1))).await;
    dana.client.allow_call(call, chat_and_mouse()).await.unwrap();
    ana.talks().await;
    dana.talks().await;
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_service_is_slow_is_there_at_once_and_is_taken_back_whenever_it_is_cancelled() {
    let acme = Organisation::opens().await;
    let (answers, held) = mpsc::sync_channel::<()>(1);
    let held = Mutex::new(held);
    let slow = Forger::before(acme.address(), move |said| {
        if said["state"] == "ringing" && said["way"] == "outgoing" {
            let _ = tokio::task::block_in_place(|| held.lock().unwrap().recv());
        }
    })
    .await;
    let (ana, dana) = (acme.guest_who_starts_behind(&slow, "Ana"), acme.guest("Dana").await);
    is_at_home(&ana).await;
    is_at_home(&dana).await;
    let number = device_of(&dana).to_string();

    step("Ana calls; while the service is silent it is one call, and the only one");
    let call = ana.client.call_typed(&number).unwrap();
    assert_eq!(ana.client.call_typed(&number), Ok(call));
    let second = ana.client.call_typed("nobody@nowhere").unwrap_err();
    assert_eq!(second.code, Code::AlreadyCalling);

    step("Dana is asked meanwhile; Ana closes her window");
    assert_eq!(rings(&dana).await.view.id, call);
    sees_call(&ana, call, State::Ringing).await;
    ana.client.call_window_closed(call).await;
    sees_call(&dana, call, State::Cancelled).await;
    answers.send(()).unwrap();

    step("She calls again, and cancels before anything was heard");
    let call = ana.client.call_again(call).unwrap();
    ana.client.cancel_call(call).await.unwrap();
    assert_eq!(ana.client.introductions_state().placing, None);
    drop(answers);
    let next = places_call(&ana, "nobody@nowhere").await;
    ana.sees("nothing of it that rings", |client| {
        let calls = client.introductions_state().calls;
        calls.iter().all(|one| one.view.id != call || one.view.state == State::Cancelled).then_some(())
    })
    .await;
    assert!(dana.client.ringing().is_empty());
    ana.client.cancel_call(next).await.unwrap();
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_whose_line_is_cut_does_not_ring_on_and_learns_it_on_their_return() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.guest_behind_a_cable("Ana").await, acme.guest("Dana").await);
    is_at_home(&ana).await;
    is_at_home(&dana).await;
    let call = places_call(&ana, &device_of(&dana).to_string()).await;
    let rang = rings(&dana).await.view;

    acme.guest_cable().pull();
    let over = acme.clock_runs_until(sees_call(&dana, call, State::Cancelled)).await.view;
    assert!(over.decided_at.unwrap() < rang.rings_until, "before its minute was over");
    let late = dana.client.allow_call(call, chat_and_mouse()).await.unwrap_err();
    assert_eq!(late.code, Code::CallOver);

    acme.guest_cable().plug_in();
    acme.clock_runs_until(sees_call(&ana, call, State::Cancelled)).await;
    assert!(ana.client.state().sessions.is_empty() && dana.client.state().sessions.is_empty());
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shares_their_screen_may_let_a_second_caller_in_and_who_sees_one_lets_in_nobody() {
    let acme = Organisation::opens().await;
    let (ana, dana) = two_people(&acme).await;
    let ben = acme.guest("Ben").await;
    is_at_home(&ben).await;
    let anas = are_in_a_call(&ana, &dana, chat_and_mouse()).await;

    step("Ben calls Dana, who shares her screen already");
    let second = places_call(&ben, &device_of(&dana).to_string()).await;
    assert_eq!(rings(&dana).await.view.id, second);
    dana.client.allow_call(second, chat_and_mouse()).await.unwrap();
    let bens = ben.talks().await.id;
    runs(&dana, 2).await;
    assert_eq!(ana.client.session_state(anas).unwrap().phase, Phase::Running);

    step("Ana leaves, and Ben stays");
    ana.client.end_session(anas).await.unwrap();
    dana.sees_the_end_of(anas).await;
    runs(&dana, 1).await;

    step("Ana calls Ben, who sees a screen: it rings, and he cannot let her in");
    let third = places_call(&ana, &device_of(&ben).to_string()).await;
    assert_eq!(rings(&ben).await.view.id, third);
    let refused = ben.client.allow_call(third, chat_and_mouse()).await.unwrap_err();
    assert_eq!(refused.code, Code::InASession);
    assert_eq!(rings(&ben).await.view.id, third, "it rings on");

    step("Until he has left");
    ben.client.end_session(bens).await.unwrap();
    dana.sees_the_end_of(bens).await;
    ben.client.allow_call(third, chat_and_mouse()).await.unwrap();
    ana.sees("a session with Ben", |client| {
        let all = client.state().sessions.into_iter().filter_map(|id| client.session_state(id));
        all.filter(|session| session.id != anas).find(|session| session.phase == Phase::Running)
    })
    .await;
    acme.closes([ana, dana, ben]).await;
}

async fn runs(host: &Person, count: usize) {
    host.sees(&format!("{count} sessions that run"), |client| {
        let all = client.state().sessions.into_iter().filter_map(|id| client.session_state(id));
        (all.filter(|session| session.phase == Phase::Running).count() == count).then_some(())
    })
    .await;
}
