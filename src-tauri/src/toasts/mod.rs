//! The system's own notifications: a title, a sentence, up to two buttons.
//!
//! No answer given here is ever an answer to a question: that takes a window. An invitation is none, and is
//! answered here where no window of our own pops up. A system without such a service, or with one that hangs,
//! costs a line in the log; nobody waits for it.

mod alerts;
#[cfg(any(target_os = "linux", windows))]
mod desktop;
mod invitations;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
mod question;
mod ring;
#[cfg(windows)]
mod windows;
#[cfg(any(windows, test))]
mod xml;

pub use alerts::{follow as follow_alerts, many_are_seen};
pub use invitations::InvitationToasts;
pub use question::Question;
pub use ring::Rings;

use std::sync::Arc;

use tauri::{AppHandle, Manager};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::launch::Launch;

/// Toasts that wait to be shown, and answers that wait to be heard. What does not fit is dropped.
const BACKLOG: usize = 32;
/// The most characters of a name; the rest is cut off.
const NAME_MAX: usize = 60;

pub type Toasts = Arc<dyn Toaster>;

pub trait Toaster: Send + Sync {
    /// Takes the place of the one with the same id.
    fn show(&self, toast: Toast);
    /// Says something else on one that still stands. One that the person put away stays away.
    fn update(&self, toast: Toast);
    fn withdraw(&self, id: &ToastId);
    /// Everybody hears all answers, and knows their own by the id.
    fn answers(&self) -> broadcast::Receiver<Answer>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    pub id: ToastId,
    pub title: String,
    pub body: String,
    /// At most two. Systems without buttons show the rest.
    pub buttons: Vec<Button>,
    /// Until it is withdrawn or put away, where the system lets it.
    pub stays: bool,
}

/// At most 64 of `a-z 0-9 -`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToastId(String);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    pub id: &'static str,
    pub label: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub toast: ToastId,
    pub pressed: Pressed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// By its id.
    Button(String),
    Body,
    Dismissed,
}

/// `program` is what Windows knows its shortcut by; there a profile tells its toasts from those of others.
pub fn open(program: &str, launch: &Launch) -> Toasts {
    #[cfg(windows)]
    return windows::open(program, launch.profile.as_str());
    #[cfg(not(windows))]
    let _ = program;
    #[cfg(target_os = "linux")]
    return linux::open(launch.listing_id());
    #[cfg(target_os = "macos")]
    let _ = launch;
    #[cfg(target_os = "macos")]
    return macos::open();
}

/// Every answer, as long as the program runs. Who listens knows their own by the id.
fn hear(app: &AppHandle, mut heard: impl FnMut(&AppHandle, Answer) + Send + 'static) {
    let mut answers = app.state::<Toasts>().answers();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            match answers.recv().await {
                Ok(answer) => heard(&app, answer),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    });
}

/// What a system's own part is told to do, in this order.
enum Order {
    Show(Toast),
    Update(Toast),
    Withdraw(ToastId),
}

impl ToastId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A name of somebody else on one line, and not longer than a toast can bear.
pub fn short(name: &str) -> String {
    let line = name.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = line.collect::<Vec<_>>().join(" ");
    if line.chars().count() <= NAME_MAX {
        return line;
    }
    line.chars().take(NAME_MAX - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(short(" Dana\n\tFox\u{0}! "), "Dana Fox !");
        let long = short(&"ä".repeat(128));
        assert_eq!(long.chars().count(), NAME_MAX);
        assert!(long.ends_with('…'));
        assert_eq!(short(&"ä".repeat(NAME_MAX)), "ä".repeat(NAME_MAX));
    }
}
