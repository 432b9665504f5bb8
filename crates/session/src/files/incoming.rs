//! The side that receives.

use std::sync::{Arc, Mutex, PoisonError};

use beckon_domain::{Permission, SharedClock};
use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite};

use super::landing::{Folder, Landing, Taken, Tally};
use super::line::{Ended, Line, Next, Pauses, Turns};
use super::message::{Answered, PIECE, Sent};
use super::offers::FileOffer;
use super::stop::FileStop;
use super::transfer::{Transfer, TransferId, TransferState};
use crate::frames::{FrameReader, FrameWriter};
use crate::gate::Gate;

/// So much is taken to the disk at once, so that many small files need few turns there.
const MESSAGES_AT_ONCE: usize = 96;
const BYTES_AT_ONCE: usize = 4 * PIECE;

pub(super) struct Incoming {
    pub(super) transfer: Transfer,
    landing: Mutex<Landing>,
    turns: Turns,
    clock: SharedClock,
    gate: Arc<dyn Gate>,
}

impl Incoming {
    pub(super) fn new(transfer: Transfer, folder: Folder, clock: SharedClock, gate: Arc<dyn Gate>) -> Self {
        let landing = Mutex::new(Landing::new(folder, transfer.id().tag(), None));
        Self { transfer, landing, turns: Turns::default(), clock, gate }
    }

    /// Of what the other side offered, and of nothing else.
    pub(super) fn of_offer(
        offer: FileOffer,
        folder: Folder,
        clock: SharedClock,
        gate: Arc<dyn Gate>,
    ) -> Self {
        // The host names its offers; under a name of this side's, none can pass for another transfer here.
        let transfer = Transfer::new(TransferId::new());
        let landing = Mutex::new(Landing::new(folder, transfer.id().tag(), Some(offer)));
        Self { transfer, landing, turns: Turns::default(), clock, gate }
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
        let mut run = Run { turn: self.turns.take(), incoming: self.clone(), line, held: None };
        match run.through().await {
            Ok(tally) => {
                run.line.meter.is(TransferState::Done);
                run.line.close().await;
                Ok(tally)
            }
            Err(ended) => {
                if ended.why != FileStop::Lost {
                    run.discard().await;
                }
                Err(run.line.part::<Answered>(ended).await)
            }
        }
    }

    fn at<T>(
        &self,
        turn: u64,
        work: impl FnOnce(&mut Landing) -> Result<T, FileStop>,
    ) -> Result<T, FileStop> {
        let mut landing = self.landing.lock().unwrap_or_else(PoisonError::into_inner);
        self.turns.check(turn)?;
        work(&mut landing)
    }
}

struct Run<R, W> {
    incoming: Arc<Incoming>,
    turn: u64,
    line: Line<R, W>,
    /// What was heard and is not for the disk.
    held: Option<Result<Sent, Ended>>,
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Run<R, W> {
    async fn through(&mut self) -> Result<Tally, Ended> {
        if let Some(why) = self.incoming.transfer.stopped() {
            return Err(why.into());
        }
        self.accept().await?;
        loop {
            let first = self.message().await?;
            let messages = self.with_what_is_there(first);
            let (taken, tally) = self.take(messages).await?;
            self.line.meter.measure(tally);
            if taken == Taken::Everything {
                self.line.say(&Answered::Done)?;
                return Ok(tally);
            }
        }
    }

    async fn accept(&mut self) -> Result<(), Ended> {
        let Sent::Offer(offer) = self.message().await? else { return Err(FileStop::Misbehaved.into()) };
        let position = self.at_disk(move |landing| landing.offered(offer)).await?;
        self.line.meter.update(|now| {
            now.bytes_total = offer.bytes;
            now.files_total = offer.files;
        });
        self.line.show();
        self.line.say(&Answered::Accept(position))
    }

    /// The next one of the other side's. While this side pauses, nothing is read, and so the other is held back.
    async fn message(&mut self) -> Result<Sent, Ended> {
        loop {
            let reading = !self.line.is_paused_here();
            let next = match self.held.take() {
                Some(held) => Next::Heard(held?),
                None => self.line.next::<Sent, Answered>(reading, false).await?,
            };
            match next {
                Next::Heard(Sent::Paused) => self.line.other_pauses(true),
                Next::Heard(Sent::Going) => self.line.other_pauses(false),
                Next::Heard(Sent::Stop(why)) => return Err(Ended::by_other(why)),
                Next::Heard(message) => return Ok(message),
                Next::Ready | Next::Nothing => {}
            }
        }
    }

    /// What has arrived already for the disk, up to a bound.
    fn with_what_is_there(&mut self, first: Sent) -> Vec<Sent> {
        let mut bytes = first.content();
        let mut messages = vec![first];
        while messages.len() < MESSAGES_AT_ONCE && bytes < BYTES_AT_ONCE {
            let Some(heard) = self.line.reader.next::<Sent>().now_or_never() else { break };
            match heard.map_err(Ended::from).and_then(|sent| Ok(sent.ok_or(FileStop::Lost)?)) {
                Ok(message) if message.is_for_disk() => {
                    bytes += message.content();
                    messages.push(message);
                }
                other => {
                    self.held = Some(other);
                    break;
                }
            }
        }
        messages
    }

    async fn take(&self, messages: Vec<Sent>) -> Result<(Taken, Tally), FileStop> {
        let gate = self.incoming.gate.clone();
        self.at_disk(move |landing| {
            for message in messages {
                if !gate.allows(Permission::FileManager) {
                    return Err(FileStop::NotAllowed);
                }
                if landing.take(message)? == Taken::Everything {
                    return Ok((Taken::Everything, landing.tally()));
                }
            }
            Ok((Taken::More, landing.tally()))
        })
        .await
    }

    /// The file under way is not wanted any more.
    async fn discard(&self) {
        let done = self.at_disk(|landing| {
            landing.discard();
            Ok(())
        });
        // A newer connection took it over.
        let _ = done.await;
    }

    async fn at_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Landing) -> Result<T, FileStop> + Send + 'static,
    ) -> Result<T, FileStop> {
        let (incoming, turn) = (self.incoming.clone(), self.turn);
        let done = tokio::task::spawn_blocking(move || incoming.at(turn, work)).await;
        done.unwrap_or(Err(FileStop::CannotWrite))
    }
}

impl Sent {
    fn is_for_disk(&self) -> bool {
        !matches!(self, Self::Paused | Self::Going | Self::Stop(_))
    }

    fn content(&self) -> usize {
        match self {
            Self::Piece(piece) => piece.len(),
            _ => 0,
        }
    }
}

impl Pauses for Answered {
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
