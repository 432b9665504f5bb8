//! What the way to the viewer carries, as it shows in how soon the viewer has what was sent.

use super::tight::GOOD;

/// Bits in a second.
const MEGABIT: u64 = 1_000_000;
/// What is taken for granted until something was measured.
const UNKNOWN: u64 = 8 * MEGABIT;
/// What is measured on a line that is hardly used.
const MOST: u64 = 100 * MEGABIT;
const VIDEO_LEAST: u64 = 300_000;
const VIDEO_MOST: u64 = 8 * MEGABIT;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Path {
    /// In bits a second.
    measured: Option<u64>,
}

impl Path {
    /// Follows a measurement: down at once, up by steps.
    pub(crate) fn measure(&mut self, bits_per_second: u64) {
        let bits_per_second = bits_per_second.min(MOST);
        self.measured = Some(match self.measured {
            Some(before) if bits_per_second > before => before + (bits_per_second - before) / 8,
            Some(before) => before.midpoint(bits_per_second),
            None => bits_per_second,
        });
    }

    /// Of a JPEG.
    pub(crate) fn quality(self) -> u8 {
        match self.bits() {
            ..2_000_000 => 50,
            2_000_000..6_000_000 => 70,
            6_000_000.. => GOOD,
        }
    }

    /// Bits a second for video: less than the path carries, so that nothing queues.
    pub(crate) fn video_bits(self) -> u32 {
        u32::try_from((self.bits() * 6 / 10).clamp(VIDEO_LEAST, VIDEO_MOST)).unwrap_or(u32::MAX)
    }

    fn bits(self) -> u64 {
        self.measured.unwrap_or(UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_path_gets_less_at_once_and_a_fast_one_more_by_and_by() {
        let mut path = Path::default();
        assert_eq!(path.quality(), GOOD);
        path.measure(MEGABIT);
        assert_eq!((path.quality(), path.video_bits()), (50, 600_000));
        path.measure(100 * MEGABIT);
        assert_eq!(path.quality(), GOOD);
        path.measure(1);
        path.measure(1);
        path.measure(1);
        path.measure(1);
        assert_eq!(path.quality(), 50);
        (0..9).for_each(|_| path.measure(1));
        assert_eq!(u64::from(path.video_bits()), VIDEO_LEAST);
    }
}
