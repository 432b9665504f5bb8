//! A real X server without a screen, and programs on it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt as _, CreateWindowAux, EventMask, Window, WindowClass};
use x11rb::rust_connection::RustConnection;

pub struct Display {
    pub name: String,
    pub connection: RustConnection,
    pub root: Window,
    _server: Program,
}

/// It ends with the test.
pub struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Display {
    pub fn open() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb, which `cargo xtask setup` installs");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let name = format!(":{}", number.trim());
        let (connection, screen) = x11rb::connect(Some(&name)).unwrap();
        let root = connection.setup().roots[screen].root;
        Self { name, connection, root, _server: Program(server) }
    }

    /// A terminal in the upper left corner that keeps the first line that is typed into it.
    pub fn terminal(&self, line: &Path) -> Program {
        let script = format!("read line; printf %s \"$line\" > {0}.part; mv {0}.part {0}", line.display());
        let log = File::create(line.with_extension("log")).unwrap();
        let started = Command::new("xterm")
            .args(["-display", &self.name, "-geometry", "40x10+0+0", "-e", "sh", "-c", &script])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn();
        Program(started.expect("xterm"))
    }

    /// A window of this process, of one colour, that hears keys and pointer.
    pub fn window(&self, (x, y): (i16, i16), colour: u32) -> Window {
        let window = self.connection.generate_id().unwrap();
        let hears = EventMask::BUTTON_PRESS | EventMask::KEY_PRESS | EventMask::POINTER_MOTION;
        let looks = CreateWindowAux::new().background_pixel(colour).override_redirect(1).event_mask(hears);
        let (class, depth) = (WindowClass::INPUT_OUTPUT, x11rb::COPY_DEPTH_FROM_PARENT);
        let created =
            self.connection.create_window(depth, window, self.root, x, y, 100, 100, 0, class, 0, &looks);
        created.unwrap().check().unwrap();
        self.connection.map_window(window).unwrap().check().unwrap();
        window
    }

    pub fn pointer(&self) -> (i16, i16) {
        let pointer = self.connection.query_pointer(self.root).unwrap().reply().unwrap();
        (pointer.root_x, pointer.root_y)
    }

    /// Whether that key is down, by its number in Linux' list.
    pub fn is_down(&self, key: usize) -> bool {
        let keys = self.connection.query_keymap().unwrap().reply().unwrap().keys;
        let code = key + 8;
        keys[code / 8] & 1 << (code % 8) != 0
    }
}
