//! What the host's person offers.

use super::super::message::{Ask, LONGEST};
use super::*;
use crate::frames::FrameWriter;

type Offers = HostOffers<ReadHalf<DuplexStream>, WriteHalf<DuplexStream>>;

impl Scene {
    async fn offers(&self, names: &[&str]) -> Transfer {
        let chosen = names.iter().map(|name| self.host_place.path().join(name)).collect();
        self.host.offer(chosen).await
    }

    /// The viewer listens to what is offered, and does something about it.
    async fn listens<T>(&self, act: impl AsyncFnOnce(&mut Offers) -> T) -> T {
        let listening = async |(reader, writer)| {
            let mut offers = Offers::ask(reader, writer, self.clock.shared()).await.unwrap();
            act(&mut offers).await
        };
        self.meet(listening).await.0
    }

    async fn only_offer(&self) -> FileOffer {
        self.listens(async |offers| offers.next().await.unwrap().remove(0)).await
    }

    fn take(&self, offer: &FileOffer) -> Fetch {
        Fetch::of_offer(offer.clone(), self.viewer_place.path(), self.clock.shared(), allowed()).unwrap()
    }

    async fn declines(&self, offer: &FileOffer) {
        self.meet(async |(_reader, writer)| decline(writer, &offer.transfer).await).await.0.unwrap();
    }

    fn on_viewer(&self) -> Vec<String> {
        tree(self.viewer_place.path()).into_keys().collect()
    }
}

fn state(transfer: &Transfer) -> TransferState {
    transfer.progress().borrow().state
}

#[tokio::test]
async fn what_is_offered_is_seen_and_taken_and_lands() {
    let scene = Scene::new();
    scene.host_has("scan.pdf", &content(200_000));
    scene.host_has("photos/one.jpg", b"1");
    let transfer = scene.offers(&["scan.pdf", "photos"]).await;
    assert_eq!(state(&transfer), TransferState::Offered);
    let offer = scene.only_offer().await;
    assert_eq!((offer.name.as_str(), offer.others), ("scan.pdf", 1));
    assert_eq!((offer.files(), offer.bytes()), (2, 200_001));
    let tally = scene.fetched(&scene.take(&offer)).await.unwrap();
    assert_eq!((tally.files, tally.bytes), (2, 200_001));
    assert_eq!(tree(scene.viewer_place.path()), tree(scene.host_place.path()));
    assert_eq!(state(&transfer), TransferState::Done);
    assert_eq!(scene.listens(async |offers| offers.next().await).await, Some(Vec::new()));
}

#[tokio::test]
async fn it_needs_no_folder_of_the_hosts_but_the_permission() {
    let scene = Scene::without_folder();
    scene.host_has("a", b"a");
    scene.switch.set(false);
    assert_eq!(state(&scene.offers(&["a"]).await), TransferState::Stopped(FileStop::NotAllowed));
    scene.switch.set(true);
    scene.offers(&["a"]).await;
    let offer = scene.only_offer().await;
    scene.switch.set(false);
    assert_eq!(scene.listens(async |offers| offers.next().await).await, Some(Vec::new()), "it is not told");
    let take = scene.take(&offer);
    assert_eq!(scene.fetched(&take).await, Err(FileStop::NotAllowed));
    scene.switch.set(true);
    let again = scene.take(&offer);
    scene.fetched(&again).await.unwrap();
    assert_eq!(scene.on_viewer(), ["a"]);
}

#[tokio::test]
async fn a_switch_that_is_turned_shows_and_hides_what_is_offered() {
    let scene = Scene::new();
    scene.host_has("a", b"a");
    scene.offers(&["a"]).await;
    scene
        .listens(async |offers| {
            assert_eq!(offers.next().await.unwrap().len(), 1);
            for (on, open) in [(false, 0), (true, 1)] {
                scene.switch.set(on);
                scene.host.switches_turned();
                assert_eq!(offers.next().await.unwrap().len(), open);
            }
        })
        .await;
}

#[tokio::test]
async fn what_is_declined_or_taken_back_is_gone_on_both_sides() {
    let scene = Scene::new();
    scene.host_has("a", b"a");
    let (declined, taken_back) = (scene.offers(&["a"]).await, scene.offers(&["a"]).await);
    let open = scene.listens(async |offers| offers.next().await.unwrap()).await;
    scene.declines(&open[0]).await;
    assert_eq!(state(&declined), TransferState::Stopped(FileStop::Declined));
    taken_back.cancel();
    scene.host.drop_cancelled();
    assert_eq!(state(&taken_back), TransferState::Stopped(FileStop::Cancelled));
    assert_eq!(scene.listens(async |offers| offers.next().await).await, Some(Vec::new()));
    for offer in &open {
        assert_eq!(scene.fetched(&scene.take(offer)).await, Err(FileStop::NotThere));
    }
}

#[tokio::test]
async fn it_goes_on_after_a_connection_was_lost_in_its_middle() {
    let scene = Scene::new();
    scene.host_has("big.img", &content(3_000_000));
    let transfer = scene.offers(&["big.img"]).await;
    let offer = scene.only_offer().await;
    let fetch = scene.take(&offer);
    let lost = scene.meet(async |(reader, writer)| fetch.run(reader.take(500_000), writer).await).await.0;
    assert_eq!(lost, Err(FileStop::Lost));
    assert_eq!(scene.on_viewer().len(), 1, "a part of it");
    scene.fetched(&fetch).await.unwrap();
    assert_eq!(tree(scene.viewer_place.path()), tree(scene.host_place.path()));
    assert_eq!(state(&transfer), TransferState::Done);
}

#[tokio::test]
async fn a_fifth_offer_waits_for_one_of_four() {
    let scene = Scene::new();
    scene.host_has("a", b"a");
    for _ in 0..4 {
        assert_eq!(state(&scene.offers(&["a"]).await), TransferState::Offered);
    }
    assert_eq!(state(&scene.offers(&["a"]).await), TransferState::Stopped(FileStop::Busy));
    let first = scene.only_offer().await;
    scene.declines(&first).await;
    assert_eq!(state(&scene.offers(&["a"]).await), TransferState::Offered);
}

#[tokio::test]
async fn of_two_that_are_counted_at_once_one_waits_for_the_last_place() {
    let scene = Scene::new();
    scene.host_has("a", b"a");
    for _ in 0..3 {
        scene.offers(&["a"]).await;
    }
    let (one, other) = tokio::join!(scene.offers(&["a"]), scene.offers(&["a"]));
    let busy =
        [one, other].iter().filter(|offer| state(offer) == TransferState::Stopped(FileStop::Busy)).count();
    assert_eq!(busy, 1);
    assert_eq!(scene.listens(async |offers| offers.next().await).await.unwrap().len(), 4);
}

#[tokio::test]
async fn what_was_taken_and_lost_and_is_taken_back_leaves_its_place() {
    let scene = Scene::new();
    scene.host_has("big.img", &content(3_000_000));
    for _ in 0..4 {
        let transfer = scene.offers(&["big.img"]).await;
        let offer = scene.only_offer().await;
        let fetch = scene.take(&offer);
        scene
            .meet(async |(reader, writer)| fetch.run(reader.take(500_000), writer).await)
            .await
            .0
            .unwrap_err();
        transfer.cancel();
        scene.host.drop_cancelled();
    }
    assert_eq!(state(&scene.offers(&["big.img"]).await), TransferState::Offered);
}

#[tokio::test]
async fn a_viewer_takes_nothing_that_was_not_offered() {
    let scene = Scene::new();
    scene.host_has("secret", b"s");
    scene.offers(&["secret"]).await;
    let real = scene.only_offer().await;
    let invented = FileOffer { transfer: TransferId::new(), ..real.clone() };
    assert_eq!(scene.fetched(&scene.take(&invented)).await, Err(FileStop::NotThere));
    scene.declines(&invented).await;
    assert_eq!(scene.only_offer().await, real, "what there is not cannot be declined");
}

#[tokio::test]
async fn a_viewer_that_goes_on_talking_breaks_the_protocol() {
    let scene = Scene::new();
    let ended = scene
        .meet(async |(mut reader, writer)| {
            let mut writer = FrameWriter::new(writer, LONGEST);
            writer.send(&Ask::Offers).await.unwrap();
            writer.send(&Ask::Offers).await.unwrap();
            reader.read_to_end(&mut Vec::new()).await.unwrap();
        })
        .await;
    assert_eq!(ended.1, Err(FileStop::Misbehaved));
}
