//! A real notification service, and somebody who chooses its buttons.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use beckon_tests::stage::{Program, until};

pub struct Dunst {
    bus: String,
    _dunst: Program,
}

impl Dunst {
    /// What would be a menu of buttons chooses the one of this name by itself.
    pub async fn serves(bus: &str, button: &str, folder: &Path) -> Self {
        let (rules, chooser) = (folder.join("dunstrc"), folder.join("choose"));
        std::fs::write(&chooser, format!("#!/bin/sh\nexec grep '^#{button} '\n")).unwrap();
        std::fs::set_permissions(&chooser, PermissionsExt::from_mode(0o700)).unwrap();
        std::fs::write(&rules, format!("[global]\ndmenu = {}\n", chooser.display())).unwrap();
        let mut dunst = Command::new("dunst");
        dunst.arg("-config").arg(&rules).env("DBUS_SESSION_BUS_ADDRESS", bus);
        let dunst = Self { bus: bus.to_owned(), _dunst: Program::start("dunst", &mut dunst, folder) };
        dunst.shows(0).await;
        dunst
    }

    pub async fn shows(&self, count: usize) {
        until(&format!("{count} toasts"), async || {
            (self.is_told(&["count", "displayed"]) == count.to_string()).then_some(())
        })
        .await;
    }

    /// Opens the menu of buttons, and with it chooses.
    pub fn is_pressed(&self) {
        self.is_told(&["context"]);
    }

    fn is_told(&self, words: &[&str]) -> String {
        let mut dunstctl = Command::new("dunstctl");
        let output = dunstctl.args(words).env("DBUS_SESSION_BUS_ADDRESS", &self.bus).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}
