//! Links at the program's door: at a cold start, and from second starts while it runs. Whoever may talk to
//! the single-instance channel may send anything, so exactly one link is taken and the rest is refused.

use std::sync::{Mutex, PoisonError};

use beckon_client::Client;
use beckon_client::links::{AT_ONCE, LinkStep, LinkToFollow};
use beckon_client::view::Hint;
use beckon_domain::Assist;
use tauri::{AppHandle, Emitter, Manager};

use crate::assist::AssistFile;
use crate::events::HINT;
use crate::launch::{Arrival, ProfileName};
use crate::pending::Pending;
use crate::windows;

/// What arrived before the client was open. `None` from then on.
pub struct Doorstep(Mutex<Option<Vec<Arrival>>>);

impl Doorstep {
    pub fn with(first: Option<Arrival>) -> Self {
        Self(Mutex::new(Some(first.into_iter().collect())))
    }

    /// Gives it back where nobody has to wait.
    fn leave(&self, arrival: Arrival) -> Option<Arrival> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(waiting) = waiting.as_mut() else { return Some(arrival) };
        // One more than can wait, so that the person is told that there were more.
        if waiting.len() <= AT_ONCE {
            waiting.push(arrival);
        }
        None
    }

    fn is_cleared(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    fn clear(&self) -> Vec<Arrival> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }
}

/// The program was started again: these are the arguments of the second one, its own name first.
pub fn second_start(app: &AppHandle, arguments: &[String], profile: &ProfileName) {
    let (name, arguments) = arguments.split_first().map_or(("", arguments), |(name, rest)| (name, rest));
    if app.state::<AssistFile>().is_assist() {
        // Another download may be for another request. It only changes what is asked.
        if let Some(told @ Assist::Told { .. }) = Assist::from_file_name(file_name(name)) {
            app.state::<AssistFile>().put(told);
        }
    } else if let Some(arrival) = Arrival::of_second_start(arguments, profile) {
        arrives(app, arrival);
        return;
    }
    // Before that the window comes by itself.
    if app.state::<Doorstep>().is_cleared() {
        windows::show_main(app);
        look_again(app);
    }
}

/// The client is open, and its window on the way: whatever waits may come in.
///
/// The window is not called: it comes once it is painted, and its page asks then.
pub fn open_door(app: &AppHandle) {
    for arrival in app.state::<Doorstep>().clear() {
        match step(app, &arrival) {
            LinkStep::Nothing | LinkStep::Look => {}
            LinkStep::Request(id) => app.state::<Pending>().put(id),
            LinkStep::Follow(link) => follow(app, link),
        }
    }
}

fn arrives(app: &AppHandle, arrival: Arrival) {
    if let Some(arrival) = app.state::<Doorstep>().leave(arrival) {
        take(app, &arrival);
    }
}

/// macOS hands links over to the running program, and starts it for the first.
#[cfg(target_os = "macos")]
pub fn opened(app: &AppHandle, links: &[tauri::Url]) {
    for link in links.iter().filter(|_| !app.state::<AssistFile>().is_assist()) {
        arrives(app, Arrival::Link(link.as_str().as_bytes().to_vec()));
    }
}

fn take(app: &AppHandle, arrival: &Arrival) {
    match step(app, arrival) {
        LinkStep::Nothing => {}
        LinkStep::Look => look(app),
        LinkStep::Request(id) => windows::show_request(app, id),
        LinkStep::Follow(link) => follow(app, link),
    }
}

fn step(app: &AppHandle, arrival: &Arrival) -> LinkStep {
    let client = app.state::<Client>();
    match arrival {
        Arrival::Link(raw) => client.take_link(raw),
        Arrival::NotOneLink => client.take_no_link(),
    }
}

/// A service that must be asked holds nothing up.
fn follow(app: &AppHandle, link: LinkToFollow) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if app.state::<Client>().follow_link(link).await {
            windows::show_accept(&app);
        } else {
            look(&app);
        }
    });
}

fn look(app: &AppHandle) {
    windows::show_main(app);
    look_again(app);
}

fn look_again(app: &AppHandle) {
    if let Err(error) = app.emit_to(windows::MAIN, HINT, Hint::Show) {
        tracing::warn!(%error, "the main window does not hear of a link");
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}
