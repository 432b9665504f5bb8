//! What the host's person offers, and the viewer's takes or declines. To take it is to fetch what was chosen there.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_domain::{Permission, SharedClock};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use super::listing::EntryName;
use super::message::{Ask, LONGEST, Offer};
use super::name::landing_name;
use super::outgoing::Outgoing;
use super::stop::FileStop;
use super::transfer::{Meter, TransferId, TransferState};
use crate::budget::Budget;
use crate::frames::{FrameBroken, FrameReader, FrameWriter};
use crate::gate::Gate;

/// The most that are open or under way.
const MOST: usize = 4;
/// A viewer listens so often at once, and then once a second; the host waits meanwhile.
const HEARD_BURST: u32 = 16;
const HEARD_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileOffer {
    pub transfer: TransferId,
    /// The first one's, as it would land.
    pub name: EntryName,
    /// How many were chosen with it.
    pub others: u32,
    pub(super) contents: Offer,
}

/// Host, to [`Ask::Offers`], now and at every change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Offering {
    Open(Vec<FileOffer>),
}

impl FileOffer {
    /// Of what a person here chose, and of what that holds.
    pub(super) fn of(transfer: TransferId, first: &str, others: usize, contents: Offer) -> Option<Self> {
        let name = landing_name(first).try_into().ok()?;
        Some(Self { transfer, name, others: u32::try_from(others).unwrap_or(u32::MAX), contents })
    }

    pub fn files(&self) -> u32 {
        self.contents.files
    }

    pub fn bytes(&self) -> u64 {
        self.contents.bytes
    }

    /// Whether that is its first file or folder.
    pub(super) fn begins_with(&self, first: &str) -> bool {
        landing_name(first) == self.name.as_str()
    }
}

/// On the host: until it was sent, declined or taken back.
#[derive(Default)]
pub(super) struct Offers {
    all: Mutex<Vec<Offered>>,
    open: watch::Sender<Vec<FileOffer>>,
}

struct Offered {
    offer: FileOffer,
    outgoing: Arc<Outgoing>,
    taken: bool,
}

impl Offers {
    pub(super) fn has_room(&self) -> bool {
        self.all().len() < MOST
    }

    /// Whether there was room: others may have come while this one was counted.
    pub(super) fn add(&self, offer: FileOffer, outgoing: Arc<Outgoing>) -> bool {
        self.change(|all| {
            let has_room = all.len() < MOST;
            if has_room {
                all.push(Offered { offer, outgoing, taken: false });
            }
            has_room
        })
    }

    /// Also once more, after the connection was lost.
    pub(super) fn take(&self, transfer: TransferId) -> Option<Arc<Outgoing>> {
        self.change(|all| {
            let wanted = all.iter_mut().find(|offered| offered.offer.transfer == transfer)?;
            wanted.taken = true;
            Some(wanted.outgoing.clone())
        })
    }

    pub(super) fn decline(&self, transfer: TransferId, clock: &SharedClock) {
        self.stop(FileStop::Declined, clock, |offered| offered.offer.transfer == transfer);
    }

    /// Those that the person here does not offer any more, and those that are over.
    pub(super) fn drop_cancelled(&self, clock: &SharedClock) {
        self.stop(FileStop::Cancelled, clock, |offered| offered.outgoing.transfer.is_cancelled());
        self.change(|all| {
            all.retain(|Offered { outgoing, .. }| {
                // Between two connections nobody runs it, and nobody will.
                let is_left = outgoing.transfer.is_cancelled() && Arc::strong_count(outgoing) == 1;
                !outgoing.transfer.is_over() && !is_left
            });
        });
    }

    /// A switch was turned.
    pub(super) fn look_again(&self) {
        self.open.send_modify(|_| {});
    }

    /// To a viewer, until it goes. It has nothing more to say.
    pub(super) async fn tell<R, W>(
        &self,
        mut reader: FrameReader<R>,
        mut writer: FrameWriter<W>,
        gate: &dyn Gate,
    ) -> Result<(), FileStop>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let mut open = self.open.subscribe();
        open.mark_changed();
        let mut told = None;
        loop {
            tokio::select! {
                said = reader.next::<Ask>() => return match said {
                    Ok(None) | Err(FrameBroken::Transport(_)) => Ok(()),
                    _ => Err(FileStop::Misbehaved),
                },
                Ok(()) = open.changed() => {}
            }
            let all = open.borrow_and_update().clone();
            let now = if gate.allows(Permission::FileManager) { all } else { Vec::new() };
            if told.as_ref() != Some(&now) {
                writer.send(&Offering::Open(now.clone())).await?;
                told = Some(now);
            }
        }
    }

    /// What is under way stops by itself.
    fn stop(&self, why: FileStop, clock: &SharedClock, is_it: impl Fn(&Offered) -> bool) {
        self.change(|all| {
            all.retain(|offered| {
                let stops = !offered.taken && is_it(offered);
                if stops {
                    Meter::new(clock.clone(), &offered.outgoing.transfer).is(TransferState::Stopped(why));
                }
                !stops
            });
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut Vec<Offered>) -> T) -> T {
        let mut all = self.all();
        let changed = change(&mut all);
        let open: Vec<_> =
            all.iter().filter(|offered| !offered.taken).map(|offered| offered.offer.clone()).collect();
        self.open.send_if_modified(|before| {
            let is_news = *before != open;
            *before = open;
            is_news
        });
        changed
    }

    fn all(&self) -> MutexGuard<'_, Vec<Offered>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// On the viewer: what the host's person offers.
pub struct HostOffers<R, W> {
    reader: FrameReader<R>,
    /// The host stops telling once it is dropped.
    _writer: FrameWriter<W>,
    clock: SharedClock,
    pace: Budget,
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> HostOffers<R, W> {
    pub async fn ask(reader: R, writer: W, clock: SharedClock) -> Result<Self, FileStop> {
        let mut writer = FrameWriter::new(writer, LONGEST);
        writer.send(&Ask::Offers).await?;
        let pace = Budget::new(HEARD_BURST, HEARD_EVERY);
        Ok(Self { reader: FrameReader::new(reader, LONGEST), _writer: writer, clock, pace })
    }

    /// All that are open, at every change. None once the connection is gone, or the host said what makes no sense.
    pub async fn next(&mut self) -> Option<Vec<FileOffer>> {
        self.clock.sleep(self.pace.spend_later(self.clock.monotonic())).await;
        let Offering::Open(open) = self.reader.next().await.ok()??;
        let different: HashSet<_> = open.iter().map(|offer| offer.transfer).collect();
        (open.len() <= MOST && different.len() == open.len()).then_some(open)
    }
}

/// Says no to one, on a stream of its own.
pub async fn decline<W: AsyncWrite + Unpin>(writer: W, transfer: &TransferId) -> Result<(), FileStop> {
    let mut writer = FrameWriter::new(writer, LONGEST);
    writer.send(&Ask::Decline { transfer: *transfer }).await?;
    Ok(writer.close().await?)
}
