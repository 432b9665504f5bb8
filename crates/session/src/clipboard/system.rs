//! The system's clipboard, on a thread of its own: on X11 the program that copied answers for the text, and
//! asking may take seconds where another program does not.

use tokio::sync::{mpsc, oneshot};

/// Something that is read and written as a clipboard.
pub trait ClipboardBoard: Send + 'static {
    /// Nothing where it holds no text, or the system says no.
    fn read(&mut self) -> Option<String>;
    fn write(&mut self, text: String);
}

/// Clones are the same one; it lives as long as they do.
#[derive(Clone)]
pub struct Clipboard {
    jobs: mpsc::Sender<Job>,
}

enum Job {
    Read(oneshot::Sender<Option<String>>),
    Write(String),
}

const JOBS: usize = 8;

impl Clipboard {
    /// Waits for the system, a few milliseconds. Nothing where there is no clipboard, as without a display.
    pub fn of_this_system() -> Option<Self> {
        let opened = arboard::Clipboard::new();
        let board = opened.inspect_err(|error| tracing::info!(%error, "there is no clipboard")).ok()?;
        Self::on(board)
    }

    /// Nothing where there is no thread to be had.
    pub fn on(mut board: impl ClipboardBoard) -> Option<Self> {
        let (jobs, mut queue) = mpsc::channel(JOBS);
        let work = move || {
            while let Some(job) = queue.blocking_recv() {
                match job {
                    // Who asked may have gone.
                    Job::Read(reply) => drop(reply.send(board.read())),
                    Job::Write(text) => board.write(text),
                }
            }
        };
        let thread = std::thread::Builder::new().name("clipboard".to_owned()).spawn(work);
        thread.inspect_err(|error| tracing::error!(%error, "no thread for the clipboard")).ok()?;
        Some(Self { jobs })
    }

    pub(super) async fn read(&self) -> Option<String> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job::Read(reply)).await.ok()?;
        answer.await.ok()?
    }

    pub(super) async fn write(&self, text: String) {
        if self.jobs.send(Job::Write(text)).await.is_err() {
            tracing::error!("the clipboard's thread is gone");
        }
    }
}

impl ClipboardBoard for arboard::Clipboard {
    fn read(&mut self) -> Option<String> {
        self.get_text().ok()
    }

    fn write(&mut self, text: String) {
        if let Err(error) = self.set_text(text) {
            tracing::warn!(%error, "the clipboard cannot be written");
        }
    }
}
