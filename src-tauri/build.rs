//! The page is built by Node; everything else builds and is tested without it.

use std::fs;
use std::path::Path;

const PLACEHOLDER: &str = "<!doctype html><meta charset=utf-8><title>Beckon</title>\
    <p>The page has not been built: run <code>npm run build</code> in <code>ui</code>.";

fn main() {
    let page = Path::new("ui/dist/desktop/index.html");
    if !page.exists() {
        write_placeholder(page).unwrap_or_else(|error| panic!("cannot write {}: {error}", page.display()));
    }
    // A pattern of one's own is not watched by the build script of Tauri.
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=ui/dist/desktop");
    let attributes =
        tauri_build::Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/**/*");
    tauri_build::try_build(attributes).unwrap_or_else(|error| panic!("{error:#}"));
}

fn write_placeholder(page: &Path) -> std::io::Result<()> {
    if let Some(folder) = page.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(page, PLACEHOLDER)
}
