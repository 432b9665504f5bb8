//! The packages that the service hands out: what lies in its downloads folder under a name that it knows.
//!
//! The folder is looked at when somebody asks. The sums are the service's own: a list of sums that lies beside
//! the packages is not believed.

use std::collections::HashMap;
use std::fs::{self, DirEntry, File};
use std::io::{self, Read};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::SystemTime;

use data_encoding::HEXLOWER;
use semver::Version;
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

/// Packages that are on their way at the same time. Whoever fetches slowly holds a connection, and others
/// must get in all the same.
const AT_ONCE_MAX: usize = 200;

/// What there is one newest package of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Assist,
    Windows,
    MacApple,
    MacIntel,
    LinuxAmd64,
    LinuxArm64,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::Windows, Self::Assist, Self::MacApple, Self::MacIntel, Self::LinuxAmd64, Self::LinuxArm64];

    /// In addresses, and in the names of the words for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assist => "assist",
            Self::Windows => "windows",
            Self::MacApple => "mac-apple",
            Self::MacIntel => "mac-intel",
            Self::LinuxAmd64 => "linux-amd64",
            Self::LinuxArm64 => "linux-arm64",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Assist | Self::Windows => "application/vnd.microsoft.portable-executable",
            Self::MacApple | Self::MacIntel => "application/x-apple-diskimage",
            Self::LinuxAmd64 | Self::LinuxArm64 => "application/vnd.debian.binary-package",
        }
    }

    /// What its file name begins and ends with; the version stands between.
    fn around_the_version(self) -> (&'static str, &'static str) {
        match self {
            Self::Assist => ("Beckon-Assist_", "_x64.exe"),
            Self::Windows => ("Beckon_", "_x64-setup.exe"),
            Self::MacApple => ("Beckon_", "_aarch64.dmg"),
            Self::MacIntel => ("Beckon_", "_x64.dmg"),
            Self::LinuxAmd64 => ("beckon_", "_amd64.deb"),
            Self::LinuxArm64 => ("beckon_", "_arm64.deb"),
        }
    }

    fn version_in(self, name: &str) -> Option<Version> {
        let (before, after) = self.around_the_version();
        Version::parse(name.strip_prefix(before)?.strip_suffix(after)?).ok()
    }
}

#[derive(Debug)]
pub struct NotAKind;

impl FromStr for Kind {
    type Err = NotAKind;

    fn from_str(text: &str) -> Result<Self, NotAKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(NotAKind)
    }
}

#[derive(Debug, Clone)]
pub struct Package {
    pub kind: Kind,
    pub version: Version,
    /// Of the file: letters, digits and `.+-_` only.
    pub name: String,
    pub path: PathBuf,
    pub size: u64,
    modified: SystemTime,
}

pub struct Offer {
    pub package: Package,
    pub sha256: String,
}

pub struct Downloads {
    folder: PathBuf,
    sums: Arc<Mutex<Sums>>,
    turns: Arc<Semaphore>,
}

/// Sums of files that looked as they do now.
#[derive(Default)]
struct Sums(HashMap<(String, u64, SystemTime), String>);

impl Downloads {
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder, sums: Arc::default(), turns: Arc::new(Semaphore::new(AT_ONCE_MAX)) }
    }

    /// To be held for as long as a package is on its way. None while too many are.
    pub fn turn(&self) -> Option<OwnedSemaphorePermit> {
        self.turns.clone().try_acquire_owned().ok()
    }

    /// The newest package of each kind, with its sum.
    pub async fn offers(&self) -> Vec<Offer> {
        // Who comes while a sum is made waits for it, and makes it no second time. Making it goes on if the
        // one who asked is gone.
        let (folder, mut sums) = (self.folder.clone(), self.sums.clone().lock_owned().await);
        let made = tokio::task::spawn_blocking(move || sums.offers(newest(&folder))).await;
        made.unwrap_or_default()
    }

    pub async fn newest(&self, kind: Kind) -> Option<Package> {
        let folder = self.folder.clone();
        let found = tokio::task::spawn_blocking(move || newest(&folder)).await.unwrap_or_default();
        found.into_iter().find(|package| package.kind == kind)
    }
}

impl Sums {
    fn offers(&mut self, packages: Vec<Package>) -> Vec<Offer> {
        let mut known = std::mem::take(&mut self.0);
        let mut offers = Vec::new();
        for package in packages {
            let looks = (package.name.clone(), package.size, package.modified);
            let sum = known.remove(&looks).map_or_else(|| sha256(&package), Ok);
            match sum {
                Ok(sha256) => {
                    self.0.insert(looks, sha256.clone());
                    offers.push(Offer { package, sha256 });
                }
                Err(error) => tracing::warn!(%error, name = %package.name, "a package cannot be read"),
            }
        }
        offers
    }
}

fn sha256(package: &Package) -> io::Result<String> {
    let (mut file, mut sum) = (File::open(&package.path)?, Sha256::new());
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut chunk)?;
        match chunk.get(..read) {
            None | Some([]) => return Ok(HEXLOWER.encode(&sum.finalize())),
            Some(bytes) => sum.update(bytes),
        }
    }
}

/// A folder that is not there hands out nothing.
fn newest(folder: &PathBuf) -> Vec<Package> {
    let files = match fs::read_dir(folder) {
        Ok(files) => files,
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::warn!(%error, folder = %folder.display(), "the downloads folder cannot be read");
            }
            return Vec::new();
        }
    };
    let packages: Vec<Package> = files.filter_map(|file| package(&file.ok()?)).collect();
    let newest = |kind| packages.iter().filter(|package| package.kind == kind).max_by_key(|p| &p.version);
    Kind::ALL.into_iter().filter_map(newest).cloned().collect()
}

/// A link leads elsewhere, so only files themselves count; nothing here follows one.
fn package(file: &DirEntry) -> Option<Package> {
    let name = file.file_name().into_string().ok()?;
    let named = |kind: Kind| Some((kind, kind.version_in(&name)?));
    let (kind, version) = Kind::ALL.into_iter().find_map(named)?;
    let about = file.metadata().ok().filter(|about| about.file_type().is_file())?;
    let (size, modified) = (about.len(), about.modified().ok()?);
    Some(Package { kind, version, path: file.path(), size, modified, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.version_in(name).is_some())
    }

    #[test]
    fn only_known_names_are_packages() {
        for (name, kind) in [
            ("beckon_0.1.0_amd64.deb", Kind::LinuxAmd64),
            ("beckon_0.1.0_arm64.deb", Kind::LinuxArm64),
            ("Beckon_1.2.3-rc.1_x64-setup.exe", Kind::Windows),
            ("Beckon-Assist_0.1.0_x64.exe", Kind::Assist),
            ("Beckon_0.1.0_aarch64.dmg", Kind::MacApple),
            ("Beckon_0.1.0_x64.dmg", Kind::MacIntel),
        ] {
            assert_eq!(kind_of(name), Some(kind), "{name}");
        }
        for name in [
            "SHA256SUMS",
            "beckon_amd64.deb",
            "beckon__amd64.deb",
            "beckon_1.0_amd64.deb",
            "beckon_0.1.0_amd64.deb.part",
            "BECKON_0.1.0_amd64.deb",
            "beckon-service_0.1.0_amd64.deb",
            "beckon_0.1.0 _amd64.deb",
            "beckon_../0.1.0_amd64.deb",
            "Beckon_0.1.0_x64.exe",
        ] {
            assert_eq!(kind_of(name), None, "{name}");
        }
    }

    #[test]
    fn a_kind_is_read_as_it_is_written() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse::<Kind>().ok(), Some(kind));
        }
        assert!("../windows".parse::<Kind>().is_err());
    }

    #[test]
    fn the_newest_version_wins_and_a_trial_comes_before_what_it_tries() {
        let folder = tempfile::tempdir().unwrap();
        for version in ["0.9.0", "0.10.0-rc.1", "0.10.0", "0.2.0"] {
            fs::write(folder.path().join(format!("beckon_{version}_amd64.deb")), version).unwrap();
        }
        let found = newest(&folder.path().to_owned());
        assert_eq!(
            found.iter().map(|package| package.name.as_str()).collect::<Vec<_>>(),
            ["beckon_0.10.0_amd64.deb"]
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_and_folders_are_no_packages() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secret = elsewhere.path().join("secret");
        fs::write(&secret, "secret").unwrap();
        std::os::unix::fs::symlink(&secret, folder.path().join("beckon_1.0.0_amd64.deb")).unwrap();
        fs::create_dir(folder.path().join("Beckon_1.0.0_x64.dmg")).unwrap();
        assert!(newest(&folder.path().to_owned()).is_empty());
    }

    #[test]
    fn only_so_many_are_on_their_way_at_once() {
        let downloads = Downloads::in_folder(PathBuf::new());
        let mut turns: Vec<_> = std::iter::from_fn(|| downloads.turn()).collect();
        assert_eq!(turns.len(), AT_ONCE_MAX);
        turns.pop();
        assert!(downloads.turn().is_some());
    }

    #[tokio::test]
    async fn a_sum_is_made_once_for_each_content() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("beckon_1.0.0_amd64.deb");
        fs::write(&file, "abc").unwrap();
        let downloads = Downloads::in_folder(folder.path().to_owned());
        let sum = async || downloads.offers().await.pop().unwrap().sha256;
        let first = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sum().await, first);
        let kept = || async { downloads.sums.lock().await.0.len() };
        assert_eq!((sum().await.as_str(), kept().await), (first, 1));
        fs::write(&file, "abcd").unwrap();
        assert_ne!(sum().await, first);
        assert_eq!(kept().await, 1, "what is no longer there is forgotten");
        fs::remove_file(&file).unwrap();
        assert!(downloads.offers().await.is_empty());
    }
}
