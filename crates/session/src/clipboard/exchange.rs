//! What passes between two clipboards.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_domain::statement::Side;
use beckon_domain::{Permission, SharedClock};
use blake3::Hash;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};

use super::LONGEST_TEXT;
use super::system::Clipboard;
use crate::budget::Budget;
use crate::frames::{FrameBroken, FrameReader, FrameWriter};
use crate::gate::Gate;

/// The systems have no common way to tell of a change, so the clipboard is read again and again.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// A side sends one text at each look, so that what is more did not come from a person.
const HEARD_BURST: u32 = 20;
const HEARD_EVERY: Duration = Duration::from_millis(250);
/// A viewer that was just refused may have some on their way; one that goes on is told to leave.
const MOST_REFUSED: u32 = 8;
/// With the kind of frame and the length of the text.
const LONGEST: usize = LONGEST_TEXT + 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClipboardEnd {
    /// Run it again on the next connection.
    #[error("the connection broke")]
    Lost,
    #[error("the other side sends what it may not")]
    Misbehaved,
}

/// The order of the variants is the format: see `docs/protocol.md`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Said {
    Text(String),
}

/// One side of a session, over all its connections.
pub struct ClipboardExchange {
    side: Side,
    clipboard: Clipboard,
    clock: SharedClock,
    /// On the host what it allows at this moment; on the viewer what the host said last.
    gate: Arc<dyn Gate>,
    state: Mutex<State>,
}

struct State {
    /// The viewer's person did something in the session window.
    acted: bool,
    /// What is there now was there before, and does not leave.
    passing_over: bool,
    /// What both have, so that no text comes back as an echo.
    known: Option<Hash>,
    hearing: Budget,
    refused: u32,
}

impl ClipboardExchange {
    pub fn new(side: Side, clipboard: Clipboard, clock: SharedClock, gate: Arc<dyn Gate>) -> Self {
        let is_host = side == Side::Host;
        let state = State {
            acted: is_host,
            passing_over: is_host,
            known: None,
            hearing: Budget::new(HEARD_BURST, HEARD_EVERY),
            refused: 0,
        };
        Self { side, clipboard, clock, gate, state: Mutex::new(state) }
    }

    /// On the viewer: its person clicked or typed in the session window. Before that, nothing leaves its
    /// clipboard, and nothing of the host's changes it.
    pub fn first_act(&self) {
        self.state().acted = true;
    }

    /// On one connection, until it ends.
    pub async fn run<R, W>(&self, reader: R, writer: W) -> Result<(), ClipboardEnd>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let (mut reader, mut writer) = (FrameReader::new(reader, LONGEST), FrameWriter::new(writer, LONGEST));
        let mut written = true;
        let mut look = self.clock.sleep(Duration::ZERO);
        loop {
            tokio::select! {
                heard = reader.next() => match heard? {
                    Some(Said::Text(text)) => self.hear(text).await?,
                    None => return Err(ClipboardEnd::Lost),
                },
                flushed = writer.flush(), if !written => {
                    flushed?;
                    written = true;
                }
                // While the other side does not read, nothing new is looked for.
                () = &mut look, if written => {
                    look = self.clock.sleep(LOOK_EVERY);
                    if let Some(text) = self.news().await {
                        writer.put(&Said::Text(text))?;
                        written = false;
                    }
                }
            }
        }
    }

    /// What was copied here since the last look. Where it is not allowed the clipboard is not even read.
    async fn news(&self) -> Option<String> {
        if !self.may_send() {
            return None;
        }
        let text = self.clipboard.read().await;
        if !self.may_send() {
            return None;
        }
        let mut state = self.state();
        let passes_over = std::mem::take(&mut state.passing_over);
        let text = text.filter(|text| (1..=LONGEST_TEXT).contains(&text.len()))?;
        let hash = hash_of(&text);
        let is_new = state.known.replace(hash) != Some(hash);
        (is_new && !passes_over).then_some(text)
    }

    fn may_send(&self) -> bool {
        let allowed = self.gate.allows(Permission::Clipboard);
        let mut state = self.state();
        if !allowed && self.side == Side::Host {
            state.passing_over = true;
        }
        allowed && state.acted
    }

    async fn hear(&self, text: String) -> Result<(), ClipboardEnd> {
        if !self.may_take()? || text.len() > LONGEST_TEXT {
            return Ok(());
        }
        let text = harmless(text);
        self.state().known = Some(hash_of(&text));
        self.clipboard.write(text).await;
        Ok(())
    }

    fn may_take(&self) -> Result<bool, ClipboardEnd> {
        let allowed = self.gate.allows(Permission::Clipboard);
        let now = self.clock.monotonic();
        let mut state = self.state();
        state.refused = if allowed { 0 } else { state.refused + 1 };
        if self.side == Side::Host && state.refused > MOST_REFUSED {
            return Err(ClipboardEnd::Misbehaved);
        }
        Ok(allowed && state.acted && state.hearing.spend(now))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<FrameBroken> for ClipboardEnd {
    fn from(broken: FrameBroken) -> Self {
        match broken {
            FrameBroken::Unreadable => Self::Misbehaved,
            FrameBroken::TooLong | FrameBroken::Transport(_) => Self::Lost,
        }
    }
}

/// Systems keep the ends of lines in different ways.
fn hash_of(text: &str) -> Hash {
    blake3::hash(text.replace("\r\n", "\n").as_bytes())
}

/// Without what would act in a terminal when it is pasted there.
fn harmless(text: String) -> String {
    let acts = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains(acts) { text.chars().filter(|c| !acts(*c)).collect() } else { text }
}
