//! Invitations: columns for what is searched, JSON for the facts of the state.

use beckon_domain::invitation::{InvitationState, InvitationStateName, Offer};
use beckon_domain::session_request::Revision;
use beckon_domain::{DeviceId, Invitation, InvitationId};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::changes::{self, Kind};
use super::introductions::{forget_at, is_live, keep_longer};
use super::{Columns, Unit, jobs};
use crate::error::Answer;

fn read(row: &SqliteRow) -> Answer<Invitation> {
    Ok(Invitation {
        id: InvitationId(row.id("id")?),
        inviter: row.parsed("inviter")?,
        target: row.json("target")?,
        invited: row.maybe("invited")?,
        offer: Offer {
            revision: Revision(row.try_get("revision")?),
            profile: row.parsed("profile")?,
            permissions: row.json("permissions")?,
        },
        sent_at: row.moment("sent_at")?,
        state: row.json("facts")?,
    })
}

pub async fn by_id(db: &mut SqliteConnection, id: InvitationId) -> Answer<Option<Invitation>> {
    let row = sqlx::query("SELECT * FROM invitations WHERE id = ?")
        .bind(id.0.to_string())
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read).transpose()
}

/// What it was created with.
pub async fn created_with(db: &mut SqliteConnection, id: InvitationId) -> Answer<Option<String>> {
    Ok(sqlx::query_scalar("SELECT said FROM invitations WHERE id = ?")
        .bind(id.0.to_string())
        .fetch_optional(db)
        .await?)
}

pub async fn pending_of(db: &mut SqliteConnection, inviter: DeviceId) -> Answer<Vec<InvitationId>> {
    let rows = sqlx::query("SELECT id FROM invitations WHERE state = 'pending' AND inviter = ?")
        .bind(inviter.to_string())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| Ok(InvitationId(row.id("id")?))).collect()
}

pub async fn all_pending(db: &mut SqliteConnection) -> Answer<Vec<InvitationId>> {
    let rows = sqlx::query("SELECT id FROM invitations WHERE state = 'pending'").fetch_all(db).await?;
    rows.iter().map(|row| Ok(InvitationId(row.id("id")?))).collect()
}

/// Those that no session came of, from one device to another.
pub async fn not_accepted(
    db: &mut SqliteConnection,
    inviter: DeviceId,
    invited: DeviceId,
) -> Answer<Vec<InvitationId>> {
    let rows =
        sqlx::query("SELECT id FROM invitations WHERE invited = ? AND inviter = ? AND state <> 'accepted'")
            .bind(invited.to_string())
            .bind(inviter.to_string())
            .fetch_all(db)
            .await?;
    rows.iter().map(|row| Ok(InvitationId(row.id("id")?))).collect()
}

pub async fn pending_for(db: &mut SqliteConnection, invited: DeviceId) -> Answer<Vec<InvitationId>> {
    let rows = sqlx::query("SELECT id FROM invitations WHERE invited = ? AND state = 'pending'")
        .bind(invited.to_string())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| Ok(InvitationId(row.id("id")?))).collect()
}

/// When this device sent its `nth` invitation, counted back from the last.
pub async fn nth_last_sent(
    db: &mut SqliteConnection,
    inviter: DeviceId,
    nth: u32,
) -> Answer<Option<DateTime<Utc>>> {
    let row = sqlx::query(
        "SELECT sent_at FROM invitations WHERE inviter = ? ORDER BY sent_at DESC LIMIT 1 OFFSET ?",
    )
    .bind(inviter.to_string())
    .bind(nth.saturating_sub(1))
    .fetch_optional(db)
    .await?;
    row.map(|row| row.moment("sent_at")).transpose()
}

async fn insert(db: &mut SqliteConnection, invitation: &Invitation, said: &str) -> Answer<()> {
    sqlx::query(
        "INSERT INTO invitations (id, inviter, target, sent_at, said, revision, profile, permissions, facts, state)
         VALUES (?, ?, ?, ?, ?, 0, '', '', '', '')",
    )
    .bind(invitation.id.0.to_string())
    .bind(invitation.inviter.to_string())
    .bind(serde_json::to_string(&invitation.target)?)
    .bind(invitation.sent_at.timestamp_millis())
    .bind(said)
    .execute(&mut *db)
    .await?;
    update(db, invitation).await
}

/// Writes all that may change, so that there is one list of the columns.
async fn update(db: &mut SqliteConnection, invitation: &Invitation) -> Answer<()> {
    sqlx::query(
        "UPDATE invitations SET invited = ?, revision = ?, profile = ?, permissions = ?, facts = ?, state = ?
         WHERE id = ?",
    )
    .bind(invitation.invited.map(|id| id.to_string()))
    .bind(invitation.offer.revision.0)
    .bind(invitation.offer.profile.as_str())
    .bind(serde_json::to_string(&invitation.offer.permissions)?)
    .bind(serde_json::to_string(&invitation.state)?)
    .bind(invitation.state.name().as_str())
    .bind(invitation.id.0.to_string())
    .execute(db)
    .await?;
    Ok(())
}

impl Unit<'_> {
    /// The invitation as it is now: what time has done to it is done first.
    pub async fn invitation(&mut self, id: InvitationId) -> Answer<Option<Invitation>> {
        let Some(before) = by_id(self.db(), id).await? else { return Ok(None) };
        let after = before.clone().elapse(self.now);
        self.keep_invitation(&before, &after).await?;
        Ok(Some(after))
    }

    /// Returns it as it was kept: an inviter who is not there is gone.
    pub async fn send_invitation(&mut self, invitation: Invitation, said: &str) -> Answer<Invitation> {
        let there = self.hears_of(invitation.inviter);
        let now = self.now;
        let invitation = if there { invitation } else { invitation.inviter_gone(now) };
        insert(self.db(), &invitation, said).await?;
        self.set_invitation_due(&invitation).await?;
        self.stir_invitation(&invitation, None).await?;
        Ok(invitation)
    }

    /// One that changes nothing leaves no trace.
    pub async fn keep_invitation(&mut self, before: &Invitation, after: &Invitation) -> Answer<()> {
        if before == after {
            return Ok(());
        }
        update(self.db(), after).await?;
        self.set_invitation_due(after).await?;
        if looks_the_same(before, after) { Ok(()) } else { self.stir_invitation(after, before.invited).await }
    }

    /// Something beside its own state changed in what its two devices see.
    async fn stir_invitation(&mut self, invitation: &Invitation, was: Option<DeviceId>) -> Answer<()> {
        let sees = [Some(invitation.inviter), invitation.invited.or(was)];
        changes::number_for(self.db(), Kind::Invitation, invitation.id.0, sees).await
    }

    /// Done when it is due: it ends, and long afterwards it is forgotten.
    pub async fn elapse_invitation(&mut self, id: InvitationId) -> Answer<()> {
        let Some(invitation) = self.invitation(id).await? else {
            return jobs::set_due(self.db(), id, None).await;
        };
        let now = self.now;
        if forget_at_of(&invitation).is_none_or(|at| at > now) {
            return Ok(());
        }
        if let Some(session) = invitation.state.session() {
            if is_live(self.db(), session, now).await? {
                return jobs::set_due(self.db(), id, Some(keep_longer(now))).await;
            }
            super::introductions::forget(self.db(), session).await?;
        }
        sqlx::query("DELETE FROM invitations WHERE id = ?").bind(id.0.to_string()).execute(self.db()).await?;
        jobs::set_due(self.db(), id, None).await?;
        self.stir_invitation(&invitation, None).await
    }

    async fn set_invitation_due(&mut self, invitation: &Invitation) -> Answer<()> {
        let due = invitation.due().or(forget_at_of(invitation));
        jobs::set_due(self.db(), invitation.id, due).await
    }
}

fn forget_at_of(invitation: &Invitation) -> Option<DateTime<Utc>> {
    let accepted = invitation.state.name() == InvitationStateName::Accepted;
    invitation.state.decided_at().map(|at| forget_at(at, accepted))
}

/// Whether the inviter's client is there is seen by nobody.
fn looks_the_same(before: &Invitation, after: &Invitation) -> bool {
    let plain = |invitation: &Invitation| Invitation {
        state: match invitation.state {
            InvitationState::Pending { .. } => InvitationState::Pending { gone_since: None },
            decided => decided,
        },
        ..invitation.clone()
    };
    plain(before) == plain(after)
}
