//! This client at one service, home or guest: the link, and what is done over it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use beckon_wire::account::{AccountView, SignIn};
use beckon_wire::{ApiError, paths};
use tokio_util::task::TaskTracker;

use crate::client::Inner;
use crate::hosting::Hosting;
use crate::service_link::ServiceLink;
use crate::sync::keep_in_sync;
use crate::viewing::Viewing;

pub struct Place {
    pub link: Arc<ServiceLink>,
    pub hosting: Arc<Hosting>,
    pub viewing: Arc<Viewing>,
    sign_in_code: Mutex<Option<String>>,
}

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Place {
    pub fn open(origin: &str, client: &Inner, tasks: TaskTracker) -> anyhow::Result<Arc<Self>> {
        let link = ServiceLink::open(origin, client.shared.clone())?;
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
        Ok(Arc::new(Self { link, hosting, viewing, sign_in_code: Mutex::default() }))
    }

    /// What keeps it alive.
    pub fn tasks(&self) -> [Task; 2] {
        let (link, hosting) = (self.link.clone(), self.hosting.clone());
        [Box::pin(keep_in_sync(link)), Box::pin(async move { hosting.watch_consents().await })]
    }

    pub async fn sign_in(&self, sign_in: &SignIn) -> Result<(), ApiError> {
        let _: AccountView = self.link.api.post(paths::ACCOUNT_SIGN_IN, sign_in).await?;
        self.link.pull().await
    }

    /// Used once the service answers, if nobody is signed in then.
    pub fn sign_in_with(&self, code: Option<String>) {
        *self.sign_in_code.lock().unwrap_or_else(PoisonError::into_inner) = code;
    }

    /// The cache or the reach has changed.
    pub async fn look(&self) {
        let code = self.sign_in_code.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(code) = code.filter(|_| self.link.cache.account().is_none())
            && let Err(error) = self.sign_in(&SignIn::Code(code)).await
        {
            tracing::warn!(%error, "the sign-in code was not taken");
        }
        self.hosting.look().await;
        self.viewing.look().await;
    }
}
