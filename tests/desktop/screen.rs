//! The screen with its windows, as somebody sees and touches it from outside of Beckon.

use std::path::{Path, PathBuf};
use std::process::Command;

use beckon_tests::stage::{Program, until};

pub fn xdotool(arguments: &[&str]) -> String {
    let output = Command::new("xdotool").args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The upper left corner of the window that xwininfo looks at. (xdotool counts a window's frame twice.)
pub fn corner(xwininfo: &mut Command) -> (i32, i32) {
    let told = String::from_utf8(xwininfo.output().unwrap().stdout).unwrap();
    (number_after("Absolute upper-left X:", &told), number_after("Absolute upper-left Y:", &told))
}

/// In the line that begins so.
pub fn number_after(beginning: &str, told: &str) -> i32 {
    let number = told.lines().find_map(|line| line.trim().strip_prefix(beginning)?.trim().parse().ok());
    number.unwrap_or_else(|| panic!("no {beginning:?} in {told:?}"))
}

/// The windows on the screen whose title matches.
pub fn visible(title: &str) -> Vec<String> {
    let found = xdotool(&["search", "--onlyvisible", "--name", title]);
    found.lines().map(str::to_owned).collect()
}

pub async fn shows(title: &str) -> String {
    until(&format!("a window {title:?}"), async || visible(title).first().cloned()).await
}

pub async fn has_minimised(title: &str) -> String {
    until(&format!("a minimised window {title:?}"), async || {
        let found = xdotool(&["search", "--name", title]);
        found.lines().find(|window| is_minimised(window)).map(str::to_owned)
    })
    .await
}

/// Whether it stands above those that have the focus.
pub fn is_above(window: &str) -> bool {
    let output = Command::new("xprop").args(["-id", window, "_NET_WM_STATE"]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).contains("_NET_WM_STATE_ABOVE")
}

fn is_minimised(window: &str) -> bool {
    let output = Command::new("xprop").args(["-id", window, "WM_STATE"]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).contains("Iconic")
}

pub async fn shows_none(title: &str) {
    until(&format!("no window {title:?}"), async || visible(title).is_empty().then_some(())).await;
}

/// As by its cross: the window manager asks it to close.
pub async fn closes(title: &str) {
    let window = shows(title).await;
    until(&format!("the window {title:?} to close"), async || {
        if !visible(title).contains(&window) {
            return Some(());
        }
        // What was pressed a moment too early is pressed again.
        let act = if has_focus(&window) { ["key", "alt+F4"] } else { ["windowactivate", &window] };
        xdotool(&act);
        None
    })
    .await;
}

pub async fn goes_to(window: &str) {
    until("the window to have the focus", async || {
        if has_focus(window) {
            return Some(());
        }
        xdotool(&["windowactivate", window]);
        None
    })
    .await;
}

pub fn has_focus(window: &str) -> bool {
    xdotool(&["getactivewindow"]).trim() == window
}

/// Another program, in which somebody writes.
pub struct Letter {
    pub window: String,
    text: PathBuf,
    _xterm: Program,
}

impl Letter {
    pub async fn is_begun(folder: &Path) -> Self {
        let text = folder.join("letter");
        let mut xterm = Command::new("xterm");
        xterm.args(["-title", "A letter", "-xrm", "*selectToClipboard: true"]);
        xterm.args(["-e", "sh", "-c", "stty -echo; exec cat > \"$0\""]).arg(&text);
        let xterm = Program::start("xterm", &mut xterm, folder);
        let window = shows("^A letter$").await;
        goes_to(&window).await;
        Self { window, text, _xterm: xterm }
    }

    /// Types where the focus is, and it arrives here.
    pub async fn goes_on(&self, line: &str) {
        xdotool(&["type", &format!("{line}\n")]);
        until(&format!("the line {line:?} in the letter"), async || {
            let text = std::fs::read_to_string(&self.text).unwrap_or_default();
            text.lines().any(|written| written == line).then_some(())
        })
        .await;
        assert!(has_focus(&self.window));
    }

    /// Pastes where the focus is, and exactly this arrives here.
    pub async fn takes_from_the_clipboard(&self, text: &str) {
        xdotool(&["key", "shift+Insert"]);
        until(&format!("{text:?} in the letter"), async || {
            let written = std::fs::read_to_string(&self.text).unwrap_or_default();
            (written == text).then_some(())
        })
        .await;
    }
}
