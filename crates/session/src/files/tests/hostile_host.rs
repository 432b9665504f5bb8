//! A host that keeps to nothing. What arrives at the viewer is taken as at the host, so that only the rest is
//! here.

use proptest::prelude::*;
use serde::Serialize;

use super::super::message::{Answered, Ask, FileHead, LONGEST, Offer, Sent};
use super::*;
use crate::frames::FrameReader;

/// Answers the viewer's question with frames.
async fn answering<T>(frames: &[Vec<u8>], viewer: impl AsyncFnOnce(Near) -> T) -> T {
    let (near, far) = duplex(64 * 1024);
    let host = async move {
        let (reader, mut writer) = split(far);
        FrameReader::new(reader, LONGEST).next::<Ask>().await.unwrap();
        for frame in frames {
            use tokio::io::AsyncWriteExt;
            let length = u32::try_from(frame.len()).unwrap().to_be_bytes();
            // The viewer may have hung up.
            let _ = writer.write_all(&[length.as_slice(), frame].concat()).await;
        }
    };
    tokio::join!(viewer(split(near)), host).0
}

fn frame(frame: impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(&frame).unwrap()
}

/// As `Listed::Entries` would be, with names that no `EntryName` can hold.
fn entries(name: &str, number: usize) -> Vec<u8> {
    frame((0_u32, vec![(name, false, 0_u64, None::<i64>); number]))
}

#[tokio::test]
async fn a_listing_is_bounded_and_its_names_show_what_they_are() {
    for frames in [
        vec![entries("..", 1)],
        vec![entries("a/b", 1)],
        vec![entries("invoice\u{202e}fdp.exe", 1)],
        vec![entries("", 1)],
        vec![entries("a", 0)],
        vec![entries("a", 2_000); 6],
        vec![vec![0xff; 100]],
    ] {
        let listing = answering(&frames, async |(reader, writer)| list(reader, writer, path("")).await);
        assert_eq!(listing.await, Err(FileStop::Misbehaved));
    }
    let frames = [entries("a", 1)];
    let cut = answering(&frames, async |(reader, writer)| list(reader, writer, path("")).await);
    assert_eq!(cut.await, Err(FileStop::Lost));
}

#[tokio::test]
async fn a_host_cannot_say_that_an_upload_is_done_before_it_is() {
    let scene = Scene::new();
    scene.has("a", b"a");
    let upload = scene.upload(&["a"]);
    let ended =
        answering(&[frame(Answered::Done)], async |(reader, writer)| upload.run(reader, writer).await).await;
    assert_eq!(ended, Err(FileStop::Misbehaved));
}

#[tokio::test]
async fn a_host_cannot_make_the_viewer_believe_that_the_connection_is_lost() {
    let scene = Scene::new();
    scene.has("a", b"a");
    let upload = scene.upload(&["a"]);
    let stop = frame(Answered::Stop(FileStop::Lost));
    let ended = answering(&[stop], async |(reader, writer)| upload.run(reader, writer).await).await;
    assert_eq!(ended, Err(FileStop::Misbehaved));
}

#[tokio::test]
async fn a_host_cannot_send_something_else_than_it_offered() {
    let contents = Offer { files: 1, folders: 1, bytes: 4, ..Offer::default() };
    let offered = FileOffer::of(TransferId::new(), "letter.txt", 0, contents).unwrap();
    let offer = |offer| frame(Sent::Offer(offer));
    let other = Sent::File(FileHead { path: path("evil.exe"), size: 4, modified: None });
    for frames in [
        vec![offer(Offer { bytes: 5, ..contents })],
        vec![offer(Offer { files: 2, ..contents })],
        vec![offer(contents), frame(other.clone())],
        vec![offer(contents), frame(Sent::Folder(path("evil")))],
        vec![offer(contents), frame(Sent::Skipped), frame(other)],
    ] {
        let (place, clock) = (TempDir::new().unwrap(), FakeClock::starting_at(DateTime::UNIX_EPOCH).shared());
        let take = Fetch::of_offer(offered.clone(), place.path(), clock, allowed()).unwrap();
        let ended = answering(&frames, async |(reader, writer)| take.run(reader, writer).await).await;
        assert_eq!(ended, Err(FileStop::Misbehaved), "{frames:?}");
        assert!(tree(place.path()).is_empty(), "{frames:?}");
    }
}

#[tokio::test]
async fn what_a_host_offers_is_bounded_and_its_names_show_what_they_are() {
    // As `Offering::Open` would be, with names that no `EntryName` can hold.
    let one = |of: u8, name: &'static str| ([of; 16], name, 0_u32, (0_u32, 1_u32, 4_u64, 0_u32));
    let open = |name, number| frame((0_u32, (0..number).map(|of| one(of, name)).collect::<Vec<_>>()));
    let twice = frame((0_u32, vec![one(7, "a"), one(7, "a")]));
    let told = async |frames: &[Vec<u8>]| {
        let clock = FakeClock::starting_at(DateTime::UNIX_EPOCH).shared();
        let hear =
            async |(reader, writer)| HostOffers::ask(reader, writer, clock).await.unwrap().next().await;
        answering(frames, hear).await
    };
    assert_eq!(told(&[open("a", 4)]).await.unwrap().len(), 4);
    for frames in [twice, open("a", 5), open("a/b", 1), open("\u{202e}fdp", 1), open("", 1), vec![0xff; 40]] {
        assert_eq!(told(&[frames]).await, None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn whatever_frames_come_the_viewer_ends_and_nothing_is_left_but_in_its_folder(
        frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20),
        names in prop::collection::vec("[a./\\\\:\\u{202e}]{1,4}", 0..3),
    ) {
        let place = TempDir::new().unwrap();
        let into = place.path().join("into");
        fs::create_dir(&into).unwrap();
        let offer = Offer { files: 3, folders: 3, bytes: 1_000, skipped: 0 };
        let folders = names.iter().map(|name| frame((1_u32, vec![name])));
        let frames: Vec<Vec<u8>> = std::iter::once(frame(Sent::Offer(offer))).chain(folders).chain(frames).collect();
        let clock = FakeClock::starting_at(DateTime::UNIX_EPOCH).shared();
        let fetch = Fetch::new(vec![path("a")], &into, clock, allowed()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let ended = runtime.block_on(answering(&frames, async |(reader, writer)| fetch.run(reader, writer).await));
        prop_assert!(ended.is_err());
        prop_assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }
}
