//! What is dropped on a window of a session, and may not be sent.

use std::path::PathBuf;

use beckon_client::view::{Hint, NotSent};
use beckon_domain::SessionId;
use beckon_tests::cast::Person;
use beckon_tests::organisation::Organisation;

async fn is_told(person: &Person, session: SessionId, expected: NotSent) {
    let mut hints = person.client.hints();
    person.client.send_dropped(session, vec![PathBuf::from("report.pdf")]);
    loop {
        if let Hint::NotSent { id, why } = hints.recv().await.unwrap() {
            return assert_eq!((id, why), (session, expected));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_dropped_while_file_transfer_is_off_is_told_on_both_sides_and_goes_nowhere() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let (_, session) = acme.session(&ana, &dana).await;
    for person in [&ana, &dana] {
        is_told(person, session, NotSent::NotAllowed).await;
        assert!(person.client.transfers(session).is_empty());
    }
    acme.closes([ana, dana]).await;
}
