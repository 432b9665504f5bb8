//! A service that lies. It introduces and relays; it must not be able to let itself in.

use beckon_client::view::{Ending, Phase};
use beckon_domain::session_request::StatusName;
use beckon_tests::organisation::Organisation;
use beckon_tests::step;
use beckon_wire::Code;
use beckon_wire::request::Connect;

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_says_yes_for_the_person_admits_nobody() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let request = acme.joined_request(&ana, &dana).await;
    let shown = dana.is_asked().await;

    step("Dana has not answered, but the service writes down that they allowed it");
    acme.forges_a_yes(request);
    ana.client.comment_request(request, "now everyone looks again".into()).await.unwrap();
    // Dana's client may have corrected it already; whoever is still in time gets no further.
    if let Ok(session) = ana.client.connect(request).await {
        let end = acme.clock_runs_until(ana.sees_the_end_of(session)).await;
        assert!(
            matches!(end, Phase::Ended { why: Ending::NotAnswered | Ending::CouldNotConnect }),
            "{end:?}"
        );
    }

    step("Dana's client knows better, and corrects the service");
    let row = acme.clock_runs_until(ana.sees_request(request, StatusName::Waiting)).await;
    assert_ne!(row.connect, Connect::Connect);
    let still = dana.is_asked().await;
    assert_eq!((still.request, still.session), (shown.request, None));
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_with_another_key_is_not_spoken_to() {
    let mut acme = Organisation::opens().await;
    let dana = acme.guest("Dana").await;
    acme.stops().await;

    step("Somebody else answers at the same address, with another key");
    acme.loses_its_keys();
    acme.starts_again().await;
    acme.clock_runs_until(dana.sees("the changed key", |client| {
        (client.state().home?.reach == beckon_client::view::Reach::KeyChanged).then_some(())
    }))
    .await;
    let refused = dana.joins("7Q4MX-2K9TD").await.unwrap_err();
    assert_eq!(refused.code, Code::ServiceKeyChanged);
    acme.closes([dana]).await;
}
