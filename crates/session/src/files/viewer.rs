//! The viewer's files: what its person sends to the host and fetches from it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use beckon_domain::SharedClock;
use tokio::io::{AsyncRead, AsyncWrite};

use super::incoming::Incoming;
use super::landing::{Folder, Tally};
use super::message::{Ask, LONGEST};
use super::offers::FileOffer;
use super::outgoing::{Outgoing, Source};
use super::path::FilePath;
use super::stop::FileStop;
use super::transfer::{Transfer, TransferId};
use crate::frames::{FrameReader, FrameWriter};
use crate::gate::Gate;

/// Files and folders of this side on their way to the host.
///
/// The gate is what the host said last; the host itself decides again. Each `run` is one stream: after
/// [`FileStop::Lost`] it is run again on a stream of the next connection.
pub struct Upload {
    outgoing: Arc<Outgoing>,
    into: FilePath,
}

impl Upload {
    /// `chosen` by the person here; `into` a folder below the host's.
    pub fn new(chosen: Vec<PathBuf>, into: FilePath, clock: SharedClock, gate: Arc<dyn Gate>) -> Self {
        let transfer = Transfer::new(TransferId::new());
        let outgoing = Outgoing::new(transfer, Source::Chosen(chosen), clock, gate);
        Self { outgoing: Arc::new(outgoing), into }
    }

    pub fn transfer(&self) -> &Transfer {
        &self.outgoing.transfer
    }

    pub async fn run<R, W>(&self, reader: R, writer: W) -> Result<Tally, FileStop>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let ask = Ask::Upload { transfer: self.transfer().id(), into: self.into.clone() };
        let (reader, writer) = asked(reader, writer, &ask)?;
        self.outgoing.run(reader, writer).await
    }
}

/// Files and folders of the host on their way to this side. As [`Upload`], the other way round.
pub struct Fetch {
    incoming: Arc<Incoming>,
    ask: Ask,
}

impl Fetch {
    /// `paths` below the host's folder; they land in `into`, a folder on this side.
    pub fn new(
        paths: Vec<FilePath>,
        into: &Path,
        clock: SharedClock,
        gate: Arc<dyn Gate>,
    ) -> std::io::Result<Self> {
        let transfer = TransferId::new();
        let incoming = Incoming::new(Transfer::new(transfer), Folder::open(into)?, clock, gate);
        Ok(Self { incoming: Arc::new(incoming), ask: Ask::Fetch { transfer, paths } })
    }

    /// What the host's person offers, and the one here takes.
    pub fn of_offer(
        offer: FileOffer,
        into: &Path,
        clock: SharedClock,
        gate: Arc<dyn Gate>,
    ) -> std::io::Result<Self> {
        let ask = Ask::Take { transfer: offer.transfer };
        let incoming = Incoming::of_offer(offer, Folder::open(into)?, clock, gate);
        Ok(Self { incoming: Arc::new(incoming), ask })
    }

    pub fn transfer(&self) -> &Transfer {
        &self.incoming.transfer
    }

    pub async fn run<R, W>(&self, reader: R, writer: W) -> Result<Tally, FileStop>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let (reader, writer) = asked(reader, writer, &self.ask)?;
        self.incoming.run(reader, writer).await
    }
}

/// The question leaves with what is said first.
fn asked<R, W>(reader: R, writer: W, ask: &Ask) -> Result<(FrameReader<R>, FrameWriter<W>), FileStop>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut writer = FrameWriter::new(writer, LONGEST);
    writer.put(ask)?;
    Ok((FrameReader::new(reader, LONGEST), writer))
}
