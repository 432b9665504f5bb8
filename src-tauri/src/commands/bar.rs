//! The host's window as a slim bar at the top of its display, which always says who looks on.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_wire::{ApiError, Code};
use tauri::{LogicalSize, Manager, PhysicalPosition, PhysicalRect, PhysicalSize, State, WebviewWindow};

use super::Answer;
use crate::windows::{self, LEAST_ACCEPT};

/// So much, where the display is that wide.
const WIDTH: f64 = 680.0;
const HEIGHT: f64 = 44.0;

/// The windows that are bars now, by their labels.
#[derive(Default)]
pub struct Bars(Mutex<BTreeMap<String, Bar>>);

#[derive(Clone, Copy)]
struct Bar {
    /// Where the window was before, and how big.
    position: PhysicalPosition<i32>,
    size: PhysicalSize<u32>,
    /// Bars stand one below the other.
    storey: usize,
}

#[tauri::command]
pub async fn collapse_window(window: WebviewWindow, bars: State<'_, Bars>) -> Answer<()> {
    let before = (window.outer_position().map_err(refused)?, window.inner_size().map_err(refused)?);
    let display = window.current_monitor().map_err(refused)?.ok_or(ApiError::new(Code::SystemRefused))?;
    let storey = bars.enter(&window, before);
    let (place, width) = place(display.work_area(), display.scale_factor(), storey);
    let shape = || {
        window.set_decorations(false)?;
        window.set_min_size::<LogicalSize<f64>>(None)?;
        window.set_size(LogicalSize::new(width, HEIGHT))?;
        window.set_position(place)?;
        window.set_always_on_top(true)
    };
    shape().map_err(refused)
}

#[tauri::command]
pub async fn expand_window(window: WebviewWindow, bars: State<'_, Bars>) -> Answer<()> {
    let Some(before) = bars.leave(&window) else { return Ok(()) };
    let shape = || {
        window.set_decorations(true)?;
        window.set_size(before.size)?;
        window.set_min_size(Some(LEAST_ACCEPT))?;
        window.set_position(before.position)
    };
    shape().map_err(refused)?;
    windows::look_who_asks(window.app_handle());
    Ok(())
}

impl Bars {
    /// Takes the highest place that is free.
    fn enter(
        &self,
        window: &WebviewWindow,
        (position, size): (PhysicalPosition<i32>, PhysicalSize<u32>),
    ) -> usize {
        let mut bars = self.lock();
        // A window that was closed as a bar did not expand before.
        bars.retain(|label, _| window.app_handle().get_webview_window(label).is_some());
        if let Some(bar) = bars.get(window.label()) {
            return bar.storey;
        }
        let taken: Vec<usize> = bars.values().map(|bar| bar.storey).collect();
        let storey = (0..).find(|storey| !taken.contains(storey)).unwrap_or_default();
        bars.insert(window.label().to_owned(), Bar { position, size, storey });
        storey
    }

    pub fn holds(&self, window: &WebviewWindow) -> bool {
        self.lock().contains_key(window.label())
    }

    fn leave(&self, window: &WebviewWindow) -> Option<Bar> {
        self.lock().remove(window.label())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Bar>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In the middle of the upper edge of what panels leave of the display, and how wide.
fn place(area: &PhysicalRect<i32, u32>, scale: f64, storey: usize) -> (PhysicalPosition<i32>, f64) {
    let width = WIDTH.min(f64::from(area.size.width) / scale);
    let left = f64::from(area.position.x) + (f64::from(area.size.width) - width * scale) / 2.0;
    let top = f64::from(area.position.y) + storey as f64 * HEIGHT * scale;
    (PhysicalPosition::new(left, top).cast(), width)
}

fn refused(error: tauri::Error) -> ApiError {
    tracing::warn!(%error, "the window does not change its shape");
    ApiError::new(Code::SystemRefused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stands(x: i32, y: i32, width: u32, height: u32, scale: f64, storey: usize) -> (i32, i32, f64) {
        let (position, size) = (PhysicalPosition::new(x, y), PhysicalSize::new(width, height));
        let (PhysicalPosition { x, y }, width) = place(&PhysicalRect { position, size }, scale, storey);
        (x, y, width)
    }

    #[test]
    fn it_is_in_the_middle_of_the_top_and_the_next_one_below_it() {
        assert_eq!(stands(0, 24, 1280, 736, 1.0, 0), (300, 24, WIDTH));
        assert_eq!(stands(0, 24, 1280, 736, 1.0, 1), (300, 68, WIDTH));
    }

    #[test]
    fn on_a_dense_display_it_takes_as_many_more_points() {
        assert_eq!(stands(1920, 0, 2560, 1440, 2.0, 1), (2520, 88, WIDTH));
    }

    #[test]
    fn a_display_that_is_narrower_is_as_wide_as_the_bar() {
        assert_eq!(stands(100, 0, 480, 800, 1.0, 0), (100, 0, 480.0));
    }
}
