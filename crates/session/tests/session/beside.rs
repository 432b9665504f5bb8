//! Files, clipboard, system information and the lock, through the whole session.

use std::fs;
use std::time::Duration;

use beckon_domain::{Clock, Permission, PermissionSet};
use beckon_session::files::{FilePath, FileStop, Tally, TransferState};
use beckon_session::system_info::NoSystemInfo;
use beckon_session::{CloseCode, EndedWhy};
use tempfile::TempDir;

use crate::board::Board;
use crate::raw_viewer::{RawViewer, closed_with};
use crate::stage::{Seat, Stage, failsafe, until};

const BIG: usize = 3_000_000;

async fn stage() -> Stage {
    let mut stage = Stage::new().await;
    stage.available = Permission::ALL.into_iter().collect();
    stage
}

fn all_but(permission: Permission) -> PermissionSet {
    Permission::ALL.into_iter().collect::<PermissionSet>().without(permission)
}

/// Two seats, the host's folder, and a folder of the viewer's with one big file.
async fn with_files(stage: &Stage) -> (Seat, Seat, TempDir, TempDir) {
    let (host, viewer) = stage.connected().await;
    let (there, here) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    host.session.files().choose_folder(Some(there.path().to_owned())).unwrap();
    let content: Vec<u8> = (0..BIG).map(|index| (index % 251) as u8).collect();
    fs::write(here.path().join("big.img"), content).unwrap();
    (host, viewer, there, here)
}

fn root() -> FilePath {
    FilePath::default()
}

#[tokio::test]
async fn files_pass_in_both_directions() {
    let stage = stage().await;
    let (_host, viewer, there, here) = with_files(&stage).await;
    let upload = viewer.session.upload(vec![here.path().join("big.img")], root());
    let sent = failsafe(viewer.session.run_upload(&upload)).await.unwrap();
    assert_eq!(sent, Tally { files: 1, failed: 0, bytes: BIG as u64 });
    assert_eq!(
        fs::read(there.path().join("big.img")).unwrap(),
        fs::read(here.path().join("big.img")).unwrap()
    );
    let listing = failsafe(viewer.session.list(root())).await.unwrap();
    assert_eq!(listing.entries[0].name.as_str(), "big.img");
    let back = TempDir::new().unwrap();
    let path = root().join("big.img".to_owned()).unwrap();
    let fetch = viewer.session.fetch(vec![path], back.path()).unwrap();
    assert_eq!(failsafe(viewer.session.run_fetch(&fetch)).await.unwrap().files, 1);
    assert_eq!(
        fs::read(back.path().join("big.img")).unwrap(),
        fs::read(here.path().join("big.img")).unwrap()
    );
}

#[tokio::test]
async fn a_file_goes_on_after_the_line_was_cut() {
    let stage = stage().await;
    let (mut host, mut viewer, there, here) = with_files(&stage).await;
    let upload = viewer.session.upload(vec![here.path().join("big.img")], root());
    let mut progress = upload.transfer().progress();
    let first = async { viewer.session.run_upload(&upload).await };
    let cutting = async {
        failsafe(progress.wait_for(|now| now.state == TransferState::Running)).await.unwrap();
        stage.line.cut().await;
    };
    let (ended, ()) = tokio::join!(failsafe(first), cutting);
    assert_eq!(ended, Err(FileStop::Lost));
    viewer.lost().await;
    host.lost().await;
    assert!(!there.path().join("big.img").exists());
    stage.line.mend();
    stage.running(viewer.resumed()).await;
    failsafe(viewer.session.run_upload(&upload)).await.unwrap();
    assert_eq!(
        fs::read(there.path().join("big.img")).unwrap(),
        fs::read(here.path().join("big.img")).unwrap()
    );
    assert_eq!(fs::read_dir(there.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_switch_that_is_turned_stops_a_file_in_its_middle() {
    let stage = stage().await;
    let (host, viewer, there, here) = with_files(&stage).await;
    let upload = viewer.session.upload(vec![here.path().join("big.img")], root());
    let mut progress = upload.transfer().progress();
    let turning = async {
        failsafe(progress.wait_for(|now| now.state == TransferState::Running)).await.unwrap();
        host.session.set_switches(all_but(Permission::FileManager));
    };
    let (ended, ()) = tokio::join!(failsafe(viewer.session.run_upload(&upload)), turning);
    assert_eq!(ended, Err(FileStop::NotAllowed));
    until(|| fs::read_dir(there.path()).unwrap().count() == 0).await;
    assert_eq!(failsafe(viewer.session.list(root())).await, Err(FileStop::NotAllowed));
    viewer.say("still here").await;
}

#[tokio::test]
async fn who_asks_again_and_again_for_what_it_may_not_is_disconnected() {
    let stage = stage().await;
    let (mut host, viewer, _there, _here) = with_files(&stage).await;
    host.session.set_switches(PermissionSet::NONE);
    let asking = async { while failsafe(viewer.session.list(root())).await != Err(FileStop::Lost) {} };
    failsafe(asking).await;
    assert_eq!(host.ended().await, EndedWhy::Misbehaved);
}

#[tokio::test]
async fn garbage_on_a_stream_for_files_ends_the_session() {
    let stage = stage().await;
    let mut host = stage.allow().host();
    let call = RawViewer::new(&stage, &stage.viewer.endpoint).await.welcomed().await;
    let (mut send, _receive) = call.connection.open_bi().await.unwrap();
    // `Opening::Files`, then a frame that claims four gigabytes.
    send.write_all(&[0, 0, 0, 1, 1, 0xff, 0xff, 0xff, 0xff]).await.unwrap();
    assert_eq!(closed_with(&call.connection).await, CloseCode::Unreadable as u64);
    assert_eq!(host.ended().await, EndedWhy::Misbehaved);
}

#[tokio::test]
async fn clipboards_are_shared_once_the_viewer_acted() {
    let stage = stage().await;
    let (host, viewer) = stage.connected().await;
    let (there, here) = (Board::default(), Board::default());
    here.copy("a command");
    host.session.share_clipboard(there.clipboard());
    viewer.session.share_clipboard(here.clipboard());
    let story = async {
        let later = stage.clock.monotonic() + Duration::from_secs(2);
        stage.running(until(|| stage.clock.monotonic() > later)).await;
        assert_eq!(there.text(), None, "before the first act");
        viewer.session.first_act();
        there.shows(&stage, "a command").await;
        there.copy("an answer");
        here.shows(&stage, "an answer").await;
    };
    tokio::select! {
        ended = viewer.session.exchange_clipboards() => panic!("{ended:?}"),
        () = story => {}
    }
}

#[tokio::test]
async fn the_viewer_learns_what_the_computer_is_if_it_may() {
    let stage = stage().await;
    let (host, viewer) = stage.connected().await;
    let info = failsafe(viewer.session.system_info()).await.unwrap();
    assert!(info.processors > 0);
    host.session.set_switches(all_but(Permission::Sysinfo));
    assert_eq!(failsafe(viewer.session.system_info()).await, Err(NoSystemInfo::NotAllowed));
}

#[tokio::test]
async fn the_account_is_locked_if_the_viewer_wished_it_and_still_might() {
    for (switched_off, host_ends, locks) in [(false, false, true), (true, false, false), (false, true, false)]
    {
        let stage = stage().await;
        let (mut host, viewer) = stage.connected().await;
        assert!(viewer.session.lock_at_end(true).await);
        // Streams are taken in order.
        failsafe(viewer.session.system_info()).await.unwrap();
        if switched_off {
            host.session.set_switches(all_but(Permission::LockDesk));
        }
        let ends = if host_ends { &host.session } else { &viewer.session };
        failsafe(stage.running(ends.end())).await;
        host.ended().await;
        failsafe(host.session.ended()).await;
        assert_eq!(host.session.locks_at_end(), locks, "{switched_off} {host_ends}");
    }
}

#[tokio::test]
async fn the_account_is_locked_too_where_the_host_only_learns_that_it_is_over() {
    let stage = stage().await;
    let (mut host, viewer) = stage.connected().await;
    assert!(viewer.session.lock_at_end(true).await);
    failsafe(viewer.session.system_info()).await.unwrap();
    host.session.hang_up();
    failsafe(stage.running(host.session.ended())).await;
    host.ended().await;
    assert!(host.session.locks_at_end());
}
