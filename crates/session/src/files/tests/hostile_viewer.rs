//! A viewer that keeps to nothing.

use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::io::AsyncWriteExt;

use super::super::message::{Answered, Ask, FileHead, LONGEST, MOST_ITEMS, Offer, Position, Prefix, Sent};
use super::*;
use crate::frames::{FrameReader, FrameWriter};

struct Viewer {
    reader: FrameReader<ReadHalf<DuplexStream>>,
    writer: FrameWriter<WriteHalf<DuplexStream>>,
}

impl Viewer {
    async fn say(&mut self, frame: &impl Serialize) {
        // The host may have hung up.
        let _ = self.writer.send(frame).await;
    }

    async fn answer(&mut self) -> Option<Answered> {
        self.reader.next().await.ok().flatten()
    }

    /// What the host says when it stops.
    async fn end(&mut self) -> FileStop {
        loop {
            match self.answer().await {
                Some(Answered::Stop(why)) => return why,
                Some(_) => {}
                None => return FileStop::Lost,
            }
        }
    }
}

/// Sends frames after having asked to upload; how it ended on both sides.
async fn after_asking(scene: &Scene, frames: &[Vec<u8>]) -> FileStop {
    let (near, far) = scene
        .meet(async |(reader, writer)| {
            let reader = FrameReader::new(reader, LONGEST);
            let mut viewer = Viewer { reader, writer: FrameWriter::new(writer, LONGEST) };
            viewer.say(&Ask::Upload { transfer: TransferId::new(), into: FilePath::default() }).await;
            for frame in frames {
                viewer.say(&Raw(frame)).await;
            }
            viewer.end().await
        })
        .await;
    assert_eq!(far, Err(near));
    near
}

/// Bytes that are a frame already.
struct Raw<'a>(&'a [u8]);

impl Serialize for Raw<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeTuple;
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        self.0.iter().try_for_each(|byte| tuple.serialize_element(byte))?;
        tuple.end()
    }
}

fn frame(frame: impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(&frame).unwrap()
}

fn offer(files: u32, bytes: u64) -> Vec<u8> {
    frame(Sent::Offer(Offer { files, bytes, ..Offer::default() }))
}

fn file(name: &str, size: u64) -> Vec<u8> {
    frame(Sent::File(FileHead { path: path(name), size, modified: Some(i64::MIN) }))
}

fn piece(bytes: usize) -> Vec<u8> {
    frame(Sent::Piece(Bytes::from(vec![7; bytes])))
}

fn file_end(content: &[u8]) -> Vec<u8> {
    frame(Sent::FileEnd { hash: blake3::hash(content).into() })
}

#[tokio::test]
async fn frames_in_the_wrong_order_end_it_and_leave_nothing() {
    let folder = frame(Sent::Folder(path("d")));
    let end = frame(Sent::End);
    for frames in [
        vec![file("a", 1)],
        vec![piece(1)],
        vec![offer(1, 1), offer(1, 1)],
        vec![offer(1, 1), piece(1)],
        vec![offer(1, 1), file_end(b"")],
        vec![offer(1, 1), end.clone()],
        vec![offer(1, 1), frame(Sent::Continue { from: 0 })],
        vec![offer(1, 1), frame(Sent::Unreadable)],
        vec![offer(2, 2), file("a", 1), file("b", 1)],
        vec![offer(2, 2), file("a", 1), folder.clone()],
        vec![offer(2, 2), file("a", 1), frame(Sent::Skipped)],
        vec![offer(1, 1), file("a", 1), end],
        vec![offer(1, 1), file("a", 1), file_end(&[7])],
        vec![offer(1, 1), file("never sent/a", 1)],
        vec![offer(1, 1), frame(Sent::Folder(FilePath::default()))],
    ] {
        let scene = Scene::new();
        assert_eq!(after_asking(&scene, &frames).await, FileStop::Misbehaved, "{frames:?}");
        assert!(scene.on_host().is_empty(), "{frames:?}");
    }
}

#[tokio::test]
async fn a_file_that_does_not_end_is_cut_at_its_size() {
    for frames in [
        vec![offer(1, 10), file("a", 10), piece(11)],
        vec![offer(1, 10), file("a", 10), piece(10), piece(1)],
        vec![offer(1, 10), file("a", 10), piece(0)],
        vec![offer(1, 10), file("a", 11)],
        vec![offer(2, 10), file("a", 6), piece(6), file_end(&[7; 6]), file("b", 6)],
        vec![offer(1, u64::from(u32::MAX)), file("a", u64::MAX)],
    ] {
        let scene = Scene::new();
        assert_eq!(after_asking(&scene, &frames).await, FileStop::Misbehaved, "{frames:?}");
        assert!(scene.names_on_host().iter().all(|name| name == "a"), "{frames:?}");
    }
}

#[tokio::test]
async fn what_was_damaged_on_its_way_does_not_land() {
    let scene = Scene::new();
    let frames = [offer(1, 3), file("a", 3), piece(3), file_end(b"other")];
    assert_eq!(after_asking(&scene, &frames).await, FileStop::Damaged);
    assert!(scene.on_host().is_empty());
}

#[tokio::test]
async fn names_that_escape_are_not_read() {
    // As `Sent::Folder` and `Sent::File` would be, with paths that no `FilePath` can hold.
    for components in
        [vec![".."], vec!["a", "..", "b"], vec!["/etc/cron.d/x"], vec![""], vec!["."], vec!["a\0"]]
    {
        let scene = Scene::new();
        let folder = frame((1_u32, components.clone()));
        assert_eq!(after_asking(&scene, &[offer(1, 1), folder]).await, FileStop::Misbehaved);
        let head = frame((2_u32, components, 1_u64, None::<i64>));
        assert_eq!(after_asking(&scene, &[offer(1, 1), head]).await, FileStop::Misbehaved);
        assert!(scene.on_host().is_empty());
    }
}

#[tokio::test]
async fn names_that_would_escape_elsewhere_land_harmless() {
    for (name, lands) in [
        ("..\\..\\evil.exe", "_.._.._evil.exe"),
        ("C:\\Windows\\evil.exe", "C__Windows_evil.exe"),
        ("a.txt:stream", "a.txt_stream"),
        ("NUL", "_NUL"),
        ("invoice\u{202e}fdp.exe", "invoice_fdp.exe"),
        ("trailing. . .", "trailing"),
    ] {
        let scene = Scene::new();
        let head = frame(Sent::File(FileHead {
            path: vec![name.to_owned()].try_into().unwrap(),
            size: 0,
            modified: None,
        }));
        let frames = [offer(1, 0), head, file_end(b""), frame(Sent::Stop(FileStop::Cancelled))];
        after_asking_and_stopping(&scene, &frames).await;
        assert_eq!(scene.names_on_host(), [lands]);
    }
}

async fn after_asking_and_stopping(scene: &Scene, frames: &[Vec<u8>]) {
    let (_, far) = scene
        .meet(async |(_reader, writer)| {
            let mut writer = FrameWriter::new(writer, LONGEST);
            writer
                .send(&Ask::Upload { transfer: TransferId::new(), into: FilePath::default() })
                .await
                .unwrap();
            for frame in frames {
                writer.send(&Raw(frame)).await.unwrap();
            }
            // Its own end waits for the host's.
            tokio::task::yield_now().await;
            _reader
        })
        .await;
    assert_eq!(far, Err(FileStop::Cancelled));
}

#[tokio::test]
async fn more_than_a_hundred_thousand_files_are_refused_before_the_first() {
    let scene = Scene::new();
    assert_eq!(after_asking(&scene, &[offer(MOST_ITEMS + 1, 0)]).await, FileStop::TooMany);
    let both = Offer { files: u32::MAX, folders: u32::MAX, ..Offer::default() };
    assert_eq!(after_asking(&scene, &[frame(Sent::Offer(both))]).await, FileStop::TooMany);
    // One more than was announced.
    let frames = [offer(1, 0), frame(Sent::Skipped), frame(Sent::Skipped)];
    assert_eq!(after_asking(&scene, &frames).await, FileStop::Misbehaved);
}

#[tokio::test]
async fn more_than_the_disk_holds_is_refused_before_the_first_byte() {
    let scene = Scene::new();
    assert_eq!(after_asking(&scene, &[offer(1, u64::MAX)]).await, FileStop::NoSpace);
    assert!(scene.on_host().is_empty());
}

#[tokio::test]
async fn overlong_and_unreadable_frames_end_it() {
    let scene = Scene::new();
    for bytes in [&[0xff; 64][..], &[0, 1, 5, 0], &[0, 0, 0, 0], &[0, 0, 0, 1, 99], &[0, 0, 0, 3, 0, 0, 0]] {
        let (_, far) = scene
            .meet(async |(reader, mut writer)| {
                writer.write_all(bytes).await.unwrap();
                writer.shutdown().await.unwrap();
                reader
            })
            .await;
        assert!(matches!(far, Err(FileStop::Misbehaved | FileStop::Lost)), "{bytes:?}: {far:?}");
    }
}

#[tokio::test]
async fn who_opens_a_stream_and_says_nothing_is_let_go() {
    let scene = Scene::new();
    let silence = async |near: Near| {
        tokio::task::yield_now().await;
        scene.clock.advance(Duration::from_secs(10));
        near
    };
    assert_eq!(scene.meet(silence).await.1, Err(FileStop::Lost));
}

#[tokio::test]
async fn a_fifth_transfer_at_once_is_refused() {
    let scene = Scene::new();
    scene.has("a", b"a");
    let ask = |_| async {
        let (near, far) = duplex(1_024);
        let mut writer = FrameWriter::new(near, LONGEST);
        writer.send(&Ask::Upload { transfer: TransferId::new(), into: FilePath::default() }).await.unwrap();
        (writer, far)
    };
    let streams = futures_util::future::join_all((0..4).map(ask)).await;
    let (viewers, hosts): (Vec<_>, Vec<_>) = streams.into_iter().unzip();
    let serving = futures_util::future::join_all(hosts.into_iter().map(|far| {
        let (reader, writer) = split(far);
        scene.host.serve(reader, writer)
    }));
    let fifth = async {
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        let upload = scene.upload(&["a"]);
        let mut shown = scene.host.transfers();
        shown.wait_for(|transfers| transfers.len() == 4).await.unwrap();
        let ended = scene.uploaded(&upload).await;
        drop(viewers);
        ended
    };
    let (fifth, four) = tokio::join!(fifth, serving);
    assert_eq!(fifth, Err(FileStop::Busy));
    assert!(four.iter().all(|ended| *ended == Err(FileStop::Lost)));
    // Their places are free again.
    scene.uploaded(&scene.upload(&["a"])).await.unwrap();
}

#[tokio::test]
async fn the_id_of_an_upload_cannot_be_fetched() {
    let scene = Scene::new();
    scene.has("a", b"a");
    let upload = scene.upload(&["a"]);
    scene.uploaded(&upload).await.unwrap();
    let (answer, far) = scene
        .meet(async |(reader, writer)| {
            let (mut reader, mut writer) =
                (FrameReader::new(reader, LONGEST), FrameWriter::new(writer, LONGEST));
            writer
                .send(&Ask::Fetch { transfer: upload.transfer().id(), paths: vec![path("a")] })
                .await
                .unwrap();
            reader.next::<Sent>().await.unwrap()
        })
        .await;
    assert_eq!(answer, Some(Sent::Stop(FileStop::Misbehaved)));
    assert_eq!(far, Err(FileStop::Misbehaved));
}

#[tokio::test]
async fn a_position_that_cannot_be_is_refused_by_the_host_that_sends() {
    let far_away = Position { items: 9, part: None };
    let no_file = Position { items: 1, part: Some(Prefix { bytes: 1, hash: [0; 32] }) };
    for position in [far_away, no_file] {
        let scene = Scene::new();
        scene.host_has("a", b"a");
        let ended = scene.meet(async |(reader, writer)| {
            let (mut reader, mut writer) =
                (FrameReader::new(reader, LONGEST), FrameWriter::new(writer, LONGEST));
            writer.send(&Ask::Fetch { transfer: TransferId::new(), paths: vec![path("a")] }).await.unwrap();
            reader.next::<Sent>().await.unwrap();
            writer.send(&Answered::Accept(position)).await.unwrap();
            reader.next::<Sent>().await.unwrap()
        });
        assert_eq!(ended.await, (Some(Sent::Stop(FileStop::Misbehaved)), Err(FileStop::Misbehaved)));
    }
}

#[tokio::test]
async fn a_prefix_that_is_longer_than_the_file_tells_nothing() {
    let scene = Scene::new();
    scene.host_has("a", b"a");
    let longer = Position { items: 0, part: Some(Prefix { bytes: u64::MAX, hash: [0; 32] }) };
    let (first, _) = scene
        .meet(async |(reader, writer)| {
            let (mut reader, mut writer) =
                (FrameReader::new(reader, LONGEST), FrameWriter::new(writer, LONGEST));
            writer.send(&Ask::Fetch { transfer: TransferId::new(), paths: vec![path("a")] }).await.unwrap();
            reader.next::<Sent>().await.unwrap();
            writer.send(&Answered::Accept(longer)).await.unwrap();
            reader.next::<Sent>().await.unwrap()
        })
        .await;
    assert!(matches!(first, Some(Sent::File(_))));
}
