use std::time::{Duration, SystemTime};

use super::*;

#[tokio::test]
async fn a_folder_arrives_with_all_that_is_in_it() {
    let scene = Scene::new();
    let big = content(700_000);
    scene.has("trip/day 1/sea.jpg", &big);
    scene.has("trip/day 1/empty.txt", b"");
    scene.has("trip/notes.txt", b"warm");
    scene.has("trip/.hidden", b"x");
    fs::create_dir(scene.viewer_place.path().join("trip/nothing")).unwrap();
    let upload = scene.upload(&["trip"]);
    let tally = scene.uploaded(&upload).await.unwrap();
    assert_eq!(tally, Tally { files: 4, failed: 0, bytes: 700_005 });
    assert_eq!(scene.on_host(), tree(scene.viewer_place.path()));
    let progress = *upload.transfer().progress().borrow();
    assert_eq!(progress.state, TransferState::Done);
    assert_eq!((progress.bytes, progress.bytes_total), (700_005, 700_005));
    assert_eq!((progress.files, progress.files_total), (4, 4));
    let shown = scene.host.transfers().borrow().clone();
    assert!(shown[0].arrives);
    assert_eq!(shown[0].transfer.progress().borrow().files, 4);
}

#[tokio::test]
async fn the_time_of_the_last_change_arrives() {
    let scene = Scene::new();
    let file = scene.has("a.txt", b"old");
    let moment = SystemTime::UNIX_EPOCH + Duration::from_millis(1_234_567_890_123);
    fs::File::options().write(true).open(&file).unwrap().set_modified(moment).unwrap();
    scene.uploaded(&scene.upload(&["a.txt"])).await.unwrap();
    let landed = scene.host_place.path().join("a.txt");
    assert_eq!(landed.metadata().unwrap().modified().unwrap(), moment);
}

#[tokio::test]
async fn what_the_host_has_is_fetched_from_below_its_folder() {
    let scene = Scene::new();
    scene.host_has("logs/today/app.log", &content(200_000));
    scene.host_has("logs/today/more/b.log", b"b");
    scene.host_has("readme.txt", b"read");
    let into = TempDir::new().unwrap();
    let tally = scene.fetched(&scene.fetch(&["logs/today", "readme.txt"], into.path())).await.unwrap();
    assert_eq!(tally.files, 3);
    let arrived = tree(into.path());
    assert_eq!(arrived["today/app.log"], content(200_000));
    assert_eq!(arrived["today/more/b.log"], b"b");
    assert_eq!(arrived["readme.txt"], b"read");
}

#[tokio::test]
async fn files_land_in_the_folder_that_the_viewer_looked_at() {
    let scene = Scene::new();
    scene.host_has("desk/inbox/old.txt", b"");
    scene.has("new.txt", b"new");
    let chosen = vec![scene.viewer_place.path().join("new.txt")];
    let upload = Upload::new(chosen, path("desk/inbox"), scene.clock.shared(), allowed());
    scene.uploaded(&upload).await.unwrap();
    assert_eq!(scene.on_host()["desk/inbox/new.txt"], b"new");
}

#[tokio::test]
async fn a_thousand_small_files_arrive() {
    let scene = Scene::new();
    for number in 0..1_000 {
        scene.has(&format!("many/{}/{number}.txt", number % 7), number.to_string().as_bytes());
    }
    let tally = scene.uploaded(&scene.upload(&["many"])).await.unwrap();
    assert_eq!((tally.files, tally.failed), (1_000, 0));
    assert_eq!(scene.on_host(), tree(scene.viewer_place.path()));
}

#[tokio::test]
async fn two_hundred_megabytes_arrive() {
    let scene = Scene::new();
    let size = 200 * 1024 * 1024;
    let file = scene.has("disk.img", b"begins");
    fs::File::options().write(true).open(&file).unwrap().set_len(size).unwrap();
    let tally = scene.uploaded(&scene.upload(&["disk.img"])).await.unwrap();
    assert_eq!(tally, Tally { files: 1, failed: 0, bytes: size });
    assert_eq!(scene.host_place.path().join("disk.img").metadata().unwrap().len(), size);
}

#[tokio::test]
async fn what_cannot_be_read_is_counted_and_the_rest_arrives() {
    let scene = Scene::new();
    scene.has("a/1.txt", b"1");
    let shrinks = scene.has("a/2.txt", b"22");
    scene.has("a/3.txt", b"3");
    let upload = scene.upload(&["a"]);
    // It is planned on the first connection, which breaks at once.
    scene.meet_until(60, async |(reader, writer)| upload.run(reader, writer).await).await.unwrap_err();
    fs::write(shrinks, b"").unwrap();
    let tally = scene.uploaded(&upload).await.unwrap();
    assert_eq!((tally.files, tally.failed), (2, 1));
    assert_eq!(scene.names_on_host(), ["a/", "a/1.txt", "a/3.txt"]);
    assert_eq!(scene.host.transfers().borrow()[0].transfer.progress().borrow().failed, 1);
}

#[cfg(unix)]
#[tokio::test]
async fn symbolic_links_are_not_sent() {
    let scene = Scene::new();
    let secret = TempDir::new().unwrap();
    written(secret.path(), "key", b"secret");
    scene.has("a/plain.txt", b"plain");
    std::os::unix::fs::symlink(secret.path(), scene.viewer_place.path().join("a/folder")).unwrap();
    std::os::unix::fs::symlink(secret.path().join("key"), scene.viewer_place.path().join("a/key")).unwrap();
    let tally = scene.uploaded(&scene.upload(&["a"])).await.unwrap();
    assert_eq!((tally.files, tally.failed), (1, 2));
    assert_eq!(scene.names_on_host(), ["a/", "a/plain.txt"]);
}
