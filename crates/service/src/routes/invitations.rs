//! A device invites another; the other one answers.

use axum::Json;
use axum::extract::State;
use beckon_domain::introduction::Course;
use beckon_domain::invitation::{INVITATIONS_A_MINUTE, INVITATIONS_PENDING_MAX};
use beckon_domain::session_request::Revision;
use beckon_domain::{Introduction, Invitation, InvitationId, SignedStatement};
use beckon_wire::invitation::{CreateInvitation, InvitationAct, InvitationView};
use beckon_wire::{ApiError, Code};

use super::body::{Body, Id};
use super::introduction::{at_home, fits_viewer, is_unused, not_too_fast, other_than};
use super::join::{hosts_a_session, views_nothing};
use crate::app::Shared;
use crate::error::Answer;
use crate::identity::{Caller, Reader};
use crate::store::{Unit, introductions, invitations, peers};
use crate::view::Views;

pub async fn post(
    State(app): State<Shared>,
    Caller(device): Caller,
    Body(body): Body<CreateInvitation>,
) -> Answer<Json<InvitationView>> {
    let mut unit = app.core.begin().await?;
    let reader = Reader::load(unit.db(), device).await?;
    let invitation = create(&mut unit, &reader, body).await?;
    answer(unit, &reader, &invitation).await
}

/// Creating again what was created changes nothing; another invitation under the same id is refused.
async fn create(unit: &mut Unit<'_>, reader: &Reader, body: CreateInvitation) -> Answer<Invitation> {
    let said = serde_json::to_string(&body)?;
    let inviter = reader.device.id;
    if let Some(there) = unit.invitation(body.id).await? {
        let same = there.inviter == inviter
            && invitations::created_with(unit.db(), body.id).await?.as_deref() == Some(&said);
        return if same { Ok(there) } else { Err(Code::IdTaken.into()) };
    }
    at_home(&reader.device)?;
    other_than(&reader.device, &body.target)?;
    views_nothing(unit, inviter).await?;
    within_limits(unit, reader).await?;
    let invited = peers::reachable(unit.db(), inviter, &body.target).await?;
    let offer = (body.profile, body.permissions);
    let invitation = Invitation::send(body.id, inviter, body.target, invited, offer, unit.now);
    unit.send_invitation(invitation, &said).await
}

async fn within_limits(unit: &mut Unit<'_>, reader: &Reader) -> Answer<()> {
    let inviter = reader.device.id;
    let earliest = invitations::nth_last_sent(unit.db(), inviter, INVITATIONS_A_MINUTE).await?;
    not_too_fast(earliest, unit.now)?;
    let mut pending = 0;
    for id in invitations::pending_of(unit.db(), inviter).await? {
        // Time may have ended it just now.
        let invitation = unit.invitation(id).await?;
        pending += u32::from(invitation.is_some_and(|invitation| invitation.state.decided_at().is_none()));
    }
    if pending < INVITATIONS_PENDING_MAX {
        return Ok(());
    }
    Err(ApiError::new(Code::TooManyPending).with("max", INVITATIONS_PENDING_MAX).into())
}

pub async fn act(
    State(app): State<Shared>,
    Caller(device): Caller,
    Id(id): Id,
    Body(act): Body<InvitationAct>,
) -> Answer<Json<InvitationView>> {
    if matches!(act, InvitationAct::Edit { .. }) {
        app.budgets.invitation_edits.spend(device)?;
    }
    let mut unit = app.core.begin().await?;
    let reader = Reader::load(unit.db(), device).await?;
    let before = unit.invitation(InvitationId(id)).await?;
    // What one has no part in is not there.
    let before = before.filter(|invitation| invitation.concerns(device)).ok_or(Code::NotFound)?;
    let now = unit.now;
    let after = match act {
        InvitationAct::Edit { profile, permissions } => before.clone().edit(device, profile, permissions)?,
        InvitationAct::Cancel => before.clone().cancel(device, now)?,
        InvitationAct::Reject => before.clone().reject(device, now)?,
        InvitationAct::Accept { revision, statement } => {
            return accept(unit, &reader, before, revision, &statement).await;
        }
    };
    unit.keep_invitation(&before, &after).await?;
    answer(unit, &reader, &after).await
}

/// *Connect*: who is invited becomes the viewer, and who invited the host, without a further question.
async fn accept(
    mut unit: Unit<'_>,
    reader: &Reader,
    before: Invitation,
    seen: Revision,
    signed: &SignedStatement,
) -> Answer<Json<InvitationView>> {
    let (device, session, now) = (reader.device.id, signed.statement.session, unit.now);
    let after = before.clone().accept(device, seen, session, now)?;
    fits_viewer(reader, signed, after.occasion())?;
    if after == before {
        let stored = introductions::by_session(unit.db(), session).await?;
        let same = stored.is_some_and(|stored| stored.viewer_statement == *signed);
        return if same { answer(unit, reader, &after).await } else { Err(Code::IdTaken.into()) };
    }
    if hosts_a_session(&mut unit, device).await? {
        return Err(Code::InASession.into());
    }
    if views_nothing(&mut unit, before.inviter).await.is_err() {
        return cannot_host(unit, before).await;
    }
    is_unused(&mut unit, session).await?;
    let introduction = Introduction {
        session,
        occasion: after.occasion(),
        host: after.inviter,
        viewer: device,
        permissions: after.offer.permissions,
        accepted_at: now,
        course: Course::Connecting,
    };
    unit.introduce(&introduction, signed).await?;
    unit.keep_invitation(&before, &after).await?;
    answer(unit, reader, &after).await
}

/// The inviter looks at another screen by now, so nobody can look at theirs: it takes the invitation back.
async fn cannot_host(mut unit: Unit<'_>, before: Invitation) -> Answer<Json<InvitationView>> {
    let cancelled = before.clone().cancel(before.inviter, unit.now)?;
    unit.keep_invitation(&before, &cancelled).await?;
    unit.commit().await?;
    Err(ApiError::new(Code::InvitationOver).with("state", cancelled.state.name().as_str()).into())
}

async fn answer(
    mut unit: Unit<'_>,
    reader: &Reader,
    invitation: &Invitation,
) -> Answer<Json<InvitationView>> {
    let now = unit.now;
    let view = Views::new(unit.db(), reader, now).invitation(invitation).await?;
    unit.commit().await?;
    Ok(Json(view))
}
