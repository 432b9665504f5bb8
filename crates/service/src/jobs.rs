//! Does what is due, when it is due, by the service's clock.

use std::time::Duration;

use beckon_domain::RequestId;
use chrono::TimeDelta;

use crate::app::Shared;
use crate::error::{Answer, Failure};
use crate::store::jobs::{self, Subject};
use crate::store::{Core, Unit};

/// The wall clock may be set; looking again bounds how late that makes anything.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// A request that cannot be read now may be by a later version.
const BROKEN_AGAIN: TimeDelta = TimeDelta::minutes(10);
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);

/// Runs until the service stops.
pub async fn run(app: Shared) {
    loop {
        let looked_at = app.core.clock.monotonic();
        let wait = match do_due(&app.core).await {
            Ok(wait) => wait,
            Err(failure) => {
                tracing::warn!(?failure, "what was due could not be done");
                AFTER_A_FAILURE
            }
        };
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = app.core.jobs.notified() => {}
            () = app.core.clock.sleep_until(looked_at + wait) => {}
        }
    }
}

/// How long there is nothing to do after it.
async fn do_due(core: &Core) -> Answer<Duration> {
    loop {
        let now = core.now();
        let mut db = core.store.ask().await?;
        let next = jobs::next_due(&mut db).await?;
        let due = match next.is_some_and(|next| next <= now) {
            true => jobs::due(&mut db, now).await?,
            false => Vec::new(),
        };
        if due.is_empty() {
            let wait = next.and_then(|next| (next - now).to_std().ok());
            return Ok(wait.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN));
        }
        drop(db);
        for subject in due {
            match elapse(core, subject).await {
                // One that cannot be read holds up no other.
                Err(Failure::Broke(cause)) => {
                    tracing::error!(?subject, "what was due could not be done: {cause:?}");
                    put_off(core, subject).await?;
                }
                done => done?,
            }
        }
    }
}

/// It would be the first in every batch otherwise, and be tried without a pause.
async fn put_off(core: &Core, subject: Subject) -> Answer<()> {
    let mut unit = core.begin().await?;
    let again = unit.now + BROKEN_AGAIN;
    jobs::set_due(unit.db(), subject, Some(again)).await?;
    unit.commit().await
}

async fn elapse(core: &Core, subject: Subject) -> Answer<()> {
    let mut unit = core.begin().await?;
    let due = jobs::due_of(unit.db(), subject).await?;
    if due.is_none_or(|due| due > unit.now) {
        // An act came first, and has already looked at the time.
        return Ok(());
    }
    match subject {
        Subject::Request(id) => elapse_request(&mut unit, id).await?,
        Subject::Invitation(id) => unit.elapse_invitation(id).await?,
        Subject::Call(id) => unit.elapse_call(id).await?,
        Subject::Introduction(id) => unit.elapse_introduction(id).await?,
    }
    unit.commit().await
}

async fn elapse_request(unit: &mut Unit<'_>, id: RequestId) -> Answer<()> {
    let due = jobs::due_of(unit.db(), id).await?;
    match unit.request(id).await? {
        // Nothing happened to it, but what may be done with it has changed.
        Some(request) if jobs::due_of(unit.db(), id).await? == due => unit.touch(&request).await,
        Some(_) => Ok(()),
        None => jobs::set_due(unit.db(), id, None).await,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use beckon_domain::clock::FakeClock;
    use beckon_domain::session_request::StatusName;
    use beckon_domain::{Role, text::RecipientName};
    use chrono::DateTime;

    use super::*;
    use crate::admin::{self, NewAccount};
    use crate::store::requests;

    #[tokio::test]
    async fn a_request_that_cannot_be_read_holds_up_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let clock = FakeClock::starting_at(DateTime::UNIX_EPOCH);
        let core = crate::open_core(folder.path(), Arc::new(clock.clone())).await.unwrap();
        let email = "ana@acme.example".to_owned();
        let (name, password) = ("Ana".parse().unwrap(), "correct horse battery".to_owned().into());
        let new = NewAccount { name, email: email.clone(), role: Role::Owner, password, organisation: None };
        admin::create_account(&core, new).await.unwrap();
        for recipient in ["Dana", "Eve"] {
            let recipient: RecipientName = recipient.parse().unwrap();
            admin::create_request(&core, recipient, &email, Some(String::new())).await.unwrap();
        }
        let mut unit = core.begin().await.unwrap();
        let sql = "UPDATE requests SET facts = 'x' WHERE recipient = 'Dana'";
        sqlx::query(sql).execute(unit.db()).await.unwrap();
        unit.commit().await.unwrap();

        clock.advance(Duration::from_secs(25 * 60 * 60));
        do_due(&core).await.unwrap();
        let mut db = core.store.read().await.unwrap();
        let sql = "SELECT id FROM requests WHERE recipient = 'Eve'";
        let eve: String = sqlx::query_scalar(sql).fetch_one(&mut *db).await.unwrap();
        let eve = requests::by_id(&mut db, RequestId(eve.parse().unwrap())).await.unwrap().unwrap();
        assert_eq!(eve.request.status.name(), StatusName::Expired);
        let next = jobs::next_due(&mut db).await.unwrap();
        assert_eq!(next, Some(core.now() + BROKEN_AGAIN));
    }
}
