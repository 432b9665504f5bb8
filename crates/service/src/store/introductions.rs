//! The sessions of accepted invitations and calls, and whom the service hears of meanwhile.

use beckon_domain::introduction::{Course, Introduction, Occasion};
use beckon_domain::{DeviceId, PublicKey, SessionId, SignedGrant, SignedStatement};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::changes::{self, Kind};
use super::{Columns, Unit, calls, invitations, jobs, peers};
use crate::error::Answer;

/// What a session came of is kept for *Recent Sessions*, …
const ACCEPTED_KEPT: TimeDelta = TimeDelta::days(90);
/// … and what nobody accepted only for as long as somebody may wonder.
const OTHERS_KEPT: TimeDelta = TimeDelta::days(7);
const LIVE_KEPT: TimeDelta = TimeDelta::days(1);

#[derive(Debug, Clone)]
pub struct Stored {
    pub introduction: Introduction,
    pub viewer_statement: SignedStatement,
    pub host_endpoint: Option<PublicKey>,
    pub grant: Option<SignedGrant>,
}

fn read(row: &SqliteRow) -> Answer<Stored> {
    let grant: Option<&str> = row.try_get("signed_grant")?;
    let introduction = Introduction {
        session: SessionId(row.id("session")?),
        occasion: row.json("occasion")?,
        host: row.parsed("host")?,
        viewer: row.parsed("viewer")?,
        permissions: row.json("permissions")?,
        accepted_at: row.moment("accepted_at")?,
        course: row.json("facts")?,
    };
    Ok(Stored {
        introduction,
        viewer_statement: row.json("viewer_statement")?,
        host_endpoint: row.maybe("host_endpoint")?,
        grant: grant.map(serde_json::from_str).transpose()?,
    })
}

pub async fn by_session(db: &mut SqliteConnection, id: SessionId) -> Answer<Option<Stored>> {
    let row = sqlx::query("SELECT * FROM introductions WHERE session = ?")
        .bind(id.0.to_string())
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Whether this key is that of either side of a session that lives.
pub async fn admits(db: &mut SqliteConnection, endpoint: &PublicKey, now: DateTime<Utc>) -> Answer<bool> {
    let rows = sqlx::query("SELECT * FROM introductions WHERE viewer_endpoint = ? OR host_endpoint = ?")
        .bind(endpoint.to_string())
        .bind(endpoint.to_string())
        .fetch_all(db)
        .await?;
    any_lives(&rows, now)
}

pub async fn hosts(db: &mut SqliteConnection, device: DeviceId, now: DateTime<Utc>) -> Answer<bool> {
    let rows = sqlx::query("SELECT * FROM introductions WHERE host = ? AND live")
        .bind(device.to_string())
        .fetch_all(db)
        .await?;
    any_lives(&rows, now)
}

pub async fn views(db: &mut SqliteConnection, device: DeviceId, now: DateTime<Utc>) -> Answer<bool> {
    let rows = sqlx::query("SELECT * FROM introductions WHERE viewer = ? AND live")
        .bind(device.to_string())
        .fetch_all(db)
        .await?;
    any_lives(&rows, now)
}

/// What time has done to one may not have been written yet.
fn any_lives(rows: &[SqliteRow], now: DateTime<Utc>) -> Answer<bool> {
    for row in rows {
        if read(row)?.introduction.elapse(now).is_live() {
            return Ok(true);
        }
    }
    Ok(false)
}

pub async fn is_live(db: &mut SqliteConnection, id: SessionId, now: DateTime<Utc>) -> Answer<bool> {
    let stored = by_session(db, id).await?;
    Ok(stored.is_some_and(|stored| stored.introduction.elapse(now).is_live()))
}

pub async fn forget(db: &mut SqliteConnection, id: SessionId) -> Answer<()> {
    sqlx::query("DELETE FROM introductions WHERE session = ?").bind(id.0.to_string()).execute(db).await?;
    Ok(())
}

/// When an invitation or a call that was decided at `at` is forgotten.
pub fn forget_at(at: DateTime<Utc>, accepted: bool) -> DateTime<Utc> {
    at + if accepted { ACCEPTED_KEPT } else { OTHERS_KEPT }
}

/// One whose session runs still is looked at again later.
pub fn keep_longer(now: DateTime<Utc>) -> DateTime<Utc> {
    now + LIVE_KEPT
}

pub async fn keep_grant(
    db: &mut SqliteConnection,
    signed: &SignedStatement,
    grant: &SignedGrant,
) -> Answer<()> {
    sqlx::query("UPDATE introductions SET host_endpoint = ?, signed_grant = ? WHERE session = ?")
        .bind(signed.statement.endpoint.to_string())
        .bind(serde_json::to_string(grant)?)
        .bind(signed.statement.session.0.to_string())
        .execute(db)
        .await?;
    Ok(())
}

async fn insert(
    db: &mut SqliteConnection,
    introduction: &Introduction,
    signed: &SignedStatement,
) -> Answer<()> {
    sqlx::query(
        "INSERT INTO introductions (session, occasion, host, viewer, permissions, accepted_at, viewer_endpoint,
                                    viewer_statement, facts, live)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(introduction.session.0.to_string())
    .bind(serde_json::to_string(&introduction.occasion)?)
    .bind(introduction.host.to_string())
    .bind(introduction.viewer.to_string())
    .bind(serde_json::to_string(&introduction.permissions)?)
    .bind(introduction.accepted_at.timestamp_millis())
    .bind(signed.statement.endpoint.to_string())
    .bind(serde_json::to_string(signed)?)
    .bind(serde_json::to_string(&introduction.course)?)
    .bind(introduction.is_live())
    .execute(db)
    .await?;
    Ok(())
}

impl Unit<'_> {
    /// The session as it is now: what time has done to it is done first.
    pub async fn introduction(&mut self, id: SessionId) -> Answer<Option<Stored>> {
        let Some(mut stored) = by_session(self.db(), id).await? else { return Ok(None) };
        let before = stored.introduction.clone();
        stored.introduction = before.clone().elapse(self.now);
        self.keep_introduction(&before, &stored.introduction).await?;
        Ok(Some(stored))
    }

    /// With the act that accepted: its readers are told of that.
    pub async fn introduce(&mut self, introduction: &Introduction, signed: &SignedStatement) -> Answer<()> {
        insert(self.db(), introduction, signed).await?;
        jobs::set_due(self.db(), introduction.session, introduction.due()).await
    }

    /// A beat of a session that goes on as it did is kept, but nobody needs to look again.
    pub async fn keep_introduction(&mut self, before: &Introduction, after: &Introduction) -> Answer<()> {
        if before == after {
            return Ok(());
        }
        sqlx::query("UPDATE introductions SET facts = ?, live = ? WHERE session = ?")
            .bind(serde_json::to_string(&after.course)?)
            .bind(after.is_live())
            .bind(after.session.0.to_string())
            .execute(self.db())
            .await?;
        jobs::set_due(self.db(), after.session, after.due()).await?;
        if looks_the_same(&before.course, &after.course) { Ok(()) } else { self.stir_occasion(after).await }
    }

    /// What the session is for looks different to its two devices.
    pub async fn stir_occasion(&mut self, introduction: &Introduction) -> Answer<()> {
        let devices = [Some(introduction.host), Some(introduction.viewer)];
        let (kind, id) = match introduction.occasion {
            Occasion::Invitation { invitation, .. } => (Kind::Invitation, invitation.0),
            Occasion::Call { call } => (Kind::Call, call.0),
        };
        changes::number_for(self.db(), kind, id, devices).await
    }

    pub async fn elapse_introduction(&mut self, id: SessionId) -> Answer<()> {
        match self.introduction(id).await? {
            Some(_) => Ok(()),
            None => jobs::set_due(self.db(), id, None).await,
        }
    }

    /// Whoever sent an invitation or calls has come or gone.
    pub async fn sender_is_there(&mut self, device: DeviceId, there: bool) -> Answer<()> {
        let now = self.now;
        for id in invitations::pending_of(self.db(), device).await? {
            let Some(before) = self.invitation(id).await? else { continue };
            let after = before.clone();
            let after = if there { after.inviter_back() } else { after.inviter_gone(now) };
            self.keep_invitation(&before, &after).await?;
        }
        for id in calls::ringing_of(self.db(), device).await? {
            let Some(before) = self.call(id).await? else { continue };
            let after = before.clone();
            let after = if there { after.caller_back() } else { after.caller_gone(now) };
            self.keep_call(&before, &after).await?;
        }
        Ok(())
    }

    /// At the start nobody is there yet.
    pub async fn all_senders_gone(&mut self) -> Answer<()> {
        let now = self.now;
        for id in invitations::all_pending(self.db()).await? {
            let Some(before) = self.invitation(id).await? else { continue };
            self.keep_invitation(&before, &before.clone().inviter_gone(now)).await?;
        }
        for id in calls::all_ringing(self.db()).await? {
            let Some(before) = self.call(id).await? else { continue };
            self.keep_call(&before, &before.clone().caller_gone(now)).await?;
        }
        Ok(())
    }

    /// What one device sent to another, and no session came of, is out of that one's sight.
    pub async fn hide_from(&mut self, device: DeviceId, sender: DeviceId) -> Answer<()> {
        for id in invitations::not_accepted(self.db(), sender, device).await? {
            let Some(before) = self.invitation(id).await? else { continue };
            self.keep_invitation(&before, &before.clone().blocked()).await?;
        }
        for id in calls::not_accepted(self.db(), sender, device).await? {
            let Some(before) = self.call(id).await? else { continue };
            self.keep_call(&before, &before.clone().blocked()).await?;
        }
        Ok(())
    }

    /// The device is forgotten, and its sessions end.
    pub async fn forget_introductions(&mut self, device: DeviceId) -> Answer<()> {
        self.leave_introductions(device).await?;
        peers::forget(self.db(), device).await?;
        self.end_introductions(device).await
    }

    /// What the device sent is taken back, and what it was sent reaches nobody.
    pub async fn leave_introductions(&mut self, device: DeviceId) -> Answer<()> {
        let now = self.now;
        for id in invitations::pending_of(self.db(), device).await? {
            let Some(before) = self.invitation(id).await? else { continue };
            let after = before.clone().cancel(device, now).unwrap_or_else(|_| before.clone());
            self.keep_invitation(&before, &after).await?;
        }
        for id in invitations::pending_for(self.db(), device).await? {
            let Some(before) = self.invitation(id).await? else { continue };
            self.keep_invitation(&before, &before.clone().blocked()).await?;
        }
        for id in calls::ringing_of(self.db(), device).await? {
            let Some(before) = self.call(id).await? else { continue };
            let after = before.clone().cancel(device, now).unwrap_or_else(|_| before.clone());
            self.keep_call(&before, &after).await?;
        }
        for id in calls::ringing_at(self.db(), device).await? {
            let Some(before) = self.call(id).await? else { continue };
            self.keep_call(&before, &before.clone().blocked()).await?;
        }
        Ok(())
    }

    async fn end_introductions(&mut self, device: DeviceId) -> Answer<()> {
        let rows = sqlx::query("SELECT session FROM introductions WHERE live AND (host = ? OR viewer = ?)")
            .bind(device.to_string())
            .bind(device.to_string())
            .fetch_all(self.db())
            .await?;
        for row in rows {
            let Some(stored) = self.introduction(SessionId(row.id("session")?)).await? else { continue };
            let before = stored.introduction;
            let (now, after) = (self.now, before.clone());
            let after = if before.host == device {
                after.host_ended(device, now)
            } else {
                after.viewer_left(device, now)
            };
            self.keep_introduction(&before, &after.unwrap_or_else(|_| before.clone())).await?;
        }
        Ok(())
    }
}

fn looks_the_same(before: &Course, after: &Course) -> bool {
    match (before, after) {
        (Course::Running { since: was, lost_at: lost, .. }, Course::Running { since, lost_at, .. }) => {
            was == since && lost.is_some() == lost_at.is_some()
        }
        _ => before == after,
    }
}
