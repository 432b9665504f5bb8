//! What is painted on the screen that measured windows come up on, which has 1280 by 800 pixels.

use std::time::Duration;

use beckon_domain::SharedClock;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, ImageFormat};
use x11rb::rust_connection::RustConnection;

/// A strip with text in it has more colours than any that is being painted.
const FLAT: usize = 16;
const PAINTED_WITHIN: Duration = Duration::from_secs(60);

pub struct Pixels {
    connection: RustConnection,
    root: u32,
}

/// Where text will be.
#[derive(Clone, Copy)]
pub struct Strip {
    pub x: i16,
    pub y: i16,
    pub width: u16,
    pub height: u16,
}

impl Pixels {
    pub fn open() -> Self {
        let (connection, number) = x11rb::connect(None).unwrap();
        let root = connection.setup().roots[number].root;
        Self { connection, root }
    }

    /// Looks again and again, as fast as it can.
    pub fn wait_for_text(&self, strip: Strip, clock: &SharedClock) {
        let until = clock.monotonic() + PAINTED_WITHIN;
        while !self.shows_text(strip) {
            assert!(clock.monotonic() < until, "nothing is painted");
        }
    }

    pub fn wait_until_empty(&self, strip: Strip) {
        while self.shows_text(strip) {}
    }

    pub fn shows_text(&self, strip: Strip) -> bool {
        let Strip { x, y, width, height } = strip;
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, u32::MAX)
            .unwrap()
            .reply()
            .unwrap();
        let mut colours: Vec<[u8; 3]> = image.data.chunks_exact(4).map(|p| [p[0], p[1], p[2]]).collect();
        colours.sort_unstable();
        colours.dedup();
        colours.len() > FLAT
    }

    /// As a person does with the button in its frame.
    pub fn close_active_window(&self) {
        let active = self.atom("_NET_ACTIVE_WINDOW");
        let property = self
            .connection
            .get_property(false, self.root, active, AtomEnum::WINDOW, 0, 1)
            .unwrap()
            .reply()
            .unwrap();
        let window = property.value32().and_then(|mut windows| windows.next()).unwrap();
        let close = ClientMessageEvent::new(32, window, self.atom("_NET_CLOSE_WINDOW"), [0; 5]);
        let to_the_window_manager = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection.send_event(false, self.root, to_the_window_manager, close).unwrap();
        self.connection.flush().unwrap();
    }

    fn atom(&self, name: &str) -> u32 {
        self.connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
    }
}
