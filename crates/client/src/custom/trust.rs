//! Whether a file beside the program lies as safely as the program itself.
//!
//! On Windows the access lists are not read: there a folder that others may write to is not found out, and then the
//! program in it is no safer than the file.

use std::fs::File;
use std::path::Path;

use super::CustomRefusal;

pub fn check(program: &Path, path: &Path, file: &File) -> Result<(), CustomRefusal> {
    let folder = path.parent().ok_or(CustomRefusal::NotProtected)?;
    if is_for_downloads(folder) {
        return Err(CustomRefusal::AmongDownloads);
    }
    if is_protected(program, folder, file) { Ok(()) } else { Err(CustomRefusal::NotProtected) }
}

/// A page can save a file there without asking, and its name is for the page to choose.
fn is_for_downloads(folder: &Path) -> bool {
    let user = directories::UserDirs::new();
    let downloads = user.as_ref().and_then(directories::UserDirs::download_dir);
    downloads.and_then(|downloads| downloads.canonicalize().ok()).is_some_and(|downloads| folder == downloads)
}

/// Nobody but its owner may write the file, or put another in its place; and its owner is the program's, or root.
#[cfg(unix)]
fn is_protected(program: &Path, folder: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    const WRITTEN_BY_OTHERS: u32 = 0o022;
    const ROOT: u32 = 0;
    let Ok(program) = program.metadata() else { return false };
    let is_safe = |found: std::io::Result<std::fs::Metadata>| {
        found.is_ok_and(|found| {
            found.mode() & WRITTEN_BY_OTHERS == 0 && (found.uid() == ROOT || found.uid() == program.uid())
        })
    };
    is_safe(file.metadata()) && is_safe(folder.metadata())
}

#[cfg(not(unix))]
fn is_protected(_program: &Path, _folder: &Path, _file: &File) -> bool {
    true
}
