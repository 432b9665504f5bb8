//! Where a pop-up stands: at the bottom right of what panels leave of the display, one above the other.

use tauri::{PhysicalPosition, PhysicalRect};

use super::{HEIGHT, WIDTH};

const GAP: f64 = 12.0;

/// The upper left corner of the pop-up that stands on this storey.
pub fn of(area: &PhysicalRect<i32, u32>, scale: f64, storey: usize) -> PhysicalPosition<i32> {
    let above = storey as f64 * (HEIGHT + GAP);
    let right = f64::from(area.position.x) + f64::from(area.size.width);
    let bottom = f64::from(area.position.y) + f64::from(area.size.height);
    let x = right - (WIDTH + GAP) * scale;
    let y = bottom - (above + HEIGHT + GAP) * scale;
    // A display that is smaller shows its left and upper part.
    PhysicalPosition::new(x.max(area.position.x.into()), y.max(area.position.y.into())).cast()
}

#[cfg(test)]
mod tests {
    use tauri::PhysicalSize;

    use super::*;

    fn corner(x: i32, y: i32, width: u32, height: u32, scale: f64, storey: usize) -> (i32, i32) {
        let (position, size) = (PhysicalPosition::new(x, y), PhysicalSize::new(width, height));
        let PhysicalPosition { x, y } = of(&PhysicalRect { position, size }, scale, storey);
        (x, y)
    }

    #[test]
    fn it_is_at_the_bottom_right_and_the_next_one_above_it() {
        assert_eq!(corner(0, 0, 1280, 760, 1.0, 0), (908, 600));
        assert_eq!(corner(0, 0, 1280, 760, 1.0, 1), (908, 440));
    }

    #[test]
    fn a_main_display_beside_another_has_its_own_bottom_right() {
        assert_eq!(corner(1920, 40, 2560, 1400, 1.0, 0), (4108, 1280));
        assert_eq!(corner(-1920, -200, 1920, 1080, 1.0, 0), (-372, 720));
    }

    #[test]
    fn on_a_dense_display_it_takes_as_many_more_points() {
        assert_eq!(corner(0, 0, 2560, 1520, 2.0, 0), (1816, 1200));
        assert_eq!(corner(0, 0, 1920, 1080, 1.5, 1), (1362, 600));
    }

    #[test]
    fn on_a_display_that_is_too_small_its_beginning_can_be_read() {
        assert_eq!(corner(10, 20, 300, 120, 1.0, 0), (10, 20));
    }
}
