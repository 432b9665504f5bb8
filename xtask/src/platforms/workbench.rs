//! Everything that it takes to build for Windows and macOS here.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::stand_ins::StandIns;
use super::std_of::{self, Depth};
use super::toolchain::{self, Toolchain};
use super::wine::Wine;
use crate::checkout::{Checkout, output_of};
use crate::packages;
use crate::processes::Processes;

/// What is shipped.
pub const WINDOWS: &str = "x86_64-pc-windows-msvc";
pub const MACOS: &str = "aarch64-apple-darwin";
/// What can also be linked here, and run.
const WINDOWS_TO_RUN: &str = "x86_64-pc-windows-gnu";

pub struct Workbench<'a> {
    checkout: &'a Checkout,
    toolchain: Toolchain,
    stand_ins: StandIns,
    wine: Wine,
}

impl<'a> Workbench<'a> {
    /// Gets what is missing, once. What was interrupted is done again.
    pub fn ensure(checkout: &'a Checkout, processes: &mut Processes) -> Result<Self> {
        toolchain::ensure_offered(checkout)?;
        packages::ensure(checkout, &[&packages::BUILD, &packages::OTHER_SYSTEMS])?;
        let toolchain = Toolchain::ensure(checkout, processes)?;
        std_of::ensure(&toolchain, WINDOWS, Depth::ToCheck, processes)?;
        std_of::ensure(&toolchain, MACOS, Depth::ToCheck, processes)?;
        std_of::ensure(&toolchain, WINDOWS_TO_RUN, Depth::ToLink, processes)?;
        let stand_ins = StandIns::write(checkout.cached("platforms/stand-ins"))?;
        let wine = Wine::ensure(checkout.cached("platforms/wine"), processes)?;
        Ok(Self { checkout, toolchain, stand_ins, wine })
    }

    pub fn clippy(&self, target: &str) -> Command {
        let mut cargo = self.cargo("clippy", target);
        self.stand_ins.lend(&mut cargo, target);
        cargo.args(["--all-targets", "--keep-going", "--", "-D", "warnings"]);
        cargo
    }

    /// One process for each test program, and not for each test as elsewhere: Wine takes its time to start.
    pub fn tests(&self) -> Result<Command> {
        let mut cargo = self.cargo("test", WINDOWS_TO_RUN);
        self.wine.lend(&mut cargo);
        // The one for web views lies beside the programs, and tests are a folder below.
        let mut folders = vec![self.folder_of_programs()];
        folders.extend(libraries_of_cxx()?);
        self.wine.lend_libraries(&folders, &mut cargo);
        cargo.args(["--lib", "--bins", "--test", "samples", "--no-fail-fast"]);
        cargo.args(["--", "--skip", "export_bindings"]);
        Ok(cargo)
    }

    pub fn build(&self) -> Command {
        let mut cargo = self.cargo("build", WINDOWS_TO_RUN);
        cargo.arg("--bins");
        cargo
    }

    /// A program that [`Workbench::build`] built.
    pub fn built(&self, name: &str) -> PathBuf {
        self.folder_of_programs().join(format!("{name}.exe"))
    }

    fn folder_of_programs(&self) -> PathBuf {
        self.toolchain.target().join(WINDOWS_TO_RUN).join("debug")
    }

    pub fn start(&self, name: &str) -> Command {
        self.wine.start(&self.built(name))
    }

    fn cargo(&self, command: &str, target: &str) -> Command {
        let mut cargo = self.checkout.cargo_of(&self.toolchain.program("cargo"));
        self.toolchain.lend(&mut cargo);
        // Nobody debugs what is built here, and it is half the size without.
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "0");
        // A dependency is a dynamic library too, and names nothing that it exports. The GNU linker would then
        // export everything, which is more than such a library can hold.
        cargo.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUSTFLAGS", "-Clink-arg=-Wl,--exclude-all-symbols");
        cargo.args([command, "--workspace", "--target", target]);
        cargo
    }
}

/// What the GNU compiler links to C++ code, as the video encoder is; what is shipped needs none of it.
fn libraries_of_cxx() -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for library in ["libstdc++-6.dll", "libwinpthread-1.dll"] {
        let mut compiler = Command::new("x86_64-w64-mingw32-g++");
        let library = output_of(compiler.arg(format!("-print-file-name={library}")))?;
        // A compiler that has no such library repeats its bare name.
        folders
            .extend(Path::new(library.trim()).parent().filter(|folder| folder.is_absolute()).map(Into::into));
    }
    Ok(folders)
}
