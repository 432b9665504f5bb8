//! A second screen, for the computer of somebody whose screen is shown: on one screen, a picture of it would
//! show itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use beckon_tests::stage::{Program, until};
use x11rb::connection::Connection as _;
use x11rb::protocol::randr::{ConnectionExt as _, MonitorInfo};
use x11rb::protocol::xproto::{Atom, ConnectionExt as _, ImageFormat, Window};
use x11rb::rust_connection::RustConnection;

use crate::screen::corner;

const LETTER: &str = "A letter";

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

    /// Two monitors side by side: the left one is the primary one, and the right one is smaller.
    pub fn is_divided(&self) {
        let (connection, root, right) = self.right_monitor();
        let resources = connection.randr_get_screen_resources_current(root).unwrap().reply().unwrap();
        let left = connection.intern_atom(false, b"left").unwrap().reply().unwrap().atom;
        for (name, x, width, outputs) in [(left, 0, 800, resources.outputs), (right, 800, 480, Vec::new())] {
            let primary = name == left;
            let (width_in_millimeters, height_in_millimeters) = (0, 0);
            let monitor = MonitorInfo {
                name,
                primary,
                automatic: false,
                x,
                y: 0,
                width,
                height: 800,
                width_in_millimeters,
                height_in_millimeters,
                outputs,
            };
            connection.randr_set_monitor(root, monitor).unwrap().check().unwrap();
        }
    }

    pub fn loses_its_right_monitor(&self) {
        let (connection, root, right) = self.right_monitor();
        connection.randr_delete_monitor(root, right).unwrap().check().unwrap();
    }

    /// Somebody who may not control points there.
    pub async fn shows_a_ring_around(&self, at: (i16, i16)) {
        until(&format!("a ring around {at:?}"), async || self.has_a_ring_around(at).then_some(())).await;
    }

    pub async fn shows_no_ring_around(&self, at: (i16, i16)) {
        until(&format!("no ring around {at:?}"), async || (!self.has_a_ring_around(at)).then_some(())).await;
    }

    fn has_a_ring_around(&self, (x, y): (i16, i16)) -> bool {
        const AMBER: [u8; 3] = [0, 0xb0, 0xff];
        let (connection, root) = self.connection();
        let plane = ImageFormat::Z_PIXMAP;
        let image = connection.get_image(plane, root, x - 15, y - 15, 31, 31, u32::MAX).unwrap();
        let pixels = image.reply().unwrap().data;
        pixels.chunks(4).filter(|pixel| pixel.starts_with(&AMBER)).count() > 100
    }

    fn connection(&self) -> (RustConnection, Window) {
        let (connection, screen) = x11rb::connect(Some(&self.display)).unwrap();
        let root = connection.setup().roots.get(screen).unwrap().root;
        (connection, root)
    }

    fn right_monitor(&self) -> (RustConnection, Window, Atom) {
        let (connection, root) = self.connection();
        let right = connection.intern_atom(false, b"right").unwrap().reply().unwrap().atom;
        (connection, root, right)
    }

    /// Another program on it, in which somebody writes; it has the focus.
    pub async fn has_a_letter(&self, folder: &Path) -> Letter {
        let text = folder.join("letter-on-a-screen");
        let mut xterm = Command::new("xterm");
        // Nothing else on the screen has its colour.
        xterm.args(["-title", LETTER, "-bg", "magenta"]);
        xterm.args(["-e", "sh", "-c", "stty -echo; exec cat > \"$0\""]).arg(&text);
        let xterm = Program::start("xterm", self.lends(&mut xterm), folder);
        until("the letter to have the focus", async || {
            let title = self.xdotool(&["getactivewindow", "getwindowname"]);
            (title.trim() == LETTER).then_some(())
        })
        .await;
        Letter { text, _xterm: xterm }
    }

    /// Its upper left corner, below its title bar.
    pub fn place_of_the_letter(&self) -> (i32, i32) {
        corner(self.lends(Command::new("xwininfo").args(["-name", LETTER])))
    }

    /// As by whoever sits before this screen.
    pub fn moves_the_letter(&self, (x, y): (i32, i32)) {
        self.xdotool(&["search", "--name", LETTER, "windowmove", &x.to_string(), &y.to_string()]);
    }

    pub fn xdotool(&self, arguments: &[&str]) -> String {
        let output = self.lends(Command::new("xdotool").args(arguments)).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
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
