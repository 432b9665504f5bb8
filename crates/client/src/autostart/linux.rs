//! Linux: a file in the desktop's autostart folder.
//!
//! Not `auto-launch`: it looks past `$XDG_CONFIG_HOME`, writes paths with blanks so that they start nothing, and
//! does not see that the person switched the entry off in the desktop's settings.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::Context;

use super::{Autostart, arguments, name};
use crate::desktop_entry;
use crate::schemes::Listing;

pub struct AutostartFile {
    path: PathBuf,
    program: PathBuf,
    /// What people call it in their list of such programs.
    name: String,
    profile: String,
}

impl AutostartFile {
    pub fn of_this_user(program: PathBuf, listing: &Listing, profile: &str) -> anyhow::Result<Self> {
        let user = directories::BaseDirs::new().context("this user has no home folder")?;
        Ok(Self::in_folder(user.config_dir().join("autostart"), program, listing, profile))
    }

    fn in_folder(folder: PathBuf, program: PathBuf, listing: &Listing, profile: &str) -> Self {
        let path = folder.join(format!("{}.desktop", name(&listing.id, "-", profile)));
        let name = name(&listing.name, " ", profile);
        Self { path, program, name, profile: profile.to_owned() }
    }
}

impl Autostart for AutostartFile {
    fn is_on(&self) -> anyhow::Result<bool> {
        let entry = match fs::read_to_string(&self.path) {
            Ok(entry) => entry,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", self.path.display())),
        };
        let says = |key: &str, value: &str| desktop_entry::value(&entry, key).as_deref() == Some(value);
        // What desktops write when a person switches an entry off there.
        Ok(!says("Hidden", "true") && !says("X-GNOME-Autostart-enabled", "false"))
    }

    fn set(&self, on: bool) -> anyhow::Result<()> {
        if !on {
            return match fs::remove_file(&self.path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    Err(error).with_context(|| format!("cannot remove {}", self.path.display()))
                }
                _ => Ok(()),
            };
        }
        let exec = desktop_entry::exec(&self.program, &arguments(&self.profile))?;
        let entry = format!(
            "[Desktop Entry]\nType=Application\nName={}\nExec={exec}\nIcon=beckon\nTerminal=false\n\
             StartupNotify=false\n",
            self.name.replace('\\', r"\\"),
        );
        let folder = self.path.parent().context("a file lies in a folder")?;
        fs::create_dir_all(folder)?;
        fs::write(&self.path, entry).with_context(|| format!("cannot write {}", self.path.display()))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn turned_on_it_starts_hidden_and_turned_off_it_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for (profile, file, exec) in [
            ("default", "beckon.desktop", r#""/opt/my apps/beckon" --hidden"#),
            ("guest", "beckon-guest.desktop", r#""/opt/my apps/beckon" --profile guest --hidden"#),
        ] {
            let program = PathBuf::from("/opt/my apps/beckon");
            let autostart = AutostartFile::in_folder(
                folder.path().join("autostart"),
                program,
                &Listing::sample(),
                profile,
            );
            assert!(!autostart.is_on().unwrap());
            autostart.set(true).unwrap();
            assert!(autostart.is_on().unwrap());
            let entry = fs::read_to_string(folder.path().join("autostart").join(file)).unwrap();
            assert_eq!(desktop_entry::value(&entry, "Exec").as_deref(), Some(exec));
            autostart.set(false).unwrap();
            autostart.set(false).unwrap();
            assert!(!autostart.is_on().unwrap());
        }
        assert_eq!(fs::read_dir(folder.path().join("autostart")).unwrap().count(), 0);
    }

    #[test]
    fn switched_off_in_the_desktops_settings_it_is_off() {
        let folder = tempfile::tempdir().unwrap();
        let (folder_of_user, program) = (folder.path().to_owned(), "/usr/bin/beckon".into());
        let autostart = AutostartFile::in_folder(folder_of_user, program, &Listing::sample(), "default");
        for line in ["Hidden=true", "X-GNOME-Autostart-enabled=false"] {
            autostart.set(true).unwrap();
            append(&folder.path().join("beckon.desktop"), line);
            assert!(!autostart.is_on().unwrap(), "{line}");
        }
        autostart.set(true).unwrap();
        assert!(autostart.is_on().unwrap());
    }

    fn append(path: &Path, line: &str) {
        let entry = fs::read_to_string(path).unwrap();
        fs::write(path, format!("{entry}{line}\n")).unwrap();
    }
}
