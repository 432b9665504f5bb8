//! Does what is due, when it is due, by the service's clock.

use std::time::Duration;

use beckon_domain::RequestId;

use crate::app::Shared;
use crate::error::Answer;
use crate::store::{Core, jobs};

/// The wall clock may be set; looking again bounds how late that makes anything.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);

/// Runs until the service stops.
pub async fn run(app: Shared) {
    loop {
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
            () = app.core.clock.sleep(wait) => {}
        }
    }
}

/// How long there is nothing to do after it.
async fn do_due(core: &Core) -> Answer<Duration> {
    loop {
        let now = core.now();
        let mut db = core.store.read().await?;
        let due = jobs::due(&mut db, now).await?;
        if due.is_empty() {
            let next = jobs::next_due(&mut db).await?;
            let wait = next.and_then(|next| (next - now).to_std().ok());
            return Ok(wait.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN));
        }
        drop(db);
        for request in due {
            elapse(core, request).await?;
        }
    }
}

async fn elapse(core: &Core, id: RequestId) -> Answer<()> {
    let mut unit = core.begin().await?;
    let due = jobs::due_of(unit.db(), id).await?;
    if due.is_none_or(|due| due > unit.now) {
        // An act came first, and has already looked at the time.
        return Ok(());
    }
    match unit.request(id).await? {
        // Nothing happened to it, but what may be done with it has changed.
        Some(request) if jobs::due_of(unit.db(), id).await? == due => unit.touch(&request).await?,
        Some(_) => {}
        None => jobs::set_due(unit.db(), id, None).await?,
    }
    unit.commit().await
}
