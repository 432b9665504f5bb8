//! Windows takes a place for one on the primary monitor, unless told that it is among all of them.

use winsafe::{GetSystemMetrics, HwKbMouse, MOUSEINPUT, SendInput, co};

use super::InputFailed;

pub(super) fn move_pointer((x, y): (i32, i32)) -> Result<(), InputFailed> {
    let place = |at, from, size| scaled(at, GetSystemMetrics(from), GetSystemMetrics(size));
    let movement = MOUSEINPUT {
        dx: place(x, co::SM::XVIRTUALSCREEN, co::SM::CXVIRTUALSCREEN),
        dy: place(y, co::SM::YVIRTUALSCREEN, co::SM::CYVIRTUALSCREEN),
        dwFlags: co::MOUSEEVENTF::MOVE | co::MOUSEEVENTF::ABSOLUTE | co::MOUSEEVENTF::VIRTUALDESK,
        // As enigo marks its own.
        dwExtraInfo: usize::try_from(enigo::EVENT_MARKER).unwrap_or_default(),
        ..MOUSEINPUT::default()
    };
    SendInput(&[HwKbMouse::Mouse(movement)]).map(drop).map_err(|error| InputFailed(error.to_string()))
}

/// The middle of a pixel, where all monitors together are 65,536 wide and high.
fn scaled(at: i32, from: i32, size: i32) -> i32 {
    let middle = (i64::from(at) - i64::from(from)) * 2 + 1;
    let scaled = middle * 32_768 / i64::from(size.max(1));
    i32::try_from(scaled.clamp(0, 65_535)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the system turns it back into a pixel.
    fn pixel(scaled: i32, from: i32, size: i32) -> i32 {
        from + scaled * size / 65_536
    }

    #[test]
    fn every_pixel_is_met_also_left_of_the_primary_monitor() {
        for (from, size) in [(0, 1_920), (-1_920, 3_840), (-2_560, 5_120), (-1_080, 3_001)] {
            for at in from..from + size {
                assert_eq!(pixel(scaled(at, from, size), from, size), at);
            }
        }
    }

    #[test]
    fn what_lies_outside_is_at_the_edge() {
        assert_eq!((scaled(-5, 0, 100), scaled(500, 0, 100), scaled(1, 0, 0)), (0, 65_535, 65_535));
    }
}
