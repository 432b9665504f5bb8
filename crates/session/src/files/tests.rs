//! Two sides with folders of their own and a stream between them that a test can cut.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use beckon_domain::clock::FakeClock;
use beckon_domain::{Permission, PermissionSet};
use chrono::DateTime;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, DuplexStream, ReadHalf, WriteHalf, duplex, split};

use super::*;
use crate::gate::Gate;

mod clashes;
mod hostile_host;
mod hostile_viewer;
mod interruptions;
mod listings;
mod offers;
mod transfers;

type Near = (ReadHalf<DuplexStream>, WriteHalf<DuplexStream>);

struct Scene {
    clock: FakeClock,
    switch: Arc<Switch>,
    host: HostFiles,
    host_place: TempDir,
    viewer_place: TempDir,
}

/// The host's switch for files.
struct Switch(AtomicBool);

impl Gate for Switch {
    fn allows(&self, permission: Permission) -> bool {
        permission == Permission::FileManager && self.0.load(Ordering::SeqCst)
    }
}

impl Switch {
    fn set(&self, on: bool) {
        self.0.store(on, Ordering::SeqCst);
    }
}

impl Scene {
    fn new() -> Self {
        let scene = Self::without_folder();
        scene.host.choose_folder(Some(scene.host_place.path().to_owned())).unwrap();
        scene
    }

    fn without_folder() -> Self {
        let clock = FakeClock::starting_at(DateTime::UNIX_EPOCH);
        let switch = Arc::new(Switch(AtomicBool::new(true)));
        let host = HostFiles::new(clock.shared(), switch.clone());
        let (host_place, viewer_place) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        Self { clock, switch, host, host_place, viewer_place }
    }

    /// A file of the viewer's.
    fn has(&self, name: &str, content: &[u8]) -> PathBuf {
        written(self.viewer_place.path(), name, content)
    }

    /// A file of the host's.
    fn host_has(&self, name: &str, content: &[u8]) -> PathBuf {
        written(self.host_place.path(), name, content)
    }

    fn upload(&self, names: &[&str]) -> Upload {
        let chosen = names.iter().map(|name| self.viewer_place.path().join(name)).collect();
        Upload::new(chosen, FilePath::default(), self.clock.shared(), allowed())
    }

    fn fetch(&self, paths: &[&str], into: &Path) -> Fetch {
        let paths = paths.iter().map(|text| path(text)).collect();
        Fetch::new(paths, into, self.clock.shared(), allowed()).unwrap()
    }

    /// The viewer does something on one stream, and the host answers it.
    async fn meet<T>(&self, viewer: impl AsyncFnOnce(Near) -> T) -> (T, Result<(), FileStop>) {
        let (near, far) = duplex(64 * 1024);
        let (reader, writer) = split(far);
        tokio::join!(viewer(split(near)), self.host.serve(reader, writer))
    }

    /// As [`Scene::meet`], but the stream breaks once the viewer has sent so many bytes.
    async fn meet_until<T>(&self, bytes: u64, viewer: impl AsyncFnOnce(Near) -> T) -> T {
        let (near, middle_near) = duplex(16 * 1024);
        let (middle_far, far) = duplex(16 * 1024);
        let (host_reader, host_writer) = split(far);
        let wire = async move {
            let ((from_viewer, mut to_viewer), (mut from_host, mut to_host)) =
                (split(middle_near), split(middle_far));
            let mut upstream = from_viewer.take(bytes);
            tokio::select! {
                _ = tokio::io::copy(&mut upstream, &mut to_host) => {}
                _ = tokio::io::copy(&mut from_host, &mut to_viewer) => {}
            }
        };
        tokio::join!(viewer(split(near)), self.host.serve(host_reader, host_writer), wire).0
    }

    async fn uploaded(&self, upload: &Upload) -> Result<Tally, FileStop> {
        self.meet(async |(reader, writer)| upload.run(reader, writer).await).await.0
    }

    async fn fetched(&self, fetch: &Fetch) -> Result<Tally, FileStop> {
        self.meet(async |(reader, writer)| fetch.run(reader, writer).await).await.0
    }

    async fn listed(&self, folder: &str) -> Result<Listing, FileStop> {
        self.meet(async |(reader, writer)| list(reader, writer, path(folder)).await).await.0
    }

    fn on_host(&self) -> BTreeMap<String, Vec<u8>> {
        tree(self.host_place.path())
    }

    fn names_on_host(&self) -> Vec<String> {
        self.on_host().into_keys().collect()
    }
}

fn allowed() -> Arc<dyn Gate> {
    Arc::new(PermissionSet::NONE.with(Permission::FileManager))
}

fn path(text: &str) -> FilePath {
    let components: Vec<String> = text.split_terminator('/').map(str::to_owned).collect();
    components.try_into().unwrap()
}

fn written(place: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = place.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path
}

/// All below a folder; folders with a slash at the end.
fn tree(place: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut to_do = vec![(place.to_owned(), String::new())];
    while let Some((folder, prefix)) = to_do.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                to_do.push((entry.path(), format!("{name}/")));
                found.insert(format!("{name}/"), Vec::new());
            } else {
                found.insert(name, fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

/// Content in which no two places are alike.
fn content(bytes: usize) -> Vec<u8> {
    let mut content = vec![0; bytes];
    blake3::Hasher::new().finalize_xof().fill(&mut content);
    content
}
