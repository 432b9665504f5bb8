//! Files of a session: what the viewer's person sends, looks through and fetches, where the host keeps them, and
//! what the host's person offers.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use beckon_domain::statement::Side;
use beckon_domain::{Permission, SessionId};
use beckon_session::LiveSession;
use beckon_session::files::{Entry, Fetch, FilePath, FileStop, Tally};
use beckon_wire::{ApiError, Code};
use serde::Serialize;
use ts_rs::TS;

use crate::client::Client;
use crate::service_link::internal;
use crate::transfers::{Title, TransferAct, TransferStop, TransferView};
use crate::view::{NotSent, SessionSide, SessionState};

/// What is in one of the host's folders: folders first, then files, each by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[ts(export)]
pub struct FolderView {
    pub entries: Vec<FolderEntry>,
    /// Whether there is more than is listed.
    pub more: bool,
    /// Why nothing is listed.
    pub stopped: Option<TransferStop>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FolderEntry {
    pub name: String,
    pub is_folder: bool,
    /// Bytes; 0 for a folder.
    #[ts(type = "number")]
    pub size: u64,
}

impl Client {
    /// Those of this session, on either side; the newest first.
    pub fn transfers(&self, id: SessionId) -> Vec<TransferView> {
        self.inner().sessions.beside.change(id, |transfers| transfers.views()).unwrap_or_default()
    }

    pub fn act_on_transfer(&self, id: SessionId, number: u32, act: TransferAct) {
        let sessions = &self.inner().sessions;
        sessions.beside.change(id, |transfers| transfers.act(number, act));
        if let Some(live) = sessions.live(id) {
            live.files().drop_cancelled();
        }
        self.inner().hints.files(id);
    }

    /// On the viewer: looks into a folder below the host's. What is sent from then on lands there.
    pub async fn look_into(&self, id: SessionId, folder: Vec<String>) -> Result<FolderView, ApiError> {
        let (live, folder) = (self.viewed(id)?, path(folder)?);
        match live.list(folder.clone()).await {
            Ok(listing) => {
                self.inner().sessions.beside.set_open_folder(id, folder);
                let mut entries: Vec<_> = listing.entries.into_iter().map(entry).collect();
                entries.sort_by_cached_key(|entry| (!entry.is_folder, entry.name.to_lowercase()));
                Ok(FolderView { entries, more: listing.more, stopped: None })
            }
            Err(why) => Ok(FolderView { stopped: Some(why.into()), ..FolderView::default() }),
        }
    }

    /// Files and folders that this side's person chose. Those of the viewer go to the host's folder that was
    /// looked into last; those of the host are offered to the viewer's person.
    pub fn send_files(&self, id: SessionId, chosen: Vec<PathBuf>) -> Result<(), ApiError> {
        let live = self.viewed(id)?;
        let allowed = |session: SessionState| session.permissions.contains(Permission::FileManager);
        if !self.session(id).is_some_and(allowed) {
            return Err(ApiError::new(Code::Forbidden));
        }
        match live.side() {
            Side::Viewer => self.upload(id, live, chosen),
            Side::Host => self.offer(id, live, chosen),
        }
        Ok(())
    }

    /// What either side's person dropped on a window of the session. Where it is not sent, that window is told.
    pub fn send_dropped(&self, id: SessionId, dropped: Vec<PathBuf>) {
        // A button always comes up again, also over what has come up under it: it may be a viewer's.
        let is_host = self.session(id).is_some_and(|session| session.side == SessionSide::Host);
        if is_host && self.is_viewer_typing() {
            return self.inner().hints.not_sent(id, NotSent::ViewerIsTyping);
        }
        match self.send_files(id, dropped) {
            Err(error) if error.code == Code::Forbidden => {
                self.inner().hints.not_sent(id, NotSent::NotAllowed);
            }
            // A session that is over says so itself.
            Err(_) | Ok(()) => {}
        }
    }

    fn offer(&self, id: SessionId, live: Arc<LiveSession>, chosen: Vec<PathBuf>) {
        let (beside, title) = (self.inner().sessions.beside.clone(), Title::of_paths(&chosen));
        self.inner().sessions.beside.spawn(async move {
            let transfer = live.files().offer(chosen).await;
            beside.show(id, &transfer, title, false);
        });
    }

    fn upload(&self, id: SessionId, live: Arc<LiveSession>, chosen: Vec<PathBuf>) {
        let beside = &self.inner().sessions.beside;
        let title = Title::of_paths(&chosen);
        let upload = Arc::new(live.upload(chosen, beside.open_folder(id)));
        let transfer = upload.transfer().clone();
        beside.run(id, &transfer, title, false, move || {
            let (live, upload) = (live.clone(), upload.clone());
            async move { unless_lost(live.run_upload(&upload).await) }
        });
    }

    /// On the viewer: what lies below the host's folder comes into one of this computer.
    pub fn fetch_files(&self, id: SessionId, wanted: Vec<Vec<String>>, into: &Path) -> Result<(), ApiError> {
        let live = self.viewed(id)?;
        let first = wanted.first().and_then(|path| path.last()).cloned().unwrap_or_default();
        let title = Title::of(&first, wanted.len());
        let wanted = wanted.into_iter().map(path).collect::<Result<_, _>>()?;
        self.run_fetch(id, live.clone(), title, live.fetch(wanted, into))
    }

    pub(crate) fn run_fetch(
        &self,
        id: SessionId,
        live: Arc<LiveSession>,
        title: Title,
        fetch: std::io::Result<Fetch>,
    ) -> Result<(), ApiError> {
        let fetch = Arc::new(fetch.map_err(|error| internal(error.into()))?);
        let transfer = fetch.transfer().clone();
        self.inner().sessions.beside.run(id, &transfer, title, true, move || {
            let (live, fetch) = (live.clone(), fetch.clone());
            async move { unless_lost(live.run_fetch(&fetch).await) }
        });
        Ok(())
    }

    /// All that a viewer sees of this computer's files, and where theirs land. None: they get no files.
    pub fn host_folder(&self) -> Option<PathBuf> {
        self.inner().sessions.beside.host_folder()
    }

    /// From now on, also in sessions that run and after another start; what is under way stays where it is.
    pub fn set_host_folder(&self, folder: PathBuf) -> Result<(), ApiError> {
        let sessions = &self.inner().sessions;
        for session in sessions.running().into_iter().filter(|session| session.side == SessionSide::Host) {
            if let Some(live) = sessions.live(session.id) {
                live.files().choose_folder(Some(folder.clone())).map_err(|error| internal(error.into()))?;
            }
        }
        sessions.beside.set_host_folder(folder.clone());
        self.inner().shared.settings.set_host_folder(folder).map_err(internal)
    }

    pub(crate) fn viewed(&self, id: SessionId) -> Result<Arc<LiveSession>, ApiError> {
        self.inner().sessions.live(id).ok_or_else(|| ApiError::new(Code::CouldNotConnect))
    }
}

fn path(components: Vec<String>) -> Result<FilePath, ApiError> {
    FilePath::try_from(components).map_err(|_| ApiError::new(Code::BadRequest))
}

fn entry(entry: Entry) -> FolderEntry {
    FolderEntry { name: entry.name.into(), is_folder: entry.is_folder, size: entry.size }
}

/// What else stopped it, its progress shows.
fn unless_lost(ended: Result<Tally, FileStop>) -> ControlFlow<()> {
    if ended == Err(FileStop::Lost) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}
