//! Builds the UI and the programs.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context as _, Result};

use crate::checkout::{Checkout, run};

/// Installs the UI's packages where they are missing or older than the lock file.
pub fn install_ui(checkout: &Checkout) -> Result<()> {
    let ui = checkout.ui();
    // npm writes this list when it is done, so an install that broke off does not count.
    let installed = changed(&ui.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= changed(&ui.join("package-lock.json")) {
        return Ok(());
    }
    println!("Installing the UI's packages");
    run(checkout.npm().args(["ci", "--no-audit", "--no-fund"]))
}

/// Builds the UI, unless what is there was built from these very files.
pub fn build_ui(checkout: &Checkout) -> Result<()> {
    let ui = checkout.ui();
    // Not the pages themselves: a build script puts a placeholder where they are missing.
    let stamp = ui.join("dist/built");
    let newest = newest_below(&ui)?;
    let is_whole = ui.join("dist/desktop/assets").is_dir();
    if is_whole && changed(&stamp).is_some_and(|built| newest.is_some_and(|newest| built >= newest)) {
        return Ok(());
    }
    println!("Building the UI");
    run(checkout.npm().args(["run", "build"]))?;
    fs::write(&stamp, "").with_context(|| format!("could not write {}", stamp.display()))
}

/// The command that builds every program, with the features and flags that the tests are built with: two
/// sets that take turns would compile most crates twice.
pub fn build(checkout: &Checkout) -> Command {
    let mut cargo = checkout.cargo();
    cargo.args(["build", "--workspace", "--bins"]);
    cargo
}

/// The command that builds what people install.
pub fn build_for_release(checkout: &Checkout, targets: &[&str]) -> Command {
    let mut cargo = checkout.cargo();
    cargo.args(["build", "--release", "--locked", "--package=beckon", "--package=beckon-service"]);
    cargo.arg("--features=beckon/custom-protocol").args(targets);
    cargo
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// When the newest file of the UI was changed, what is installed or built left out.
fn newest_below(folder: &Path) -> Result<Option<SystemTime>> {
    let mut newest = None;
    for entry in fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))? {
        let path = entry?.path();
        let moment = match path.file_name().and_then(|name| name.to_str()) {
            Some("node_modules" | "dist") => None,
            _ if path.is_dir() => newest_below(&path)?,
            _ => changed(&path),
        };
        newest = newest.max(moment);
    }
    Ok(newest)
}
