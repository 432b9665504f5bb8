//! A device calls another; the other one's person answers.

use axum::Json;
use axum::extract::State;
use beckon_domain::call::CALLS_A_MINUTE;
use beckon_domain::introduction::Course;
use beckon_domain::{Call, CallId, Introduction, PermissionSet};
use beckon_wire::call::{CallAct, CallView, PlaceCall};
use beckon_wire::{ApiError, Code};

use super::body::{Body, Id};
use super::introduction::{at_home, fits_viewer, is_unused, not_too_fast, other_than};
use super::join::{hosts_a_session, views_nothing};
use crate::app::Shared;
use crate::error::Answer;
use crate::identity::{Caller, Reader};
use crate::store::{Unit, calls, peers};
use crate::view::Views;

pub async fn post(
    State(app): State<Shared>,
    Caller(device): Caller,
    Body(body): Body<PlaceCall>,
) -> Answer<Json<CallView>> {
    let mut unit = app.core.begin().await?;
    let reader = Reader::load(unit.db(), device).await?;
    let call = place(&mut unit, &reader, body).await?;
    answer(unit, &reader, &call).await
}

/// Placing again what was placed changes nothing; another call under the same id is refused.
async fn place(unit: &mut Unit<'_>, reader: &Reader, body: PlaceCall) -> Answer<Call> {
    let said = serde_json::to_string(&body)?;
    let caller = reader.device.id;
    if let Some(there) = unit.call(body.id).await? {
        let same =
            there.caller == caller && calls::placed_with(unit.db(), body.id).await?.as_deref() == Some(&said);
        return if same { Ok(there) } else { Err(Code::IdTaken.into()) };
    }
    at_home(&reader.device)?;
    other_than(&reader.device, &body.target)?;
    if hosts_a_session(unit, caller).await? {
        return Err(Code::InASession.into());
    }
    within_limits(unit, reader).await?;
    let called = peers::reachable(unit.db(), caller, &body.target).await?;
    let session = body.statement.statement.session;
    let call = Call::place(body.id, caller, body.target, called, session, unit.now);
    fits_viewer(reader, &body.statement, call.occasion())?;
    is_unused(unit, session).await?;
    unit.place_call(call, &body.statement, &said).await
}

async fn within_limits(unit: &mut Unit<'_>, reader: &Reader) -> Answer<()> {
    let caller = reader.device.id;
    for id in calls::ringing_of(unit.db(), caller).await? {
        // Time may have ended it just now.
        let call = unit.call(id).await?;
        if call.is_some_and(|call| call.state.decided_at().is_none()) {
            return Err(Code::AlreadyCalling.into());
        }
    }
    let earliest = calls::nth_last_placed(unit.db(), caller, CALLS_A_MINUTE).await?;
    not_too_fast(earliest, unit.now)
}

pub async fn act(
    State(app): State<Shared>,
    Caller(device): Caller,
    Id(id): Id,
    Body(act): Body<CallAct>,
) -> Answer<Json<CallView>> {
    let mut unit = app.core.begin().await?;
    let reader = Reader::load(unit.db(), device).await?;
    // What one has no part in is not there.
    let before = unit.call(CallId(id)).await?.filter(|call| call.concerns(device)).ok_or(Code::NotFound)?;
    let now = unit.now;
    let after = match act {
        CallAct::Accept => return accept(unit, &reader, before).await,
        CallAct::Reject => before.clone().reject(device, now)?,
        CallAct::Cancel => before.clone().cancel(device, now)?,
    };
    unit.keep_call(&before, &after).await?;
    answer(unit, &reader, &after).await
}

/// *Allow access*: who is called becomes the host.
async fn accept(mut unit: Unit<'_>, reader: &Reader, before: Call) -> Answer<Json<CallView>> {
    let (device, now) = (reader.device.id, unit.now);
    let after = before.clone().accept(device, now)?;
    if after == before {
        return answer(unit, reader, &after).await;
    }
    views_nothing(&mut unit, device).await?;
    if hosts_a_session(&mut unit, before.caller).await? {
        return cannot_view(unit, before).await;
    }
    let signed = calls::statement_of(unit.db(), before.id).await?.ok_or(Code::NotFound)?;
    let introduction = Introduction {
        session: after.session,
        occasion: after.occasion(),
        host: device,
        viewer: after.caller,
        permissions: PermissionSet::NONE,
        accepted_at: now,
        course: Course::Connecting,
    };
    unit.introduce(&introduction, &signed).await?;
    unit.keep_call(&before, &after).await?;
    answer(unit, reader, &after).await
}

/// The caller shares their own screen by now, so they cannot look at another: the call is taken back.
async fn cannot_view(mut unit: Unit<'_>, before: Call) -> Answer<Json<CallView>> {
    let cancelled = before.clone().cancel(before.caller, unit.now)?;
    unit.keep_call(&before, &cancelled).await?;
    unit.commit().await?;
    Err(ApiError::new(Code::CallOver).with("state", cancelled.state.name().as_str()).into())
}

async fn answer(mut unit: Unit<'_>, reader: &Reader, call: &Call) -> Answer<Json<CallView>> {
    let now = unit.now;
    let view = Views::new(unit.db(), reader, now).call(call).await?;
    unit.commit().await?;
    Ok(Json(view))
}
