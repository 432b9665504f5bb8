//! This client at one service, home or guest: the link, and what is done over it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use beckon_wire::account::{AccountView, SignIn};
use beckon_wire::{ApiError, paths};
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

use crate::cache::Applied;
use crate::client::Inner;
use crate::hints::Hints;
use crate::hosting::Hosting;
use crate::service_link::ServiceLink;
use crate::sync::keep_in_sync;
use crate::viewing::Viewing;

pub struct Place {
    pub link: Arc<ServiceLink>,
    pub hosting: Arc<Hosting>,
    pub viewing: Arc<Viewing>,
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
        let viewing = Viewing::new(link.clone(), sessions, settings, tasks, network);
        let hints = client.hints.clone();
        let (sign_in_code, news) = (Mutex::default(), Mutex::new(Some(news)));
        Ok(Arc::new(Self { link, hosting, viewing, hints, sign_in_code, news }))
    }

    /// What keeps it alive. One place waits for no other: a service that is slow holds up itself alone.
    pub fn tasks(self: &Arc<Self>) -> [Task; 3] {
        let (link, hosting, place) = (self.link.clone(), self.hosting.clone(), self.clone());
        [
            Box::pin(keep_in_sync(link)),
            Box::pin(async move { hosting.watch_consents().await }),
            Box::pin(async move { place.listen().await }),
        ]
    }

    async fn listen(&self) {
        let Some(mut news) = lock(&self.news).take() else { return };
        while let Some(applied) = news.recv().await {
            let everything = applied.started_over || self.link.missed_news();
            if everything || !applied.requests.is_empty() {
                self.hints.requests(applied.requests, everything);
            }
            self.hints.state();
            self.hosting.set_reach(self.link.reach());
            self.look().await;
        }
    }

    pub async fn sign_in(&self, sign_in: &SignIn) -> Result<(), ApiError> {
        let _: AccountView = self.link.api.post(paths::ACCOUNT_SIGN_IN, sign_in).await?;
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
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
