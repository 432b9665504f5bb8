//! The host's monitors, and the one that a viewer looks at, whatever becomes of the others.

use serde::{Deserialize, Serialize};

use super::{CannotCapture, Monitor};

/// The most monitors that are told of.
pub(crate) const MONITORS_MOST: usize = 16;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Monitors {
    /// The primary one first.
    pub all: Vec<Monitor>,
    /// Which of them is seen.
    pub shown: u8,
    /// It stands in for the chosen one, which is not there.
    pub instead: bool,
}

impl Monitors {
    /// As a viewer takes it from a host: nothing where it makes no sense, and names as plain text.
    pub(crate) fn checked(mut self) -> Option<Self> {
        if self.all.len() > MONITORS_MOST || usize::from(self.shown) >= self.all.len() {
            return None;
        }
        self.all.iter_mut().for_each(Monitor::make_plain);
        Some(self)
    }
}

/// What one viewer chose. `K` is how the system tells monitors apart, also when others come and go.
pub(super) struct Chosen<K> {
    /// None: the primary one, whichever that is.
    key: Option<K>,
    monitors: Monitors,
}

impl<K: Clone + PartialEq> Chosen<K> {
    /// `found` has the primary one first. A number that there is not is that of the primary one.
    pub(super) fn among(found: &[(K, Monitor)], number: u8) -> Result<Self, CannotCapture> {
        let key = found.get(usize::from(number)).map(|(key, _)| key.clone()).filter(|_| number > 0);
        let instead = number > 0 && key.is_none();
        let mut chosen = Self { key, monitors: Monitors { all: Vec::new(), shown: 0, instead } };
        chosen.follow(found)?;
        Ok(chosen)
    }

    /// The primary one stands in for one that has gone, from then on.
    pub(super) fn follow(&mut self, found: &[(K, Monitor)]) -> Result<(), CannotCapture> {
        if found.is_empty() {
            return Err(CannotCapture::NoScreen);
        }
        let found = found.get(..MONITORS_MOST).unwrap_or(found);
        let place = self.key.as_ref().map(|chosen| found.iter().position(|(key, _)| key == chosen));
        if place == Some(None) {
            self.key = None;
            self.monitors.instead = true;
        }
        self.monitors.shown = place.flatten().and_then(|place| u8::try_from(place).ok()).unwrap_or(0);
        self.monitors.all = found.iter().map(|(_, monitor)| monitor.clone()).collect();
        Ok(())
    }

    pub(super) fn monitors(&self) -> &Monitors {
        &self.monitors
    }

    // Windows captures by what was found at the place.
    #[cfg(any(not(windows), test))]
    pub(super) fn monitor(&self) -> Result<Monitor, CannotCapture> {
        self.monitors.all.get(self.place()).cloned().ok_or(CannotCapture::NoScreen)
    }

    /// Where it was found.
    pub(super) fn place(&self) -> usize {
        self.monitors.shown.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&'static str]) -> Vec<(&'static str, Monitor)> {
        names.iter().map(|name| (*name, Monitor::new(name, (0, 0), (10, 10), 1.0))).collect()
    }

    fn seen(chosen: &Chosen<&str>) -> (String, bool) {
        (chosen.monitor().unwrap().name, chosen.monitors().instead)
    }

    #[test]
    fn a_chosen_monitor_is_followed_whatever_comes_and_goes_before_it() {
        let mut chosen = Chosen::among(&found(&["main", "left", "right"]), 2).unwrap();
        assert_eq!(seen(&chosen), ("right".to_owned(), false));
        for others in [&["main", "right"][..], &["right", "main"], &["new", "main", "left", "right"]] {
            chosen.follow(&found(others)).unwrap();
            assert_eq!(seen(&chosen), ("right".to_owned(), false), "{others:?}");
        }
    }

    #[test]
    fn the_primary_one_stands_in_for_one_that_goes_and_stays_when_that_comes_back() {
        let mut chosen = Chosen::among(&found(&["main", "right"]), 1).unwrap();
        chosen.follow(&found(&["main"])).unwrap();
        assert_eq!(seen(&chosen), ("main".to_owned(), true));
        chosen.follow(&found(&["main", "right"])).unwrap();
        assert_eq!(seen(&chosen), ("main".to_owned(), true));
    }

    #[test]
    fn who_chose_the_primary_one_sees_whichever_that_is() {
        let mut chosen = Chosen::among(&found(&["main", "right"]), 0).unwrap();
        chosen.follow(&found(&["right", "main"])).unwrap();
        assert_eq!(seen(&chosen), ("right".to_owned(), false));
    }

    #[test]
    fn a_number_that_there_is_not_is_that_of_the_primary_one() {
        for number in [2, u8::MAX] {
            let chosen = Chosen::among(&found(&["main", "right"]), number).unwrap();
            assert_eq!(seen(&chosen), ("main".to_owned(), true));
        }
        assert!(Chosen::among(&found(&[]), 0).is_err());
    }

    #[test]
    fn no_more_are_told_of_than_there_can_be() {
        let names = ["m"; MONITORS_MOST + 4];
        let chosen = Chosen::among(&found(&names), 0).unwrap();
        assert_eq!(chosen.monitors().all.len(), MONITORS_MOST);
    }

    #[test]
    fn what_a_host_says_of_its_monitors_is_checked_and_its_names_are_plain() {
        let monitor =
            Monitor { name: "\u{202e}evil\n".repeat(99), ..Monitor::new("", (0, 0), (10, 10), 1.0) };
        let told = |count, shown| Monitors { all: vec![monitor.clone(); count], shown, instead: false };
        assert_eq!(told(0, 0).checked(), None);
        assert_eq!(told(2, 2).checked(), None);
        assert_eq!(told(MONITORS_MOST + 1, 0).checked(), None);
        let name = told(MONITORS_MOST, 15).checked().unwrap().all[0].name.clone();
        assert_eq!(name, "evil".repeat(8));
    }
}
