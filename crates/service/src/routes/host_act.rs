//! What the joined device does.

use axum::Json;
use axum::extract::State;
use beckon_domain::{Act, DeviceId, Refusal, RequestId, SessionRequest};
use beckon_wire::Code;
use beckon_wire::join::{HostAct, JoinedView};
use chrono::{DateTime, Utc};

use super::body::{Body, Id};
use super::join::{asks, hosts_a_session, views_nothing};
use crate::app::Shared;
use crate::error::Answer;
use crate::identity::{Caller, Reader};
use crate::store::{Entry, Unit};
use crate::view::Views;

pub async fn act(
    State(app): State<Shared>,
    Caller(device): Caller,
    Id(id): Id,
    Body(act): Body<HostAct>,
) -> Answer<Json<JoinedView>> {
    let mut unit = app.core.begin().await?;
    let reader = Reader::load(unit.db(), device).await?;
    let before = unit.request(RequestId(id)).await?.ok_or(Code::NotFound)?;
    // Others learn nothing of a request that they have not joined, not even its status.
    if !reader.is_host_of(&before) {
        return Err(Code::NotTheHost.into());
    }
    let mut asked = before.clone();
    if matches!(act, HostAct::Allow { .. }) {
        views_nothing(&mut unit, device).await?;
        asked = without_a_busy_asker(&mut unit, asked).await?;
    }
    let now = unit.now;
    let decided = decide(asked, act, device, now);
    let after = unit.decided(decided).await?;
    let after = unit.record(&before, after, Entry::by_host(act_of(act), device)).await?;
    let view = Views::new(unit.db(), &reader, now).joined(&after.request).await?;
    unit.commit().await?;
    Ok(Json(view))
}

/// Who shares their own screen by now is not let in by what they asked before; the consent stands.
async fn without_a_busy_asker(unit: &mut Unit<'_>, request: SessionRequest) -> Answer<SessionRequest> {
    let Some(agent) = asks(&request) else { return Ok(request) };
    if !hosts_a_session(unit, agent.device).await? {
        return Ok(request);
    }
    unit.decided(request.cancel_ask(agent)).await
}

fn decide(
    request: SessionRequest,
    act: HostAct,
    by: DeviceId,
    now: DateTime<Utc>,
) -> Result<SessionRequest, Refusal> {
    match act {
        HostAct::Allow { revision } => request.allow(by, revision, now),
        HostAct::Deny => request.deny(by, now),
        HostAct::End => request.end(by, now),
        HostAct::Leave => request.leave(by),
        HostAct::ConsentOver => request.consent_over(by),
    }
}

fn act_of(act: HostAct) -> Act {
    match act {
        HostAct::Allow { .. } => Act::Allow,
        HostAct::Deny => Act::Deny,
        HostAct::End => Act::End,
        HostAct::Leave => Act::Leave,
        HostAct::ConsentOver => Act::ConsentOver,
    }
}
