//! How much a host tells of itself on the control stream: its screen, what the viewer may do, what it may ask for.

use std::time::Duration;

use crate::budget::Budget;
use crate::control::Frame;

/// More than a person's switches and monitors make, bunched together by a network that stood still; and twenty
/// a second.
const BURST: u32 = 200;
const EVERY: Duration = Duration::from_millis(50);

/// On the viewer.
pub(crate) struct HostNews(Budget);

impl HostNews {
    pub(crate) fn new() -> Self {
        Self(Budget::new(BURST, EVERY))
    }

    /// Whether this is one too many. None can be left out, since each says how it is from now on.
    pub(crate) fn floods(&mut self, frame: &Frame, now: Duration) -> bool {
        let is_news =
            matches!(frame, Frame::Permissions(_) | Frame::Screen(_) | Frame::Asks(_) | Frame::ForAWhile(_));
        is_news && !self.0.spend(now)
    }
}
