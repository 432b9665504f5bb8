//! A terminal on an X display, which keeps the first line that is typed into it. Without a window manager, the one
//! under the pointer hears keys.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::display::{Display, Program};
use crate::stage::until;

pub struct Terminal {
    folder: TempDir,
    _program: Program,
}

impl Terminal {
    /// In the upper left corner; its background is white.
    pub fn on(display: &Display) -> Self {
        Self::at(display, "40x10+0+0")
    }

    pub fn at(display: &Display, geometry: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let line = line_in(&folder);
        let script = format!("read line; printf %s \"$line\" > {0}.part; mv {0}.part {0}", line.display());
        let mut xterm = Command::new("xterm");
        xterm.env("LC_ALL", "C.UTF-8").args(["-geometry", geometry, "-e", "sh", "-c", &script]);
        let program = display.start(&mut xterm, &line.with_extension("log"));
        Self { folder, _program: program }
    }

    /// Once it ended with Enter.
    pub fn line(&self) -> Option<String> {
        std::fs::read_to_string(line_in(&self.folder)).ok()
    }

    pub async fn reads(&self, line: &str) {
        until(|| self.line().is_some()).await;
        assert_eq!(self.line().unwrap(), line);
    }
}

fn line_in(folder: &TempDir) -> PathBuf {
    folder.path().join("line")
}
