//! Links at the program's door: at a cold start, and from second starts while it runs. Whoever may talk to
//! the single-instance channel may send anything, so exactly one link is taken and the rest is refused.

use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_client::Client;
use beckon_client::links::{AT_ONCE, Followed, LinkStep, LinkToFollow};
use beckon_client::view::Hint;
use beckon_domain::Assist;
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::mpsc;

use crate::assist::AssistFile;
use crate::events::HINT;
use crate::launch::{Arrival, Launch, ProfileName};
use crate::pending::Pending;
use crate::windows::{self, About};

/// Second starts that wait at once.
const STARTS: usize = 32;

/// Where links wait for the client.
pub struct Doorstep {
    /// Whose door it is.
    profile: ProfileName,
    door: Mutex<Door>,
}

enum Door {
    /// The client is not open yet: these wait for it.
    Shut(Vec<Arrival>),
    Open,
    /// The program quits. Whoever started it again meanwhile, perhaps with a link, was told that it runs.
    Left(Option<Option<Arrival>>),
}

impl Doorstep {
    pub fn of(launch: &Launch) -> Self {
        let first = launch.arrival.clone().into_iter().collect();
        Self { profile: launch.profile.clone(), door: Mutex::new(Door::Shut(first)) }
    }

    /// Whether it may come in now.
    fn lets_in(&self, arrival: Option<&Arrival>) -> bool {
        match &mut *self.lock() {
            Door::Open => return true,
            // One more than can wait, so that the person is told that there were more.
            Door::Shut(waiting) if waiting.len() <= AT_ONCE => waiting.extend(arrival.cloned()),
            Door::Shut(_) => {}
            Door::Left(next) => *next = Some(arrival.cloned()),
        }
        false
    }

    fn open(&self) -> Vec<Arrival> {
        match std::mem::replace(&mut *self.lock(), Door::Open) {
            Door::Shut(waiting) => waiting,
            Door::Open | Door::Left(_) => Vec::new(),
        }
    }

    /// From here on the program lets nobody in.
    pub fn leave(&self) {
        let mut door = self.lock();
        if !matches!(*door, Door::Left(_)) {
            *door = Door::Left(None);
        }
    }

    /// The program has quit: whoever came too late for it gets one that runs.
    pub fn start_again(&self) {
        let Door::Left(Some(arrival)) = &*self.lock() else { return };
        let mut again = match std::env::current_exe() {
            Ok(program) => Command::new(program),
            Err(error) => return tracing::warn!(%error, "started while it quit, and not started again"),
        };
        if !self.profile.is_default() {
            again.args(["--profile", self.profile.as_str()]);
        } else if let Some(link) = arrival.as_ref().and_then(Arrival::as_argument) {
            again.arg(link);
        }
        if let Err(error) = again.spawn() {
            tracing::warn!(%error, "started while it quit, and not started again");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Door> {
        self.door.lock().unwrap_or_else(PoisonError::into_inner)
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
    let arrival = if app.state::<AssistFile>().is_assist() {
        // Another download may be for another request. It only changes what is asked.
        if let Some(told @ Assist::Told { .. }) = Assist::from_file_name(file_name(name)) {
            app.state::<AssistFile>().put(told);
        }
        None
    } else {
        Arrival::of_second_start(arguments, &app.state::<Doorstep>().profile)
    };
    if app.state::<Doorstep>().lets_in(arrival.as_ref()) {
        match arrival {
            Some(arrival) => take(app, &arrival),
            None => look(app, true),
        }
    }
}

/// The client is open, and its window on the way: whatever waits may come in.
///
/// The window is not called: it comes once it is painted, and its page asks then.
pub fn open_door(app: &AppHandle) {
    for arrival in app.state::<Doorstep>().open() {
        match step(app, &arrival) {
            LinkStep::Nothing | LinkStep::Look { .. } => {}
            LinkStep::Request { id, .. } => app.state::<Pending>().request.put(id),
            LinkStep::Calling(call) => windows::show_call(app, call),
            LinkStep::Follow(link) => follow(app, link),
        }
    }
}

/// macOS hands links over to the running program, and starts it for the first.
#[cfg(target_os = "macos")]
pub fn opened(app: &AppHandle, links: &[tauri::Url]) {
    for link in links.iter().filter(|_| !app.state::<AssistFile>().is_assist()) {
        let argument = [link.as_str().to_owned()];
        let doorstep = app.state::<Doorstep>();
        let arrival = Arrival::of_second_start(&argument, &doorstep.profile);
        if let Some(arrival) = arrival.filter(|arrival| doorstep.lets_in(Some(arrival))) {
            take(app, &arrival);
        }
    }
}

fn take(app: &AppHandle, arrival: &Arrival) {
    match step(app, arrival) {
        LinkStep::Nothing => {}
        LinkStep::Look { raise } => look(app, raise),
        LinkStep::Request { id, raise } => {
            app.state::<Pending>().request.put(id);
            look(app, raise);
        }
        LinkStep::Calling(call) => windows::show_call(app, call),
        LinkStep::Follow(link) => follow(app, link),
    }
}

fn step(app: &AppHandle, arrival: &Arrival) -> LinkStep {
    let client = app.state::<Client>();
    // A call goes on in a task, and not every link comes from one.
    let runtime = tauri::async_runtime::handle();
    let _entered = runtime.inner().enter();
    match arrival {
        Arrival::Link(raw) => client.take_link(raw),
        Arrival::NotOneLink => client.take_no_link(),
    }
}

/// A service that must be asked holds nothing up.
fn follow(app: &AppHandle, link: LinkToFollow) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match app.state::<Client>().follow_link(link).await {
            Followed::Joined => windows::show_accept(&app),
            Followed::Calling(call) => windows::show_call(&app, call),
            Followed::Told { raise } => look(&app, raise),
        }
    });
}

/// The main window has something to show. Where it is closed it opens, and has not been seen.
fn look(app: &AppHandle, raise: bool) {
    if raise || windows::find(app, About::Main).is_none() {
        windows::show_main(app);
    }
    if let Err(error) = app.emit_to(windows::MAIN, HINT, Hint::Show) {
        tracing::warn!(%error, "the main window does not hear of a link");
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}
