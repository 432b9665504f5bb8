//! A large file passes, and whoever looks and types meanwhile hardly notices.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use beckon_domain::Permission;
use beckon_session::HostParts;
use beckon_session::files::{FilePath, Tally, TransferState};
use tempfile::TempDir;

use crate::display::Display;
use crate::rfb_viewer::RfbViewer;
use crate::stage::{Stage, failsafe, until};
use crate::terminal::Terminal;

const BYTES: u64 = 200_000_000;
const BLOCK: usize = 1_000_000;
/// Letters that are typed and seen while the file passes; there is time for many more.
const LETTERS: usize = 5;
const A: u8 = 0x1e;
const ENTER: u8 = 0x1c;

#[tokio::test]
async fn a_large_file_arrives_whole_while_letters_are_typed_and_seen() {
    let display = Display::open();
    let mut stage = Stage::new().await;
    stage.available = Permission::ALL.into_iter().collect();
    stage.relay_only = false;
    let (host, viewer) = stage.connected_with(HostParts::of_display(&display.name)).await;
    let (there, here) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    host.session.files().choose_folder(Some(there.path().to_owned())).unwrap();
    let image = here.path().join("big.img");
    let hash = large_file(&image);
    let terminal = Terminal::on(&display);
    let mut rfb = RfbViewer::of(&viewer.session).await;
    failsafe(stage.running(rfb.until_pixel((100, 100), [0xff; 3]))).await;
    rfb.pointer((100, 100), 0).await;
    until(|| display.pointer() == (100, 100)).await;

    let upload = viewer.session.upload(vec![image], FilePath::default());
    let progress = upload.transfer().progress();
    let passes = || progress.borrow().state == TransferState::Running;
    let typing = async {
        until(passes).await;
        for _ in 0..LETTERS {
            let before = rfb.pixels.clone();
            rfb.types(&[A]).await;
            while rfb.pixels == before {
                rfb.look(false).await;
            }
        }
        assert!(passes(), "the file was faster than {LETTERS} letters");
    };
    let both = async { tokio::join!(viewer.session.run_upload(&upload), typing) };
    let (sent, ()) = failsafe(stage.running(both)).await;
    assert_eq!(sent, Ok(Tally { files: 1, failed: 0, bytes: BYTES }));
    assert_eq!(hash_of(&there.path().join("big.img")), hash);
    rfb.types(&[ENTER]).await;
    terminal.reads(&"a".repeat(LETTERS)).await;
}

/// Of which no two blocks are the same.
fn large_file(path: &Path) -> blake3::Hash {
    let mut file = File::create(path).unwrap();
    for number in 0..BYTES / BLOCK as u64 {
        let mut block = vec![0; BLOCK];
        blake3::Hasher::new().update(&number.to_be_bytes()).finalize_xof().fill(&mut block);
        file.write_all(&block).unwrap();
    }
    hash_of(path)
}

fn hash_of(path: &Path) -> blake3::Hash {
    blake3::Hasher::new().update_reader(File::open(path).unwrap()).unwrap().finalize()
}
