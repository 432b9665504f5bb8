//! `cargo +nightly fuzz run files`: whatever a viewer sends on a stream for files, the host ends it, and
//! nothing changes outside of the folder that was chosen.

#![no_main]

use std::sync::Arc;

use beckon_domain::clock::SystemClock;
use beckon_domain::{Permission, PermissionSet};
use beckon_session::files::HostFiles;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|sent: &[u8]| {
    let place = tempfile::tempdir().expect("a folder");
    let chosen = place.path().join("chosen");
    std::fs::create_dir(&chosen).expect("a folder");
    let gate = Arc::new(PermissionSet::NONE.with(Permission::FileManager));
    let host = HostFiles::new(SystemClock::shared(), gate);
    host.choose_folder(Some(chosen)).expect("a folder");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    // How it ends does not matter, only that it does.
    let _ = runtime.block_on(host.serve(sent, tokio::io::sink()));
    assert_eq!(std::fs::read_dir(place.path()).expect("the folder").count(), 1);
});
