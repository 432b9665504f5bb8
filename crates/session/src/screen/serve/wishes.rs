//! What the viewer wants and understands, and how much is on its way to it.

use std::collections::VecDeque;
use std::time::Duration;

use crate::paint::{Manner, Path};
use crate::rfb::{ClientMessage, Encodings, Malformed, PixelFormat, end_of_continuous_updates, fence};
use crate::screen::eyes::Look;

/// Pictures that the viewer did not confirm: two, or four small ones.
const UNSEEN_MOST: usize = 2;
const SMALL_UNSEEN_MOST: usize = 4;
/// Bytes of pictures that are small together.
const SMALL: usize = 64 * 1024;
/// A picture of fewer bytes says nothing about the path.
const TELLING: usize = 16 * 1024;
/// A picture of fewer bytes fits into a packet, and says how far the viewer is.
const PACKET: usize = 1_200;
/// Shorter times are not told apart.
const MOMENT: Duration = Duration::from_millis(1);
/// Bytes of answers that wait until the viewer reads.
const REPLIES_MOST: usize = 4 * 1024;

/// In a fence: it wants to be answered.
const REQUEST: u32 = 1 << 31;
/// In a fence: answered after everything before it.
const BLOCK_BEFORE: u32 = 1;
/// Flags that can be echoed: everything here happens in order.
const KNOWN: u32 = 0b111;

#[derive(Debug)]
pub(super) struct Wishes {
    manner: Manner,
    introduce: bool,
    from_scratch: bool,
    refuse_size: bool,
    /// One picture, once there is something new.
    asked: bool,
    /// The picture that is being made answers a request.
    answering: bool,
    /// Every picture.
    continuous: bool,
    replies: Vec<u8>,
    unseen: VecDeque<Unseen>,
    last_number: u32,
    confirmed_at: Duration,
    /// When the viewer was asked for its first confirmation, as long as that has not come.
    greeted_at: Option<Duration>,
    /// There and back, with nothing in the way.
    round_trip: Option<Duration>,
}

/// A picture that the viewer did not confirm yet.
#[derive(Debug)]
struct Unseen {
    number: u32,
    bytes: usize,
    sent_at: Duration,
}

impl Default for Wishes {
    fn default() -> Self {
        let manner =
            Manner { format: PixelFormat::NATIVE, encodings: Encodings::default(), path: Path::default() };
        Self {
            manner,
            introduce: false,
            from_scratch: false,
            refuse_size: false,
            asked: false,
            answering: false,
            continuous: false,
            replies: Vec::new(),
            unseen: VecDeque::new(),
            last_number: 0,
            confirmed_at: Duration::ZERO,
            greeted_at: None,
            round_trip: None,
        }
    }
}

impl Wishes {
    pub(super) fn hear(&mut self, message: ClientMessage, now: Duration) -> Result<(), Malformed> {
        match message {
            ClientMessage::SetPixelFormat(format) => {
                self.manner.format = format;
                self.from_scratch = true;
            }
            ClientMessage::SetEncodings(list) => self.understand(Encodings::of(&list), now),
            ClientMessage::UpdateRequest { incremental, .. } => {
                self.asked = true;
                self.from_scratch |= !incremental;
            }
            ClientMessage::ContinuousUpdates { enable, .. } => {
                self.continuous = enable;
                if !enable {
                    self.replies.extend(end_of_continuous_updates());
                }
            }
            ClientMessage::Fence { flags, payload } if flags & REQUEST != 0 => {
                self.replies.extend(fence(flags & KNOWN, &payload));
            }
            ClientMessage::Fence { payload, .. } => self.confirm(&payload, now),
            ClientMessage::SetDesktopSize => self.refuse_size = true,
            ClientMessage::CutText | ClientMessage::Key { .. } | ClientMessage::Pointer { .. } => {}
        }
        if self.replies.len() > REPLIES_MOST { Err(Malformed::Flood) } else { Ok(()) }
    }

    pub(super) fn wants_picture(&self) -> bool {
        (self.asked || self.continuous) && self.has_room()
    }

    pub(super) fn take_look(&mut self) -> Look {
        self.answering = std::mem::take(&mut self.asked);
        Look {
            manner: self.manner,
            introduce: std::mem::take(&mut self.introduce),
            from_scratch: std::mem::take(&mut self.from_scratch),
            refuse_size: std::mem::take(&mut self.refuse_size),
        }
    }

    pub(super) fn take_replies(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.replies)
    }

    /// Nothing came of the look: what was asked is still to be answered.
    pub(super) fn saw_nothing(&mut self) {
        self.asked |= self.answering;
    }

    /// A picture of so many bytes is on its way.
    pub(super) fn sent(&mut self, bytes: usize, sent_at: Duration) {
        if self.manner.encodings.fence {
            self.last_number = self.last_number.wrapping_add(1);
            self.unseen.push_back(Unseen { number: self.last_number, bytes, sent_at });
            self.replies.extend(fence(REQUEST | BLOCK_BEFORE, &self.last_number.to_be_bytes()));
        }
    }

    fn understand(&mut self, encodings: Encodings, now: Duration) {
        let before = std::mem::replace(&mut self.manner.encodings, encodings);
        self.introduce |= encodings != before;
        if encodings.continuous_updates && !before.continuous_updates {
            self.replies.extend(end_of_continuous_updates());
        }
        if encodings.fence && !before.fence {
            self.replies.extend(fence(REQUEST, &[]));
            self.greeted_at = Some(now);
        }
    }

    /// Without confirmations the viewer itself asks for each picture.
    fn has_room(&self) -> bool {
        let bytes: usize = self.unseen.iter().map(|unseen| unseen.bytes).sum();
        self.unseen.len() < if bytes < SMALL { SMALL_UNSEEN_MOST } else { UNSEEN_MOST }
    }

    fn confirm(&mut self, payload: &[u8], now: Duration) {
        if payload.is_empty() {
            let greeted_at = self.greeted_at.take();
            greeted_at.into_iter().for_each(|at| self.answered_in(now.saturating_sub(at)));
        }
        let Ok(number) = payload.try_into().map(u32::from_be_bytes) else { return };
        let Some(place) = self.unseen.iter().position(|unseen| unseen.number == number) else { return };
        let confirmed: Vec<Unseen> = self.unseen.drain(..=place).collect();
        let bytes: usize = confirmed.iter().map(|unseen| unseen.bytes).sum();
        let sent_at = confirmed.first().map_or(now, |unseen| unseen.sent_at);
        let confirmed_at = std::mem::replace(&mut self.confirmed_at, now);
        if bytes <= PACKET && sent_at >= confirmed_at {
            self.answered_in(now.saturating_sub(sent_at));
        }
        if bytes >= TELLING {
            // Behind another one, or as soon as anything could have come back.
            let began = confirmed_at.max(sent_at + self.round_trip.unwrap_or_default());
            let took = now.saturating_sub(began).max(MOMENT).as_micros();
            let bits_per_second = bytes as u128 * 8 * 1_000_000 / took;
            self.manner.path.measure(u64::try_from(bits_per_second).unwrap_or(u64::MAX));
        }
    }

    /// Follows how far the viewer is: down at once, up by steps, since an answer may have waited.
    fn answered_in(&mut self, took: Duration) {
        self.round_trip = Some(match self.round_trip {
            Some(before) if took > before => before + (took - before) / 8,
            _ => took,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FENCES: [i32; 2] = [-312, -313];

    fn wishes_of(encodings: &[i32]) -> Wishes {
        let mut wishes = Wishes::default();
        wishes.hear(ClientMessage::SetEncodings(encodings.to_vec()), Duration::ZERO).unwrap();
        wishes
            .hear(ClientMessage::ContinuousUpdates { enable: true, area: Default::default() }, Duration::ZERO)
            .unwrap();
        wishes
    }

    fn confirmation(number: u32) -> ClientMessage {
        ClientMessage::Fence { flags: 0, payload: number.to_be_bytes().to_vec().into() }
    }

    #[test]
    fn a_viewer_that_confirms_nothing_gets_no_third_picture() {
        let mut wishes = wishes_of(&FENCES);
        wishes.sent(100_000, Duration::ZERO);
        assert!(wishes.wants_picture());
        wishes.sent(100_000, Duration::ZERO);
        assert!(!wishes.wants_picture());
        wishes.hear(confirmation(1), Duration::from_secs(1)).unwrap();
        assert!(wishes.wants_picture());
    }

    #[test]
    fn small_pictures_may_be_four() {
        let mut wishes = wishes_of(&FENCES);
        (0..3).for_each(|_| wishes.sent(1_000, Duration::ZERO));
        assert!(wishes.wants_picture());
        wishes.sent(1_000, Duration::ZERO);
        assert!(!wishes.wants_picture());
    }

    #[test]
    fn how_soon_pictures_are_confirmed_says_what_the_path_carries() {
        let mut wishes = wishes_of(&FENCES);
        wishes.sent(125_000, Duration::ZERO);
        wishes.hear(confirmation(1), Duration::from_secs(1)).unwrap();
        assert_eq!(wishes.manner.path.video_bits(), 600_000);
    }

    #[test]
    fn a_far_line_is_not_taken_for_a_thin_one() {
        let at = Duration::from_millis;
        let mut wishes = wishes_of(&FENCES);
        // A fifth of a second there and back, and eight megabits a second.
        wishes.hear(ClientMessage::Fence { flags: 0, payload: Vec::new().into() }, at(200)).unwrap();
        wishes.sent(100_000, at(1_000));
        wishes.sent(100_000, at(1_033));
        wishes.hear(confirmation(1), at(1_300)).unwrap();
        assert_eq!(wishes.manner.path.video_bits(), 4_800_000);
        wishes.hear(confirmation(2), at(1_400)).unwrap();
        assert_eq!(wishes.manner.path.video_bits(), 4_800_000, "what waited its turn says the same");
        // A thin one that is as far: what one packet needs says how far it is.
        wishes.sent(1_000, at(2_000));
        wishes.hear(confirmation(3), at(2_200)).unwrap();
        wishes.sent(100_000, at(3_000));
        wishes.hear(confirmation(4), at(4_000)).unwrap();
        assert_eq!(wishes.manner.path.video_bits(), 2_700_000, "a megabit, half way from eight");
    }

    #[test]
    fn a_confirmation_of_nothing_changes_nothing() {
        let mut wishes = wishes_of(&FENCES);
        wishes.hear(confirmation(7), Duration::ZERO).unwrap();
        wishes.hear(ClientMessage::Fence { flags: 0, payload: Vec::new().into() }, Duration::ZERO).unwrap();
        assert!(wishes.wants_picture());
    }

    #[test]
    fn one_that_asks_and_asks_and_never_reads_is_broken_off() {
        let mut wishes = Wishes::default();
        let ask = || ClientMessage::Fence { flags: REQUEST, payload: vec![0; 64].into() };
        let answered = (0..100).take_while(|_| wishes.hear(ask(), Duration::ZERO).is_ok()).count();
        assert!((32..100).contains(&answered), "{answered}");
    }

    #[test]
    fn an_incremental_request_is_answered_once() {
        let mut wishes = Wishes::default();
        let ask = ClientMessage::UpdateRequest { incremental: true, area: Default::default() };
        wishes.hear(ask, Duration::ZERO).unwrap();
        assert!(wishes.wants_picture());
        wishes.take_look();
        wishes.saw_nothing();
        assert!(wishes.wants_picture(), "it waits until there is something new");
        wishes.take_look();
        wishes.sent(10, Duration::ZERO);
        assert!(!wishes.wants_picture());
    }
}
