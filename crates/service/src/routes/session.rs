//! Introducing two devices for one session, and hearing how it goes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use beckon_domain::grant::{GRANT_LIFETIME, Party};
use beckon_domain::statement::Side;
use beckon_domain::{
    Act, DeviceId, Grant, Refusal, SessionId, SessionRequest, SignedGrant, SignedStatement, Status,
};
use beckon_wire::Code;
use beckon_wire::session::HostReport;
use chrono::{DateTime, Utc};

use super::body::{Body, Id};
use super::introduction;
use super::join::views_nothing;
use crate::app::Shared;
use crate::error::{Answer, Failure};
use crate::identity::{Caller, Reader, Snapshot};
use crate::store::sessions::{self, Session};
use crate::store::{Entry, Unit, accounts, introductions, queues, requests, settings};

/// The host signed its side: now the service vouches for both.
pub async fn answer(
    State(app): State<Shared>,
    Caller(device): Caller,
    Id(id): Id,
    Body(signed): Body<SignedStatement>,
) -> Answer<Json<SignedGrant>> {
    let mut unit = app.core.begin().await?;
    let reader = Reader::load(unit.db(), device).await?;
    if let Some(stored) = unit.introduction(SessionId(id)).await? {
        let grant = introduction::answer(&mut unit, &app, &reader, stored, signed).await?;
        unit.commit().await?;
        return Ok(Json(grant));
    }
    let (session, request) = of_host(&mut unit, &reader, SessionId(id)).await?;
    if request.status.session() != Some(session.id) {
        return Err(Failure::refusal(Refusal::OtherSession, None));
    }
    check_host(&reader, &session, &request, &signed)?;
    if let Some(grant) = session.grant {
        let same = session.host_endpoint == Some(signed.statement.endpoint) && session.host == Some(device);
        return if same { Ok(Json(grant)) } else { Err(Code::WrongStatement.into()) };
    }
    if !matches!(request.status, Status::Ready(_)) {
        return Err(Failure::refusal(Refusal::OtherSession, None));
    }
    views_nothing(&mut unit, device).await?;
    let grant = grant_for(&mut unit, &request, session, device, signed).await?;
    let grant = grant.sign(app.core.keys.signing()).map_err(anyhow::Error::from)?;
    let now = unit.now;
    sessions::keep_grant(unit.db(), device, &signed, &grant, now).await?;
    unit.touch(&request).await?;
    unit.commit().await?;
    Ok(Json(grant))
}

/// The session and its request, for the device that joined it; for others there is none.
async fn of_host(unit: &mut Unit<'_>, reader: &Reader, id: SessionId) -> Answer<(Session, SessionRequest)> {
    let session = sessions::by_id(unit.db(), id).await?.ok_or(Code::NotFound)?;
    let request = unit.request(session.request).await?.ok_or(Code::NotFound)?;
    if reader.is_host_of(&request) { Ok((session, request)) } else { Err(Code::NotTheHost.into()) }
}

fn check_host(
    reader: &Reader,
    session: &Session,
    request: &SessionRequest,
    signed: &SignedStatement,
) -> Answer<()> {
    let statement = &signed.statement;
    let fits = statement.session == session.id
        && statement.side == Side::Host
        && statement.purpose == request.purpose()
        && statement.endpoint != session.viewer_statement.statement.endpoint
        && signed.device == reader.device.key
        && signed.verify().is_ok();
    if fits { Ok(()) } else { Err(Code::WrongStatement.into()) }
}

async fn grant_for(
    unit: &mut Unit<'_>,
    request: &SessionRequest,
    session: Session,
    host: DeviceId,
    signed: SignedStatement,
) -> Answer<Grant> {
    let account = accounts::by_id(unit.db(), session.account).await?.filter(|account| !account.disabled);
    let account = account.ok_or_else(|| Failure::refusal(Refusal::OtherSession, None))?;
    // The queue counts only for an agent who belongs to it.
    let queues = queues::of(unit.db(), account.id).await?;
    let queue = request.assignment.queue.filter(|queue| queues.contains(queue));
    Ok(Grant {
        host: Party { device: host, signed },
        viewer: Party { device: session.viewer, signed: session.viewer_statement },
        account: Some(account.id),
        account_name: Some(account.name),
        organisation: settings::organisation(unit.db()).await?,
        queue,
        permissions: request.profile.permissions(),
        not_after: unit.now + GRANT_LIFETIME,
    })
}

/// For the viewer: there as soon as the host has answered.
pub async fn grant(
    State(app): State<Shared>,
    Snapshot { mut db, reader }: Snapshot,
    Id(id): Id,
) -> Answer<Json<SignedGrant>> {
    let now = app.core.now();
    if let Some(stored) = introductions::by_session(&mut db, SessionId(id)).await? {
        return introduction::grant(&reader, stored, now).map(Json);
    }
    let agent = reader.agent()?;
    let session = sessions::by_id(&mut db, SessionId(id)).await?;
    let session =
        session.filter(|session| session.viewer == agent.device && session.account == agent.account);
    let session = session.ok_or(Code::NotFound)?;
    let stored = requests::by_id(&mut db, session.request).await?.ok_or(Code::NotFound)?;
    // What time has done to it may not have been written yet.
    let (request, _) = stored.request.elapse(now);
    let asked = matches!(&request.status, Status::Waiting(waiting)
        if waiting.ask.is_some_and(|ask| ask.session == session.id));
    if !asked && request.status.session() != Some(session.id) {
        return Err(Failure::refusal(Refusal::OtherSession, None));
    }
    session.grant.map(Json).ok_or(Code::GrantNotReady.into())
}

pub async fn report(
    State(app): State<Shared>,
    Caller(device): Caller,
    Id(id): Id,
    Body(report): Body<HostReport>,
) -> Answer<StatusCode> {
    let mut unit = app.core.begin().await?;
    let reader = Reader::load(unit.db(), device).await?;
    if let Some(stored) = unit.introduction(SessionId(id)).await? {
        introduction::report(&mut unit, &reader, stored, report).await?;
        unit.commit().await?;
        return Ok(StatusCode::NO_CONTENT);
    }
    let (session, before) = of_host(&mut unit, &reader, SessionId(id)).await?;
    if session.grant.is_none() {
        return Err(Failure::refusal(Refusal::OtherSession, None));
    }
    let now = unit.now;
    let decided = decide(before.clone(), report, device, session.id, now);
    let after = unit.decided(decided).await?;
    let entry = Entry { by: None, ..Entry::by_host(act_of(report, &before, session.id), device) };
    unit.beat(&before, after, entry).await?;
    unit.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn decide(
    request: SessionRequest,
    report: HostReport,
    by: DeviceId,
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<SessionRequest, Refusal> {
    match report {
        HostReport::Connected => request.connected(by, session, now),
        HostReport::Beat => request.beat(by, session, now),
        HostReport::Lost => request.connection_lost(by, session, now),
        HostReport::ViewerLeft => request.viewer_left(by, session, now),
        HostReport::HostEnded if request.status.session() == Some(session) => request.end(by, now),
        HostReport::HostEnded => Err(Refusal::OtherSession),
    }
}

/// A beat, or *connected* again, after a loss says that the connection is back.
fn act_of(report: HostReport, before: &SessionRequest, session: SessionId) -> Act {
    match report {
        HostReport::Connected if before.status.session() == Some(session) && is_reserved(before) => {
            Act::Connected
        }
        HostReport::Connected | HostReport::Beat => Act::ConnectionBack,
        HostReport::Lost => Act::ConnectionLost,
        HostReport::ViewerLeft => Act::Disconnect,
        HostReport::HostEnded => Act::End,
    }
}

fn is_reserved(request: &SessionRequest) -> bool {
    matches!(request.status, Status::Ready(_))
}
