//! H.264: each frame is coded against the one before, so that what moves costs little.

use std::fmt;
use std::time::Duration;

use bytes::BufMut;
use openh264::encoder::{
    BitRate, Complexity, Encoder, EncoderConfig, FrameRate, RateControlMode, UsageType, VuiConfig,
};
use openh264::formats::{BgraSliceU8, YUVBuffer};
use openh264::{OpenH264API, Timestamp};

use crate::picture::{Area, Picture};
use crate::rfb::{Update, encoding};

/// The longer and the shorter side of the largest picture that the encoder takes, upright or not.
const MOST: (u16, u16) = (3_840, 2_160);
/// Some decoders take no smaller one.
const LEAST: u16 = 64;
const FRAMES_PER_SECOND: f32 = 30.0;
/// A new rate means a new beginning, which costs a whole picture: not more often than this.
const SAME_RATE_FOR: Duration = Duration::from_secs(3);
/// Tells the viewer to begin anew, and to forget the video of every other area.
const RESET: u32 = 2;

pub(super) struct Video {
    encoder: Encoder,
    yuv: YUVBuffer,
    area: Area,
    bits: u32,
    since: Duration,
    is_new: bool,
}

impl Video {
    pub(super) fn can_show(area: Area) -> bool {
        let (longer, shorter) = (area.width.max(area.height), area.width.min(area.height));
        longer <= MOST.0 && (LEAST..=MOST.1).contains(&shorter)
    }

    /// Goes on with `running`, unless the area is another, or the rate too far from what it should be.
    pub(super) fn continued(
        running: Option<Self>,
        area: Area,
        bits: u32,
        now: Duration,
    ) -> Result<Self, openh264::Error> {
        let area = even(area);
        let goes_on = |video: &Self| {
            let is_close = (bits / 3 * 2..=bits.saturating_mul(2)).contains(&video.bits);
            video.area == area && (is_close || now < video.since + SAME_RATE_FOR)
        };
        match running.filter(goes_on) {
            Some(video) => Ok(video),
            None => Self::new(area, bits, now),
        }
    }

    fn new(area: Area, bits: u32, since: Duration) -> Result<Self, openh264::Error> {
        let config = EncoderConfig::new()
            .usage_type(UsageType::ScreenContentRealTime)
            .rate_control_mode(RateControlMode::Timestamp)
            .bitrate(BitRate::from_bps(bits))
            .max_frame_rate(FrameRate::from_hz(FRAMES_PER_SECOND))
            .complexity(Complexity::Low)
            .skip_frames(true)
            // Not for contents of screens, says the encoder.
            .adaptive_quantization(false)
            .background_detection(false)
            .num_threads(1)
            .vui(VuiConfig::bt601());
        let encoder = Encoder::with_api_config(OpenH264API::from_source(), config)?;
        let yuv = YUVBuffer::new(area.width.into(), area.height.into());
        Ok(Self { encoder, yuv, area, bits, since, is_new: true })
    }

    /// Of which area a frame was added; both sides of it are even. False where the frame was left out, so that
    /// the rate is kept.
    pub(super) fn add(
        &mut self,
        picture: &Picture,
        now: Duration,
        update: &mut Update,
    ) -> Result<(Area, bool), openh264::Error> {
        let pixels = picture.pixels(self.area);
        let size = (self.area.width.into(), self.area.height.into());
        self.yuv.read_bgra8(BgraSliceU8::new(&pixels, size));
        let millis = u64::try_from(now.saturating_sub(self.since).as_millis()).unwrap_or(u64::MAX);
        let bytes = self.encoder.encode_at(&self.yuv, Timestamp::from_millis(millis))?.to_vec();
        if bytes.is_empty() {
            return Ok((self.area, false));
        }
        let begins = std::mem::take(&mut self.is_new);
        let rectangle = update.rectangle(self.area, encoding::H264);
        rectangle.put_u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        rectangle.put_u32(if begins { RESET } else { 0 });
        rectangle.extend_from_slice(&bytes);
        Ok((self.area, true))
    }
}

fn even(area: Area) -> Area {
    Area { width: area.width & !1, height: area.height & !1, ..area }
}

impl fmt::Debug for Video {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Video").field("area", &self.area).field("bits", &self.bits).finish()
    }
}

#[cfg(test)]
mod tests {
    use openh264::decoder::Decoder;
    use openh264::formats::YUVSource;

    use super::*;

    const SIZE: (u16, u16) = (320, 240);
    /// Without the upper left corner.
    const AREA: Area = Area { x: 64, y: 64, width: 256, height: 176 };
    /// Where the frame begins in an update of one rectangle, behind its length and flags.
    const FRAME_AT: usize = 4 + 12 + 8;

    fn grey(brightness: u8) -> Picture {
        let mut picture = Picture::new(SIZE.0, SIZE.1);
        let row = [brightness; 4].repeat(SIZE.0.into());
        (0..SIZE.1).for_each(|y| picture.put_row(0, y, &row));
        picture
    }

    #[test]
    fn a_decoder_sees_what_was_painted_frame_after_frame() {
        let mut decoder = Decoder::new().unwrap();
        let mut video = Video::continued(None, AREA, 2_000_000, Duration::ZERO).unwrap();
        for (frame, brightness) in [10, 200, 100].into_iter().enumerate() {
            let mut update = Update::default();
            let now = Duration::from_millis(100 * frame as u64);
            assert_eq!(video.add(&grey(brightness), now, &mut update).unwrap(), (AREA, true));
            let message = update.finish().unwrap();
            let resets = message[FRAME_AT - 1] == 2;
            assert_eq!(resets, frame == 0, "the first one begins");
            let picture = decoder.decode(&message[FRAME_AT..]).unwrap().unwrap();
            assert_eq!(picture.dimensions(), (256, 176));
            // Grey 10, 200 and 100, where black is 16 and white is 235.
            let expected = 16 + u32::from(brightness) * 219 / 255;
            assert!(u32::from(picture.y()[5_000]).abs_diff(expected) < 6, "{}", picture.y()[5_000]);
        }
    }

    #[test]
    fn a_rate_that_is_much_too_high_begins_anew_after_a_while() {
        let video = Video::continued(None, AREA, 4_000_000, Duration::ZERO).unwrap();
        let soon = Video::continued(Some(video), AREA, 500_000, SAME_RATE_FOR / 2).unwrap();
        assert_eq!(soon.bits, 4_000_000);
        let later = Video::continued(Some(soon), AREA, 500_000, SAME_RATE_FOR).unwrap();
        assert_eq!((later.bits, later.is_new), (500_000, true));
    }

    #[test]
    fn the_largest_screen_may_be_upright() {
        let area = |width, height| Area { width, height, ..Area::default() };
        for (width, height) in [(3_840, 2_160), (2_160, 3_840), (64, 64)] {
            assert!(Video::can_show(area(width, height)), "{width} by {height}");
        }
        for (width, height) in [(3_842, 2_160), (3_840, 2_162), (2_162, 3_840), (2_160, 3_842), (1_000, 62)] {
            assert!(!Video::can_show(area(width, height)), "{width} by {height}");
        }
        let upright = Picture::new(2_160, 3_840);
        let mut video = Video::continued(None, upright.whole(), 4_000_000, Duration::ZERO).unwrap();
        let mut update = Update::default();
        assert!(video.add(&upright, Duration::ZERO, &mut update).unwrap().1);
        let message = update.finish().unwrap();
        let picture = Decoder::new().unwrap().decode(&message[FRAME_AT..]).unwrap().unwrap().dimensions();
        assert_eq!(picture, (2_160, 3_840));
    }
}
