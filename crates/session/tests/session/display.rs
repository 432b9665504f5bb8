//! A real X server without a screen, and programs on it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, CreateWindowAux, EventMask,
    ImageFormat, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, KeyButMask, MOTION_NOTIFY_EVENT, MapState,
    PropMode, Window, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

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
        Self::of_size("640x480")
    }

    pub fn of_size(size: &str) -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &format!("{size}x24"), "-nolisten", "tcp", "-noreset"])
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

    /// Any program, on this display.
    pub fn start(&self, command: &mut Command, log: &Path) -> Program {
        let log = File::create(log).unwrap();
        let command = command.env("DISPLAY", &self.name).stdin(Stdio::null());
        let started = command.stdout(log.try_clone().unwrap()).stderr(log).spawn();
        Program(started.unwrap_or_else(|error| panic!("{command:?}: {error}")))
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

    /// From here on the window belongs to a program whose leading window bears that mark, which is returned.
    pub fn is_led(&self, window: Window, mark: &str) -> Window {
        let leader = self.connection.generate_id().unwrap();
        let (class, nothing) = (WindowClass::INPUT_ONLY, CreateWindowAux::new());
        let created =
            self.connection.create_window(0, leader, self.root, -1, -1, 1, 1, 0, class, 0, &nothing);
        created.unwrap().check().unwrap();
        self.says(leader, mark, AtomEnum::CARDINAL, 1);
        self.says(window, "WM_CLIENT_LEADER", AtomEnum::WINDOW, leader);
        leader
    }

    /// Whether the computer shows something else, as Xorg says it.
    pub fn is_behind(&self, behind: bool) {
        self.says(self.root, "XFree86_has_VT", AtomEnum::INTEGER, u32::from(!behind));
    }

    fn says(&self, window: Window, name: &str, kind: AtomEnum, value: u32) {
        let name = self.connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
        let said = self.connection.change_property32(PropMode::REPLACE, window, name, kind, &[value]);
        said.unwrap().check().unwrap();
    }

    pub fn within(&self, window: Window) -> Window {
        self.connection.query_tree(window).unwrap().reply().unwrap().children[0]
    }

    pub fn is_closed(&self, window: Window) {
        self.connection.destroy_window(window).unwrap().check().unwrap();
    }

    /// Four bytes for each pixel of a window's upper left corner.
    pub fn pixels(&self, window: Window, (width, height): (u16, u16)) -> Vec<u8> {
        let plane = ImageFormat::Z_PIXMAP;
        let image = self.connection.get_image(plane, window, 0, 0, width, height, u32::MAX).unwrap();
        image.reply().unwrap().data
    }

    /// What is seen there now: blue, green, red.
    pub fn pixel(&self, (x, y): (u16, u16)) -> [u8; 3] {
        let pixels = self.pixels(self.root, (x + 1, y + 1));
        pixels.last_chunk::<4>().and_then(|pixel| pixel.first_chunk().copied()).unwrap()
    }

    /// The topmost window, once there is one.
    pub fn front(&self) -> Option<Window> {
        let tree = self.connection.query_tree(self.root).unwrap().reply().unwrap();
        let is_shown = |window: &Window| {
            let looks = self.connection.get_window_attributes(*window).unwrap().reply();
            looks.is_ok_and(|looks| looks.map_state == MapState::VIEWABLE)
        };
        tree.children.into_iter().rev().find(is_shown)
    }

    pub fn focus(&self, window: Window) {
        let set = self.connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME);
        set.unwrap().check().unwrap();
    }

    /// Whether the server repeats that key while it is held, by its number in Linux' list.
    pub fn repeats(&self, key: usize) -> bool {
        let keys = self.connection.get_keyboard_control().unwrap().reply().unwrap().auto_repeats;
        let code = key + 8;
        keys[code / 8] & 1 << (code % 8) != 0
    }

    /// The keys whose presses that window heard, once they are so many.
    pub fn hears(&self, presses: usize) -> Vec<u8> {
        let mut heard = Vec::new();
        while heard.len() < presses {
            if let Event::KeyPress(press) = self.connection.wait_for_event().unwrap() {
                heard.push(press.detail - 8);
            }
        }
        heard
    }

    /// As by a hand that does not let go.
    pub fn hold(&self, key: u8) {
        self.act(KEY_PRESS_EVENT, key + 8, (0, 0));
    }

    /// As by a hand on this display's own keyboard, by the key's number in Linux' list.
    pub fn press(&self, key: u8) {
        for event in [KEY_PRESS_EVENT, KEY_RELEASE_EVENT] {
            self.act(event, key + 8, (0, 0));
        }
    }

    /// As by a hand on this display's own mouse.
    pub fn click(&self) {
        self.button(true);
        self.button(false);
    }

    /// The first one of this display's own mouse.
    pub fn button(&self, down: bool) {
        self.act(if down { BUTTON_PRESS_EVENT } else { BUTTON_RELEASE_EVENT }, 1, (0, 0));
    }

    /// To that pixel of a window.
    pub fn move_pointer(&self, window: Window, (x, y): (i16, i16)) {
        let place = self.connection.translate_coordinates(window, self.root, x, y).unwrap().reply().unwrap();
        self.act(MOTION_NOTIFY_EVENT, 0, (place.dst_x, place.dst_y));
    }

    fn act(&self, event: u8, detail: u8, (x, y): (i16, i16)) {
        let faked = self.connection.xtest_fake_input(event, detail, 0, self.root, x, y, 0);
        faked.unwrap().check().unwrap();
    }

    pub fn pointer(&self) -> (i16, i16) {
        self.pointer_and_button().0
    }

    /// Where it is, and whether the first button is down.
    pub fn pointer_and_button(&self) -> ((i16, i16), bool) {
        let pointer = self.connection.query_pointer(self.root).unwrap().reply().unwrap();
        ((pointer.root_x, pointer.root_y), pointer.mask.contains(KeyButMask::BUTTON1))
    }

    /// Whether some program holds text that was selected with the mouse.
    pub fn has_a_selection(&self) -> bool {
        let selection = AtomEnum::PRIMARY.into();
        self.connection.get_selection_owner(selection).unwrap().reply().unwrap().owner != x11rb::NONE
    }

    /// From here on its keyboard writes as it is usual there.
    pub fn has_the_layout_of(&self, country: &str) {
        let mut setxkbmap = Command::new("setxkbmap");
        let set = setxkbmap.args(["-display", &self.name, country]).status();
        assert!(set.expect("setxkbmap, which `cargo xtask setup` installs").success());
    }

    /// Whether that key is down, by its number in Linux' list.
    pub fn is_down(&self, key: usize) -> bool {
        let keys = self.connection.query_keymap().unwrap().reply().unwrap().keys;
        let code = key + 8;
        keys[code / 8] & 1 << (code % 8) != 0
    }
}
