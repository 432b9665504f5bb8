//! Windows: DXGI duplicates what a monitor shows. It stops doing so whenever the system shows what no program
//! may see, and begins anew afterwards.

use std::time::Duration;

use windows_capture::dxgi_duplication_api::{
    DxgiDuplicationApi, DxgiDuplicationFormat, DxgiDuplicationFrame, Error,
};
use windows_capture::monitor::Monitor as Handle;
use winsafe::prelude::Handle as _;
use winsafe::{HDC, RECT, co};

use super::{CannotCapture, Capture, CaptureSource, MONITORS_MOST, Monitor, Seen};
use crate::picture::Picture;

pub(super) struct Windows;

impl CaptureSource for Windows {
    fn monitors(&self) -> Result<Vec<Monitor>, CannotCapture> {
        Ok(found()?.into_iter().map(|(_, monitor)| monitor).collect())
    }

    fn open(&self, monitor: u8) -> Result<Box<dyn Capture>, CannotCapture> {
        let number = usize::from(monitor);
        let (_, monitor) = chosen(number)?;
        let duplication = duplicate(number)?;
        Ok(Box::new(Screen { number, monitor, duplication, pixels: Vec::new() }))
    }
}

struct Screen {
    number: usize,
    monitor: Monitor,
    /// None while the system shows what no program may see.
    duplication: Option<DxgiDuplicationApi>,
    pixels: Vec<u8>,
}

impl Capture for Screen {
    fn look(&mut self, picture: &mut Picture, patience: Duration) -> Result<Seen, CannotCapture> {
        if self.duplication.is_none() {
            self.begin_anew()?;
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
}

impl Screen {
    fn begin_anew(&mut self) -> Result<(), CannotCapture> {
        (_, self.monitor) = chosen(self.number)?;
        self.duplication = duplicate(self.number)?;
        Ok(())
    }

    fn seen(&self) -> Seen {
        Seen { monitor: self.monitor.clone(), pointer: None, hidden: self.duplication.is_none() }
    }
}

/// Nothing while the system does not let it be.
fn duplicate(number: usize) -> Result<Option<DxgiDuplicationApi>, CannotCapture> {
    let (monitor, _) = chosen(number)?;
    match DxgiDuplicationApi::new_options(monitor, &[DxgiDuplicationFormat::Bgra8]) {
        Ok(duplication) => Ok(Some(duplication)),
        Err(error) => {
            tracing::debug!(%error, "the screen cannot be duplicated now");
            Ok(None)
        }
    }
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

fn chosen(number: usize) -> Result<(Handle, Monitor), CannotCapture> {
    let mut found = found()?;
    let number = if number < found.len() { number } else { 0 };
    if found.is_empty() { Err(CannotCapture::NoScreen) } else { Ok(found.swap_remove(number)) }
}

fn failed(error: &dyn std::error::Error) -> CannotCapture {
    tracing::warn!(%error, "the screen cannot be seen");
    CannotCapture::Failed
}
