//! Debian packages of the client and of the service. What is in them is said in their Cargo.toml.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::VERSION;
use crate::checkout::{Checkout, run};
use crate::programs;

const CARGO_DEB: &str = "3.8.0";
/// A person waits for this download while somebody wants to help.
const CLIENT_BYTES_MAX: u64 = 12 << 20;

pub fn make(checkout: &Checkout, dist: &Path) -> Result<()> {
    let tool = ensure_tool(checkout)?;
    println!("Building for release; the first time takes a quarter of an hour");
    run(&mut programs::build_for_release(checkout, &["--bins"]))?;
    let client = pack(checkout, &tool, "beckon", dist)?;
    pack(checkout, &tool, "beckon-service", dist)?;
    let bytes = client.metadata()?.len();
    if bytes > CLIENT_BYTES_MAX {
        bail!("{} has {bytes} bytes, and may have {CLIENT_BYTES_MAX}", client.display());
    }
    Ok(())
}

/// The packager is kept with what was built, since every clone wants the same.
fn ensure_tool(checkout: &Checkout) -> Result<PathBuf> {
    let folder = checkout.cached("tools").join(format!("cargo-deb-{CARGO_DEB}"));
    let tool = folder.join("bin/cargo-deb");
    if !tool.exists() {
        println!("Building cargo-deb {CARGO_DEB}");
        let mut install = checkout.cargo();
        install.args(["install", "cargo-deb", "--locked", "--version", CARGO_DEB, "--root"]);
        run(install.arg(&folder))?;
    }
    Ok(tool)
}

fn pack(checkout: &Checkout, tool: &Path, package: &str, dist: &Path) -> Result<PathBuf> {
    let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let deb = dist.join(format!("{package}_{VERSION}_{architecture}.deb"));
    let mut cargo = checkout.cargo();
    // By way of cargo, which tells it where the programs were built.
    let folder = tool.parent().unwrap_or(tool);
    cargo.env("PATH", checkout.programs_after(folder)?);
    cargo.args(["deb", "--no-build", "--locked", "--package", package, "--output"]);
    run(cargo.arg(&deb))?;
    Ok(deb)
}
