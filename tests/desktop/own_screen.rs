//! A second screen, for the computer of somebody whose screen is shown: on one screen, a picture of it would
//! show itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use beckon_tests::stage::{Program, until};

pub struct OwnScreen {
    display: String,
    _server: Program,
    _window_manager: Program,
}

impl OwnScreen {
    pub async fn is_switched_on(folder: &Path) -> Self {
        let number = folder.join("display");
        // It picks a number that is free, and writes it where nothing else is written.
        let mut server = Command::new("sh");
        server.args(["-c", "exec Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp -noreset 3>\"$0\""]);
        let server = Program::start("xvfb", server.arg(&number), folder);
        let display = until("a second screen", async || {
            let number = std::fs::read_to_string(&number).ok()?;
            number.ends_with('\n').then(|| format!(":{}", number.trim()))
        })
        .await;
        let mut openbox = Command::new("openbox");
        let window_manager = Program::start("openbox", openbox.env("DISPLAY", &display), folder);
        Self { display, _server: server, _window_manager: window_manager }
    }

    pub fn lends<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("DISPLAY", &self.display)
    }

    /// Another program on it, in which somebody writes; it has the focus.
    pub async fn has_a_letter(&self, folder: &Path) -> Letter {
        let text = folder.join("letter-on-a-screen");
        let mut xterm = Command::new("xterm");
        xterm.args(["-title", "A letter", "-e", "sh", "-c", "stty -echo; exec cat > \"$0\""]).arg(&text);
        let xterm = Program::start("xterm", self.lends(&mut xterm), folder);
        until("the letter to have the focus", async || {
            let mut asks = Command::new("xdotool");
            let title = self.lends(asks.args(["getactivewindow", "getwindowname"])).output().unwrap();
            (String::from_utf8_lossy(&title.stdout).trim() == "A letter").then_some(())
        })
        .await;
        Letter { text, _xterm: xterm }
    }
}

pub struct Letter {
    text: PathBuf,
    _xterm: Program,
}

impl Letter {
    pub async fn reads(&self, line: &str) {
        until(&format!("the line {line:?} in the letter"), async || {
            self.lines().iter().any(|written| written == line).then_some(())
        })
        .await;
    }

    pub fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(&self.text).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}
