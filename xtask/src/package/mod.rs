//! `package`: what people download, made for the system that this runs on, in `dist/`.
//!
//! `linux` makes Debian packages and `installers` what Windows and macOS want; `checksums` lists them all.
//! `trial` installs the Debian packages in clean systems. docs/decisions/0014-packages.md has the reasons.

mod checksums;
mod installers;
mod linux;
pub mod trial;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::checkout::{Checkout, empty};
use crate::{packages, programs};

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub fn run(checkout: &Checkout) -> Result<()> {
    packages::ensure(checkout, &[&packages::BUILD])?;
    programs::install_ui(checkout)?;
    programs::build_ui(checkout)?;
    let dist = dist(checkout);
    empty(&dist)?;
    if cfg!(target_os = "linux") {
        linux::make(checkout, &dist)?;
    } else {
        installers::make(checkout, &dist)?;
    }
    checksums::write(&dist)?;
    println!("\nIn {}:", dist.display());
    for package in files(&dist)? {
        println!("{:>12} bytes  {}", package.metadata()?.len(), name_of(&package));
    }
    Ok(())
}

/// Where packages are put; ignored by git.
fn dist(checkout: &Checkout) -> PathBuf {
    checkout.root.join("dist")
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))? {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
