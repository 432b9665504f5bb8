//! `SHA256SUMS`, as `sha256sum --check` reads it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use super::{files, name_of};

pub fn write(folder: &Path) -> Result<()> {
    let mut lines = String::new();
    for file in files(folder)? {
        let content = fs::read(&file).with_context(|| format!("could not read {}", file.display()))?;
        for byte in Sha256::digest(&content) {
            write!(lines, "{byte:02x}")?;
        }
        writeln!(lines, "  {}", name_of(&file))?;
    }
    let list = folder.join("SHA256SUMS");
    fs::write(&list, lines).with_context(|| format!("could not write {}", list.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_names_every_file_with_its_sum() {
        let folder = std::env::temp_dir().join(format!("beckon-checksums-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("b.deb"), "").unwrap();
        fs::write(folder.join("a.deb"), "abc").unwrap();
        write(&folder).unwrap();
        assert_eq!(
            fs::read_to_string(folder.join("SHA256SUMS")).unwrap(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.deb\n\
             e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b.deb\n"
        );
        fs::remove_dir_all(folder).unwrap();
    }
}
