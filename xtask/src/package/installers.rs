//! Installers for Windows and macOS, by Tauri's own bundler, and the client that needs no installation.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::{VERSION, files, name_of};
use crate::checkout::{Checkout, run};

/// Not among the UI's packages: it brings one for each system, and a clean install refuses those of others.
const TAURI_CLI: &str = "@tauri-apps/cli@2.12.5";

pub fn make(checkout: &Checkout, dist: &Path) -> Result<()> {
    let kind = if cfg!(windows) { "nsis" } else { "dmg" };
    let mut tauri = checkout.npm();
    tauri.current_dir(&checkout.root).env("CARGO_TARGET_DIR", checkout.target());
    tauri.args(["exec", "--yes", "--package", TAURI_CLI, "--", "tauri", "build", "--bundles", kind]);
    run(&mut tauri)?;
    let release = checkout.target().join("release");
    let made = files(&release.join("bundle").join(kind))?;
    // `Beckon_<version>_x64-setup.exe`, `Beckon_<version>_aarch64.dmg`: the service knows them by their names.
    let of_this_version = format!("Beckon_{VERSION}_");
    let Some(installer) = made.iter().find(|file| name_of(file).starts_with(&of_this_version)) else {
        bail!("the bundler made no {of_this_version}*");
    };
    keep(installer, &dist.join(name_of(installer)))?;
    if cfg!(windows) {
        let assist = dist.join(format!("Beckon-Assist_{VERSION}_x64.exe"));
        keep(&release.join("beckon.exe"), &assist)?;
        // The bundler signs what it packs, and puts the program back as it was.
        sign(checkout, &assist)?;
    }
    Ok(())
}

fn sign(checkout: &Checkout, program: &Path) -> Result<()> {
    let script = checkout.root.join("src-tauri/windows/sign.ps1");
    let mut powershell = Command::new("powershell");
    powershell.args(["-NoProfile", "-ExecutionPolicy", "Bypass", "-File"]);
    run(powershell.arg(script).arg(program))
}

fn keep(file: &Path, place: &Path) -> Result<()> {
    fs::copy(file, place).with_context(|| format!("could not copy {}", file.display()))?;
    Ok(())
}
