//! `bindings`: the TypeScript types of what crosses to the UI, written by tests that ts-rs generates.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::checkout::{Checkout, empty, run as run_command};
use crate::processes::Processes;

pub fn run(checkout: &Checkout) -> Result<()> {
    let (fresh, kept) = (fresh(checkout), folder(checkout));
    empty(&fresh)?;
    run_command(&mut export(checkout, &fresh))?;
    replace(&kept, &fresh)?;
    println!("The bindings are in {}", kept.display());
    Ok(())
}

/// Not before all of them are there: without them nothing of the UI compiles. A type that is gone leaves no file.
fn replace(kept: &Path, fresh: &Path) -> Result<()> {
    let files = read(fresh)?;
    empty(kept)?;
    for (path, text) in files {
        let file = kept.join(path);
        fs::create_dir_all(file.parent().unwrap_or(kept))?;
        fs::write(&file, text).with_context(|| format!("could not write {}", file.display()))?;
    }
    Ok(())
}

/// Whether the types in the checkout are those that the code would write now.
pub fn check(checkout: &Checkout, processes: &mut Processes) -> Result<()> {
    let fresh = fresh(checkout);
    empty(&fresh)?;
    processes.run_to_success("bindings", &mut export(checkout, &fresh))?;
    let (fresh, kept) = (read(&fresh)?, read(&folder(checkout))?);
    let stale = differing(&fresh, &kept);
    if !stale.is_empty() {
        bail!("`cargo xtask bindings` would change: {}", stale.join(" "));
    }
    Ok(())
}

fn fresh(checkout: &Checkout) -> PathBuf {
    checkout.data().join("bindings")
}

fn folder(checkout: &Checkout) -> PathBuf {
    checkout.ui().join("src/ipc/bindings")
}

/// The whole workspace and not only the crates that have such types: another choice of crates is another
/// set of features, and would compile their dependencies once more.
fn export(checkout: &Checkout, into: &Path) -> Command {
    let mut cargo = checkout.cargo();
    cargo.args(["test", "--quiet", "--workspace", "--lib", "export_bindings"]).env("TS_RS_EXPORT_DIR", into);
    cargo
}

/// Every file by its path below the folder.
fn read(folder: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        if !next.exists() {
            continue;
        }
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path)
                    .with_context(|| format!("could not read {}", path.display()))?;
                files.insert(path.strip_prefix(folder)?.to_owned(), text);
            }
        }
    }
    Ok(files)
}

fn differing(fresh: &BTreeMap<PathBuf, String>, kept: &BTreeMap<PathBuf, String>) -> Vec<String> {
    let changed = fresh.iter().filter(|(path, text)| kept.get(*path) != Some(text)).map(|(path, _)| path);
    let gone = kept.keys().filter(|path| !fresh.contains_key(*path));
    changed.chain(gone).map(|path| path.display().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> BTreeMap<PathBuf, String> {
        files.iter().map(|(path, text)| (path.into(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_file_that_is_new_changed_or_gone_differs() {
        let fresh = files(&[("Same.ts", "a"), ("Changed.ts", "b"), ("New.ts", "c")]);
        let kept = files(&[("Same.ts", "a"), ("Changed.ts", "old"), ("Gone.ts", "d")]);
        assert_eq!(differing(&fresh, &kept), ["Changed.ts", "New.ts", "Gone.ts"]);
        assert_eq!(differing(&kept, &kept), [""; 0]);
    }
}
