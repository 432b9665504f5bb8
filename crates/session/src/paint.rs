//! How a picture travels: a few tiles at once and sharp, much that moves as video, and what was sent roughly
//! again once it is still.

mod path;
mod tight;
mod video;

use std::time::Duration;

pub(crate) use path::Path;

use crate::picture::{Area, Picture};
use crate::rfb::{Encodings, PixelFormat, Update, encoding};
use crate::tiles::Tiles;
use tight::{BETTER, GOOD};
use video::Video;

/// More tiles than this at once are sent as video, where the viewer can decode it …
const MANY: usize = 60;
/// … and this many while it runs already.
const SOME: usize = 8;
/// Video that was not used for so long does not run any longer.
const STILL_RUNNING: Duration = Duration::from_millis(400);
/// A picture that did not change for so long is still.
const STILL: Duration = Duration::from_millis(400);
/// So many tiles are touched up at a time: what a person does next must not wait for them.
const TOUCH_UP_MOST: usize = 60;
/// Tiles of a row that travel as one rectangle.
const RUN_MOST: usize = 16;

/// How the viewer wants it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    pub(crate) format: PixelFormat,
    pub(crate) encodings: Encodings,
    pub(crate) path: Path,
}

/// What the viewer has not seen of a picture, and what not well.
#[derive(Debug, Default)]
pub(crate) struct Painter {
    unseen: Tiles,
    rough: Tiles,
    changed_at: Duration,
    video: Option<Video>,
    video_at: Option<Duration>,
    /// The encoder failed once, and is not tried again.
    no_video: bool,
}

impl Painter {
    /// Everything is to be sent anew.
    pub(crate) fn restart(&mut self, (width, height): (u16, u16)) {
        self.unseen = Tiles::all(width, height);
        self.rough = Tiles::none(width, height);
        self.video = None;
    }

    pub(crate) fn changed(&mut self, changed: &Tiles, now: Duration) {
        if !changed.is_empty() {
            self.unseen.add(changed);
            self.changed_at = now;
        }
    }

    /// How long there is nothing to paint unless the picture changes; nothing where it never is.
    pub(crate) fn due_in(&self, now: Duration) -> Option<Duration> {
        if !self.unseen.is_empty() {
            return Some(Duration::ZERO);
        }
        (!self.rough.is_empty()).then(|| (self.changed_at + STILL).saturating_sub(now))
    }

    pub(crate) fn paint(&mut self, picture: &Picture, manner: &Manner, now: Duration, update: &mut Update) {
        if !self.unseen.is_empty() {
            if !(self.wants_video(picture, manner, now) && self.paint_video(picture, manner, now, update)) {
                self.paint_unseen(picture, manner, update);
            }
        } else if self.due_in(now) == Some(Duration::ZERO) {
            let touched_up = self.rough.take_first(TOUCH_UP_MOST);
            paint_tiles(&touched_up, picture, manner, BETTER, update);
        }
    }

    fn wants_video(&self, picture: &Picture, manner: &Manner, now: Duration) -> bool {
        let runs = self.video_at.is_some_and(|at| now < at + STILL_RUNNING);
        let enough = if runs { SOME } else { MANY };
        manner.encodings.h264
            && !self.no_video
            && Video::can_show(picture.size())
            && self.unseen.count() > enough
            // A tile of one colour costs nothing.
            && self.unseen.part(|tile| picture.one_colour(tile).is_none()).0.count() > enough
    }

    fn paint_video(
        &mut self,
        picture: &Picture,
        manner: &Manner,
        now: Duration,
        update: &mut Update,
    ) -> bool {
        let video = match Video::continued(self.video.take(), picture.size(), manner.path.video_bits(), now) {
            Ok(video) => self.video.insert(video),
            Err(error) => return self.give_video_up(&error),
        };
        let area = video.area();
        match video.add(picture, now, update) {
            Ok(true) => {}
            // Its turn comes with the next frame.
            Ok(false) => return true,
            Err(error) => return self.give_video_up(&error),
        }
        let (width, height) = picture.size();
        // An odd row or column at the edge has no place in a video.
        let covered = |tile: Area| tile.x + tile.width <= area.width && tile.y + tile.height <= area.height;
        let (covered, beyond) = Tiles::all(width, height).part(covered);
        self.unseen.remove(&covered);
        self.rough = covered;
        if !beyond.is_empty() {
            paint_tiles(&beyond, picture, manner, GOOD, update);
            self.unseen.remove(&beyond);
        }
        self.video_at = Some(now);
        true
    }

    fn give_video_up(&mut self, error: &openh264::Error) -> bool {
        tracing::warn!(%error, "the screen goes on without video");
        (self.video, self.no_video) = (None, true);
        false
    }

    fn paint_unseen(&mut self, picture: &Picture, manner: &Manner, update: &mut Update) {
        let quality = manner.path.quality();
        paint_tiles(&self.unseen, picture, manner, quality, update);
        self.rough.remove(&self.unseen);
        if quality < GOOD && manner.encodings.jpeg {
            self.rough.add(&self.unseen);
        }
        let (width, height) = picture.size();
        self.unseen = Tiles::none(width, height);
    }
}

fn paint_tiles(tiles: &Tiles, picture: &Picture, manner: &Manner, quality: u8, update: &mut Update) {
    let (plain, rest) = if manner.encodings.tight {
        tiles.part(|tile| picture.one_colour(tile).is_some())
    } else {
        tiles.part(|_| false)
    };
    for area in plain.runs(1) {
        if let Some(colour) = picture.one_colour(area) {
            tight::fill(update.rectangle(area, encoding::TIGHT), colour);
        }
    }
    for area in rest.runs(RUN_MOST) {
        let jpeg = manner.encodings.tight && manner.encodings.jpeg;
        match jpeg.then(|| tight::jpeg(picture, area, quality)).flatten() {
            Some(jpeg) => update.rectangle(area, encoding::TIGHT).extend_from_slice(&jpeg),
            None => {
                let bytes = update.rectangle(area, encoding::RAW);
                picture.rows(area).for_each(|row| manner.format.write(row, bytes));
            }
        }
    }
}

#[cfg(test)]
mod tests;
