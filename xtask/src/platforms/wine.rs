//! Runs Windows programs. Without a display: what is tested here shows no window.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::checkout::empty;
use crate::processes::Processes;

/// Not `wine`, which also wants to run programs of 32 bits and complains that it cannot.
const WINE: &str = "/usr/lib/wine/wine64";
const SERVER: &str = "/usr/lib/wine/wineserver";

pub struct Wine {
    /// The folder that its drive C: is in.
    prefix: PathBuf,
}

impl Wine {
    pub fn ensure(prefix: PathBuf, processes: &mut Processes) -> Result<Self> {
        let wine = Self { prefix };
        let marker = wine.prefix.join("complete");
        if !marker.exists() {
            println!("Making a Windows in {}", wine.prefix.display());
            wine.install(processes)?;
            fs::write(&marker, "").with_context(|| format!("could not write {}", marker.display()))?;
        }
        Ok(wine)
    }

    pub fn start(&self, program: &Path) -> Command {
        let mut command = Command::new(WINE);
        command.arg(program);
        self.lend(&mut command);
        command
    }

    /// Lets cargo run what it built for Windows.
    pub fn lend(&self, command: &mut Command) {
        command
            .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", WINE)
            .env("WINEPREFIX", &self.prefix)
            .env("WINEDEBUG", "-all")
            // No offers to download what Wine lacks, and no entries in the menu of whoever runs this.
            .env("WINEDLLOVERRIDES", "mscoree=;mshtml=;winemenubuilder.exe=d")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY");
    }

    /// Lets programs load the libraries of folders that are not their own.
    pub fn lend_libraries(&self, folders: &[PathBuf], command: &mut Command) {
        let windows = |folder: &PathBuf| format!("Z:{}", folder.display()).replace('/', "\\");
        command.env("WINEPATH", folders.iter().map(windows).collect::<Vec<_>>().join(";"));
    }

    fn install(&self, processes: &mut Processes) -> Result<()> {
        empty(&self.prefix)?;
        processes.run_quietly("wineboot", self.start(Path::new("wineboot")).arg("--init"))?;
        let mut wait = Command::new(SERVER);
        self.lend(wait.arg("--wait"));
        processes.run_quietly("wineserver", &mut wait)?;
        self.add_randomness(processes)
    }

    fn add_randomness(&self, processes: &mut Processes) -> Result<()> {
        let library = self.prefix.join("drive_c/windows/system32/bcryptprimitives.dll");
        if library.exists() {
            return Ok(());
        }
        let source = self.prefix.join("bcryptprimitives.c");
        fs::write(&source, include_str!("bcryptprimitives.c"))?;
        let mut gcc = Command::new("x86_64-w64-mingw32-gcc");
        gcc.args(["-O2", "-s", "-shared", "-o"]).arg(library).arg(source).arg("-ladvapi32");
        processes.run_to_success("gcc", &mut gcc)
    }
}
