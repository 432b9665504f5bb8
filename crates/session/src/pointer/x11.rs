//! X11: a window without a frame, in the shape of a ring, whose shape for clicks is empty. It has a connection
//! of its own, and the server takes the window away with it.

use x11rb::connection::Connection;
use x11rb::errors::{ConnectionError, ReplyError, ReplyOrIdError};
use x11rb::protocol::shape::{ConnectionExt as _, SK, SO};
use x11rb::protocol::xproto::{
    Arc, ClipOrdering, ConfigureWindowAux, ConnectionExt as _, CreateGCAux, CreateWindowAux, Drawable,
    Pixmap, Rectangle, Screen, StackMode, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;

use super::{Pointer, PointerFailed, PointerSource};

/// Odd, so that one pixel is in the middle: the one that is pointed at.
const SIZE: u16 = 29;
const MIDDLE: i32 = 14;
/// Wide enough for a rim on both sides of the line, so that it stands out from light and from dark.
const RIM: u32 = 7;
const LINE: u32 = 3;
const AMBER: u32 = 0x00ff_b000;
const NEARLY_BLACK: u32 = 0x001c_1e22;
/// A mask has one bit for each pixel.
const MASK: u8 = 1;

#[derive(Default)]
pub(crate) struct X11 {
    /// The environment says which, where nobody does.
    pub(crate) display: Option<String>,
}

impl PointerSource for X11 {
    fn open(&self) -> Result<Box<dyn Pointer>, PointerFailed> {
        let (connection, screen) = x11rb::connect(self.display.as_deref()).map_err(failed)?;
        let screen = connection.setup().roots.get(screen).cloned();
        let screen = screen.ok_or_else(|| PointerFailed("there is no screen".to_owned()))?;
        let version = connection.shape_query_version().map_err(failed)?.reply().map_err(failed)?;
        if (version.major_version, version.minor_version) < (1, 1) {
            return Err(PointerFailed("a window cannot let clicks through".to_owned()));
        }
        let window = ring(&connection, &screen).map_err(failed)?;
        Ok(Box::new(Ring { connection, window, is_mapped: false }))
    }
}

struct Ring {
    connection: RustConnection,
    window: Window,
    is_mapped: bool,
}

impl Pointer for Ring {
    fn place(&mut self, at: (i32, i32)) -> Result<(), PointerFailed> {
        self.forget_events().map_err(failed)?;
        self.try_place(at).map_err(failed)
    }
}

impl Ring {
    fn try_place(&mut self, (x, y): (i32, i32)) -> Result<(), ReplyError> {
        let place = ConfigureWindowAux::new().x(x - MIDDLE).y(y - MIDDLE).stack_mode(StackMode::ABOVE);
        self.connection.configure_window(self.window, &place)?.check()?;
        if !std::mem::replace(&mut self.is_mapped, true) {
            self.connection.map_window(self.window)?.check()?;
        }
        Ok(())
    }

    /// The server tells everybody of a new keyboard, asked or not.
    fn forget_events(&self) -> Result<(), ConnectionError> {
        while self.connection.poll_for_event()?.is_some() {}
        Ok(())
    }
}

/// Not yet shown.
fn ring(connection: &RustConnection, screen: &Screen) -> Result<Window, ReplyOrIdError> {
    let picture = pixmap(connection, screen.root, screen.root_depth)?;
    fill(connection, picture, NEARLY_BLACK)?;
    stroke(connection, picture, AMBER, LINE)?;
    // The server paints it by itself, however often something was above it.
    let looks = CreateWindowAux::new().background_pixmap(picture).override_redirect(1);
    let (window, class) = (connection.generate_id()?, WindowClass::INPUT_OUTPUT);
    let (depth, visual) = (screen.root_depth, screen.root_visual);
    connection
        .create_window(depth, window, screen.root, 0, 0, SIZE, SIZE, 0, class, visual, &looks)?
        .check()?;

    let mask = pixmap(connection, screen.root, MASK)?;
    fill(connection, mask, 0)?;
    stroke(connection, mask, 1, RIM)?;
    connection.shape_mask(SO::SET, SK::BOUNDING, window, 0, 0, mask)?.check()?;
    let nothing = [];
    connection
        .shape_rectangles(SO::SET, SK::INPUT, ClipOrdering::UNSORTED, window, 0, 0, &nothing)?
        .check()?;
    Ok(window)
}

fn pixmap(connection: &RustConnection, root: Window, depth: u8) -> Result<Pixmap, ReplyOrIdError> {
    let pixmap = connection.generate_id()?;
    connection.create_pixmap(depth, pixmap, root, SIZE, SIZE)?.check()?;
    Ok(pixmap)
}

fn fill(connection: &RustConnection, on: Drawable, colour: u32) -> Result<(), ReplyOrIdError> {
    let brush = connection.generate_id()?;
    connection.create_gc(brush, on, &CreateGCAux::new().foreground(colour))?.check()?;
    let everything = Rectangle { x: 0, y: 0, width: SIZE, height: SIZE };
    Ok(connection.poly_fill_rectangle(on, brush, &[everything])?.check()?)
}

/// A circle as large as its rim lets it be.
fn stroke(connection: &RustConnection, on: Drawable, colour: u32, width: u32) -> Result<(), ReplyOrIdError> {
    const WHOLE: i16 = 360 * 64;
    const INSET: i16 = 4;
    const ACROSS: u16 = 20;
    let pen = connection.generate_id()?;
    let looks = CreateGCAux::new().foreground(colour).line_width(width);
    connection.create_gc(pen, on, &looks)?.check()?;
    let circle = Arc { x: INSET, y: INSET, width: ACROSS, height: ACROSS, angle1: 0, angle2: WHOLE };
    Ok(connection.poly_arc(on, pen, &[circle])?.check()?)
}

fn failed(error: impl std::error::Error) -> PointerFailed {
    PointerFailed(error.to_string())
}
