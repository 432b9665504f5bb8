//! Budgets: so many tries in so long a time, counted exactly, on the injected clock, in memory.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use beckon_domain::SharedClock;

use crate::error::{Answer, Failure};

/// More different addresses than this at once are counted together, so that memory is bounded.
const KEYS_MAX: usize = 20_000;

pub struct Budget<K> {
    clock: SharedClock,
    tries: usize,
    within: Duration,
    spent: Mutex<Spent<K>>,
}

struct Spent<K> {
    by_key: HashMap<K, VecDeque<Duration>>,
    overflow: VecDeque<Duration>,
}

impl<K: Hash + Eq + Clone> Budget<K> {
    pub fn new(clock: SharedClock, tries: usize, within: Duration) -> Self {
        let spent = Spent { by_key: HashMap::new(), overflow: VecDeque::new() };
        Self { clock, tries, within, spent: Mutex::new(spent) }
    }

    /// Counts one try, or says how long to wait. Counted before the try is made, so that many at once do
    /// not slip through together.
    pub fn spend(&self, key: K) -> Answer<()> {
        let now = self.clock.monotonic();
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = spent.tries_of(key, now, self.within);
        drop_old(tries, now, self.within);
        if tries.len() >= self.tries {
            let oldest = tries.front().copied().unwrap_or(now);
            return Err(Failure::throttled((oldest + self.within).saturating_sub(now)));
        }
        tries.push_back(now);
        Ok(())
    }

    /// The last try was a good one, where only bad ones count.
    pub fn give_back(&self, key: &K) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = match spent.by_key.get_mut(key) {
            Some(tries) => tries,
            None => &mut spent.overflow,
        };
        tries.pop_back();
    }
}

impl<K: Hash + Eq + Clone> Spent<K> {
    fn tries_of(&mut self, key: K, now: Duration, within: Duration) -> &mut VecDeque<Duration> {
        if self.by_key.len() >= KEYS_MAX && !self.by_key.contains_key(&key) {
            self.by_key.retain(|_, tries| {
                drop_old(tries, now, within);
                !tries.is_empty()
            });
            if self.by_key.len() >= KEYS_MAX {
                return &mut self.overflow;
            }
        }
        self.by_key.entry(key).or_default()
    }
}

fn drop_old(tries: &mut VecDeque<Duration>, now: Duration, within: Duration) {
    while tries.front().is_some_and(|at| now >= *at + within) {
        tries.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_domain::clock::FakeClock;
    use beckon_wire::Code;
    use std::sync::Arc;

    fn budget(clock: &FakeClock) -> Budget<u8> {
        Budget::new(Arc::new(clock.clone()), 2, Duration::from_secs(60))
    }

    fn wait(answer: Answer<()>) -> String {
        let Err(Failure::Refused(error)) = answer else { panic!("not throttled") };
        assert_eq!(error.code, Code::Throttled);
        error.params["retry_after_s"].clone()
    }

    #[test]
    fn a_spent_budget_says_how_long_to_wait_and_waiting_as_long_helps() {
        let clock = FakeClock::starting_at(chrono::DateTime::UNIX_EPOCH);
        let budget = budget(&clock);
        assert!(budget.spend(1).is_ok());
        clock.advance(Duration::from_millis(20_500));
        assert!(budget.spend(1).is_ok());
        assert_eq!(wait(budget.spend(1)), "40");
        assert!(budget.spend(2).is_ok(), "another address is not held up");
        clock.advance(Duration::from_secs(40));
        assert!(budget.spend(1).is_ok());
        assert_eq!(wait(budget.spend(1)), "20");
    }

    #[test]
    fn a_try_that_was_given_back_does_not_count() {
        let clock = FakeClock::starting_at(chrono::DateTime::UNIX_EPOCH);
        let budget = budget(&clock);
        for _ in 0..10 {
            budget.spend(1).unwrap();
            budget.give_back(&1);
        }
        assert!(budget.spend(1).is_ok());
    }
}
