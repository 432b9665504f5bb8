//! Challenges that devices sign: good once, for one minute, for the key that asked.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use beckon_domain::{PublicKey, SharedClock};

use crate::seal::draw_secret;

const GOOD_FOR: Duration = Duration::from_secs(60);
/// In memory only, so bounded: when more are open, the oldest are void, and their devices ask again.
const OPEN_MAX: usize = 10_000;

pub struct Challenges {
    clock: SharedClock,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    by_text: HashMap<String, (PublicKey, Duration)>,
    in_order: VecDeque<String>,
}

impl Challenges {
    pub fn new(clock: SharedClock) -> Self {
        Self { clock, open: Mutex::default() }
    }

    pub fn draw(&self, key: PublicKey) -> String {
        let text = draw_secret().to_string();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.in_order.len() >= OPEN_MAX
            && let Some(oldest) = open.in_order.pop_front()
        {
            open.by_text.remove(&oldest);
        }
        open.by_text.insert(text.clone(), (key, self.clock.monotonic() + GOOD_FOR));
        open.in_order.push_back(text.clone());
        text
    }

    /// Whether it was drawn for this key and is still good. It is not afterwards.
    pub fn take(&self, text: &str, key: &PublicKey) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let drawn = open.by_text.remove(text);
        drawn.is_some_and(|(of, until)| of == *key && self.clock.monotonic() < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_domain::SecretKey;
    use beckon_domain::clock::FakeClock;
    use std::sync::Arc;

    #[test]
    fn a_challenge_is_good_once_for_its_key_and_for_a_minute() {
        let clock = FakeClock::starting_at(chrono::DateTime::UNIX_EPOCH);
        let challenges = Challenges::new(Arc::new(clock.clone()));
        let (mine, other) = (SecretKey::generate().public(), SecretKey::generate().public());

        let text = challenges.draw(mine);
        assert!(challenges.take(&text, &mine));
        assert!(!challenges.take(&text, &mine), "twice");

        let text = challenges.draw(mine);
        assert!(!challenges.take(&text, &other), "another key");

        let text = challenges.draw(mine);
        clock.advance(GOOD_FOR);
        assert!(!challenges.take(&text, &mine), "too late");
    }
}
