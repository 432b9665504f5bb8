//! This client at one service, home or guest: the link, and what is done over it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use beckon_wire::account::{AccountView, SignIn};
use beckon_wire::{ApiError, paths};
use serde::de::IgnoredAny;
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

use crate::at_home::AtHome;
use crate::cache::Applied;
use crate::client::Inner;
use crate::discovery::Discovery;
use crate::hints::Hints;
use crate::hosting::Hosting;
use crate::introductions::Introductions;
use crate::marks::Marks;
use crate::outbox::Outbox;
use crate::service_link::ServiceLink;
use crate::sync::keep_in_sync;
use crate::viewing::Viewing;

pub struct Place {
    pub link: Arc<ServiceLink>,
    pub hosting: Arc<Hosting>,
    pub viewing: Arc<Viewing>,
    pub introductions: Arc<Introductions>,
    pub outbox: Arc<Outbox>,
    pub at_home: Arc<AtHome>,
    pub discovery: Arc<Discovery>,
    pub marks: Marks,
    hints: Hints,
    sign_in_code: Mutex<Option<String>>,
    /// What the link tells; taken by who listens.
    news: Mutex<Option<mpsc::Receiver<Applied>>>,
}

/// News that wait to be looked at; what does not fit is read again as a whole.
const NEWS: usize = 64;

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Place {
    pub fn open(origin: &str, client: &Inner, tasks: TaskTracker) -> anyhow::Result<Arc<Self>> {
        let (tell, news) = mpsc::channel(NEWS);
        let link = ServiceLink::open(origin, client.shared.clone(), tell)?;
        let (sessions, settings) = (client.sessions.clone(), client.shared.settings.clone());
        let network = client.network;
        let hosting = Hosting::new(
            link.clone(),
            sessions.clone(),
            settings.clone(),
            client.hints.clone(),
            tasks.clone(),
            network,
        );
        let viewing = Viewing::new(link.clone(), sessions.clone(), settings.clone(), tasks.clone(), network);
        let introductions = Introductions::new(
            link.clone(),
            sessions,
            settings.clone(),
            hosting.clone(),
            viewing.clone(),
            tasks,
        );
        let hints = client.hints.clone();
        let kept = client.shared.folders.outbox_of(origin);
        let outbox = Arc::new(Outbox::open(kept, link.clone(), hints.clone())?);
        let at_home = Arc::new(AtHome::new(link.clone(), settings.clone(), hints.clone()));
        let discovery = Discovery::new(link.clone(), settings, hints.clone(), client.local_network);
        let (discovery, marks) = (Arc::new(discovery), Marks::default());
        let (sign_in_code, news) = (Mutex::default(), Mutex::new(Some(news)));
        Ok(Arc::new(Self {
            link,
            hosting,
            viewing,
            introductions,
            outbox,
            at_home,
            discovery,
            marks,
            hints,
            sign_in_code,
            news,
        }))
    }

    /// What keeps it alive. One place waits for no other: a service that is slow holds up itself alone.
    pub fn tasks(self: &Arc<Self>) -> [Task; 6] {
        let (link, hosting, place) = (self.link.clone(), self.hosting.clone(), self.clone());
        let outbox = self.outbox.clone();
        let (at_home, discovery) = (self.at_home.clone(), self.discovery.clone());
        [
            Box::pin(keep_in_sync(link)),
            Box::pin(async move { outbox.keep_sending().await }),
            Box::pin(async move { hosting.watch_consents().await }),
            Box::pin(async move { place.listen().await }),
            Box::pin(async move { at_home.keep().await }),
            Box::pin(async move { discovery.keep().await }),
        ]
    }

    async fn listen(&self) {
        let Some(mut news) = lock(&self.news).take() else { return };
        while let Some(applied) = news.recv().await {
            let everything = applied.started_over || self.link.missed_news();
            if everything || !applied.requests.is_empty() {
                self.hints.requests(applied.requests, everything);
            }
            if everything || applied.introductions {
                self.hints.introductions();
            }
            if everything || applied.book {
                self.hints.tiles();
            }
            self.hints.state();
            self.hosting.set_reach(self.link.reach());
            self.outbox.wake();
            self.look().await;
        }
    }

    pub async fn sign_in(&self, sign_in: &SignIn) -> Result<(), ApiError> {
        let _turn = self.outbox.pause().await;
        let _: AccountView = self.link.api.post(paths::ACCOUNT_SIGN_IN, sign_in).await?;
        self.link.pull().await
    }

    pub async fn sign_out(&self) -> Result<(), ApiError> {
        let _turn = self.outbox.pause().await;
        let _: IgnoredAny = self.link.api.post(paths::ACCOUNT_SIGN_OUT, &()).await?;
        self.link.pull().await
    }

    /// Used once the service answers, if nobody is signed in then.
    pub fn sign_in_with(&self, code: Option<String>) {
        *lock(&self.sign_in_code) = code;
    }

    /// The cache or the reach has changed.
    async fn look(&self) {
        let code = lock(&self.sign_in_code).take();
        if let Some(code) = code.filter(|_| self.link.cache.account().is_none())
            && let Err(error) = self.sign_in(&SignIn::Code(code)).await
        {
            tracing::warn!(%error, "the sign-in code was not taken");
        }
        self.hosting.look().await;
        self.viewing.look().await;
        self.introductions.look().await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
