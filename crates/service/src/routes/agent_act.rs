//! What an agent does to a request.

use axum::Json;
use axum::extract::State;
use beckon_domain::session_request::{Agent, Edit, Expiry, Status};
use beckon_domain::statement::Side;
use beckon_domain::{Act, ProposedProfile, Refusal, RequestId, SessionId, SessionRequest, SignedStatement};
use beckon_wire::Code;
use beckon_wire::request::{AgentAct, EditRequest, RequestView};

use super::body::{Body, Id};
use super::join::hosts_a_session;
use crate::app::Shared;
use crate::assigning::{given, queues_of};
use crate::error::Answer;
use crate::identity::{Caller, Reader};
use crate::mail;
use crate::store::{Entry, Unit, changes, sessions};
use crate::view::Views;

pub async fn act(
    State(app): State<Shared>,
    Caller(device): Caller,
    Id(id): Id,
    Body(act): Body<AgentAct>,
) -> Answer<Json<RequestView>> {
    let id = RequestId(id);
    let mut unit = app.core.begin().await?;
    let reader = Reader::load(unit.db(), device).await?;
    reader.account()?;
    let before = in_sight(&mut unit, &reader, id, &act).await?;
    let agent = reader.agent()?;
    if let AgentAct::Ask(signed) | AgentAct::Connect(signed) = &act {
        introduce(&mut unit, &reader, agent, &before, signed).await?;
    }
    let name = act_of(&act);
    if act == AgentAct::SendAgain {
        let entry = Entry { act: name, by: Some(agent.account), device: Some(device), detail: None };
        mail::send_again(&mut unit, &before, &entry).await?;
    }
    let after = decide(&mut unit, before.clone(), &act, agent, &reader).await?;
    can_be_mailed(&mut unit, &before, &after).await?;
    let detail = detail(&act, &after)?;
    if let (Act::EndAndClose, Some(comment), Some(session)) = (name, &detail, before.status.session()) {
        sessions::comment(unit.db(), session, comment).await?;
    }
    let entry = Entry { act: name, by: Some(agent.account), device: Some(device), detail };
    let stored = unit.record(&before, after, entry).await?;
    let now = unit.now;
    let view = Views::new(unit.db(), &reader, now).request(&stored).await?;
    unit.commit().await?;
    Ok(Json(view))
}

/// The request, if this reader sees it. Of two agents who take a request, the second loses sight of it in
/// the same moment; they are told who has it, not that it does not exist.
async fn in_sight(
    unit: &mut Unit<'_>,
    reader: &Reader,
    id: RequestId,
    act: &AgentAct,
) -> Answer<SessionRequest> {
    let request = unit.request(id).await?.ok_or(Code::NotFound)?;
    if reader.sees(&request) {
        return Ok(request);
    }
    let takes = matches!(act, AgentAct::Claim | AgentAct::Ask(_) | AgentAct::Connect(_));
    match request.assignment.agent {
        Some(agent) if takes && changes::was_shown(unit.db(), reader, id).await? => {
            unit.decided(Err(Refusal::TakenBy { agent })).await
        }
        _ => Err(Code::NotFound.into()),
    }
}

async fn decide(
    unit: &mut Unit<'_>,
    request: SessionRequest,
    act: &AgentAct,
    by: Agent,
    reader: &Reader,
) -> Answer<SessionRequest> {
    let now = unit.now;
    let decided = match act {
        AgentAct::Edit(edit) => request.edit(read(edit), now),
        AgentAct::Comment(comments) => Ok(request.comment(comments.clone())),
        AgentAct::Claim => request.claim(by, &reader.queues),
        AgentAct::Release => request.release(),
        AgentAct::Assign(to) => {
            let assignment = given(unit.db(), request.assignment, *to, by.account).await?;
            request.assign(assignment, &queues_of(unit.db(), assignment).await?)
        }
        AgentAct::Reschedule { schedule, expiry } => request.reschedule(schedule.clone(), *expiry, now),
        AgentAct::StartNow => request.start_now(now),
        AgentAct::Ask(signed) => request.ask(by, signed.statement.session, now),
        AgentAct::CancelAsk => request.cancel_ask(by),
        AgentAct::Connect(signed) => request.connect(by, &reader.queues, signed.statement.session, now),
        AgentAct::Disconnect => request.disconnect(by, now),
        AgentAct::EndAndClose { .. } => request.end_and_close(by, now),
        AgentAct::NewLink => request.new_link(),
        AgentAct::Close => request.close(now),
        AgentAct::Reopen => request.reopen(Expiry::default(), now),
        AgentAct::ReopenFor(expiry) => request.reopen(*expiry, now),
        // Of the mail; the request stays as it is.
        AgentAct::SendAgain => Ok(request),
    };
    unit.decided(decided).await
}

fn read(edit: &EditRequest) -> Edit {
    let EditRequest { recipient, contact, profile, own_profile, expiry } = edit.clone();
    let profile = own_profile.map(ProposedProfile::Own).or(profile.map(ProposedProfile::BuiltIn));
    Edit { recipient, contact, profile, expiry }
}

/// Whoever wants mail from now on is told so if there is no server; what was wanted before waits for one.
async fn can_be_mailed(unit: &mut Unit<'_>, before: &SessionRequest, after: &SessionRequest) -> Answer<()> {
    let invites = mail::news(Some(before), after) == Some(mail::News::Invitation);
    if invites && !mail::is_set(unit.db()).await? { Err(Code::MailNotSet.into()) } else { Ok(()) }
}

fn act_of(act: &AgentAct) -> Act {
    match act {
        AgentAct::Edit(_) => Act::Edit,
        AgentAct::Comment(_) => Act::Comment,
        AgentAct::Assign(_) => Act::Assign,
        AgentAct::Reschedule { .. } => Act::Reschedule,
        AgentAct::Claim => Act::Claim,
        AgentAct::Release => Act::Release,
        AgentAct::StartNow => Act::StartNow,
        AgentAct::Ask(_) => Act::Ask,
        AgentAct::CancelAsk => Act::CancelAsk,
        AgentAct::Connect(_) => Act::Connect,
        AgentAct::Disconnect => Act::Disconnect,
        AgentAct::EndAndClose { .. } => Act::EndAndClose,
        AgentAct::NewLink => Act::NewLink,
        AgentAct::Close => Act::Close,
        AgentAct::Reopen | AgentAct::ReopenFor(_) => Act::Reopen,
        AgentAct::SendAgain => Act::SendAgain,
    }
}

/// What the history keeps beside the act.
fn detail(act: &AgentAct, after: &SessionRequest) -> Answer<Option<String>> {
    Ok(match act {
        AgentAct::EndAndClose { comment: Some(comment) } => Some(comment.as_str().to_owned()),
        AgentAct::Assign(_) => Some(serde_json::to_string(&after.assignment)?),
        AgentAct::Reschedule { schedule, .. } => Some(serde_json::to_string(schedule)?),
        AgentAct::Ask(signed) | AgentAct::Connect(signed) => Some(signed.statement.session.0.to_string()),
        _ => None,
    })
}

/// *Ask* and *connect* carry what the viewer signed for that session; it is kept before the act is decided,
/// and with the act it is forgotten if that is refused.
async fn introduce(
    unit: &mut Unit<'_>,
    reader: &Reader,
    by: Agent,
    request: &SessionRequest,
    signed: &SignedStatement,
) -> Answer<()> {
    let statement = &signed.statement;
    let fits = signed.device == reader.device.key
        && statement.side == Side::Viewer
        && statement.purpose == request.purpose()
        && signed.verify().is_ok();
    if !fits {
        return Err(Code::WrongStatement.into());
    }
    hosts_nothing(unit, reader, request).await?;
    let Some(there) = sessions::by_id(unit.db(), statement.session).await? else {
        let now = unit.now;
        return sessions::insert(unit.db(), request.id, by.account, by.device, signed, now).await;
    };
    let same = there.request == request.id
        && there.account == by.account
        && there.viewer == by.device
        && there.viewer_statement == *signed;
    // A session that is over is not begun again: its keys are forgotten.
    if same && is_pending(request, statement.session) { Ok(()) } else { Err(Code::IdTaken.into()) }
}

fn is_pending(request: &SessionRequest, session: SessionId) -> bool {
    match &request.status {
        Status::Waiting(waiting) => waiting.ask.is_some_and(|ask| ask.session == session),
        status => status.session() == Some(session),
    }
}

/// No device is host and viewer at once, and nobody views the device that they sit at.
async fn hosts_nothing(unit: &mut Unit<'_>, reader: &Reader, request: &SessionRequest) -> Answer<()> {
    if reader.is_host_of(request) {
        return Err(Code::InASession.into());
    }
    if hosts_a_session(unit, reader.device.id).await? { Err(Code::InASession.into()) } else { Ok(()) }
}
