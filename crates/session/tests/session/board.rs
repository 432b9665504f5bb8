//! A clipboard of a test, which counts who looks at it.

use std::sync::{Arc, Mutex};

use beckon_session::clipboard::{Clipboard, ClipboardBoard};

use crate::stage::{Stage, until};

#[derive(Clone, Default)]
pub struct Board(Arc<Mutex<Noted>>);

#[derive(Default)]
struct Noted {
    text: Option<String>,
    reads: usize,
    writes: usize,
}

impl ClipboardBoard for Board {
    fn read(&mut self) -> Option<String> {
        let mut noted = self.0.lock().unwrap();
        noted.reads += 1;
        noted.text.clone()
    }

    fn write(&mut self, text: String) {
        self.0.lock().unwrap().writes += 1;
        self.copy(&text);
    }
}

impl Board {
    pub fn clipboard(&self) -> Clipboard {
        Clipboard::on(self.clone()).unwrap()
    }

    /// As its own person does.
    pub fn copy(&self, text: &str) {
        self.0.lock().unwrap().text = Some(text.to_owned());
    }

    pub fn text(&self) -> Option<String> {
        self.0.lock().unwrap().text.clone()
    }

    pub fn reads(&self) -> usize {
        self.0.lock().unwrap().reads
    }

    pub fn writes(&self) -> usize {
        self.0.lock().unwrap().writes
    }

    pub async fn shows(&self, stage: &Stage, text: &str) {
        stage.running(until(|| self.text().as_deref() == Some(text))).await;
    }

    /// Once nobody has it as a clipboard any more, everything that was to be written is written.
    pub async fn is_left_alone(&self) {
        until(|| Arc::strong_count(&self.0) == 1).await;
    }
}
