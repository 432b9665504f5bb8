use std::time::Duration;

use tokio::task::yield_now;

use super::super::message::{Answered, Ask, LONGEST, Position};
use super::*;
use crate::frames::FrameReader;

const SIZE: usize = 900_000;

async fn cut(scene: &Scene, upload: &Upload, after: u64) {
    let ended = scene.meet_until(after, async |(reader, writer)| upload.run(reader, writer).await).await;
    assert_eq!(ended, Err(FileStop::Lost));
    assert_eq!(upload.transfer().progress().borrow().state, TransferState::Lost);
}

#[tokio::test]
async fn after_a_cut_a_transfer_goes_on_where_it_was() {
    let scene = Scene::new();
    scene.has("a/1.txt", b"small");
    scene.has("a/2.img", &content(SIZE));
    let upload = scene.upload(&["a"]);
    cut(&scene, &upload, 500_000).await;
    // Enough for the rest, not for the whole.
    let rest = scene.meet_until(550_000, async |(reader, writer)| upload.run(reader, writer).await).await;
    assert_eq!(rest, Ok(Tally { files: 2, failed: 0, bytes: SIZE as u64 + 5 }));
    assert_eq!(scene.on_host(), tree(scene.viewer_place.path()));
}

#[tokio::test]
async fn a_fetch_goes_on_where_it_was_too() {
    let scene = Scene::new();
    scene.host_has("a.img", &content(SIZE));
    let into = TempDir::new().unwrap();
    let fetch = scene.fetch(&["a.img"], into.path());
    let (near, far) = duplex(16 * 1024);
    let (reader, writer) = split(far);
    let serving = scene.host.serve(reader, writer);
    let viewing = async {
        let (reader, writer) = split(near);
        fetch.run(reader.take(400_000), writer).await
    };
    assert_eq!(tokio::join!(viewing, serving).0, Err(FileStop::Lost));
    assert_eq!(tree(into.path()).len(), 1);
    scene.fetched(&fetch).await.unwrap();
    assert_eq!(tree(into.path())["a.img"], content(SIZE));
}

#[tokio::test]
async fn a_file_that_changed_under_way_is_sent_anew() {
    let scene = Scene::new();
    let file = scene.has("a.img", &content(SIZE));
    let upload = scene.upload(&["a.img"]);
    cut(&scene, &upload, 500_000).await;
    let mut other = content(SIZE);
    other.reverse();
    fs::write(file, &other).unwrap();
    scene.uploaded(&upload).await.unwrap();
    assert_eq!(scene.names_on_host(), ["a.img"]);
    assert_eq!(scene.on_host()["a.img"], other);
}

#[tokio::test]
async fn a_transfer_that_was_over_before_the_cut_does_not_land_twice() {
    let scene = Scene::new();
    scene.has("a.txt", b"once");
    let upload = scene.upload(&["a.txt"]);
    scene.uploaded(&upload).await.unwrap();
    scene.uploaded(&upload).await.unwrap();
    assert_eq!(scene.names_on_host(), ["a.txt"]);
}

#[tokio::test]
async fn switching_it_off_stops_in_the_middle_of_a_file() {
    let scene = Scene::new();
    scene.has("a.img", &content(SIZE));
    let upload = scene.upload(&["a.img"]);
    cut(&scene, &upload, 500_000).await;
    let running = scene.meet(async |(reader, writer)| {
        scene.switch.set(false);
        upload.run(reader, writer).await
    });
    assert_eq!(running.await, (Err(FileStop::NotAllowed), Err(FileStop::NotAllowed)));
    scene.switch.set(true);
    // What was begun earlier waits for a resume, and goes with the session.
    drop(scene.host);
    assert!(tree(scene.host_place.path()).is_empty());
}

/// Allows so many questions, then no more.
struct Allowance(std::sync::atomic::AtomicU32);

impl Gate for Allowance {
    fn allows(&self, _: Permission) -> bool {
        let left = self.0.load(Ordering::SeqCst);
        self.0.store(left.saturating_sub(1), Ordering::SeqCst);
        left > 0
    }
}

#[tokio::test]
async fn the_switch_is_asked_for_every_piece_in_both_directions() {
    for arrives in [true, false] {
        let place = TempDir::new().unwrap();
        let (from, into) = (place.path().join("from"), place.path().join("into"));
        written(&from, "a.img", &content(SIZE));
        fs::create_dir(&into).unwrap();
        let clock = FakeClock::starting_at(DateTime::UNIX_EPOCH).shared();
        let host = HostFiles::new(clock.clone(), Arc::new(Allowance(8.into())));
        host.choose_folder(Some(if arrives { into.clone() } else { from.clone() })).unwrap();
        let (near, far) = duplex(64 * 1024);
        let ((reader, writer), (host_reader, host_writer)) = (split(near), split(far));
        let viewing = async {
            if arrives {
                let upload = Upload::new(vec![from.join("a.img")], path(""), clock, allowed());
                upload.run(reader, writer).await
            } else {
                Fetch::new(vec![path("a.img")], &into, clock, allowed()).unwrap().run(reader, writer).await
            }
        };
        let (viewer, host) = tokio::join!(viewing, host.serve(host_reader, host_writer));
        assert_eq!((viewer, host), (Err(FileStop::NotAllowed), Err(FileStop::NotAllowed)));
        assert!(tree(&into).is_empty(), "{arrives}");
    }
}

#[tokio::test]
async fn either_side_may_pause_and_go_on() {
    for host_pauses in [false, true] {
        let scene = Scene::new();
        scene.has("a.img", &content(SIZE));
        let upload = scene.upload(&["a.img"]);
        cut(&scene, &upload, 300_000).await;
        let there = scene.host.transfers().borrow()[0].transfer.clone();
        let here = upload.transfer().clone();
        let (pausing, other) = if host_pauses { (&there, &here) } else { (&here, &there) };
        pausing.pause();
        let told = async {
            let is = |state| move |progress: &Progress| progress.state == state;
            other.progress().wait_for(is(TransferState::PausedThere)).await.unwrap();
            pausing.progress().wait_for(is(TransferState::PausedHere)).await.unwrap();
            assert!(!scene.on_host().contains_key("a.img"));
            pausing.go_on();
        };
        let running = async { tokio::join!(scene.uploaded(&upload), told).0 };
        running.await.unwrap();
        assert_eq!(scene.on_host()["a.img"], content(SIZE));
    }
}

#[tokio::test]
async fn who_cancels_ends_it_for_both_and_leaves_nothing_half() {
    for host_cancels in [false, true] {
        let scene = Scene::new();
        scene.has("a.img", &content(SIZE));
        let upload = scene.upload(&["a.img"]);
        cut(&scene, &upload, 300_000).await;
        let there = scene.host.transfers().borrow()[0].transfer.clone();
        if host_cancels {
            there.cancel()
        } else {
            upload.transfer().cancel()
        }
        assert_eq!(scene.uploaded(&upload).await, Err(FileStop::Cancelled));
        assert_eq!(there.progress().borrow().state, TransferState::Stopped(FileStop::Cancelled));
        assert!(scene.on_host().is_empty());
        assert_eq!(scene.uploaded(&upload).await, Err(FileStop::Cancelled));
    }
}

#[tokio::test]
async fn a_reader_that_stops_holds_the_sender_back_and_does_not_keep_it() {
    let scene = Scene::new();
    scene.has("a.img", &content(SIZE));
    let upload = scene.upload(&["a.img"]);
    let (near, far) = duplex(16 * 1024);
    let mut reader = FrameReader::new(far, LONGEST);
    let transfer = upload.transfer().clone();
    let (near_reader, near_writer) = split(near);
    // It accepts at once and then reads nothing more.
    let accept = postcard::to_allocvec(&Answered::Accept(Position::default())).unwrap();
    let length = u32::try_from(accept.len()).unwrap().to_be_bytes();
    let answers = std::io::Cursor::new([length.as_slice(), &accept].concat()).chain(near_reader);
    let stopping = async {
        reader.next::<Ask>().await.unwrap();
        for _ in 0..100 {
            yield_now().await;
        }
        transfer.cancel();
        for _ in 0..100 {
            yield_now().await;
        }
        scene.clock.advance(Duration::from_secs(2));
    };
    let (ended, ()) = tokio::join!(upload.run(answers, near_writer), stopping);
    assert_eq!(ended, Err(FileStop::Cancelled));
}
