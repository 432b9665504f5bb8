//! One web view is kept ready and hidden, since a new one is most of the time that a window takes.
//!
//! Beside the main window it shares that one's process, which is there anyway.
//! It becomes one window, and goes with it. Only then does its page hear what it shows, so it has nothing to forget.
//! While it is about nothing it is no window: nobody finds it, and it is never shown.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_domain::SharedClock;
#[cfg(target_os = "linux")]
use gtk::prelude::{Cast as _, ContainerExt as _};
use tauri::{AppHandle, Manager, WebviewWindow};
use tokio::sync::{Notify, oneshot};

use super::{About, MAIN, opened, web_view};
use crate::tray;

const PAGE: &str = "index.html?view=spare";
/// No window has come or gone for so long: whoever works in one is not slowed down.
const QUIET: Duration = Duration::from_secs(3);
/// Without the main window: whoever has closed it may be done for the day, and has better uses for the memory.
const KEPT: Duration = Duration::from_secs(10 * 60);

#[derive(Default)]
pub struct Spare {
    stirred: Notify,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    made: u64,
    next: Option<Next>,
    /// By their labels, which stay as they were.
    became: HashMap<String, About>,
}

struct Next {
    label: String,
    beside_main: bool,
    /// Once its page waits for it.
    page: Option<oneshot::Sender<String>>,
}

/// What was the spare.
pub struct Became {
    pub window: WebviewWindow,
    page: oneshot::Sender<String>,
}

impl Became {
    pub fn shows(self, page: &str) -> tauri::Result<()> {
        self.page.send(page.to_owned()).map_err(|_| tauri::Error::WebviewNotFound)
    }
}

/// Makes one whenever things are quiet, as long as the program runs.
pub fn follow(app: &AppHandle, clock: SharedClock) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let spare = app.state::<Spare>();
        spare.stirred.notified().await;
        loop {
            while spare.stirs_within(QUIET, &clock).await {}
            prepare(&app);
            if !is_main_open(&app) {
                if spare.stirs_within(KEPT, &clock).await {
                    continue;
                }
                spare.discard(&app);
            }
            spare.stirred.notified().await;
        }
    });
}

/// A window has closed: a spare alone keeps no program running.
pub fn look(app: &AppHandle) {
    let spare = app.state::<Spare>();
    if !is_wanted(app) {
        spare.discard(app);
    }
    spare.stir();
}

fn is_wanted(app: &AppHandle) -> bool {
    opened(app).next().is_some() || tray::keeps_running(app)
}

fn is_main_open(app: &AppHandle) -> bool {
    app.get_webview_window(MAIN).is_some()
}

fn prepare(app: &AppHandle) {
    let spare = app.state::<Spare>();
    let beside_main = is_main_open(app);
    if spare.lock().next.as_ref().is_some_and(|next| next.beside_main != beside_main) {
        // The process of a main window that is gone would keep its memory.
        spare.discard(app);
    }
    let Some(label) = is_wanted(app).then(|| spare.lock().next_label(beside_main)).flatten() else { return };
    if let Err(error) = begin(app, &label) {
        tracing::warn!(%error, "no window is kept ready");
        spare.is_gone(&label);
    }
}

#[cfg(not(target_os = "linux"))]
fn begin(app: &AppHandle, label: &str) -> tauri::Result<()> {
    let window = web_view::begin(app, label, PAGE, false).build()?;
    app.state::<Spare>().take_in(&window)
}

/// Web views know each other on the main thread alone.
#[cfg(target_os = "linux")]
fn begin(app: &AppHandle, label: &str) -> tauri::Result<()> {
    let (handle, label) = (app.clone(), label.to_owned());
    app.run_on_main_thread(move || {
        let window = web_view::begin(&handle, &label, PAGE, false);
        let window = match main_view(&handle) {
            Some(main) => window.with_related_view(main),
            None => window,
        };
        let spare = handle.state::<Spare>();
        let begun = window.build().and_then(|window| {
            web_view::go_with_process(&window)?;
            spare.take_in(&window)
        });
        if let Err(error) = begun {
            tracing::warn!(%error, "no window is kept ready");
            spare.is_gone(&label);
        }
    })
}

#[cfg(target_os = "linux")]
fn main_view(app: &AppHandle) -> Option<webkit2gtk::WebView> {
    let inside = app.get_webview_window(MAIN)?.default_vbox().ok()?.children();
    inside.into_iter().find_map(|widget| widget.downcast().ok())
}

impl Spare {
    /// A window has come or gone.
    pub fn stir(&self) {
        self.stirred.notify_one();
    }

    /// From here on it is this window, if there is a spare that is ready, and if such windows come unforeseen.
    pub fn becomes(&self, app: &AppHandle, about: About) -> Option<Became> {
        if !matches!(about, About::Call(_) | About::Ring(_) | About::Popup(_)) {
            return None;
        }
        let mut kept = self.lock();
        let Next { label, page, .. } = kept.next.take_if(|next| next.page.is_some())?;
        let became = Became { window: app.get_webview_window(&label)?, page: page? };
        kept.became.insert(label, about);
        Some(became)
    }

    /// What its page shows, once that is known. None of any other window.
    pub async fn page(&self, label: &str) -> Option<String> {
        let (page, shown) = oneshot::channel();
        self.lock().next.as_mut().filter(|next| next.label == label)?.page = Some(page);
        shown.await.ok()
    }

    pub fn about(&self, label: &str) -> Option<About> {
        self.lock().became.get(label).copied()
    }

    pub fn label_of(&self, wanted: About) -> Option<String> {
        let kept = self.lock();
        kept.became.iter().find(|(_, about)| **about == wanted).map(|(label, _)| label.clone())
    }

    /// The window of this label is closed.
    pub fn is_gone(&self, label: &str) {
        let mut kept = self.lock();
        kept.became.remove(label);
        kept.next.take_if(|next| next.label == label);
    }

    /// It was discarded while it was made, when nobody could find it: unknown, it would keep the program running.
    fn take_in(&self, window: &WebviewWindow) -> tauri::Result<()> {
        if self.lock().knows(window.label()) { Ok(()) } else { window.destroy() }
    }

    fn discard(&self, app: &AppHandle) {
        let Some(Next { label, .. }) = self.lock().next.take() else { return };
        if let Some(Err(error)) = app.get_webview_window(&label).map(|window| window.destroy()) {
            tracing::warn!(%error, "a window that was kept ready does not go");
        }
    }

    async fn stirs_within(&self, time: Duration, clock: &SharedClock) -> bool {
        tokio::select! {
            () = self.stirred.notified() => true,
            () = clock.sleep(time) => false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn knows(&self, label: &str) -> bool {
        self.next.as_ref().is_some_and(|next| next.label == label) || self.became.contains_key(label)
    }

    /// None while there is one.
    fn next_label(&mut self, beside_main: bool) -> Option<String> {
        if self.next.is_some() {
            return None;
        }
        self.made += 1;
        let label = format!("spare-{}", self.made);
        self.next = Some(Next { label: label.clone(), beside_main, page: None });
        Some(label)
    }
}

#[cfg(test)]
mod tests {
    use beckon_domain::CallId;
    use tauri::async_runtime::block_on;

    use super::*;

    #[test]
    fn one_is_kept_at_a_time_and_none_is_used_twice() {
        let spare = Spare::default();
        assert_eq!(spare.lock().next_label(true).as_deref(), Some("spare-1"));
        assert_eq!(spare.lock().next_label(true), None);
        spare.is_gone("spare-1");
        assert_eq!(spare.lock().next_label(true).as_deref(), Some("spare-2"));
    }

    #[test]
    fn only_the_one_that_is_kept_hears_what_it_shows() {
        let spare = Spare::default();
        spare.lock().next_label(false);
        for other in ["main", "spare-2", "call-018f4e2c-7b1a-7c3d-8e5f-0123456789ab"] {
            assert_eq!(block_on(spare.page(other)), None, "{other}");
        }
    }

    #[test]
    fn what_a_window_is_about_is_forgotten_with_it() {
        let about = About::Call(CallId("018f4e2c-7b1a-7c3d-8e5f-0123456789ab".parse().unwrap()));
        let spare = Spare::default();
        spare.lock().became.insert("spare-1".to_owned(), about);
        assert_eq!(
            (spare.about("spare-1"), spare.label_of(about)),
            (Some(about), Some("spare-1".to_owned()))
        );
        spare.is_gone("spare-1");
        assert_eq!((spare.about("spare-1"), spare.label_of(about)), (None, None));
    }
}
