//! Requests that were created while the service was out of reach. They are the user's data, not cache: kept on
//! disk until the service has them, or the person discards them.
//!
//! Each is sent once, by the account that created it and in the order of creation. Creating is idempotent by
//! id, so an answer that got lost costs nothing but a second question.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use beckon_domain::{ProposedProfile, RequestId};
use beckon_wire::account::Person;
use beckon_wire::request::{CreateRequest, RequestView};
use beckon_wire::{ApiError, Code, paths};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::folders::{read_private, write_private};
use crate::hints::Hints;
use crate::service_link::{ServiceLink, internal};
use crate::view::{Reach, WaitingCreate};

/// More than these wait for nobody's service.
const MOST: usize = 100;
/// A service that is there and takes nothing is asked again after this, then twice as long, and so on.
const FIRST_RETRY: Duration = Duration::from_secs(15);
const LAST_RETRY: Duration = Duration::from_secs(240);

pub struct Outbox {
    path: PathBuf,
    link: Arc<ServiceLink>,
    hints: Hints,
    kept: Mutex<Vec<Kept>>,
    woken: Notify,
    /// Nobody signs in or out while something is on its way: what is created belongs to who is signed in.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    create: CreateRequest,
    by: Person,
    at: DateTime<Utc>,
    /// The service's refusal; until *retry* it is not sent again.
    #[serde(default)]
    error: Option<ApiError>,
}

impl Outbox {
    pub fn open(path: PathBuf, link: Arc<ServiceLink>, hints: Hints) -> anyhow::Result<Self> {
        let kept = Mutex::new(read_private(&path)?);
        Ok(Self { path, link, hints, kept, woken: Notify::new(), turn: tokio::sync::Mutex::default() })
    }

    /// At the service, or, where that is out of reach, kept here.
    pub async fn create(&self, create: CreateRequest) -> Result<(), ApiError> {
        if self.link.reach() == Reach::Offline {
            self.keep(create)?;
            self.link.look_again.notify_one();
            return Ok(());
        }
        match self.send(&create).await {
            Err(error) if matches!(error.code, Code::Unreachable | Code::Unavailable) => {
                self.keep(create)?;
                self.woken.notify_one();
                Ok(())
            }
            answer => answer,
        }
    }

    /// In place of the one with its id, which the service refused. It is written down before it is sent, so that what
    /// was typed anew stays whatever comes of it.
    pub async fn replace(&self, create: CreateRequest) -> Result<(), ApiError> {
        let me = self.link.cache.account().ok_or_else(|| ApiError::new(Code::Forbidden))?;
        self.change(create.id, |kept| {
            let refused = |kept: &&mut Kept| kept.by.id == me.id && kept.error.is_some();
            let kept = kept.iter_mut().find(|kept| kept.create.id == create.id).filter(refused);
            let kept = kept.ok_or_else(|| ApiError::new(Code::NotFound))?;
            (kept.create, kept.error) = (create.clone(), None);
            Ok(())
        })?;
        if self.link.reach() == Reach::Offline {
            self.link.look_again.notify_one();
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        if self.link.cache.account().is_none_or(|account| account.id != me.id) {
            // Somebody else has signed in meanwhile. It waits for whom it is of.
            return Ok(());
        }
        match self.send(&create).await {
            Ok(()) => {
                self.settle(create.id, None);
                Ok(())
            }
            Err(error) if is_for_later(error.code) => {
                self.woken.notify_one();
                Ok(())
            }
            Err(error) => {
                self.settle(create.id, Some(error.clone()));
                Err(error)
            }
        }
    }

    /// What waits, as whoever is signed in sees it; nobody else does.
    pub fn waiting(&self) -> Vec<WaitingCreate> {
        let Some(me) = self.link.cache.account() else { return Vec::new() };
        // The answer may have got lost: what is in the list waits no longer.
        let waits = |kept: &&Kept| self.link.cache.request(kept.create.id).is_none();
        self.lock().iter().filter(waits).map(|kept| kept.view(kept.by.id == me.id)).collect()
    }

    pub fn retry(&self, id: RequestId) -> Result<(), ApiError> {
        self.change(id, |kept| {
            let kept = kept.iter_mut().find(|kept| kept.create.id == id);
            kept.ok_or_else(|| ApiError::new(Code::NotFound))?.error = None;
            Ok(())
        })?;
        self.woken.notify_one();
        Ok(())
    }

    pub fn discard(&self, id: RequestId) -> Result<(), ApiError> {
        self.change(id, |kept| {
            kept.retain(|kept| kept.create.id != id);
            Ok(())
        })
    }

    /// The service is back, or somebody signed in.
    pub fn wake(&self) {
        self.woken.notify_one();
    }

    /// Held by who signs in or out.
    pub async fn pause(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Runs until the future is dropped.
    pub async fn keep_sending(&self) {
        let mut retry = FIRST_RETRY;
        loop {
            let again = match self.send_waiting().await {
                Ok(()) => None,
                Err(error) => {
                    tracing::info!(origin = self.link.origin(), %error, "the outbox waits on");
                    Some(self.link.clock.sleep(retry))
                }
            };
            let later = async {
                match again {
                    Some(sleep) => sleep.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = later => retry = (retry * 2).min(LAST_RETRY),
                () = self.woken.notified() => retry = FIRST_RETRY,
            }
        }
    }

    /// Everything of who is signed in, until the service cannot take more.
    async fn send_waiting(&self) -> Result<(), ApiError> {
        while let Some(create) = self.next() {
            let _turn = self.turn.lock().await;
            // Who is signed in now? The cache may be older than a sign-in whose answer got lost.
            self.link.pull().await?;
            if self.next().as_ref() != Some(&create) {
                continue;
            }
            match self.send(&create).await {
                Ok(()) => self.settle(create.id, None),
                Err(error) if is_for_later(error.code) => return Err(error),
                Err(error) => self.settle(create.id, Some(error)),
            }
        }
        Ok(())
    }

    /// The cache has it when this returns.
    async fn send(&self, create: &CreateRequest) -> Result<(), ApiError> {
        let _: RequestView = self.link.api.post(paths::REQUESTS, create).await?;
        self.link.pull().await
    }

    /// The oldest that can be sent now.
    fn next(&self) -> Option<CreateRequest> {
        let me = self.link.cache.account().filter(|_| self.link.reach() == Reach::Online)?;
        let can = |kept: &&Kept| kept.by.id == me.id && kept.error.is_none();
        self.lock().iter().find(can).map(|kept| kept.create.clone())
    }

    fn keep(&self, create: CreateRequest) -> Result<(), ApiError> {
        let me = self.link.cache.account().filter(|me| me.role.may_act_on_requests());
        let me = me.ok_or_else(|| ApiError::new(Code::Forbidden))?;
        let by = Person { id: me.id, name: me.name };
        let at = self.link.api.service_now();
        self.change(create.id, |kept| {
            if let Some(there) = kept.iter().find(|kept| kept.create.id == create.id) {
                return if there.create == create { Ok(()) } else { Err(ApiError::new(Code::IdTaken)) };
            }
            if kept.len() >= MOST {
                return Err(ApiError::new(Code::OutboxFull).with("max", MOST));
            }
            kept.push(Kept { create: create.clone(), by, at, error: None });
            Ok(())
        })
    }

    /// What could not be written down has not happened.
    fn change(
        &self,
        id: RequestId,
        change: impl FnOnce(&mut Vec<Kept>) -> Result<(), ApiError>,
    ) -> Result<(), ApiError> {
        let mut kept = self.lock();
        let mut next = kept.clone();
        change(&mut next)?;
        self.write(&next).map_err(internal)?;
        *kept = next;
        drop(kept);
        self.hints.requests(vec![id], false);
        Ok(())
    }

    /// The service has answered. A disk that does not take it means one more question after the next start.
    fn settle(&self, id: RequestId, refused: Option<ApiError>) {
        let mut kept = self.lock();
        match refused {
            None => kept.retain(|kept| kept.create.id != id),
            Some(error) => {
                kept.iter_mut()
                    .filter(|kept| kept.create.id == id)
                    .for_each(|kept| kept.error = Some(error.clone()));
            }
        }
        if let Err(error) = self.write(&kept) {
            tracing::warn!("the outbox is not written: {error:#}");
        }
        drop(kept);
        self.hints.requests(vec![id], false);
    }

    fn write(&self, kept: &[Kept]) -> anyhow::Result<()> {
        write_private(&self.path, &serde_json::to_vec_pretty(kept)?)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn view(&self, mine: bool) -> WaitingCreate {
        let create = self.create.clone();
        WaitingCreate {
            id: create.id,
            kept_at: self.at,
            by: self.by.name.clone(),
            mine,
            retry_may_help: self.error.as_ref().is_some_and(|error| !is_for_good(error.code)),
            error: self.error.clone(),
            recipient: create.recipient,
            comments: create.comments,
            profile: ProposedProfile::together(create.profile, create.own_profile),
            assign_to: create.assign_to,
            contact: create.contact,
            schedule: create.schedule,
            expiry: create.expiry.unwrap_or_default(),
        }
    }
}

/// Sent as it is, it is refused again.
fn is_for_good(code: Code) -> bool {
    matches!(
        code,
        Code::ScheduleInThePast
            | Code::ExpiresTooSoon
            | Code::ExpiresTooLate
            | Code::UnknownZone
            | Code::NotAnEmail
            | Code::TextEmpty
            | Code::TextTooLong
            | Code::TextForbidden
            | Code::BadRequest
    )
}

/// The answer says nothing about the request itself.
fn is_for_later(code: Code) -> bool {
    matches!(
        code,
        Code::Unreachable
            | Code::Unavailable
            | Code::Throttled
            | Code::Unauthenticated
            | Code::NotOurService
            | Code::ServiceKeyChanged
    )
}

#[cfg(test)]
mod tests;
