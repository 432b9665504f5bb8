//! A screen of 1920 by 1080 pixels, and what happens on it.

use std::path::Path;
use std::process::Command;

use beckon_tests::stage::{Program, until};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    ChangeWindowAttributesAux, ConfigureWindowAux, ConnectionExt as _, CreateGCAux, CreateWindowAux,
    ImageFormat, Pixmap, StackMode, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;

pub const SIZE: (u16, u16) = (1_920, 1_080);
/// Rows that are sent to the server at once.
const STRIP: u16 = 40;

pub struct Display {
    pub name: String,
    connection: RustConnection,
    root: Window,
    depth: u8,
    _server: Program,
}

impl Display {
    pub async fn is_switched_on(folder: &Path) -> Self {
        let number = folder.join("display");
        // It picks a number that is free, and writes it where nothing else is written.
        let mut server = Command::new("sh");
        let (width, height) = SIZE;
        let line =
            format!("exec Xvfb -displayfd 3 -screen 0 {width}x{height}x24 -nolisten tcp -noreset 3>\"$0\"");
        let server = Program::start("xvfb", server.args(["-c", &line]).arg(&number), folder);
        let name = until("a display", async || {
            let number = std::fs::read_to_string(&number).ok()?;
            number.ends_with('\n').then(|| format!(":{}", number.trim()))
        })
        .await;
        let (connection, screen) = x11rb::connect(Some(&name)).unwrap();
        let (root, depth) = {
            let screen = &connection.setup().roots[screen];
            (screen.root, screen.root_depth)
        };
        let display = Self { name, connection, root, depth, _server: server };
        display.hang_a_picture();
        display
    }

    /// On the wall behind all windows.
    fn hang_a_picture(&self) {
        let picture = self.picture(SIZE, 0);
        let looks = ChangeWindowAttributesAux::new().background_pixmap(picture);
        self.connection.change_window_attributes(self.root, &looks).unwrap();
        self.connection.clear_area(false, self.root, 0, 0, 0, 0).unwrap();
        self.settle();
    }

    /// A terminal with nothing but a shell script in it.
    pub fn terminal(&self, geometry: &str, script: &str, folder: &Path) -> Program {
        let mut xterm = Command::new("xterm");
        xterm.env("DISPLAY", &self.name).args(["-geometry", geometry, "-e", "sh", "-c", script]);
        Program::start("xterm", &mut xterm, folder)
    }

    /// A window that shows a picture.
    pub fn window(&self, size: (u16, u16), number: u32) -> Window {
        let picture = self.picture(size, number);
        let window = self.connection.generate_id().unwrap();
        let looks = CreateWindowAux::new().background_pixmap(picture).override_redirect(1);
        let (class, depth) = (WindowClass::INPUT_OUTPUT, x11rb::COPY_DEPTH_FROM_PARENT);
        let (width, height) = size;
        self.connection
            .create_window(depth, window, self.root, 0, 0, width, height, 0, class, 0, &looks)
            .unwrap();
        self.connection.map_window(window).unwrap();
        self.settle();
        window
    }

    pub fn moves(&self, window: Window, (x, y): (i32, i32)) {
        self.connection.configure_window(window, &ConfigureWindowAux::new().x(x).y(y)).unwrap();
        self.settle();
    }

    pub fn raises(&self, window: Window) {
        let above = ConfigureWindowAux::new().stack_mode(StackMode::ABOVE);
        self.connection.configure_window(window, &above).unwrap();
        self.settle();
    }

    pub fn closes(&self, window: Window) {
        self.connection.destroy_window(window).unwrap();
        self.settle();
    }

    /// Soft colours with a grain, as of a photograph; each number is another one.
    fn picture(&self, (width, height): (u16, u16), number: u32) -> Pixmap {
        let pixmap = self.connection.generate_id().unwrap();
        self.connection.create_pixmap(self.depth, pixmap, self.root, width, height).unwrap();
        let brush = self.connection.generate_id().unwrap();
        self.connection.create_gc(brush, pixmap, &CreateGCAux::new()).unwrap();
        for top in (0..height).step_by(STRIP.into()) {
            let rows = STRIP.min(height - top);
            let pixels: Vec<u8> = (top..top + rows)
                .flat_map(|y| (0..width).flat_map(move |x| colour(x.into(), y.into(), number)))
                .collect();
            let at = i16::try_from(top).unwrap();
            let format = ImageFormat::Z_PIXMAP;
            self.connection
                .put_image(format, pixmap, brush, width, rows, 0, at, 0, self.depth, &pixels)
                .unwrap();
        }
        pixmap
    }

    /// Until the server has done it.
    fn settle(&self) {
        self.connection.get_input_focus().unwrap().reply().unwrap();
    }
}

fn colour(x: u32, y: u32, number: u32) -> [u8; 4] {
    let grain = (x.wrapping_mul(7_919) ^ y.wrapping_mul(104_729)).wrapping_mul(2_654_435_761) >> 28;
    let slope = |along: u32, step: u32| ((along / step + number * 61 + grain) % 256) as u8;
    [slope(x, 8), slope(y, 5), slope(x + y, 12), 0]
}
