//! A device joins with the link or the code.

use axum::Json;
use axum::extract::State;
use beckon_domain::session_request::Agent;
use beckon_domain::{Act, DeviceId, SessionRequest, Status};
use beckon_wire::Code;
use beckon_wire::join::{Join, JoinedView};

use super::body::Body;
use crate::app::Shared;
use crate::error::{Answer, Failure};
use crate::identity::{Address, Caller, Reader};
use crate::seal::Hashed;
use crate::store::links::Found;
use crate::store::{Entry, Unit, introductions, links, requests};
use crate::view::Views;

pub async fn join(
    State(app): State<Shared>,
    address: Address,
    Caller(device): Caller,
    Body(proof): Body<Join>,
) -> Answer<Json<JoinedView>> {
    app.budgets.spend_join(address)?;
    let answer = with_proof(&app, device, proof).await;
    // Only what opens nothing was a wrong try; one of our own failures was none.
    let wrong = matches!(&answer, Err(Failure::Refused(error)) if error.code == Code::LinkUnknown);
    if !wrong {
        app.budgets.give_back_join(&address);
    }
    answer.map(Json)
}

async fn with_proof(app: &Shared, device: DeviceId, proof: Join) -> Answer<JoinedView> {
    let mut unit = app.core.begin().await?;
    let reader = Reader::load(unit.db(), device).await?;
    let found = look_up(&mut unit, &proof).await?.ok_or(Code::LinkUnknown)?;
    let before = unit.request(found.request).await?.ok_or(Code::LinkUnknown)?;
    opens(&found, &before)?;
    is_free(&mut unit, device, &before).await?;
    let now = unit.now;
    let decided = before.clone().join(device, now);
    let after = unit.decided(decided).await?;
    let after = unit.record(&before, after, Entry::by_host(Act::Join, device)).await?;
    let view = Views::new(unit.db(), &reader, now).joined(&after.request).await?;
    unit.commit().await?;
    Ok(view)
}

async fn look_up(unit: &mut Unit<'_>, proof: &Join) -> Answer<Option<Found>> {
    match proof {
        Join::Code(code) => {
            let hash = unit.keys().hash(Hashed::JoinCode, code.as_bytes());
            links::by_code_hash(unit.db(), &hash).await
        }
        Join::Link(token) => {
            let hash = unit.keys().hash(Hashed::LinkToken, token.as_bytes());
            links::by_token_hash(unit.db(), &hash).await
        }
    }
}

fn opens(found: &Found, request: &SessionRequest) -> Answer<()> {
    match &request.status {
        _ if found.replaced || found.number != request.link => Err(Code::LinkReplaced.into()),
        Status::Closed { .. } => Err(Code::LinkClosed.into()),
        Status::Expired { .. } => Err(Code::LinkExpired.into()),
        _ => Ok(()),
    }
}

/// A device has one joined request at a time, and no link makes it leave the first; whoever views a session
/// does not share at the same time.
async fn is_free(unit: &mut Unit<'_>, device: DeviceId, request: &SessionRequest) -> Answer<()> {
    if let Some(joined) = requests::joined_by(unit.db(), device).await?
        && joined.request.id != request.id
    {
        // Time may have ended it just now.
        let still = unit.request(joined.request.id).await?;
        if still.is_some_and(|joined| joined.host().is_some_and(|host| host.device == device)) {
            return Err(Code::JoinedAnother.into());
        }
    }
    views_nothing(unit, device).await
}

/// An ask counts: the *Allow* that answers it begins a session at once.
pub async fn views_nothing(unit: &mut Unit<'_>, device: DeviceId) -> Answer<()> {
    for id in requests::viewed_by(unit.db(), device).await? {
        let viewed = unit.request(id).await?;
        if viewed.is_some_and(|request| asks(&request).is_some() || request.status.session().is_some()) {
            return Err(Code::InASession.into());
        }
    }
    let now = unit.now;
    if introductions::views(unit.db(), device, now).await? { Err(Code::InASession.into()) } else { Ok(()) }
}

/// Whether this device shares its screen, or is about to.
pub async fn hosts_a_session(unit: &mut Unit<'_>, device: DeviceId) -> Answer<bool> {
    let now = unit.now;
    if introductions::hosts(unit.db(), device, now).await? {
        return Ok(true);
    }
    let Some(joined) = requests::joined_by(unit.db(), device).await? else { return Ok(false) };
    let joined = unit.request(joined.request.id).await?;
    Ok(joined.is_some_and(|request| request.status.session().is_some()))
}

/// Who asks to be let in.
pub fn asks(request: &SessionRequest) -> Option<Agent> {
    match &request.status {
        Status::Waiting(waiting) => waiting.ask.map(|ask| ask.agent),
        _ => None,
    }
}
