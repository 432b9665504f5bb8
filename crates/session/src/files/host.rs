//! The host's files: one folder that its person chose, and what the viewer sends into it, lists and fetches.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_domain::{Permission, SharedClock};
use serde::Serialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Semaphore, SemaphorePermit, watch};

use super::incoming::Incoming;
use super::landing::Folder;
use super::listing::{PAGE, look_into};
use super::message::{Answered, Ask, LONGEST, Listed, Sent};
use super::offers::{FileOffer, Offers};
use super::outgoing::{Outgoing, Source};
use super::path::FilePath;
use super::stop::FileStop;
use super::transfer::{Meter, Transfer, TransferId, TransferState};
use crate::frames::{FrameReader, FrameWriter};
use crate::gate::Gate;

const MOST_AT_ONCE: usize = 4;
/// So many transfers are remembered, for a resume and for the person to see; older ones are forgotten.
const MOST_KEPT: usize = 16;
/// How long a viewer may take to say what it wants.
const ASK_WITHIN: Duration = Duration::from_secs(10);

/// For one session, over all its connections. Nothing passes without [`Permission::FileManager`], and
/// nothing at all until a folder is chosen.
pub struct HostFiles {
    clock: SharedClock,
    gate: Arc<dyn Gate>,
    at_once: Semaphore,
    state: Mutex<State>,
    shown: watch::Sender<Vec<HostTransfer>>,
    offered: Offers,
}

#[derive(Default)]
struct State {
    folder: Option<Arc<Folder>>,
    kept: VecDeque<Kept>,
}

#[derive(Clone)]
enum Kept {
    Incoming(Arc<Incoming>),
    Outgoing(Arc<Outgoing>),
}

/// As the host's person sees it.
#[derive(Clone)]
pub struct HostTransfer {
    pub transfer: Transfer,
    /// Whether the viewer sends it here.
    pub arrives: bool,
}

impl HostFiles {
    pub fn new(clock: SharedClock, gate: Arc<dyn Gate>) -> Self {
        let (at_once, shown) = (Semaphore::new(MOST_AT_ONCE), watch::Sender::new(Vec::new()));
        Self { clock, gate, at_once, state: Mutex::default(), shown, offered: Offers::default() }
    }

    /// Where files land, and all that the viewer can see. What is under way stays where it is.
    pub fn choose_folder(&self, place: Option<PathBuf>) -> std::io::Result<()> {
        let folder = place.map(|place| Folder::open(&place)).transpose()?;
        self.state().folder = folder.map(Arc::new);
        Ok(())
    }

    /// Offers the viewer what this side's person chose, anywhere. What cannot be offered has stopped already.
    pub async fn offer(&self, chosen: Vec<PathBuf>) -> Transfer {
        let first = chosen.first().and_then(|path| path.file_name()).unwrap_or_default();
        let (first, others) = (first.to_string_lossy().into_owned(), chosen.len().saturating_sub(1));
        let (transfer, source) = (Transfer::new(TransferId::new()), Source::Chosen(chosen));
        let outgoing = Outgoing::new(transfer.clone(), source, self.clock.clone(), self.gate.clone());
        let outgoing = Arc::new(outgoing);
        let mut meter = Meter::new(self.clock.clone(), &transfer);
        match self.can_offer(&outgoing, &first, others).await {
            Ok(offer) => {
                meter.update(|now| {
                    now.bytes_total = offer.bytes();
                    now.files_total = offer.files();
                });
                meter.is(TransferState::Offered);
                if !self.offered.add(offer, outgoing) {
                    meter.is(TransferState::Stopped(FileStop::Busy));
                }
            }
            Err(why) => meter.is(TransferState::Stopped(why)),
        }
        transfer
    }

    /// What this side's person cancelled is not offered any more.
    pub fn drop_cancelled(&self) {
        self.offered.drop_cancelled(&self.clock);
    }

    pub(crate) fn switches_turned(&self) {
        self.offered.look_again();
    }

    /// The newest last.
    pub fn transfers(&self) -> watch::Receiver<Vec<HostTransfer>> {
        self.shown.subscribe()
    }

    /// Answers one stream that the viewer opened for files. The failure is for the log: the viewer was told.
    pub async fn serve<R, W>(&self, reader: R, writer: W) -> Result<(), FileStop>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let (mut reader, writer) = (FrameReader::new(reader, LONGEST), FrameWriter::new(writer, LONGEST));
        let ask = tokio::select! {
            ask = reader.next::<Ask>() => ask?.ok_or(FileStop::Lost)?,
            () = self.clock.sleep(ASK_WITHIN) => return Err(FileStop::Lost),
        };
        match ask {
            Ask::List(path) => self.list(writer, path).await,
            Ask::Upload { transfer, into } => match self.receiving(transfer, into).await {
                Ok((_slot, incoming)) => incoming.run(reader, writer).await.map(drop),
                Err(why) => refuse(writer, &Answered::Stop(why), why).await,
            },
            Ask::Fetch { transfer, paths } => match self.sending(transfer, paths) {
                Ok((_slot, outgoing)) => outgoing.run(reader, writer).await.map(drop),
                Err(why) => refuse(writer, &Sent::Stop(why), why).await,
            },
            Ask::Offers => self.offered.tell(reader, writer, &*self.gate).await,
            Ask::Take { transfer } => match self.taken(transfer) {
                Ok((_slot, outgoing)) => {
                    let ended = outgoing.run(reader, writer).await.map(drop);
                    self.drop_cancelled();
                    ended
                }
                Err(why) => refuse(writer, &Sent::Stop(why), why).await,
            },
            Ask::Decline { transfer } => {
                self.offered.decline(transfer, &self.clock);
                Ok(())
            }
        }
    }

    async fn can_offer(
        &self,
        outgoing: &Arc<Outgoing>,
        first: &str,
        others: usize,
    ) -> Result<FileOffer, FileStop> {
        if !self.gate.allows(Permission::FileManager) {
            return Err(FileStop::NotAllowed);
        }
        if !self.offered.has_room() {
            return Err(FileStop::Busy);
        }
        let chosen = outgoing.clone();
        let contents = at_disk(move || chosen.contents()).await?;
        FileOffer::of(outgoing.transfer.id(), first, others, contents).ok_or(FileStop::NotThere)
    }

    fn taken(&self, id: TransferId) -> Result<(SemaphorePermit<'_>, Arc<Outgoing>), FileStop> {
        let slot = self.slot()?;
        Ok((slot, self.offered.take(id).ok_or(FileStop::NotThere)?))
    }

    async fn list<W: AsyncWrite + Unpin>(
        &self,
        mut writer: FrameWriter<W>,
        path: FilePath,
    ) -> Result<(), FileStop> {
        let listing = async {
            let _slot = self.slot()?;
            let folder = self.folder()?;
            at_disk(move || look_into(&folder.dir, &path)).await
        };
        let listing = match listing.await {
            Ok(listing) => listing,
            Err(why) => return refuse(writer, &Listed::Stop(why), why).await,
        };
        for page in listing.entries.chunks(PAGE) {
            if !self.gate.allows(Permission::FileManager) {
                return refuse(writer, &Listed::Stop(FileStop::NotAllowed), FileStop::NotAllowed).await;
            }
            writer.send(&Listed::Entries(page.to_vec())).await?;
        }
        writer.send(&Listed::End { more: listing.more }).await?;
        Ok(writer.close().await?)
    }

    async fn receiving(
        &self,
        id: TransferId,
        into: FilePath,
    ) -> Result<(SemaphorePermit<'_>, Arc<Incoming>), FileStop> {
        let slot = self.slot()?;
        match self.state().find(id) {
            Some(Kept::Incoming(incoming)) => return Ok((slot, incoming)),
            Some(Kept::Outgoing(_)) => return Err(FileStop::Misbehaved),
            None => {}
        }
        let folder = self.folder()?;
        let folder = at_disk(move || folder.below(&into)).await?;
        let transfer = Transfer::new(id);
        let incoming = Incoming::new(transfer, folder, self.clock.clone(), self.gate.clone());
        let incoming = Arc::new(incoming);
        self.keep(Kept::Incoming(incoming.clone()));
        Ok((slot, incoming))
    }

    fn sending(
        &self,
        id: TransferId,
        paths: Vec<FilePath>,
    ) -> Result<(SemaphorePermit<'_>, Arc<Outgoing>), FileStop> {
        let slot = self.slot()?;
        match self.state().find(id) {
            Some(Kept::Outgoing(outgoing)) => return Ok((slot, outgoing)),
            Some(Kept::Incoming(_)) => return Err(FileStop::Misbehaved),
            None => {}
        }
        let source = Source::Asked(self.folder()?, paths);
        let outgoing = Outgoing::new(Transfer::new(id), source, self.clock.clone(), self.gate.clone());
        let outgoing = Arc::new(outgoing);
        self.keep(Kept::Outgoing(outgoing.clone()));
        Ok((slot, outgoing))
    }

    /// Whether anything may begin now.
    fn slot(&self) -> Result<SemaphorePermit<'_>, FileStop> {
        if !self.gate.allows(Permission::FileManager) {
            return Err(FileStop::NotAllowed);
        }
        self.at_once.try_acquire().map_err(|_| FileStop::Busy)
    }

    fn folder(&self) -> Result<Arc<Folder>, FileStop> {
        self.state().folder.clone().ok_or(FileStop::NoFolder)
    }

    fn keep(&self, kept: Kept) {
        let mut state = self.state();
        if state.kept.len() == MOST_KEPT {
            let idle = state.kept.iter().position(Kept::is_idle);
            idle.and_then(|index| state.kept.remove(index));
        }
        state.kept.push_back(kept);
        self.shown.send_replace(state.kept.iter().map(Kept::shown).collect());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn find(&self, id: TransferId) -> Option<Kept> {
        self.kept.iter().find(|kept| kept.transfer().id() == id).cloned()
    }
}

impl Kept {
    fn transfer(&self) -> &Transfer {
        match self {
            Self::Incoming(incoming) => &incoming.transfer,
            Self::Outgoing(outgoing) => &outgoing.transfer,
        }
    }

    fn shown(&self) -> HostTransfer {
        HostTransfer { transfer: self.transfer().clone(), arrives: matches!(self, Self::Incoming(_)) }
    }

    /// Nobody else holds it, so that it runs on no stream.
    fn is_idle(&self) -> bool {
        match self {
            Self::Incoming(incoming) => Arc::strong_count(incoming) == 1,
            Self::Outgoing(outgoing) => Arc::strong_count(outgoing) == 1,
        }
    }
}

async fn refuse<W: AsyncWrite + Unpin>(
    mut writer: FrameWriter<W>,
    answer: &impl Serialize,
    why: FileStop,
) -> Result<(), FileStop> {
    writer.send(answer).await?;
    writer.close().await?;
    Err(why)
}

async fn at_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FileStop> + Send + 'static,
) -> Result<T, FileStop> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(FileStop::CannotRead))
}
