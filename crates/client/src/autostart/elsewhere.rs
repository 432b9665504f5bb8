//! Windows and macOS: what `auto-launch` writes, with a path that it does not have to quote or escape.

use std::path::Path;

use anyhow::{Context, ensure};
use auto_launch::{AutoLaunch, AutoLaunchBuilder, MacOSLaunchMode, WindowsEnableMode};

use super::{Autostart, arguments, name};
use crate::schemes::Listing;

const BUNDLE: &str = "app.beckon.desktop";

pub struct Library(AutoLaunch);

impl Library {
    pub fn new(program: &Path, listing: &Listing, profile: &str) -> anyhow::Result<Self> {
        let path = program.to_str().context("the program's path is not Unicode")?;
        let mut builder = AutoLaunchBuilder::new();
        if cfg!(windows) {
            // Unquoted, a program in `C:\Program Files` could be taken for one called `C:\Program`.
            builder.set_app_path(&format!("\"{path}\"")).set_app_name(&name(&listing.name, " ", profile));
        } else {
            ensure!(
                !path.contains(['&', '<', '>']),
                "the path has characters that a launch agent cannot hold"
            );
            let bundle = listing.id.replacen("beckon", BUNDLE, 1);
            builder.set_app_path(path).set_app_name(&name(&bundle, ".", profile));
        }
        let autostart = builder
            .set_args(&arguments(profile))
            .set_bundle_identifiers(&[BUNDLE])
            .set_windows_enable_mode(WindowsEnableMode::CurrentUser)
            .set_macos_launch_mode(MacOSLaunchMode::LaunchAgent)
            .build()?;
        Ok(Self(autostart))
    }
}

impl Autostart for Library {
    fn is_on(&self) -> anyhow::Result<bool> {
        Ok(self.0.is_enabled()?)
    }

    fn set(&self, on: bool) -> anyhow::Result<()> {
        if on { Ok(self.0.enable()?) } else { Ok(self.0.disable()?) }
    }
}

#[cfg(all(test, windows))]
mod tests {
    use windows_registry::CURRENT_USER;

    use super::*;

    const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";

    #[test]
    fn turned_on_it_starts_hidden_by_a_quoted_path() {
        let profile = format!("test-{}", uuid::Uuid::now_v7());
        let autostart =
            Library::new(Path::new(r"C:\Program Files\Beckon\beckon.exe"), &Listing::sample(), &profile)
                .unwrap();
        assert!(!autostart.is_on().unwrap());
        autostart.set(true).unwrap();
        assert!(autostart.is_on().unwrap());
        let command = CURRENT_USER.open(RUN).unwrap().get_string(format!("Beckon {profile}")).unwrap();
        assert_eq!(command, format!(r#""C:\Program Files\Beckon\beckon.exe" --profile {profile} --hidden"#));
        autostart.set(false).unwrap();
        autostart.set(false).unwrap();
        assert!(!autostart.is_on().unwrap());
    }
}
