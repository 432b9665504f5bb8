//! Programs in the place of C compilers for systems whose headers are not here.
//!
//! Some dependencies compile C. To check and lint Rust, nothing has to come of that.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

pub struct StandIns {
    folder: PathBuf,
}

impl StandIns {
    pub fn write(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
        write_program(&folder.join("cc"), include_str!("cc.sh"))?;
        write_program(&folder.join("ar"), include_str!("ar.sh"))?;
        Ok(Self { folder })
    }

    /// Lets the build scripts of dependencies find them.
    pub fn lend(&self, cargo: &mut Command, target: &str) {
        let target = target.replace('-', "_");
        for (role, program) in [("CC", "cc"), ("CXX", "cc"), ("AR", "ar")] {
            cargo.env(format!("{role}_{target}"), self.folder.join(program));
        }
    }
}

fn write_program(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("could not write {}", path.display()))?;
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(())
}
