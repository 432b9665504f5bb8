//! One stream of a transfer, as both sides use it: wishes of the person here, pauses, and how it ends.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use beckon_domain::SharedClock;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use super::stop::FileStop;
use super::transfer::{Meter, Transfer, TransferState, Wish};
use crate::frames::{FrameBroken, FrameReader, FrameWriter};

/// How long the other side has to read why it ended.
const FAREWELL: Duration = Duration::from_secs(2);

/// How a stream of a transfer ended before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) why: FileStop,
    /// The other side said so, and need not be told.
    by_other: bool,
}

pub(super) struct Line<R, W> {
    pub(super) reader: FrameReader<R>,
    writer: FrameWriter<W>,
    pub(super) meter: Meter,
    wish: watch::Receiver<Wish>,
    clock: SharedClock,
    paused_here: bool,
    paused_there: bool,
    flushed: bool,
    /// The other side hears nothing any more. What it says last, such as why, is heard all the same.
    deaf: bool,
}

pub(super) enum Next<T> {
    Heard(T),
    /// The next message may be put.
    Ready,
    Nothing,
}

/// What a side says about pauses, in its own messages.
pub(super) trait Pauses: Serialize + Sized {
    fn paused() -> Self;
    fn going() -> Self;
    fn stop(why: FileStop) -> Self;
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Line<R, W> {
    pub(super) fn new(
        reader: FrameReader<R>,
        writer: FrameWriter<W>,
        transfer: &Transfer,
        clock: SharedClock,
    ) -> Self {
        let mut wish = transfer.wish();
        wish.mark_changed();
        let meter = Meter::new(clock.clone(), transfer);
        Self {
            reader,
            writer,
            meter,
            wish,
            clock,
            paused_here: false,
            paused_there: false,
            // What was put before, such as the question.
            flushed: false,
            deaf: false,
        }
    }

    pub(super) fn is_paused_here(&self) -> bool {
        self.paused_here
    }

    pub(super) fn may_run(&self) -> bool {
        !self.paused_here && !self.paused_there
    }

    pub(super) fn say(&mut self, message: &impl Serialize) -> Result<(), Ended> {
        self.flushed = false;
        Ok(self.writer.put(message)?)
    }

    /// The next thing that matters to the transfer. What was said is written meanwhile, and the wishes of the
    /// person here are heeded. Nothing is lost when it is dropped half way.
    pub(super) async fn next<T: DeserializeOwned, P: Pauses>(
        &mut self,
        reading: bool,
        sending: bool,
    ) -> Result<Next<T>, Ended> {
        tokio::select! {
            biased;
            Ok(()) = self.wish.changed() => {
                self.heed::<P>()?;
                Ok(Next::Nothing)
            }
            heard = self.reader.next(), if reading => Ok(Next::Heard(heard?.ok_or(FileStop::Lost)?)),
            ready = write_on(&mut self.writer, self.flushed, sending), if !self.deaf => {
                self.deaf = ready.is_err();
                let ready = ready.unwrap_or_default();
                self.flushed |= !ready;
                Ok(if ready { Next::Ready } else { Next::Nothing })
            }
        }
    }

    pub(super) fn other_pauses(&mut self, paused: bool) {
        self.paused_there = paused;
        self.show();
    }

    pub(super) fn show(&mut self) {
        self.meter.is(match (self.paused_here, self.paused_there) {
            (true, _) => TransferState::PausedHere,
            (false, true) => TransferState::PausedThere,
            (false, false) => TransferState::Running,
        });
    }

    /// Says why, if the other side does not know, and shows it.
    pub(super) async fn part<P: Pauses>(&mut self, ended: Ended) -> FileStop {
        let why = ended.why;
        if why == FileStop::Lost {
            self.meter.is(TransferState::Lost);
            return why;
        }
        self.meter.is(TransferState::Stopped(why));
        if !ended.by_other && self.writer.put(&P::stop(why)).is_ok() {
            self.close().await;
        }
        why
    }

    /// Everything is said.
    pub(super) async fn close(&mut self) {
        // The other side may have gone already.
        tokio::select! { _ = self.writer.close() => {}, () = self.clock.sleep(FAREWELL) => {} }
    }

    fn heed<P: Pauses>(&mut self) -> Result<(), Ended> {
        let pause = match *self.wish.borrow_and_update() {
            Wish::Cancel => return Err(FileStop::Cancelled.into()),
            Wish::Pause => true,
            Wish::Run => false,
        };
        if pause != self.paused_here {
            self.paused_here = pause;
            self.show();
            self.say(&if pause { P::paused() } else { P::going() })?;
        }
        Ok(())
    }
}

impl Ended {
    pub(super) fn by_other(why: FileStop) -> Self {
        // Such as that the connection is lost.
        let never_sent = matches!(why, FileStop::Lost | FileStop::Declined);
        let why = if never_sent { FileStop::Misbehaved } else { why };
        Self { why, by_other: true }
    }
}

impl From<FileStop> for Ended {
    fn from(why: FileStop) -> Self {
        Self { why, by_other: false }
    }
}

impl From<FrameBroken> for Ended {
    fn from(broken: FrameBroken) -> Self {
        FileStop::from(broken).into()
    }
}

/// True once something more may be put, false once everything is written.
async fn write_on<W: AsyncWrite + Unpin>(
    writer: &mut FrameWriter<W>,
    flushed: bool,
    sending: bool,
) -> Result<bool, FrameBroken> {
    if sending {
        writer.ready().await?;
    } else if flushed {
        std::future::pending().await
    } else {
        writer.flush().await?;
    }
    Ok(sending)
}

/// Which connection a transfer belongs to: a newer one takes it from an older, which may not have noticed yet
/// that it is dead.
#[derive(Default)]
pub(super) struct Turns(AtomicU64);

impl Turns {
    pub(super) fn take(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(super) fn check(&self, turn: u64) -> Result<(), FileStop> {
        if self.0.load(Ordering::SeqCst) == turn { Ok(()) } else { Err(FileStop::Lost) }
    }
}
