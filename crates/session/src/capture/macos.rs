//! macOS: picture after picture. The system says nothing of what changed, and shows no screen at all until a
//! person allows it.

use std::time::Duration;

use super::monitors::Chosen;
use super::{CannotCapture, Capture, CaptureSource, MONITORS_MOST, Monitor, Monitors, Seen};
use crate::picture::Picture;

pub(super) struct Macos;

impl CaptureSource for Macos {
    fn monitors(&self) -> Result<Vec<Monitor>, CannotCapture> {
        Ok(by_id(&found()?)?.into_iter().map(|(_, monitor)| monitor).collect())
    }

    fn open(&self, monitor: u8) -> Result<Box<dyn Capture>, CannotCapture> {
        let chosen = Chosen::among(&by_id(&found()?)?, monitor)?;
        Ok(Box::new(Screen { chosen, looked: false }))
    }
}

struct Screen {
    chosen: Chosen<u32>,
    looked: bool,
}

impl Capture for Screen {
    fn look(&mut self, picture: &mut Picture, patience: Duration) -> Result<Seen, CannotCapture> {
        if std::mem::replace(&mut self.looked, true) {
            std::thread::park_timeout(patience);
        }
        let found = found()?;
        self.chosen.follow(&by_id(&found)?)?;
        let handle = found.get(self.chosen.place()).ok_or(CannotCapture::NoScreen)?;
        let mut monitor = self.chosen.monitor()?;
        let image = handle.capture_image().map_err(|error| {
            tracing::warn!(%error, "the screen cannot be seen");
            CannotCapture::NotPermitted
        })?;
        let side = |pixels: u32| u16::try_from(pixels).unwrap_or(u16::MAX);
        (monitor.width, monitor.height) = (side(image.width()), side(image.height()));
        if picture.size() != (monitor.width, monitor.height) {
            *picture = Picture::new(monitor.width, monitor.height);
        }
        let stride = usize::from(monitor.width) * 4;
        for (y, row) in (0..monitor.height).zip(image.as_raw().chunks_exact(stride.max(1))) {
            let native: Vec<u8> = row
                .as_chunks::<4>()
                .0
                .iter()
                .flat_map(|[red, green, blue, _]| [*blue, *green, *red, 0])
                .collect();
            picture.put_row(0, y, &native);
        }
        Ok(Seen { monitor, pointer: None, hidden: false })
    }

    fn monitors(&self) -> &Monitors {
        self.chosen.monitors()
    }
}

/// The primary one first.
fn found() -> Result<Vec<xcap::Monitor>, CannotCapture> {
    let mut found = xcap::Monitor::all().map_err(|error| failed(&error))?;
    found.sort_by_key(|monitor| !monitor.is_primary().unwrap_or(false));
    found.truncate(MONITORS_MOST);
    Ok(found)
}

/// Two of one make have one name.
fn by_id(found: &[xcap::Monitor]) -> Result<Vec<(u32, Monitor)>, CannotCapture> {
    let described =
        |monitor: &xcap::Monitor| Ok((monitor.id().map_err(|error| failed(&error))?, described(monitor)?));
    found.iter().map(described).collect()
}

fn described(monitor: &xcap::Monitor) -> Result<Monitor, CannotCapture> {
    let describe = || {
        let scale = monitor.scale_factor()?.max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast stays in range"
        )]
        let pixels = |points: u32| (points as f32 * scale) as u16;
        let size = (pixels(monitor.width()?), pixels(monitor.height()?));
        Ok(Monitor::new(&monitor.friendly_name()?, (monitor.x()?, monitor.y()?), size, scale))
    };
    describe().map_err(|error: xcap::XCapError| failed(&error))
}

fn failed(error: &xcap::XCapError) -> CannotCapture {
    tracing::warn!(%error, "the screen cannot be seen");
    CannotCapture::Failed
}
