//! Chat: numbered by who writes it, so that a resume neither loses nor repeats a message.

use std::collections::VecDeque;
use std::time::Duration;

use beckon_domain::text::ChatText;
use serde::{Deserialize, Serialize};

use crate::budget::Budget;
use crate::live::SendRefusal;

/// Counts what one side wrote in a session, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct ChatId(pub u64);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Chat {
    pub(crate) id: ChatId,
    pub(crate) text: ChatText,
}

/// What to do with a message that came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Show(Chat),
    Drop,
    /// It does not stop: disconnect.
    Flood,
}

/// This many at once, and one more every half second.
const HEARD_BURST: u32 = 40;
const HEARD_EVERY: Duration = Duration::from_millis(500);
/// This side sends so much less that what a stalled network bunches together still passes.
const SENT_BURST: u32 = 10;
const SENT_EVERY: Duration = Duration::from_secs(1);
/// So many messages too many, one after the other, are a flood.
const FLOOD: u32 = 20;
/// The messages that are kept to be sent again: more than can be on their way.
const KEPT: usize = 32;

pub(crate) struct Chats {
    last: ChatId,
    kept: VecDeque<Chat>,
    seen: ChatId,
    sending: Budget,
    hearing: Budget,
    excess: u32,
}

impl Chats {
    pub(crate) fn new() -> Self {
        Self {
            last: ChatId::default(),
            kept: VecDeque::new(),
            seen: ChatId::default(),
            sending: Budget::new(SENT_BURST, SENT_EVERY),
            hearing: Budget::new(HEARD_BURST, HEARD_EVERY),
            excess: 0,
        }
    }

    pub(crate) fn write(&mut self, text: ChatText, now: Duration) -> Result<Chat, SendRefusal> {
        if !self.sending.spend(now) {
            return Err(SendRefusal::TooMuch);
        }
        self.last.0 += 1;
        let chat = Chat { id: self.last, text };
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(chat.clone());
        Ok(chat)
    }

    pub(crate) fn hear(&mut self, chat: Chat, now: Duration) -> Verdict {
        if self.hearing.is_full(now) {
            self.excess = 0;
        }
        if !self.hearing.spend(now) {
            self.excess += 1;
            return if self.excess < FLOOD { Verdict::Drop } else { Verdict::Flood };
        }
        if chat.id <= self.seen {
            return Verdict::Drop;
        }
        self.seen = chat.id;
        Verdict::Show(chat)
    }

    /// The last one that came from the other side.
    pub(crate) fn seen(&self) -> ChatId {
        self.seen
    }

    /// What the other side has not seen; the rest need not be kept any longer.
    pub(crate) fn unseen(&mut self, seen: ChatId) -> impl Iterator<Item = Chat> {
        self.kept.retain(|chat| chat.id > seen);
        self.kept.iter().cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(1_000);

    fn chat(id: u64) -> Chat {
        Chat { id: ChatId(id), text: "hello".parse().unwrap() }
    }

    #[test]
    fn a_message_that_comes_twice_is_shown_once() {
        let mut chats = Chats::new();
        assert_eq!(chats.hear(chat(1), NOW), Verdict::Show(chat(1)));
        assert_eq!(chats.hear(chat(1), NOW), Verdict::Drop);
        assert_eq!(chats.hear(chat(2), NOW), Verdict::Show(chat(2)));
        assert_eq!(chats.seen(), ChatId(2));
    }

    #[test]
    fn what_the_other_side_has_not_seen_is_sent_again() {
        let mut chats = Chats::new();
        for _ in 0..3 {
            chats.write("hello".parse().unwrap(), NOW).unwrap();
        }
        assert_eq!(chats.unseen(ChatId(1)).map(|chat| chat.id).collect::<Vec<_>>(), [ChatId(2), ChatId(3)]);
        assert_eq!(chats.unseen(ChatId(3)).count(), 0);
    }

    #[test]
    fn forty_at_once_pass_the_excess_is_dropped_and_a_flood_disconnects() {
        let mut chats = Chats::new();
        let verdicts: Vec<Verdict> = (1..=60).map(|id| chats.hear(chat(id), NOW)).collect();
        assert!(verdicts[..40].iter().all(|verdict| matches!(verdict, Verdict::Show(_))));
        assert!(verdicts[40..59].iter().all(|verdict| *verdict == Verdict::Drop));
        assert_eq!(verdicts[59], Verdict::Flood);
    }

    #[test]
    fn who_pauses_may_write_again() {
        let mut chats = Chats::new();
        (1..=59).for_each(|id| drop(chats.hear(chat(id), NOW)));
        let later = NOW + Duration::from_secs(20);
        assert_eq!(chats.hear(chat(60), later), Verdict::Show(chat(60)));
        assert_eq!(chats.excess, 0);
    }

    #[test]
    fn what_an_honest_side_wrote_passes_even_when_it_comes_all_at_once() {
        let (mut writer, mut reader) = (Chats::new(), Chats::new());
        let seconds = (0..15).map(|second| NOW + Duration::from_secs(second));
        let written: Vec<Chat> = seconds
            .flat_map(|now| {
                std::iter::from_fn(|| writer.write("hello".parse().unwrap(), now).ok()).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(written.len(), 24);
        let read =
            written.into_iter().filter(|chat| reader.hear(chat.clone(), NOW) == Verdict::Show(chat.clone()));
        assert_eq!(read.count(), 24);
    }

    #[test]
    fn this_side_does_not_send_what_the_other_would_drop() {
        let mut chats = Chats::new();
        let sent = (0..30).filter(|_| chats.write("hello".parse().unwrap(), NOW).is_ok()).count();
        assert_eq!(sent, 10);
    }
}
