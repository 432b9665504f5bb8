//! What passes beside the screen: clipboard, files, and what the computer is.

use std::fs;
use std::path::Path;

use beckon_client::Client;
use beckon_client::transfers::{Title, TransferPhase, TransferStop, TransferView};
use beckon_domain::{Permission, PermissionSet, RequestId, SessionId};
use beckon_tests::cast::Person;
use beckon_tests::organisation::Organisation;
use beckon_tests::step;

async fn switches(host: &Person, viewer: &Person, request: RequestId, on: PermissionSet) {
    host.client.set_switches(request, on).unwrap();
    viewer.is_in_session("as the host switched it", |_| true).await;
    viewer
        .sees("the host's switches", |client| {
            let id = *client.state().sessions.first()?;
            (client.session_state(id)?.permissions == on).then_some(())
        })
        .await;
}

/// The only transfer, once it is over.
async fn end_of_transfer(person: &Person, session: SessionId) -> TransferView {
    let over = |client: &Client| {
        let transfer = client.transfers(session).into_iter().next()?;
        let is_over = matches!(transfer.phase, TransferPhase::Done | TransferPhase::Stopped { .. });
        is_over.then_some(transfer)
    };
    person.sees("the end of a transfer", over).await
}

fn folder(place: &Path, name: &str) -> std::path::PathBuf {
    let folder = place.join(name);
    fs::create_dir(&folder).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_both_ways_through_the_folder_that_the_host_chose() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let place = tempfile::tempdir().unwrap();
    let (hers, his) = (folder(place.path(), "ana"), folder(place.path(), "dana"));
    fs::write(hers.join("driver.bin"), [7; 300_000]).unwrap();
    fs::write(his.join("scan.pdf"), b"a page").unwrap();
    dana.client.set_host_folder(his.clone()).unwrap();
    let (request, session) = acme.session(&ana, &dana).await;

    step("Dana has not switched it on");
    let listed = ana.client.look_into(session, Vec::new()).await.unwrap();
    assert_eq!(listed.stopped, Some(TransferStop::NotAllowed));

    step("Dana switches it on; Ana looks around and sends a file");
    switches(&dana, &ana, request, PermissionSet::NONE.with(Permission::FileManager)).await;
    let listed = ana.client.look_into(session, Vec::new()).await.unwrap();
    assert_eq!(listed.entries.first().map(|entry| entry.name.as_str()), Some("scan.pdf"));
    ana.client.send_files(session, vec![hers.join("driver.bin")]).unwrap();
    let sent = end_of_transfer(&ana, session).await;
    assert_eq!((sent.phase, sent.arrives), (TransferPhase::Done, false), "{sent:?}");
    assert_eq!(sent.title, Title::Of { name: "driver.bin".to_owned(), others: 0 });
    let came = end_of_transfer(&dana, session).await;
    assert_eq!((came.phase, came.arrives, came.bytes), (TransferPhase::Done, true, 300_000));
    assert_eq!(fs::read(his.join("driver.bin")).unwrap(), [7; 300_000]);

    step("Ana fetches one");
    ana.client.fetch_files(session, vec![vec!["scan.pdf".to_owned()]], &hers).unwrap();
    let fetched = end_of_transfer(&ana, session).await;
    assert_eq!((fetched.phase, fetched.arrives), (TransferPhase::Done, true), "{fetched:?}");
    assert_eq!(fs::read(hers.join("scan.pdf")).unwrap(), b"a page");
    acme.closes([ana, dana]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_copied_on_one_side_can_be_pasted_on_the_other_after_the_viewers_first_act() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    ana.board.copy("copied before");
    let (request, session) = acme.session(&ana, &dana).await;
    switches(&dana, &ana, request, PermissionSet::NONE.with(Permission::Clipboard)).await;

    step("Ana has not touched the screen: her clipboard stays hers");
    let system = ana.client.system_info(session).await.unwrap();
    assert_eq!(system, None, "Dana has not allowed it");
    assert_eq!(dana.board.text(), None);

    step("Ana clicks into it");
    ana.client.first_act(session);
    acme.clock_runs_until(dana.board.holds("copied before")).await;

    step("Dana copies something");
    dana.board.copy("from Dana");
    acme.clock_runs_until(ana.board.holds("from Dana")).await;
    acme.closes([ana, dana]).await;
}

async fn end_of_its_transfer(person: &Person, session: SessionId, arrives: bool) -> TransferView {
    let over = |client: &Client| {
        let transfer = client.transfers(session).into_iter().find(|transfer| transfer.arrives == arrives)?;
        let is_over = matches!(transfer.phase, TransferPhase::Done | TransferPhase::Stopped { .. });
        is_over.then_some(transfer)
    };
    person.sees("the end of a transfer", over).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_hosts_person_offers_lands_where_the_viewers_person_says_or_nowhere() {
    let acme = Organisation::opens().await;
    let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
    let place = tempfile::tempdir().unwrap();
    let (hers, his) = (folder(place.path(), "ana"), folder(place.path(), "dana"));
    fs::write(his.join("report.pdf"), [7; 300_000]).unwrap();
    let (request, session) = acme.session(&ana, &dana).await;

    step("Dana has not switched files on");
    assert!(dana.client.send_files(session, vec![his.join("report.pdf")]).is_err());

    step("Dana switches them on and offers a file, and Ana takes it");
    switches(&dana, &ana, request, PermissionSet::NONE.with(Permission::FileManager)).await;
    dana.client.send_files(session, vec![his.join("report.pdf")]).unwrap();
    let offer = ana.sees("an offer", |client| client.file_offers(session).into_iter().next()).await;
    assert_eq!((offer.title.clone(), offer.bytes), (Title::of("report.pdf", 1), 300_000));
    assert_eq!(fs::read_dir(&hers).unwrap().count(), 0, "nothing came unasked");
    ana.client.take_offer(session, offer.number, &hers).unwrap();
    let came = end_of_its_transfer(&ana, session, true).await;
    assert_eq!((came.phase, came.bytes), (TransferPhase::Done, 300_000), "{came:?}");
    assert_eq!(fs::read(hers.join("report.pdf")).unwrap(), [7; 300_000]);
    assert_eq!(end_of_its_transfer(&dana, session, false).await.phase, TransferPhase::Done);
    assert!(ana.client.take_offer(session, offer.number, &hers).is_err(), "it was sent");

    step("Dana offers it again, and Ana declines");
    dana.client.send_files(session, vec![his.join("report.pdf")]).unwrap();
    let offer = ana.sees("an offer", |client| client.file_offers(session).into_iter().next()).await;
    ana.client.decline_offer(session, offer.number).await.unwrap();
    let declined = TransferPhase::Stopped { why: TransferStop::Declined };
    dana.sees("that it was declined", |client| {
        client.transfers(session).into_iter().find(|transfer| transfer.phase == declined)
    })
    .await;
    ana.sees("no offer", |client| client.file_offers(session).is_empty().then_some(())).await;
    acme.closes([ana, dana]).await;
}
