//! Links at the program's door: at a cold start, and from second starts while it runs. Whoever may talk to
//! the single-instance channel may send anything, so exactly one link is taken and the rest is refused.

use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_client::Client;
use beckon_client::links::{AT_ONCE, LinkStep, LinkToFollow};
use beckon_client::view::Hint;
use beckon_domain::Assist;
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::mpsc;

use crate::assist::AssistFile;
use crate::events::HINT;
use crate::launch::{Arrival, Launch, ProfileName};
use crate::pending::Pending;
use crate::windows;

/// Second starts that wait at once.
const STARTS: usize = 32;

/// Where links wait for the client.
pub struct Doorstep {
    /// Whose door it is.
    profile: ProfileName,
    /// What arrived before the client was open. `None` from then on.
    waiting: Mutex<Option<Vec<Arrival>>>,
}

impl Doorstep {
    pub fn of(launch: &Launch) -> Self {
        let first = launch.arrival.clone().into_iter().collect();
        Self { profile: launch.profile.clone(), waiting: Mutex::new(Some(first)) }
    }

    /// Gives it back where nobody has to wait.
    fn leave(&self, arrival: Arrival) -> Option<Arrival> {
        let mut waiting = self.lock();
        let Some(waiting) = waiting.as_mut() else { return Some(arrival) };
        // One more than can wait, so that the person is told that there were more.
        if waiting.len() <= AT_ONCE {
            waiting.push(arrival);
        }
        None
    }

    fn is_cleared(&self) -> bool {
        self.lock().is_none()
    }

    fn clear(&self) -> Vec<Arrival> {
        self.lock().take().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<Arrival>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the single-instance plugin calls. On Windows it does so on the window's thread, in the middle of a
/// message for which the second start waits; nothing is done there.
pub fn second_starts() -> impl FnMut(&AppHandle, Vec<String>, String) + Send + Sync {
    let (starts, mut queue) = mpsc::channel::<(AppHandle, Vec<String>)>(STARTS);
    tauri::async_runtime::spawn(async move {
        while let Some((app, arguments)) = queue.recv().await {
            second_start(&app, &arguments);
        }
    });
    let mut full = false;
    move |app, arguments, _folder| {
        let was_full = full;
        full = starts.try_send((app.clone(), arguments)).is_err();
        if full && !was_full {
            tracing::warn!("second starts are dropped: too many wait");
        }
    }
}

/// The program was started again: these are the arguments of the second one, its own name first.
fn second_start(app: &AppHandle, arguments: &[String]) {
    let (name, arguments) = arguments.split_first().map_or(("", arguments), |(name, rest)| (name, rest));
    if app.state::<AssistFile>().is_assist() {
        // Another download may be for another request. It only changes what is asked.
        if let Some(told @ Assist::Told { .. }) = Assist::from_file_name(file_name(name)) {
            app.state::<AssistFile>().put(told);
        }
    } else if let Some(arrival) = Arrival::of_second_start(arguments, &app.state::<Doorstep>().profile) {
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
        let argument = [link.as_str().to_owned()];
        if let Some(arrival) = Arrival::of_second_start(&argument, &app.state::<Doorstep>().profile) {
            arrives(app, arrival);
        }
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
