//! How much of something the other side may do in a while.

use std::time::Duration;

/// Each act costs some time; time pays it back. Nobody may owe more than `credit`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    cost: Duration,
    credit: Duration,
    /// When everything is paid back, on the monotonic clock.
    paid_at: Duration,
}

impl Budget {
    /// `burst` acts at once, and one more after every `cost`.
    pub(crate) fn new(burst: u32, cost: Duration) -> Self {
        Self { cost, credit: cost * burst, paid_at: Duration::ZERO }
    }

    pub(crate) fn spend(&mut self, now: Duration) -> bool {
        let paid_at = self.paid_at.max(now) + self.cost;
        let allowed = paid_at <= now + self.credit;
        if allowed {
            self.paid_at = paid_at;
        }
        allowed
    }

    /// For who waits in place of being refused: how long.
    pub(crate) fn spend_later(&mut self, now: Duration) -> Duration {
        self.paid_at = self.paid_at.max(now) + self.cost;
        self.paid_at.saturating_sub(now + self.credit)
    }

    /// Whether nothing is owed.
    pub(crate) fn is_full(&self, now: Duration) -> bool {
        self.paid_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_and_then_one_for_every_cost() {
        let second = Duration::from_secs(1);
        let mut budget = Budget::new(3, second);
        let start = 100 * second;
        assert!((0..3).all(|_| budget.spend(start)));
        assert!(!budget.spend(start));
        assert!(budget.spend(start + second));
        assert!(!budget.spend(start + second));
        assert!(!budget.is_full(start + 3 * second));
        assert!(budget.is_full(start + 4 * second));
    }

    #[test]
    fn who_waits_in_place_of_being_refused_waits_in_a_queue() {
        let second = Duration::from_secs(1);
        let mut budget = Budget::new(2, second);
        let waits: Vec<_> = (0..4).map(|_| budget.spend_later(100 * second).as_secs()).collect();
        assert_eq!(waits, [0, 0, 1, 2]);
    }
}
