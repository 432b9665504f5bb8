//! Whether this copy of the program was installed, or only lies somewhere. A portable one registers nothing: where it
//! lies today there may be nothing tomorrow, or another program.

use std::path::{Path, PathBuf};

use serde::Serialize;
use ts_rs::TS;

/// How this copy of the program came here.
pub enum Installation {
    /// Where it lies, for the system to start it.
    Installed(PathBuf),
    Portable(Portable),
}

/// Why a copy registers nothing, and leaves nothing behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Portable {
    /// It keeps its data in a folder of its own.
    OwnFolder,
    /// It lies where no installer and no package put it.
    NotInstalled,
}

impl Installation {
    /// Of the program that the system lists under this id.
    pub fn of(program: PathBuf, id: &str) -> Self {
        if Places::of_this_system(id).hold(&program) {
            Self::Installed(program)
        } else {
            Self::Portable(Portable::NotInstalled)
        }
    }

    pub fn is_portable(&self) -> bool {
        matches!(self, Self::Portable(_))
    }
}

/// Where installed programs lie.
struct Places {
    /// At any depth: only who may install programs writes there.
    below: Vec<PathBuf>,
    /// What the system's records of installed programs name: the program, or the very folder that it lies in.
    named: Vec<PathBuf>,
}

impl Places {
    fn hold(&self, program: &Path) -> bool {
        let Some(program) = real(program) else { return false };
        let is_named = |name: PathBuf| program == name || program.parent() == Some(&name);
        self.below.iter().filter_map(|folder| real(folder)).any(|folder| program.starts_with(folder))
            || self.named.iter().filter_map(|name| real(name)).any(is_named)
    }
}

/// Without links, and as the system spells it.
fn real(path: &Path) -> Option<PathBuf> {
    path.is_absolute().then(|| path.canonicalize().ok())?
}

#[cfg(target_os = "linux")]
impl Places {
    /// An entry for menus names what was installed for one person, with this name and no other.
    fn of_this_system(id: &str) -> Self {
        use crate::schemes::linux::Folders;

        let named = Folders::of_this_user().map(|folders| folders.programs_of(id)).unwrap_or_default();
        Self { below: ["/usr", "/opt"].map(PathBuf::from).into(), named }
    }
}

#[cfg(target_os = "macos")]
impl Places {
    /// Neither a disk image nor what the system copied aside because it was not moved here yet.
    fn of_this_system(_id: &str) -> Self {
        let own = directories::BaseDirs::new().map(|person| person.home_dir().join("Applications"));
        Self { below: own.into_iter().chain([PathBuf::from("/Applications")]).collect(), named: Vec::new() }
    }
}

#[cfg(windows)]
impl Places {
    /// The folder of an uninstaller, for this person or for everybody, is one that was installed.
    fn of_this_system(_id: &str) -> Self {
        use windows_registry::{CURRENT_USER, LOCAL_MACHINE};

        const WINDOWS: &str = r"Software\Microsoft\Windows\CurrentVersion";
        let below = LOCAL_MACHINE.open(WINDOWS).into_iter().flat_map(|key| {
            ["ProgramFilesDir", "ProgramFilesDir (x86)"]
                .into_iter()
                .filter_map(move |name| key.get_string(name).ok())
        });
        let uninstallers = [CURRENT_USER, LOCAL_MACHINE].into_iter().filter_map(|root| {
            let key = root.open(format!(r"{WINDOWS}\Uninstall")).ok()?;
            let names: Vec<String> = key.keys().ok()?.collect();
            Some(
                names
                    .into_iter()
                    .filter_map(move |name| key.open(name).ok()?.get_string("InstallLocation").ok()),
            )
        });
        // Tauri's installer writes it in quotes.
        let named = uninstallers.flatten().map(|folder| PathBuf::from(folder.trim_matches('"')));
        Self { below: below.map(PathBuf::from).collect(), named: named.collect() }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    struct Disk(tempfile::TempDir);

    impl Disk {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn program(&self, name: &str) -> PathBuf {
            let program = self.path(name);
            fs::create_dir_all(program.parent().unwrap()).unwrap();
            fs::write(&program, "").unwrap();
            program
        }

        /// Everything below `system` is installed, and whatever lies in `person/Beckon`.
        fn places(&self) -> Places {
            Places { below: vec![self.path("system")], named: vec![self.path("person/Beckon")] }
        }
    }

    #[test]
    fn what_the_system_keeps_for_programs_is_installed_at_any_depth() {
        let disk = Disk::new();
        assert!(disk.places().hold(&disk.program("system/beckon")));
        assert!(disk.places().hold(&disk.program("system/lib/acme/beckon")));
        assert!(!disk.places().hold(&disk.program("systems/beckon")));
    }

    #[test]
    fn what_an_installer_recorded_is_installed_and_nothing_around_it() {
        let disk = Disk::new();
        assert!(disk.places().hold(&disk.program("person/Beckon/beckon")));
        assert!(!disk.places().hold(&disk.program("person/Beckon/copies/beckon")));
        assert!(!disk.places().hold(&disk.program("person/elsewhere")));
    }

    #[test]
    fn a_program_that_is_named_itself_is_installed_under_no_other_name() {
        let disk = Disk::new();
        let program = disk.program("person/bin/beckon");
        let places = Places { below: Vec::new(), named: vec![program.clone()] };
        assert!(places.hold(&program));
        assert!(!places.hold(&disk.program("person/bin/beckon (1)")));
    }

    #[test]
    fn a_copy_is_portable_wherever_it_lies() {
        let disk = Disk::new();
        disk.program("system/beckon");
        for copy in ["downloads/beckon", "desktop/Beckon.app/Contents/MacOS/beckon", "beckon", "system2/x"] {
            assert!(!disk.places().hold(&disk.program(copy)), "{copy}");
        }
        assert!(!disk.places().hold(&disk.path("system/gone")), "nothing lies there");
    }

    #[test]
    fn records_that_name_nothing_whole_install_nothing() {
        let disk = Disk::new();
        let names = ["", ".", "beckon", "/"].map(PathBuf::from).to_vec();
        let places = Places { below: vec![PathBuf::new()], named: names };
        assert!(!places.hold(&disk.program("beckon")));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_an_installed_program_is_that_program() {
        let disk = Disk::new();
        let program = disk.program("system/beckon");
        std::os::unix::fs::symlink(&program, disk.path("beckon")).unwrap();
        assert!(disk.places().hold(&disk.path("beckon")));
    }

    #[test]
    fn what_lies_in_a_temporary_folder_is_installed_on_no_system() {
        assert!(!Places::of_this_system("beckon").hold(&Disk::new().program("beckon")));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_the_distribution_brings_is_installed() {
        assert!(Places::of_this_system("beckon").hold(Path::new("/usr/bin/env")));
    }
}
