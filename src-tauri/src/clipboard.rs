//! The system's clipboard, for *Copy* buttons. The page's own is not dependable in a web view.

use std::sync::{Mutex, PoisonError};

/// On X11 the program that copied answers for the text, so the clipboard is kept.
#[derive(Default)]
pub struct Clipboard(Mutex<Option<arboard::Clipboard>>);

impl Clipboard {
    pub fn copy(&self, text: String) -> anyhow::Result<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut clipboard = match kept.take() {
            Some(clipboard) => clipboard,
            None => arboard::Clipboard::new()?,
        };
        clipboard.set_text(text)?;
        *kept = Some(clipboard);
        Ok(())
    }
}
