//! A compiler of Debian's archive, unpacked into a folder of its own, beside the one that rustup installed.
//!
//! Debian keeps `rustc-web` new in every stable release, for its browsers, and has the source of Rust's own
//! library for exactly that compiler.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::checkout::{Checkout, empty, output_of};
use crate::packages;
use crate::processes::Processes;

const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-clippy", "rust-web-src"];

/// The least compiler that the workspace accepts.
const NEEDED: &str = env!("CARGO_PKG_RUST_VERSION");

const INSTEAD: &str = "update the system, or leave other systems out with `--no-platforms`";

pub struct Toolchain {
    root: PathBuf,
    /// Where programs are looked for, this compiler's first.
    path: OsString,
}

/// Refuses a Debian that has no compiler for it: to go on would look as if the other systems were checked.
pub fn ensure_offered(checkout: &Checkout) -> Result<()> {
    if Toolchain::at(checkout)?.version().is_some() {
        return Ok(());
    }
    if offered()?.is_none() {
        packages::update(checkout)?;
    }
    match offered()? {
        Some(version) if release_of(&version) >= release_of(NEEDED) => Ok(()),
        Some(version) => bail!("Debian offers Rust {version} here, and {NEEDED} is needed; {INSTEAD}"),
        None => bail!("Debian offers no rustc-web here; {INSTEAD}"),
    }
}

impl Toolchain {
    /// Unpacks it where it is missing, half there, or of another version than Debian's.
    pub fn ensure(checkout: &Checkout, processes: &mut Processes) -> Result<Self> {
        let toolchain = Self::at(checkout)?;
        let unpacked = toolchain.version();
        // Where apt has forgotten what is offered, what is there will do.
        if unpacked.is_none() || offered()?.is_some_and(|offered| Some(offered) != unpacked) {
            toolchain.unpack(checkout, processes)?;
        }
        Ok(toolchain)
    }

    fn at(checkout: &Checkout) -> Result<Self> {
        let root = checkout.cached("platforms/toolchain");
        Ok(Self { path: checkout.programs_after(&root.join("usr/bin"))?, root })
    }

    pub fn program(&self, name: &str) -> PathBuf {
        self.root.join("usr/bin").join(name)
    }

    /// Where the compiler looks for the library of a system.
    pub fn library_of(&self, target: &str) -> PathBuf {
        self.root.join("usr/lib/rustlib").join(target).join("lib")
    }

    pub fn source_of_library(&self) -> PathBuf {
        self.root.join("usr/lib/rustlib/src/rust/library")
    }

    /// What it built, which is of no use to another compiler. All systems share this folder, and with it the
    /// build scripts and macros, which run here for each of them.
    pub fn target(&self) -> PathBuf {
        self.root.join("target")
    }

    /// A folder to build in. What lies there is of no use later.
    pub fn scratch(&self) -> PathBuf {
        self.root.join("scratch")
    }

    /// Makes cargo use this compiler, and none of the habits that somebody gave to another one.
    pub fn lend<'a>(&self, cargo: &'a mut Command) -> &'a mut Command {
        for habit in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET", "RUSTC_WRAPPER"] {
            cargo.env_remove(habit);
        }
        cargo
            .env("CARGO_TARGET_DIR", self.target())
            .env("PATH", &self.path)
            .env("LD_LIBRARY_PATH", self.root.join("usr/lib/x86_64-linux-gnu"))
            .env("RUSTC", self.program("rustc"))
            .env("RUSTDOC", self.program("rustdoc"))
    }

    /// Written when everything is in its place.
    fn marker(&self) -> PathBuf {
        self.root.join("version")
    }

    fn version(&self) -> Option<String> {
        fs::read_to_string(self.marker()).ok()
    }

    fn unpack(&self, checkout: &Checkout, processes: &mut Processes) -> Result<()> {
        // An old list may name files that the archive no longer has.
        packages::update(checkout)?;
        let version = offered()?.context("Debian offers no rustc-web here")?;
        println!("Unpacking Rust {version} into {}", self.root.display());
        let parts = self.root.join("parts");
        // With all that an old compiler built.
        empty(&self.root)?;
        empty(&parts)?;
        let mut download = Command::new("apt-get");
        // Root would have another user download, who may not write here.
        download.args(["--quiet", "--option", "APT::Sandbox::User=root"]).current_dir(&parts);
        processes.run_to_success("apt-get", download.arg("download").args(names_of_parts()?))?;
        let mut libraries = Vec::new();
        for part in fs::read_dir(&parts)? {
            let part = part?.path();
            processes.run_to_success("dpkg-deb", dpkg_deb("--extract", &part).arg(&self.root))?;
            libraries.extend(libraries_in(&output_of(dpkg_deb("--field", &part).arg("Depends"))?));
        }
        packages::install(checkout, &libraries.iter().map(String::as_str).collect::<Vec<_>>())?;
        fs::remove_dir_all(&parts)?;
        self.drop_source_of_compiler()?;
        fs::write(self.marker(), version)
            .with_context(|| format!("could not write {}", self.marker().display()))
    }

    /// It came along, and is five times as large as the library's.
    fn drop_source_of_compiler(&self) -> Result<()> {
        let library = self.source_of_library().canonicalize().context("the library's source is missing")?;
        for beside in fs::read_dir(library.parent().context("it lies in a folder")?)? {
            let beside = beside?.path();
            if beside.is_dir() && beside != library {
                fs::remove_dir_all(&beside)
                    .with_context(|| format!("could not remove {}", beside.display()))?;
            }
        }
        Ok(())
    }
}

fn dpkg_deb(what: &str, part: &Path) -> Command {
    let mut dpkg_deb = Command::new("dpkg-deb");
    dpkg_deb.arg(what).arg(part);
    dpkg_deb
}

/// The version that apt would install, of its lists as they are.
fn offered() -> Result<Option<String>> {
    let policy = output_of(Command::new("apt-cache").args(["policy", "rustc-web"]).env("LC_ALL", "C"))?;
    let candidate = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: "));
    Ok(candidate.filter(|version| *version != "(none)").map(str::to_owned))
}

/// `1.96.0+dfsg1-1~deb12u2` is release 1.96.
fn release_of(version: &str) -> (u32, u32) {
    let mut numbers = version.split('.').map_while(|part| part.parse::<u32>().ok());
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// The packages, and those of the same source that they stand on.
fn names_of_parts() -> Result<Vec<String>> {
    let mut depends = Command::new("apt-cache");
    depends.args(["depends", "--recurse", "--no-recommends", "--no-suggests", "--no-conflicts"]);
    depends.args(["--no-breaks", "--no-replaces", "--no-enhances"]).args(PACKAGES);
    let names = output_of(&mut depends)?;
    Ok(names.lines().filter(|name| is_part(name)).map(str::to_owned).collect())
}

fn is_part(name: &str) -> bool {
    PACKAGES.contains(&name) || name.starts_with("libstd-rust-web-")
}

/// The libraries of a `Depends` field that the programs load.
fn libraries_in(depends: &str) -> Vec<String> {
    let names = depends.split(',').filter_map(|one| one.split_whitespace().next());
    let is_library = |name: &&str| name.starts_with("lib") && !name.ends_with("-dev") && !is_part(name);
    names.filter(is_library).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_debian_is_compared_by_its_release() {
        assert_eq!(release_of("1.96.0+dfsg1-1~deb12u2"), (1, 96));
        assert!(release_of("1.85.0+dfsg3-1~deb12u3") < release_of("1.95"));
        assert!(release_of("2.0") > release_of("1.95"));
        assert_eq!(release_of(""), (0, 0));
    }

    #[test]
    fn only_foreign_libraries_are_installed() {
        let depends =
            "libc6 (>= 2.36), libllvm22 (>= 1:22.1), libstd-rust-web-1.96 (= 1.96.0), gcc | clang, libc-dev";
        assert_eq!(libraries_in(depends), ["libc6", "libllvm22"]);
    }
}
