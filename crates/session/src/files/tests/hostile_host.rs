//! A host that keeps to nothing. What arrives at the viewer is taken as at the host, so that only the rest is
//! here.

use proptest::prelude::*;
use serde::Serialize;

use super::super::message::{Answered, Ask, LONGEST, Offer, Sent};
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
