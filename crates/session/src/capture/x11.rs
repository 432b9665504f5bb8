//! X11: the server says what was drawn (DAMAGE), and lays the pixels into shared memory (MIT-SHM).

use std::fs::File;
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use x11rb::connection::{Connection, RequestConnection};
use x11rb::errors::{ConnectionError, ReplyError, ReplyOrIdError};
use x11rb::protocol::Event;
use x11rb::protocol::damage::{ConnectionExt as _, ReportLevel};
use x11rb::protocol::randr::{ConnectionExt as _, NotifyMask};
use x11rb::protocol::shm::{ConnectionExt as _, Seg};
use x11rb::protocol::xfixes::{ConnectionExt as _, CursorNotifyMask};
use x11rb::protocol::xproto::{
    Atom, ChangeWindowAttributesAux, ConnectionExt as _, EventMask, ImageFormat, ImageOrder, Rectangle,
    Window,
};
use x11rb::rust_connection::RustConnection;

use super::monitors::Chosen;
use super::{CannotCapture, Capture, CaptureSource, MONITORS_MOST, Monitor, Monitors, PointerShape, Seen};
use crate::foreground::{Foreground, NoForeground};
use crate::picture::Picture;

const PIXEL: usize = 4;
const PIXEL_BITS: u8 = 32;
/// What the server offers under Wayland, where it draws only part of what there is to see. An older one has only its
/// monitors called so.
const XWAYLAND: &str = "XWAYLAND";

#[derive(Default)]
pub(crate) struct X11 {
    /// The environment says which, where nobody does.
    pub(crate) display: Option<String>,
}

impl CaptureSource for X11 {
    fn monitors(&self) -> Result<Vec<Monitor>, CannotCapture> {
        let (connection, root) = connect(self.display.as_deref())?;
        Ok(found(&connection, root)?.into_iter().map(|(_, monitor)| monitor).collect())
    }

    fn open(&self, monitor: u8) -> Result<Box<dyn Capture>, CannotCapture> {
        let (connection, root) = connect(self.display.as_deref())?;
        let foreground = Foreground::open(self.display.as_deref())?;
        Ok(Box::new(Screen::new(connection, root, foreground, monitor)?))
    }
}

fn connect(display: Option<&str>) -> Result<(RustConnection, Window), CannotCapture> {
    let (connection, number) = x11rb::connect(display).map_err(|error| {
        tracing::debug!(%error, "no X server");
        CannotCapture::NoScreen
    })?;
    if connection.extension_information(XWAYLAND).map_err(ReplyError::from)?.is_some() {
        return Err(CannotCapture::CannotHostOnWayland);
    }
    let setup = connection.setup();
    let root = setup.roots.get(number).map(|screen| (screen.root, screen.root_depth));
    let format = |depth| setup.pixmap_formats.iter().find(move |format| format.depth == depth);
    let Some((root, depth)) = root else { return Err(CannotCapture::NoScreen) };
    let is_plain = format(depth).is_some_and(|format| format.bits_per_pixel == PIXEL_BITS);
    if !is_plain || depth < 24 || setup.image_byte_order != ImageOrder::LSB_FIRST {
        tracing::warn!(depth, "the X server's pixels are not 32 bits of true colour");
        return Err(CannotCapture::Failed);
    }
    Ok((connection, root))
}

/// By their names, the primary one first.
fn found(connection: &RustConnection, root: Window) -> Result<Vec<(Atom, Monitor)>, CannotCapture> {
    let found = listed(connection, root)?;
    if found.iter().any(|(_, monitor)| monitor.name.starts_with(XWAYLAND)) {
        return Err(CannotCapture::CannotHostOnWayland);
    }
    Ok(found)
}

fn listed(connection: &RustConnection, root: Window) -> Result<Vec<(Atom, Monitor)>, ReplyError> {
    // RANDR wants to know that its newer requests are understood.
    connection.randr_query_version(1, 5)?.reply()?;
    let mut found = connection.randr_get_monitors(root, true)?.reply()?.monitors;
    found.sort_by_key(|monitor| (!monitor.primary, monitor.x, monitor.y));
    let named = found.into_iter().take(MONITORS_MOST).map(|monitor| {
        let name = connection.get_atom_name(monitor.name)?.reply()?.name;
        let place = (monitor.x.into(), monitor.y.into());
        let size = (monitor.width, monitor.height);
        Ok((monitor.name, Monitor::new(&String::from_utf8_lossy(&name), place, size, 1.0)))
    });
    named.collect()
}

struct Screen {
    connection: RustConnection,
    root: Window,
    foreground: Foreground,
    chosen: Chosen<Atom>,
    monitor: Monitor,
    damage: u32,
    region: u32,
    memory: Memory,
    pointer_is_new: bool,
    monitors_are_new: bool,
    /// Nothing of its picture was seen yet.
    is_another: bool,
}

/// Memory that the server writes into. It is read like a file, which needs no unsafe code and costs the one
/// copy that is needed anyway.
struct Memory {
    segment: Seg,
    file: File,
    row: Vec<u8>,
}

impl Screen {
    fn new(
        connection: RustConnection,
        root: Window,
        foreground: Foreground,
        number: u8,
    ) -> Result<Self, CannotCapture> {
        connection.damage_query_version(1, 1).map_err(ReplyError::from)?.reply()?;
        connection.xfixes_query_version(4, 0).map_err(ReplyError::from)?.reply()?;
        connection.shm_query_version().map_err(ReplyError::from)?.reply()?;
        let (damage, region) = watch(&connection, root)?;
        let chosen = Chosen::among(&found(&connection, root)?, number)?;
        let monitor = chosen.monitor()?;
        let memory = Memory::for_size(&connection, &monitor)?;
        let (pointer_is_new, monitors_are_new) = (true, false);
        Ok(Self {
            connection,
            root,
            foreground,
            chosen,
            monitor,
            damage,
            region,
            memory,
            pointer_is_new,
            monitors_are_new,
            is_another: true,
        })
    }

    /// Waits until the server says something, at most so long.
    fn wait(&self, patience: Duration) -> Result<(), CannotCapture> {
        let patience = Timespec::try_from(patience).ok();
        let stream = self.connection.stream().as_fd();
        match poll(&mut [PollFd::new(&stream, PollFlags::IN)], patience.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(_) => Err(CannotCapture::Failed),
        }
    }

    fn hear(&mut self) -> Result<bool, ConnectionError> {
        let mut drawn = false;
        while let Some(event) = self.connection.poll_for_event()? {
            match event {
                Event::DamageNotify(_) => drawn = true,
                Event::XfixesCursorNotify(_) => self.pointer_is_new = true,
                // The last is the only word about monitors that a person made up.
                Event::RandrScreenChangeNotify(_) | Event::RandrNotify(_) | Event::ConfigureNotify(_) => {
                    self.monitors_are_new = true;
                }
                _ => {}
            }
        }
        Ok(drawn || self.pointer_is_new || self.monitors_are_new)
    }

    fn follow_monitors(&mut self) -> Result<(), CannotCapture> {
        if !std::mem::take(&mut self.monitors_are_new) {
            return Ok(());
        }
        self.chosen.follow(&found(&self.connection, self.root)?)?;
        let monitor = self.chosen.monitor()?;
        if monitor != self.monitor {
            let memory = Memory::for_size(&self.connection, &monitor)?;
            let old = std::mem::replace(&mut self.memory, memory);
            self.connection.shm_detach(old.segment).map_err(ReplyError::from)?;
            self.monitor = monitor;
            self.is_another = true;
        }
        Ok(())
    }

    /// The rectangles that were drawn since it was last asked.
    fn drawn(&self) -> Result<Vec<Rectangle>, ReplyError> {
        self.connection.damage_subtract(self.damage, x11rb::NONE, self.region)?;
        Ok(self.connection.xfixes_fetch_region(self.region)?.reply()?.rectangles)
    }

    fn fetch(&mut self, drawn: Rectangle, picture: &mut Picture) -> Result<(), CannotCapture> {
        let Some(wanted) = within(drawn, &self.monitor) else { return Ok(()) };
        let request = self.connection.shm_get_image(
            self.root,
            wanted.x,
            wanted.y,
            wanted.width,
            wanted.height,
            !0,
            ImageFormat::Z_PIXMAP.into(),
            self.memory.segment,
            0,
        );
        match request.map_err(ReplyError::from)?.reply() {
            Ok(_) => {}
            // The screen shrank meanwhile; the server is about to say so.
            Err(ReplyError::X11Error(_)) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        let offset = |place: i16, origin: i32| u16::try_from(i32::from(place) - origin).unwrap_or(0);
        let (x, y) = (offset(wanted.x, self.monitor.x), offset(wanted.y, self.monitor.y));
        self.memory.read(wanted.width, wanted.height, |row, pixels| {
            picture.put_row(x, y.saturating_add(row), pixels);
        })
    }

    fn pointer(&mut self) -> Result<Option<PointerShape>, ReplyError> {
        if !std::mem::take(&mut self.pointer_is_new) {
            return Ok(None);
        }
        let image = self.connection.xfixes_get_cursor_image()?.reply()?;
        Ok(Some(PointerShape {
            width: image.width,
            height: image.height,
            hot_spot: (image.xhot, image.yhot),
            rgba: image.cursor_image.iter().flat_map(|pixel| straight(*pixel)).collect(),
        }))
    }
}

impl Capture for Screen {
    fn look(&mut self, picture: &mut Picture, patience: Duration) -> Result<Seen, CannotCapture> {
        if !self.hear().map_err(ReplyError::from)? && !self.is_another {
            self.wait(patience)?;
            self.hear().map_err(ReplyError::from)?;
        }
        self.follow_monitors()?;
        let size = (self.monitor.width, self.monitor.height);
        let mut drawn = self.drawn()?;
        if std::mem::take(&mut self.is_another) {
            *picture = Picture::new(size.0, size.1);
            drawn = vec![everything(&self.monitor)];
        }
        for rectangle in drawn {
            self.fetch(rectangle, picture)?;
        }
        let hidden = !self.foreground.is_shown();
        Ok(Seen { monitor: self.monitor.clone(), pointer: self.pointer()?, hidden })
    }

    fn monitors(&self) -> &Monitors {
        self.chosen.monitors()
    }
}

impl Memory {
    fn for_size(connection: &RustConnection, monitor: &Monitor) -> Result<Self, CannotCapture> {
        let bytes = u32::from(monitor.width) * u32::from(monitor.height) * u32::from(PIXEL_BITS / 8);
        let segment = connection.generate_id().map_err(|_| CannotCapture::Failed)?;
        let created = connection.shm_create_segment(segment, bytes, false).map_err(ReplyError::from)?;
        Ok(Self { segment, file: created.reply()?.shm_fd.into(), row: Vec::new() })
    }

    fn read(
        &mut self,
        width: u16,
        height: u16,
        mut take: impl FnMut(u16, &[u8]),
    ) -> Result<(), CannotCapture> {
        let length = usize::from(width) * PIXEL;
        self.row.resize(length, 0);
        for row in 0..height {
            let place = u64::from(row) * length as u64;
            self.file.read_exact_at(&mut self.row, place).map_err(|_| CannotCapture::Failed)?;
            take(row, &self.row);
        }
        Ok(())
    }
}

/// Asks to be told of what is drawn, of new pointers and of new monitors.
fn watch(connection: &RustConnection, root: Window) -> Result<(u32, u32), ReplyOrIdError> {
    let (damage, region) = (connection.generate_id()?, connection.generate_id()?);
    connection.damage_create(damage, root, ReportLevel::NON_EMPTY)?.check()?;
    connection.xfixes_create_region(region, &[])?.check()?;
    connection.xfixes_select_cursor_input(root, CursorNotifyMask::DISPLAY_CURSOR)?.check()?;
    let changes = NotifyMask::SCREEN_CHANGE | NotifyMask::CRTC_CHANGE | NotifyMask::OUTPUT_CHANGE;
    connection.randr_select_input(root, changes)?.check()?;
    let hears = ChangeWindowAttributesAux::new().event_mask(EventMask::STRUCTURE_NOTIFY);
    connection.change_window_attributes(root, &hears)?.check()?;
    Ok((damage, region))
}

fn everything(monitor: &Monitor) -> Rectangle {
    let place = |number: i32| i16::try_from(number).unwrap_or(0);
    Rectangle { x: place(monitor.x), y: place(monitor.y), width: monitor.width, height: monitor.height }
}

/// The part of a rectangle that this monitor shows.
fn within(drawn: Rectangle, monitor: &Monitor) -> Option<Rectangle> {
    let shared = |start: i16, length: u16, origin: i32, size: u16| {
        let from = i32::from(start).max(origin);
        let to = (i32::from(start) + i32::from(length)).min(origin + i32::from(size));
        let length = u16::try_from(to - from).ok().filter(|length| *length > 0)?;
        Some((i16::try_from(from).ok()?, length))
    };
    let (x, width) = shared(drawn.x, drawn.width, monitor.x, monitor.width)?;
    let (y, height) = shared(drawn.y, drawn.height, monitor.y, monitor.height)?;
    Some(Rectangle { x, y, width, height })
}

/// X multiplies the colours by the opacity.
fn straight(argb: u32) -> [u8; 4] {
    let [alpha, red, green, blue] = argb.to_be_bytes();
    let divided = |colour: u8| match u16::from(alpha) {
        0 => 0,
        alpha => u8::try_from(u16::from(colour) * 255 / alpha).unwrap_or(u8::MAX),
    };
    [divided(red), divided(green), divided(blue), alpha]
}

impl From<ReplyError> for CannotCapture {
    fn from(error: ReplyError) -> Self {
        tracing::warn!(%error, "the X server");
        Self::Failed
    }
}

impl From<NoForeground> for CannotCapture {
    fn from(error: NoForeground) -> Self {
        tracing::warn!(%error, "the X server");
        Self::Failed
    }
}

impl From<ReplyOrIdError> for CannotCapture {
    fn from(error: ReplyOrIdError) -> Self {
        tracing::warn!(%error, "the X server");
        Self::Failed
    }
}
