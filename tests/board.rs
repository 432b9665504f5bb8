//! A person's clipboard, which is nobody else's: stories touch no real one.

use beckon_session::clipboard::{Clipboard, ClipboardBoard};
use tokio::sync::watch;

#[derive(Clone, Default)]
pub struct Board(watch::Sender<Option<String>>);

impl Board {
    pub fn copy(&self, text: &str) {
        self.0.send_replace(Some(text.to_owned()));
    }

    pub fn text(&self) -> Option<String> {
        self.0.borrow().clone()
    }

    pub async fn holds(&self, text: &str) {
        self.0.subscribe().wait_for(|held| held.as_deref() == Some(text)).await.unwrap();
    }

    pub(crate) fn shared(&self) -> Option<Clipboard> {
        Clipboard::on(self.clone())
    }
}

impl ClipboardBoard for Board {
    fn read(&mut self) -> Option<String> {
        self.text()
    }

    fn write(&mut self, text: String) {
        self.copy(&text);
    }
}
