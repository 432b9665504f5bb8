//! The side that sends.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use beckon_domain::{Permission, SharedClock};
use tokio::io::{AsyncRead, AsyncWrite};

use super::landing::{Folder, Tally};
use super::line::{Ended, Line, Next, Pauses, Turns};
use super::message::{Answered, Offer, Position, Sent};
use super::path::FilePath;
use super::plan::Plan;
use super::reading::Reading;
use super::stop::FileStop;
use super::transfer::{Transfer, TransferState};
use crate::frames::{FrameReader, FrameWriter};
use crate::gate::Gate;

pub(super) struct Outgoing {
    pub(super) transfer: Transfer,
    source: Source,
    /// Made on the first connection, and kept for the next ones.
    reading: Mutex<Option<Reading>>,
    turns: Turns,
    clock: SharedClock,
    gate: Arc<dyn Gate>,
}

pub(super) enum Source {
    /// By a person on this side, anywhere.
    Chosen(Vec<PathBuf>),
    /// By the other side, within a folder.
    Asked(Arc<Folder>, Vec<FilePath>),
}

enum Event {
    Ready,
    Accepted(Position),
    Done,
}

impl Outgoing {
    pub(super) fn new(transfer: Transfer, source: Source, clock: SharedClock, gate: Arc<dyn Gate>) -> Self {
        Self { transfer, source, reading: Mutex::default(), turns: Turns::default(), clock, gate }
    }

    /// Looks at what there is to send, and waits for the disk.
    pub(super) fn contents(&self) -> Result<Offer, FileStop> {
        self.with_reading(|reading| Ok(reading.offer()))
    }

    /// On one connection, until it is over or the connection is lost.
    pub(super) async fn run<R, W>(
        self: &Arc<Self>,
        reader: FrameReader<R>,
        writer: FrameWriter<W>,
    ) -> Result<Tally, FileStop>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let line = Line::new(reader, writer, &self.transfer, self.clock.clone());
        let mut run = Run { turn: self.turns.take(), outgoing: self.clone(), line };
        match run.through().await {
            Ok(tally) => {
                run.line.meter.is(TransferState::Done);
                Ok(tally)
            }
            Err(ended) => Err(run.line.part::<Sent>(ended).await),
        }
    }

    fn at<T>(
        &self,
        turn: u64,
        work: impl FnOnce(&mut Reading) -> Result<T, FileStop>,
    ) -> Result<T, FileStop> {
        self.with_reading(|reading| {
            self.turns.check(turn)?;
            work(reading)
        })
    }

    fn with_reading<T>(&self, work: impl FnOnce(&mut Reading) -> Result<T, FileStop>) -> Result<T, FileStop> {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *reading {
            Some(reading) => work(reading),
            none => work(none.insert(Reading::new(self.source.plan()?))),
        }
    }
}

impl Source {
    fn plan(&self) -> Result<Plan, FileStop> {
        match self {
            Self::Chosen(paths) => Plan::of_chosen(paths),
            Self::Asked(folder, paths) => Plan::of_asked(&folder.dir, paths),
        }
    }
}

struct Run<R, W> {
    outgoing: Arc<Outgoing>,
    turn: u64,
    line: Line<R, W>,
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Run<R, W> {
    async fn through(&mut self) -> Result<Tally, Ended> {
        if let Some(why) = self.outgoing.transfer.stopped() {
            return Err(why.into());
        }
        self.check_gate()?;
        let offer = self.at_disk(|reading| Ok(reading.offer())).await?;
        self.line.meter.update(|now| {
            now.bytes_total = offer.bytes;
            now.files_total = offer.files;
        });
        self.line.say(&Sent::Offer(offer))?;
        let position = self.accepted().await?;
        self.line.show();
        if let Some(message) = self.at_disk(move |reading| reading.go_on(position)).await? {
            self.pass(&message).await?;
        }
        loop {
            let (messages, tally) = self.at_disk(|reading| Ok((reading.some(), reading.tally()))).await?;
            if messages.is_empty() {
                break;
            }
            for message in &messages {
                self.pass(message).await?;
            }
            self.line.meter.measure(tally);
        }
        self.done().await?;
        let tally = self.at_disk(|reading| Ok(reading.tally())).await?;
        self.line.meter.measure(tally);
        Ok(tally)
    }

    async fn accepted(&mut self) -> Result<Position, Ended> {
        match self.event(false).await? {
            Event::Accepted(position) => Ok(position),
            _ => Err(FileStop::Misbehaved.into()),
        }
    }

    async fn pass(&mut self, message: &Sent) -> Result<(), Ended> {
        match self.event(true).await? {
            Event::Ready => {
                self.check_gate()?;
                self.line.say(message)
            }
            _ => Err(FileStop::Misbehaved.into()),
        }
    }

    async fn done(&mut self) -> Result<(), Ended> {
        match self.event(false).await? {
            Event::Done => Ok(()),
            _ => Err(FileStop::Misbehaved.into()),
        }
    }

    /// The next thing that matters. The other side's pauses and the wishes here are heeded meanwhile.
    async fn event(&mut self, to_send: bool) -> Result<Event, Ended> {
        loop {
            let sending = to_send && self.line.may_run();
            match self.line.next::<Answered, Sent>(true, sending).await? {
                Next::Ready => return Ok(Event::Ready),
                Next::Heard(Answered::Accept(position)) => return Ok(Event::Accepted(position)),
                Next::Heard(Answered::Done) => return Ok(Event::Done),
                Next::Heard(Answered::Paused) => self.line.other_pauses(true),
                Next::Heard(Answered::Going) => self.line.other_pauses(false),
                Next::Heard(Answered::Stop(why)) => return Err(Ended::by_other(why)),
                Next::Nothing => {}
            }
        }
    }

    fn check_gate(&self) -> Result<(), FileStop> {
        let allowed = self.outgoing.gate.allows(Permission::FileManager);
        if allowed { Ok(()) } else { Err(FileStop::NotAllowed) }
    }

    async fn at_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Reading) -> Result<T, FileStop> + Send + 'static,
    ) -> Result<T, FileStop> {
        let (outgoing, turn) = (self.outgoing.clone(), self.turn);
        let done = tokio::task::spawn_blocking(move || outgoing.at(turn, work)).await;
        done.unwrap_or(Err(FileStop::CannotRead))
    }
}

impl Pauses for Sent {
    fn paused() -> Self {
        Self::Paused
    }

    fn going() -> Self {
        Self::Going
    }

    fn stop(why: FileStop) -> Self {
        Self::Stop(why)
    }
}
