//! Who is there, of those whose tiles somebody looks at.
//!
//! Asked, and not pushed: a push would keep the service telling every client about every other, for tiles that
//! nobody looks at. Nothing is asked in the background.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_domain::link::Target;
use beckon_wire::limits::LOOKUP_MAX;
use beckon_wire::lookup::{Found, Lookup};
use beckon_wire::{ApiError, paths};

use crate::service_link::ServiceLink;
use crate::view::Reach;

/// A tile on the screen is asked about at most this often.
const ASK_EVERY: Duration = Duration::from_secs(25);
/// An older mark says nothing any more.
const GOOD_FOR: Duration = Duration::from_secs(90);
/// Names and aliases stand longer.
const KEPT_FOR: Duration = Duration::from_secs(60 * 60);

#[derive(Default)]
pub struct Marks(Mutex<BTreeMap<String, Mark>>);

struct Mark {
    asked_at: Duration,
    found: Option<Found>,
}

impl Marks {
    /// Whether anything is known now that was not before.
    pub async fn look(&self, link: &ServiceLink, targets: Vec<Target>) -> Result<bool, ApiError> {
        if link.reach() != Reach::Online {
            return Ok(false);
        }
        let targets = self.due(targets, link.clock.monotonic());
        if targets.is_empty() {
            return Ok(false);
        }
        let lookup = Lookup { targets };
        let found: Vec<Found> = link.api.post(paths::LOOKUP, &lookup).await?;
        Ok(self.keep(&lookup.targets, found))
    }

    /// What the service last said; of whether it is there, only as long as that is still to be believed.
    pub fn of(&self, link: &ServiceLink, target: &Target) -> Option<Found> {
        let found = self.at(link.clock.monotonic(), target)?;
        let online = found.online.filter(|_| link.reach() == Reach::Online);
        Some(Found { online, ..found })
    }

    fn at(&self, now: Duration, target: &Target) -> Option<Found> {
        let marks = self.lock();
        let Mark { asked_at, found } = marks.get(&target.folded())?;
        let found = found.clone()?;
        let online = found.online.filter(|_| now.saturating_sub(*asked_at) <= GOOD_FOR);
        Some(Found { online, ..found })
    }

    /// Those that were not asked about just now, which counts as asked from here on.
    fn due(&self, targets: Vec<Target>, now: Duration) -> Vec<Target> {
        let mut marks = self.lock();
        marks.retain(|_, mark| now.saturating_sub(mark.asked_at) < KEPT_FOR);
        let mut due = Vec::new();
        for target in targets.into_iter().take(LOOKUP_MAX) {
            let mark = marks.entry(target.folded());
            let fresh = matches!(&mark, std::collections::btree_map::Entry::Occupied(mark)
                if now.saturating_sub(mark.get().asked_at) < ASK_EVERY);
            if fresh {
                continue;
            }
            mark.or_insert(Mark { asked_at: now, found: None }).asked_at = now;
            due.push(target);
        }
        due
    }

    fn keep(&self, targets: &[Target], found: Vec<Found>) -> bool {
        let mut marks = self.lock();
        let mut changed = false;
        for (target, found) in targets.iter().zip(found) {
            let Some(mark) = marks.get_mut(&target.folded()) else { continue };
            changed |= mark.found.replace(found.clone()) != Some(found);
        }
        changed
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Mark>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(numbers: std::ops::Range<u64>) -> Vec<Target> {
        numbers.map(|n| Target::Id((100_000_000 + n).try_into().unwrap())).collect()
    }

    #[test]
    fn a_tile_is_asked_about_once_in_a_while_and_never_more_than_fit_into_one_question() {
        let (marks, second) = (Marks::default(), Duration::from_secs(1));
        assert_eq!(marks.due(targets(0..300), second).len(), LOOKUP_MAX);
        assert_eq!(marks.due(targets(190..210), 20 * second), targets(200..210));
        assert_eq!(marks.due(targets(0..10), 26 * second).len(), 10);
        let (twice, later) = ([targets(0..1), targets(0..1)].concat(), 60 * second);
        assert_eq!(marks.due(twice, later).len(), 1, "named twice, asked once");
    }

    #[test]
    fn an_answer_that_is_shorter_than_the_question_is_no_answer_for_the_rest() {
        let marks = Marks::default();
        let asked = marks.due(targets(0..2), Duration::ZERO);
        let there = Found { device: None, alias: None, name: None, online: Some(true) };
        assert!(marks.keep(&asked, vec![there.clone()]));
        assert!(!marks.keep(&asked, vec![there]), "nothing new");
        let mark = |seconds| marks.at(Duration::from_secs(seconds), &asked[0]).unwrap().online;
        assert_eq!((mark(90), mark(91)), (Some(true), None), "an old mark says nothing");
        let known = |n: usize| marks.lock().get(&asked[n].folded()).unwrap().found.is_some();
        assert!(known(0) && !known(1));
    }
}
