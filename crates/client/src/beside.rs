//! What runs beside the screen of each session, over all its connections: the clipboard and files.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use beckon_domain::SessionId;
use beckon_domain::statement::Side;
use beckon_session::LiveSession;
use beckon_session::clipboard::Clipboard;
use beckon_session::files::{FilePath, Transfer};
use directories::UserDirs;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::file_offers::{self, Offers};
use crate::hints::Hints;
use crate::session_clipboard;
use crate::settings::Settings;
use crate::transfers::{Title, Transfers};

pub struct Beside {
    tasks: TaskTracker,
    stop: CancellationToken,
    hints: Hints,
    /// All that a viewer sees of this computer's files, and where theirs land.
    host_folder: Mutex<Option<PathBuf>>,
    running: Mutex<BTreeMap<SessionId, Running>>,
}

/// Dropped, what waits for the next connection is over.
#[derive(Default)]
struct Running {
    /// Counts the connections of the session.
    connections: watch::Sender<u32>,
    transfers: Transfers,
    /// On the viewer.
    offers: Offers,
    /// On the viewer: the host's folder that was looked into last.
    open_folder: FilePath,
}

impl Beside {
    /// The folder that was chosen last, if it is still there; before the first choice, the system's for downloads.
    pub fn new(tasks: TaskTracker, stop: CancellationToken, hints: Hints, settings: &Settings) -> Self {
        let downloads = || UserDirs::new().and_then(|folders| folders.download_dir().map(PathBuf::from));
        let host_folder = settings.host_folder().or_else(downloads);
        let host_folder = Mutex::new(host_folder.filter(|folder| folder.is_dir()));
        Self { tasks, stop, hints, host_folder, running: Mutex::default() }
    }

    /// A session begins; its two have not met.
    pub fn begin(self: &Arc<Self>, live: &Arc<LiveSession>, clipboard: Option<Clipboard>) {
        let connections = self.lock().entry(live.id()).or_default().connections.subscribe();
        if let Some(clipboard) = clipboard {
            live.share_clipboard(clipboard);
        }
        match live.side() {
            Side::Host => {
                self.open_host_folder(live);
                self.follow_host_transfers(live);
            }
            Side::Viewer => {
                let (beside, listening, live) = (self.clone(), live.clone(), live.clone());
                self.spawn(on_each_connection(connections.clone(), move || {
                    file_offers::listen(beside.clone(), listening.clone())
                }));
                self.spawn(on_each_connection(connections, move || {
                    session_clipboard::exchange(live.clone())
                }));
            }
        }
    }

    /// There is a connection, the first or another one.
    pub fn connected(&self, id: SessionId) {
        if let Some(running) = self.lock().get(&id) {
            running.connections.send_modify(|connections| *connections += 1);
        }
    }

    pub fn end(&self, id: SessionId) {
        self.lock().remove(&id);
    }

    pub fn host_folder(&self) -> Option<PathBuf> {
        self.host_folder.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_host_folder(&self, folder: PathBuf) {
        *self.host_folder.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder);
        self.hints.state();
    }

    fn open_host_folder(&self, live: &LiveSession) {
        if let Err(error) = live.files().choose_folder(self.host_folder()) {
            tracing::warn!(%error, "the folder for files cannot be opened");
        }
    }

    /// The viewer begins them.
    fn follow_host_transfers(self: &Arc<Self>, live: &LiveSession) {
        let (beside, id, mut all) = (self.clone(), live.id(), live.files().transfers());
        self.spawn(async move {
            while all.changed().await.is_ok() {
                let now = all.borrow_and_update().clone();
                for one in now {
                    beside.show(id, &one.transfer, Title::Unknown, one.arrives);
                }
            }
        });
    }

    /// On the viewer: on each connection, until `run` says that it is over.
    pub fn on_each_connection<F>(&self, id: SessionId, run: impl Fn() -> F + Send + 'static)
    where
        F: Future<Output = ControlFlow<()>> + Send + 'static,
    {
        let connections = self.lock().get(&id).map(|running| running.connections.subscribe());
        if let Some(connections) = connections {
            self.spawn(on_each_connection(connections, run));
        }
    }

    /// Runs a transfer of the viewer's: now, and on each further connection until it is over.
    pub fn run<F>(
        self: &Arc<Self>,
        id: SessionId,
        transfer: &Transfer,
        title: Title,
        arrives: bool,
        run: impl Fn() -> F + Send + 'static,
    ) where
        F: Future<Output = ControlFlow<()>> + Send + 'static,
    {
        let connections = self.lock().get(&id).map(|running| running.connections.subscribe());
        let Some(mut connections) = connections else { return };
        self.show(id, transfer, title, arrives);
        connections.mark_changed();
        self.spawn(on_each_connection(connections, run));
    }

    pub fn show(self: &Arc<Self>, id: SessionId, transfer: &Transfer, title: Title, arrives: bool) {
        let is_new = self.change(id, |transfers| transfers.add(transfer, title, arrives));
        if is_new != Some(true) {
            return;
        }
        let (hints, mut progress) = (self.hints.clone(), transfer.progress());
        self.hints.files(id);
        self.spawn(async move {
            while progress.changed().await.is_ok() {
                hints.files(id);
            }
        });
    }

    pub fn change<T>(&self, id: SessionId, change: impl FnOnce(&mut Transfers) -> T) -> Option<T> {
        self.lock().get_mut(&id).map(|running| change(&mut running.transfers))
    }

    pub fn offers<T>(&self, id: SessionId, look: impl FnOnce(&Offers) -> T) -> Option<T> {
        self.lock().get(&id).map(|running| look(&running.offers))
    }

    pub fn change_offers(&self, id: SessionId, change: impl FnOnce(&mut Offers)) {
        if let Some(running) = self.lock().get_mut(&id) {
            change(&mut running.offers);
        }
        self.hints.files(id);
    }

    pub fn open_folder(&self, id: SessionId) -> FilePath {
        self.lock().get(&id).map(|running| running.open_folder.clone()).unwrap_or_default()
    }

    pub fn set_open_folder(&self, id: SessionId, folder: FilePath) {
        if let Some(running) = self.lock().get_mut(&id) {
            running.open_folder = folder;
        }
    }

    /// Ends with the program.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            stop.run_until_cancelled(work).await;
        });
    }

    /// To be finished even while the program quits.
    pub fn spawn_to_the_end(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SessionId, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn on_each_connection<F>(mut connections: watch::Receiver<u32>, run: impl Fn() -> F)
where
    F: Future<Output = ControlFlow<()>>,
{
    while connections.changed().await.is_ok() {
        if run().await.is_break() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::folders::Folders;

    /// Runs until the third time, with as many connections as it is given.
    async fn runs(connections: u32) -> u32 {
        let (counter, runs) = (watch::Sender::new(0_u32), AtomicU32::new(0));
        let mut heard = counter.subscribe();
        heard.mark_changed();
        let working = on_each_connection(heard, || async {
            if runs.fetch_add(1, Ordering::SeqCst) == 2 {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        let connecting = async move {
            for _ in 1..connections {
                tokio::task::yield_now().await;
                counter.send_modify(|count| *count += 1);
            }
        };
        tokio::join!(working, connecting);
        runs.into_inner()
    }

    #[tokio::test]
    async fn what_was_lost_is_run_again_on_the_next_connection_until_it_is_over() {
        assert_eq!(runs(1).await, 1, "the session ended while it was lost");
        assert_eq!(runs(2).await, 2);
        assert_eq!(runs(5).await, 3, "it was over with the third");
    }

    #[test]
    fn the_folder_for_files_outlives_the_program_and_is_not_taken_for_another_once_it_is_gone() {
        let place = tempfile::tempdir().unwrap();
        let (folders, chosen) = (Folders::under(place.path(), "default"), place.path().join("for viewers"));
        std::fs::create_dir(&chosen).unwrap();
        Settings::open(&folders).unwrap().set_host_folder(chosen.clone()).unwrap();
        let begins = || {
            let settings = Settings::open(&folders).unwrap();
            Beside::new(TaskTracker::new(), CancellationToken::new(), Hints::new(), &settings).host_folder()
        };
        assert_eq!(begins(), Some(chosen.clone()));
        std::fs::remove_dir(&chosen).unwrap();
        assert_eq!(begins(), None);
    }
}
