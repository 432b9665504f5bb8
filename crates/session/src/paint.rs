//! How a picture travels: what the viewer has elsewhere as a copy, a few tiles at once and sharp, much that moves as
//! video, and what was sent roughly again once it is still.

mod moved;
mod palette;
mod path;
mod rough;
mod scope;
mod tight;
mod video;

use std::time::Duration;

pub(crate) use path::Path;

use crate::picture::{Area, Picture};
use crate::rfb::{Encodings, PixelFormat, Update, encoding};
use crate::tiles::Tiles;
use moved::{Moved, Sent};
use palette::{FewColours, Packers};
use rough::Rough;
use scope::{MANY, Scope};
use tight::{BETTER, GOOD};
use video::Video;

/// So many tiles are touched up at a time: what a person does next must not wait for them.
const TOUCH_UP_MOST: usize = 60;
/// So many beside something that moves.
const TOUCH_UP_BESIDE: usize = 4;
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
    /// Kept for viewers that can copy.
    sent: Sent,
    unseen: Tiles,
    rough: Rough,
    scope: Scope,
    video: Option<Video>,
    /// The encoder failed once, and is not tried again.
    no_video: bool,
    packers: Packers,
}

impl Painter {
    /// Everything is to be sent anew.
    pub(crate) fn restart(&mut self, (width, height): (u16, u16)) {
        self.unseen = Tiles::all(width, height);
        self.rough = Rough::default();
        self.scope = Scope::default();
        self.video = None;
    }

    /// How long there is nothing to paint unless the picture changes; nothing where it never is.
    pub(crate) fn due_in(&self, now: Duration) -> Option<Duration> {
        if self.unseen.is_empty() { self.rough.due_in(now) } else { Some(Duration::ZERO) }
    }

    pub(crate) fn paint(
        &mut self,
        picture: &Picture,
        changed: &Tiles,
        manner: &Manner,
        now: Duration,
        update: &mut Update,
    ) {
        let moved = self.follow(picture, changed, manner, now, update);
        let touch_up = if self.unseen.is_empty() { TOUCH_UP_MOST } else { TOUCH_UP_BESIDE };
        let waiting = self.paint_video(picture, moved, manner, now, update);
        self.paint_unseen(picture, manner, now, update);
        self.unseen.add(&waiting);
        self.touch_up(touch_up, picture, manner, now, update);
    }

    /// What moved is copied by the viewer; what else changed is to be sent.
    fn follow(
        &mut self,
        picture: &Picture,
        changed: &Tiles,
        manner: &Manner,
        now: Duration,
        update: &mut Update,
    ) -> Option<Moved> {
        if !manner.encodings.copy {
            self.sent = Sent::default();
            self.unseen.add(changed);
            return None;
        }
        let (moved, different) = self.sent.follow(picture, changed, self.unseen.is_empty());
        if let Some(moved) = moved {
            update.copy(moved.source(), moved.to);
            let (width, height) = picture.size();
            self.rough.copy(&moved, &Tiles::none(width, height), now);
        }
        self.unseen.add(&different);
        moved
    }

    /// What moves, if it is worth a video. The unseen tiles that it answers, and whose turn comes with the next
    /// frame, since this one was left out.
    fn paint_video(
        &mut self,
        picture: &Picture,
        moved: Option<Moved>,
        manner: &Manner,
        now: Duration,
        update: &mut Update,
    ) -> Tiles {
        let nothing_waits = Tiles::default();
        let Some(area) = self.video_area(picture, moved, manner, now) else { return nothing_waits };
        let shown = Video::continued(self.video.take(), area, manner.path.video_bits(), now)
            .and_then(|video| self.video.insert(video).add(picture, now, update));
        let (area, is_shown) = match shown {
            Ok(shown) => shown,
            Err(error) => {
                tracing::warn!(%error, "the screen goes on without video");
                (self.video, self.no_video) = (None, true);
                return nothing_waits;
            }
        };
        // An odd row or column at the edge has no place in a video.
        let (covered, beside) = self.unseen.part(|tile| area.contains(tile));
        self.unseen = beside;
        if !is_shown {
            return covered;
        }
        let (width, height) = picture.size();
        self.rough.add(&Tiles::all(width, height).part(|tile| area.meets(tile)).0, now);
        nothing_waits
    }

    fn video_area(
        &mut self,
        picture: &Picture,
        moved: Option<Moved>,
        manner: &Manner,
        now: Duration,
    ) -> Option<Area> {
        if !manner.encodings.h264 || self.no_video {
            return None;
        }
        // A tile of one colour costs nothing.
        let mut moving = self.unseen.part(|tile| picture.one_colour(tile).is_none()).0.whole();
        if let Some(moved) = moved {
            let (left_over, beside) = moving.part(|tile| moved.around().meets(tile));
            moving = if left_over.count() > MANY { moving } else { beside };
        }
        self.scope.next(&moving, picture.whole(), now).filter(|area| Video::can_show(*area))
    }

    fn paint_unseen(&mut self, picture: &Picture, manner: &Manner, now: Duration, update: &mut Update) {
        let (width, height) = picture.size();
        let mut unseen = std::mem::replace(&mut self.unseen, Tiles::none(width, height));
        // What is not sent of a rough tile would stay rough.
        self.rough.widen(&mut unseen);
        let quality = manner.path.quality();
        let lossy = self.paint_tiles(&unseen.aligned(), picture, manner, quality, update);
        self.rough.remove(&unseen);
        if quality < GOOD {
            self.rough.add(&lossy, now);
        }
    }

    fn touch_up(
        &mut self,
        most: usize,
        picture: &Picture,
        manner: &Manner,
        now: Duration,
        update: &mut Update,
    ) {
        let (width, height) = picture.size();
        let still = self.rough.take_still(most, now, Tiles::none(width, height));
        self.paint_tiles(&still, picture, manner, BETTER, update);
    }

    /// Those that lost something.
    fn paint_tiles(
        &mut self,
        tiles: &Tiles,
        picture: &Picture,
        manner: &Manner,
        quality: u8,
        update: &mut Update,
    ) -> Tiles {
        let Encodings { tight, jpeg, .. } = manner.encodings;
        let (plain, rest) = tiles.part(|tile| tight && picture.one_colour(tile).is_some());
        for area in plain.runs(1) {
            if let Some(colour) = picture.one_colour(area) {
                tight::fill(update.rectangle(area, encoding::TIGHT), colour);
            }
        }
        let mut few = Vec::new();
        let (_, rest) = rest.part(|tile| {
            let found = if tight { FewColours::of(picture, tile) } else { None };
            let is_found = found.is_some();
            few.extend(found);
            is_found
        });
        for few in FewColours::joined(few) {
            match self.packers.palette(&few, picture) {
                Ok(packed) => update.rectangle(few.area, encoding::TIGHT).extend_from_slice(&packed),
                Err(_) => paint_raw(few.area, picture, manner, update),
            }
        }
        let lossy = tight && jpeg;
        for area in rest.runs(RUN_MOST) {
            match lossy.then(|| tight::jpeg(picture, area, quality)).flatten() {
                Some(jpeg) => update.rectangle(area, encoding::TIGHT).extend_from_slice(&jpeg),
                None => paint_raw(area, picture, manner, update),
            }
        }
        if lossy { rest } else { Tiles::default() }
    }
}

fn paint_raw(area: Area, picture: &Picture, manner: &Manner, update: &mut Update) {
    let bytes = update.rectangle(area, encoding::RAW);
    picture.rows(area).for_each(|row| manner.format.write(row, bytes));
}

#[cfg(test)]
mod tests;
