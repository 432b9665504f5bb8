//! What the viewer's person asks for beside the screen, and what the host's person sees of it.

use std::path::{Path, PathBuf};

use iroh::endpoint::{RecvStream, SendStream};

use crate::beside::PRIORITY;
use crate::clipboard::{Clipboard, ClipboardEnd};
use crate::files::{
    Fetch, FileOffer, FilePath, FileStop, HostFiles, HostOffers, Listing, Tally, TransferId, Upload, decline,
    list,
};
use crate::live::LiveSession;
use crate::opening::{Opening, say};
use crate::screen::HostMonitors;
use crate::system_info::{self, NoSystemInfo, SystemInfo};

impl LiveSession {
    /// On the host: where files land, and what is under way.
    pub fn files(&self) -> &HostFiles {
        &self.beside.files
    }

    /// On the viewer: what is in a folder below the host's.
    pub async fn list(&self, folder: FilePath) -> Result<Listing, FileStop> {
        let (send, receive) = self.open(Opening::Files).await.ok_or(FileStop::Lost)?;
        list(receive, send, folder).await
    }

    /// On the viewer: sends what its person chose into a folder below the host's, once it is run.
    pub fn upload(&self, chosen: Vec<PathBuf>, into: FilePath) -> Upload {
        Upload::new(chosen, into, self.beside.clock(), self.beside.gate())
    }

    /// On the viewer: fetches what lies below the host's folder into one on this side, once it is run.
    pub fn fetch(&self, paths: Vec<FilePath>, into: &Path) -> std::io::Result<Fetch> {
        Fetch::new(paths, into, self.beside.clock(), self.beside.gate())
    }

    /// On the viewer, for each connection: what the host's person offers.
    pub async fn offers(&self) -> Result<HostOffers<RecvStream, SendStream>, FileStop> {
        let (send, receive) = self.open(Opening::Files).await.ok_or(FileStop::Lost)?;
        HostOffers::ask(receive, send, self.beside.clock()).await
    }

    /// On the viewer: takes what was offered into a folder on this side, once it is run.
    pub fn take(&self, offer: FileOffer, into: &Path) -> std::io::Result<Fetch> {
        Fetch::of_offer(offer, into, self.beside.clock(), self.beside.gate())
    }

    /// On the viewer: says no to what was offered.
    pub async fn decline(&self, transfer: &TransferId) -> Result<(), FileStop> {
        let (send, _receive) = self.open(Opening::Files).await.ok_or(FileStop::Lost)?;
        decline(send, transfer).await
    }

    /// Until it is over. After [`FileStop::Lost`] it goes on when it is run again after the resume.
    pub async fn run_upload(&self, upload: &Upload) -> Result<Tally, FileStop> {
        let (send, receive) = self.open(Opening::Files).await.ok_or(FileStop::Lost)?;
        upload.run(receive, send).await
    }

    /// As [`LiveSession::run_upload`].
    pub async fn run_fetch(&self, fetch: &Fetch) -> Result<Tally, FileStop> {
        let (send, receive) = self.open(Opening::Files).await.ok_or(FileStop::Lost)?;
        fetch.run(receive, send).await
    }

    /// Lends this side's clipboard to the session; the first one stays. On the viewer
    /// [`LiveSession::exchange_clipboards`] then runs it.
    pub fn share_clipboard(&self, clipboard: Clipboard) {
        self.beside.share_clipboard(clipboard);
    }

    /// On the viewer, once connected and again after each resume: until the connection ends.
    pub async fn exchange_clipboards(&self) -> Result<(), ClipboardEnd> {
        let exchange = self.beside.clipboard().ok_or(ClipboardEnd::Lost)?;
        let (send, receive) = self.open(Opening::Clipboard).await.ok_or(ClipboardEnd::Lost)?;
        exchange.run(receive, send).await
    }

    /// On the viewer: its person clicked or typed in the session window. Nothing leaves its clipboard before.
    pub fn first_act(&self) {
        if let Some(exchange) = self.beside.clipboard() {
            exchange.first_act();
        }
    }

    /// On the viewer, for each connection: what the host says of its monitors.
    pub async fn monitors(&self) -> Option<HostMonitors> {
        let (send, receive) = self.open(Opening::Monitors).await?;
        Some(HostMonitors::new(receive, send, self.beside.clock()))
    }

    /// On the viewer: what the host's computer is.
    pub async fn system_info(&self) -> Result<SystemInfo, NoSystemInfo> {
        let (_send, receive) = self.open(Opening::SystemInfo).await.ok_or(NoSystemInfo::Lost)?;
        system_info::hear(receive).await
    }

    /// On the viewer: whether the host's account is locked once the session is over. False where it could not
    /// be said.
    pub async fn lock_at_end(&self, wanted: bool) -> bool {
        self.open(Opening::LockAtEnd { wanted }).await.is_some()
    }

    /// On the host, once the session is over: whether to lock the account. The viewer wished it, and might
    /// until the end.
    pub fn locks_at_end(&self) -> bool {
        self.beside.locks()
    }

    async fn open(&self, opening: Opening) -> Option<(SendStream, RecvStream)> {
        let (mut send, receive) = self.connection().await?.open_bi().await.ok()?;
        // A stream that is gone has no place in a queue.
        let _ = send.set_priority(PRIORITY);
        say(&mut send, &opening).await.ok()?;
        Some((send, receive))
    }
}
