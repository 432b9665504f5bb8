//! Rust's own library for another system, built from its source into the place where the compiler looks.
//!
//! After that, cargo builds for that system as if rustup had downloaded the library.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::toolchain::Toolchain;
use crate::checkout::empty;
use crate::processes::Processes;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Only what the compiler must know about it.
    ToCheck,
    ToLink,
}

/// What cargo needs to see before it builds anything.
const MANIFEST: &str = "\
[package]
name = \"beckon-scratch\"
edition = \"2024\"

[workspace]

[profile.release]
debug = false
";

pub fn ensure(toolchain: &Toolchain, target: &str, depth: Depth, processes: &mut Processes) -> Result<()> {
    let library = toolchain.library_of(target);
    let marker = library.join("complete");
    if marker.exists() {
        return Ok(());
    }
    println!("Building Rust's own library for {target}");
    empty(&library)?;
    let scratch = toolchain.scratch();
    empty(&scratch)?;
    fs::create_dir(scratch.join("src"))?;
    fs::write(scratch.join("src/lib.rs"), "")?;
    fs::write(scratch.join("Cargo.toml"), MANIFEST)?;
    processes.run_to_success("cargo", &mut build(toolchain, &scratch, target, depth))?;
    keep(&scratch.join("target").join(target).join("release/deps"), depth, &library)?;
    if depth == Depth::ToLink {
        compile_ends(toolchain, target, &library, processes)?;
    }
    fs::remove_dir_all(scratch)?;
    fs::write(&marker, "").with_context(|| format!("could not write {}", marker.display()))
}

fn build(toolchain: &Toolchain, scratch: &Path, target: &str, depth: Depth) -> Command {
    let mut cargo = Command::new(toolchain.program("cargo"));
    cargo.arg(if depth == Depth::ToCheck { "check" } else { "build" });
    cargo.args(["--quiet", "--release", "--target", target]);
    cargo.arg("-Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro");
    // What it asks for is not stable. What it builds is, since it belongs to this compiler.
    toolchain.lend(&mut cargo).env("RUSTC_BOOTSTRAP", "1");
    cargo.current_dir(scratch).env("CARGO_TARGET_DIR", scratch.join("target"));
    cargo
}

fn keep(built: &Path, depth: Depth, library: &Path) -> Result<()> {
    let kind = if depth == Depth::ToCheck { "rmeta" } else { "rlib" };
    for file in fs::read_dir(built).with_context(|| format!("could not read {}", built.display()))? {
        let file = file?.path();
        let Some(name) = file.file_name() else { continue };
        let is_scratch = name.to_string_lossy().starts_with("libbeckon_scratch");
        if file.extension().is_some_and(|extension| extension == kind) && !is_scratch {
            fs::copy(&file, library.join(name))
                .with_context(|| format!("could not keep {}", file.display()))?;
        }
    }
    Ok(())
}

/// The objects that stand first and last when a program is linked with the GNU tools.
fn compile_ends(
    toolchain: &Toolchain,
    target: &str,
    library: &Path,
    processes: &mut Processes,
) -> Result<()> {
    for name in ["rsbegin", "rsend"] {
        let source = toolchain.source_of_library().join("rtstartup").join(name).with_extension("rs");
        let mut rustc = Command::new(toolchain.program("rustc"));
        toolchain.lend(&mut rustc).env("RUSTC_BOOTSTRAP", "1");
        rustc.args(["--emit=obj", "--target", target, "-o"]).arg(library.join(format!("{name}.o")));
        processes.run_to_success("rustc", rustc.arg(source))?;
    }
    Ok(())
}
