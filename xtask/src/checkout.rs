//! Where things are, and how cargo and npm are called.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// What `main` found in the environment.
pub struct Environment {
    pub target: Option<PathBuf>,
    pub cache: Option<PathBuf>,
    pub home: Option<PathBuf>,
    pub programs: OsString,
    pub has_display: bool,
    pub is_ci: bool,
}

pub struct Checkout {
    pub root: PathBuf,
    pub has_display: bool,
    target: PathBuf,
    cache: PathBuf,
    programs: OsString,
    is_ci: bool,
}

impl Checkout {
    pub fn find(environment: Environment) -> Result<Self> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask stands inside the checkout")?;
        // Built things are kept in the user's cache and not in the checkout: a fresh clone, as CI makes one
        // for every run, then starts warm instead of compiling several hundred crates again.
        let of_user = environment.cache.or_else(|| environment.home.map(|home| home.join(".cache")));
        let cache = of_user.map_or_else(|| root.join("target"), |cache| cache.join("beckon"));
        Ok(Self {
            root: root.to_owned(),
            has_display: environment.has_display,
            target: root.join(environment.target.unwrap_or_else(|| cache.join("target"))),
            cache,
            programs: environment.programs,
            is_ci: environment.is_ci,
        })
    }

    pub fn cargo(&self) -> Command {
        let mut cargo = self.cargo_of(Path::new("cargo"));
        cargo.env("CARGO_TARGET_DIR", &self.target);
        cargo
    }

    /// Another cargo, which must be given a target folder of its own.
    pub fn cargo_of(&self, program: &Path) -> Command {
        let mut cargo = Command::new(program);
        cargo.current_dir(&self.root);
        if self.is_ci {
            // Nothing is built twice with small changes there, so what increments need is not worth its disk.
            cargo.env("CARGO_INCREMENTAL", "0");
        }
        cargo
    }

    pub fn npm(&self) -> Command {
        let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        npm.current_dir(self.ui());
        npm
    }

    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// Data, logs and screenshots of `start` and `test`; ignored by git, and safe to delete.
    pub fn data(&self) -> PathBuf {
        self.root.join(".beckon-dev")
    }

    /// A program that cargo built.
    pub fn built(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    pub fn target(&self) -> &Path {
        &self.target
    }

    /// What takes long to get and is the same for every clone.
    pub fn cached(&self, name: &str) -> PathBuf {
        self.cache.join(name)
    }

    /// The path of programs for a command that must find those in this folder first.
    pub fn programs_after(&self, folder: &Path) -> Result<OsString> {
        let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&self.programs));
        std::env::join_paths(folders).context("a folder of programs has a name that no path can hold")
    }

    pub fn has_program(&self, name: &str) -> bool {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        std::env::split_paths(&self.programs).any(|folder| folder.join(&name).is_file())
    }
}

/// Makes a folder with nothing in it, whatever was there.
pub fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("could not empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))
}

/// Runs a command in the foreground and insists that it succeeds.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("could not start {}", name_of(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", name_of(command));
    }
    Ok(())
}

/// What a command printed; its complaints go to the terminal.
pub fn output_of(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("could not start {}", name_of(command)))?;
    if !output.status.success() {
        bail!("{} failed ({})", name_of(command), output.status);
    }
    Ok(String::from_utf8(output.stdout).context("not text")?.trim().to_owned())
}

/// The program and its first word: enough to know it by.
pub fn name_of(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let first = command.get_args().next().unwrap_or_default();
    format!("`{} {}`", program.display(), first.display()).replace(" `", "`")
}
