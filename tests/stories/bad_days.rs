//! Wrong input, wrong clocks, and a service that is not there.

use std::time::Duration;

use beckon_client::view::Reach;
use beckon_domain::session_request::StatusName;
use beckon_tests::organisation::Organisation;
use beckon_tests::recipient::Browser;
use beckon_tests::{cast, step};
use beckon_wire::Code;
use beckon_wire::request::AssignTo;
use chrono::TimeDelta;

#[tokio::test(flavor = "multi_thread")]
async fn bad_text_is_refused_by_name_and_nothing_is_created() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    for (recipient, comments, code) in [
        ("", "", Code::TextEmpty),
        ("   ", "", Code::TextEmpty),
        (&*"é".repeat(129), "", Code::TextTooLong),
        ("Dana\u{202E}xoF", "", Code::TextForbidden),
        ("Dana\nFox", "", Code::TextForbidden),
        ("Dana", &*"x".repeat(4_001), Code::TextTooLong),
        ("Dana", "a\0b", Code::TextForbidden),
    ] {
        let mut draft = cast::draft(recipient, AssignTo::Myself);
        draft.comments = comments.to_owned();
        let refused = ana.client.create_request(draft).await.unwrap_err();
        assert_eq!(refused.code, code, "{recipient:?} {comments:?}");
        assert!(refused.params.contains_key("field"));
    }
    assert!(ana.lists().is_empty());

    step("What only looks dangerous is kept to the letter");
    let odd = "<script>alert('Dana')</script> \u{5d3}\u{5e0}\u{5d4} 👩🏽‍💻 ' OR 1=1 --";
    let id = ana.creates_a_request_for(odd, AssignTo::Myself).await;
    assert_eq!(ana.client.get_request(id).unwrap().recipient.as_str(), odd);
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_and_dead_codes_each_have_their_answer() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    assert_eq!(dana.joins("ZZZZZ-ZZZZZ").await.unwrap_err().code, Code::LinkUnknown);
    assert_eq!(dana.joins("hello").await.unwrap_err().code, Code::NotAnAddress);

    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let link = ana.client.request_link(request).await.unwrap();
    ana.client.close_request(request).await.unwrap();
    assert_eq!(dana.joins(&link.url).await.unwrap_err().code, Code::LinkClosed);

    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let link = ana.client.request_link(request).await.unwrap();
    acme.clock.advance(Duration::from_secs(24 * 60 * 60));
    acme.clock_runs_until(ana.sees_request(request, StatusName::Expired)).await;
    acme.clock_runs_until(dana.is_online()).await;
    assert_eq!(dana.joins(&link.url).await.unwrap_err().code, Code::LinkExpired);
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_scanner_changes_nothing() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let link = ana.client.request_link(request).await.unwrap();
    Browser::open().scans(&link.url).await;
    assert_eq!(
        ana.client.request_history(request).await.unwrap().len(),
        1,
        "only the creation is in the history"
    );
    assert_eq!(ana.client.get_request(request).unwrap().status, StatusName::Open);
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_becomes_slow() {
    let acme = Organisation::opens().await;
    let eve = acme.guest("Eve").await;
    let mut answer = Code::LinkUnknown;
    for guess in 0..11 {
        answer = eve.joins(&format!("ZZZZZ-ZZZ{guess:02}")).await.unwrap_err().code;
    }
    assert_eq!(answer, Code::Throttled);
    acme.closes([eve]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_service_the_cached_rows_are_shown() {
    let mut acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    acme.stops().await;

    step("Ana starts the program while the service is gone");
    let ana = ana.restarts().await;
    assert_eq!(ana.lists().iter().map(|row| row.id).collect::<Vec<_>>(), [request]);
    ana.sees("that the service is offline", |client| {
        (client.state().home?.reach == Reach::Offline).then_some(())
    })
    .await;
    let home = ana.client.state().home.unwrap();
    assert_eq!(home.organisation.unwrap().as_str(), "Acme");
    assert!(home.device.is_some() && home.account.is_some());
    assert_eq!(ana.client.close_request(request).await.unwrap_err().code, Code::Unreachable);

    step("The service returns");
    acme.starts_again().await;
    acme.clock_runs_until(ana.is_online()).await;
    ana.creates_a_request_for("Li Wei", AssignTo::Myself).await;
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong_by_an_hour_matters_to_nobody() {
    let acme = Organisation::opens().await;
    let ana = acme.agent_with_clock("Ana", TimeDelta::hours(1)).await;
    let dana = acme.guest_with_clock("Dana", TimeDelta::hours(-1)).await;
    assert_eq!(ana.client.state().home.unwrap().clock_ahead_s, 3_600);
    assert_eq!(dana.client.state().home.unwrap().clock_ahead_s, -3_600);
    let request = acme.ready_request(&ana, &dana).await;
    ana.client.connect(request).await.unwrap();
    assert_eq!(ana.talks().await.words, dana.talks().await.words);
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_or_damaged_cache_is_made_anew() {
    let acme = Organisation::opens().await;
    let ana = acme.agent("Ana").await;
    let request = ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
    let ana = ana.restarts_with(|cache| std::fs::remove_dir_all(cache).unwrap()).await;
    ana.sees_request(request, StatusName::Open).await;
    let ana = ana
        .restarts_with(|cache| {
            for file in std::fs::read_dir(cache).unwrap() {
                std::fs::write(file.unwrap().path(), b"not a database").unwrap();
            }
        })
        .await;
    ana.sees_request(request, StatusName::Open).await;
    acme.closes([ana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_falls_silent_is_no_longer_ready() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest_behind_a_cable("Dana").await);
    let request = acme.ready_request(&ana, &dana).await;
    acme.guest_cable().pull();
    acme.clock_runs_until(ana.sees_request(request, StatusName::Waiting)).await;

    step("Dana is back and still bound; access must be given anew");
    acme.guest_cable().plug_in();
    acme.clock_runs_until(dana.is_online()).await;
    acme.clock_runs_until(dana.allows()).await.unwrap();
    ana.sees_request(request, StatusName::Ready).await;
    acme.closes([ana, dana]).await;
}
