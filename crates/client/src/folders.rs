//! Where one profile keeps what it keeps.
//!
//! The cache may be deleted at any time; keys and settings may not, so they live apart.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

#[derive(Debug, Clone)]
pub struct Folders {
    pub data: PathBuf,
    pub cache: PathBuf,
}

impl Folders {
    /// The system's own places for this profile.
    pub fn of_profile(profile: &str) -> anyhow::Result<Self> {
        let folders =
            directories::ProjectDirs::from("", "", "beckon").context("this user has no home folder")?;
        Ok(Self {
            data: folders.data_local_dir().join("profiles").join(profile),
            cache: folders.cache_dir().join("profiles").join(profile),
        })
    }

    /// Everything under one folder: portable copies and tests.
    pub fn under(folder: &Path, profile: &str) -> Self {
        let folder = folder.join(profile);
        Self { data: folder.join("data"), cache: folder.join("cache") }
    }

    pub fn settings(&self) -> PathBuf {
        self.data.join("settings.json")
    }

    pub fn own_profiles(&self) -> PathBuf {
        self.data.join("permission-profiles.json")
    }

    pub fn key(&self, origin: &str) -> PathBuf {
        self.data.join("keys").join(file_name(origin))
    }

    pub fn outbox_of(&self, origin: &str) -> PathBuf {
        self.data.join("outbox").join(format!("{}.json", file_name(origin)))
    }

    pub fn tiles_of(&self, origin: &str) -> PathBuf {
        self.data.join("tiles").join(format!("{}.json", file_name(origin)))
    }

    pub fn cache_of(&self, origin: &str) -> PathBuf {
        self.cache.join(format!("{}.sqlite", file_name(origin)))
    }
}

/// An origin as a file name that says nothing and clashes with nothing.
fn file_name(origin: &str) -> String {
    let digest = Sha256::digest(origin.as_bytes());
    data_encoding::HEXLOWER.encode(digest.get(..12).unwrap_or_default())
}

/// Makes a folder that only this user may enter: names and comments of other people lie in it.
pub fn make_private(folder: &Path) -> anyhow::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| format!("cannot make the folder {}", folder.display()))
}

/// What [`write_private`] wrote; nothing yet is the default. A file that cannot be understood is put aside, not
/// overwritten.
pub fn read_private<T: DeserializeOwned + Default>(path: &Path) -> anyhow::Result<T> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            tracing::error!(%error, path = %path.display(), "the file cannot be understood; it is put aside");
            let _ = fs::rename(path, path.with_extension("unreadable"));
            T::default()
        })),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(T::default()),
        // Written over, what is in it would be lost for a disk's bad moment.
        Err(error) => Err(error).with_context(|| format!("cannot be read: {}", path.display())),
    }
}

/// Writes beside the file and renames, so that a crash leaves the old one or the new one. Only this user
/// may read it.
pub fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().context("a file lies in a folder")?;
    make_private(folder)?;
    let unfinished = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file =
        options.open(&unfinished).with_context(|| format!("cannot write {}", unfinished.display()))?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, path).with_context(|| format!("cannot write {}", path.display()))
}
