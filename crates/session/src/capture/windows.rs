//! Windows: DXGI duplicates what a monitor shows. It stops doing so whenever the system shows what no program
//! may see, and begins anew afterwards.

use std::time::Duration;

use windows_capture::dxgi_duplication_api::{
    DxgiDuplicationApi, DxgiDuplicationFormat, DxgiDuplicationFrame, Error,
};
use windows_capture::monitor::Monitor as Handle;
use winsafe::prelude::Handle as _;
use winsafe::{HDC, RECT, co};

use super::monitors::Chosen;
use super::{CannotCapture, Capture, CaptureSource, MONITORS_MOST, Monitor, Monitors, Seen};
use crate::picture::Picture;

/// So many looks lie between two at the list of monitors: nothing tells when it changes.
const LOOKS_AT_ONE_LIST: u32 = 30;

pub(super) struct Windows;

impl CaptureSource for Windows {
    fn monitors(&self) -> Result<Vec<Monitor>, CannotCapture> {
        Ok(found()?.into_iter().map(|(_, monitor)| monitor).collect())
    }

    fn open(&self, monitor: u8) -> Result<Box<dyn Capture>, CannotCapture> {
        let found = found()?;
        let chosen = Chosen::among(&by_name(&found), monitor)?;
        let (handle, monitor) = shown(&chosen, found)?;
        let duplication = duplicate(handle);
        let (looks, pixels) = (0, Vec::new());
        Ok(Box::new(Screen { chosen, handle, monitor, duplication, looks, pixels }))
    }
}

struct Screen {
    chosen: Chosen<String>,
    handle: Handle,
    monitor: Monitor,
    /// None while the system shows what no program may see.
    duplication: Option<DxgiDuplicationApi>,
    /// Since it looked at the list of monitors.
    looks: u32,
    pixels: Vec<u8>,
}

impl Capture for Screen {
    fn look(&mut self, picture: &mut Picture, patience: Duration) -> Result<Seen, CannotCapture> {
        self.looks += 1;
        if self.duplication.is_none() || self.looks >= LOOKS_AT_ONE_LIST {
            self.follow_monitors()?;
        }
        let size = (self.monitor.width, self.monitor.height);
        if picture.size() != size {
            *picture = Picture::new(size.0, size.1);
        }
        let Some(duplication) = &mut self.duplication else {
            // Nothing tells when it is over.
            std::thread::park_timeout(patience);
            return Ok(self.seen());
        };
        let patience = u32::try_from(patience.as_millis()).unwrap_or(u32::MAX);
        match duplication.acquire_next_frame(patience) {
            Ok(frame) => read(frame, &mut self.pixels, picture)?,
            Err(Error::Timeout) => {}
            Err(Error::AccessLost) => self.duplication = None,
            Err(error) => return Err(failed(&error)),
        }
        Ok(self.seen())
    }

    fn monitors(&self) -> &Monitors {
        self.chosen.monitors()
    }
}

impl Screen {
    fn follow_monitors(&mut self) -> Result<(), CannotCapture> {
        self.looks = 0;
        let found = found()?;
        self.chosen.follow(&by_name(&found))?;
        let (handle, monitor) = shown(&self.chosen, found)?;
        if self.duplication.is_none() || handle != self.handle || monitor != self.monitor {
            // One monitor is not duplicated twice.
            self.duplication = None;
            self.duplication = duplicate(handle);
            (self.handle, self.monitor) = (handle, monitor);
        }
        Ok(())
    }

    fn seen(&self) -> Seen {
        Seen { monitor: self.monitor.clone(), pointer: None, hidden: self.duplication.is_none() }
    }
}

/// Nothing while the system does not let it be.
fn duplicate(monitor: Handle) -> Option<DxgiDuplicationApi> {
    let duplication = DxgiDuplicationApi::new_options(monitor, &[DxgiDuplicationFormat::Bgra8]);
    duplication.inspect_err(|error| tracing::debug!(%error, "the screen cannot be duplicated now")).ok()
}

fn read(
    mut frame: DxgiDuplicationFrame<'_>,
    pixels: &mut Vec<u8>,
    picture: &mut Picture,
) -> Result<(), CannotCapture> {
    let buffer = frame.buffer().map_err(|error| failed(&error))?;
    let stride = usize::try_from(buffer.width()).unwrap_or_default() * 4;
    let rows = buffer.as_nopadding_buffer(pixels).chunks_exact(stride.max(1));
    for (y, row) in rows.enumerate() {
        picture.put_row(0, u16::try_from(y).unwrap_or(u16::MAX), row);
    }
    Ok(())
}

/// The primary one first.
fn found() -> Result<Vec<(Handle, Monitor)>, CannotCapture> {
    let mut found = Vec::new();
    let listed = HDC::NULL.EnumDisplayMonitors(None, |monitor, _, _| {
        match monitor.GetMonitorInfo() {
            Ok(info) => {
                let is_primary = info.dwFlags == co::MONITORINFOF::PRIMARY;
                let handle = Handle::from_raw_hmonitor(monitor.ptr());
                found.push((is_primary, handle, of_rectangle(&info.szDevice(), info.rcMonitor)));
            }
            Err(error) => tracing::debug!(%error, "a monitor that nothing is known of"),
        }
        true
    });
    listed.map_err(|error| failed(&error))?;
    found.sort_by_key(|(is_primary, _, monitor)| (!is_primary, monitor.x, monitor.y));
    let found = found.into_iter().take(MONITORS_MOST);
    Ok(found.map(|(_, handle, monitor)| (handle, monitor)).collect())
}

/// This program counts in pixels of each monitor, as the system places pointers then.
fn of_rectangle(name: &str, area: RECT) -> Monitor {
    let length = |from: i32, to: i32| u16::try_from(to.saturating_sub(from)).unwrap_or_default();
    let size = (length(area.left, area.right), length(area.top, area.bottom));
    Monitor::new(name.trim_start_matches("\\\\.\\"), (area.left, area.top), size, 1.0)
}

/// A monitor keeps its name for as long as it is plugged in, and its handle not even so long.
fn by_name(found: &[(Handle, Monitor)]) -> Vec<(String, Monitor)> {
    found.iter().map(|(_, monitor)| (monitor.name.clone(), monitor.clone())).collect()
}

fn shown(
    chosen: &Chosen<String>,
    mut found: Vec<(Handle, Monitor)>,
) -> Result<(Handle, Monitor), CannotCapture> {
    let place = chosen.place();
    if place < found.len() { Ok(found.swap_remove(place)) } else { Err(CannotCapture::NoScreen) }
}

fn failed(error: &dyn std::error::Error) -> CannotCapture {
    tracing::warn!(%error, "the screen cannot be seen");
    CannotCapture::Failed
}
