//! Calls: columns for what is searched, JSON for the facts of the state.

use beckon_domain::call::{CallState, CallStateName};
use beckon_domain::{Call, CallId, DeviceId, SessionId, SignedStatement};
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::changes::{self, Kind};
use super::introductions::{forget_at, is_live, keep_longer};
use super::{Columns, Unit, jobs};
use crate::error::Answer;

fn read(row: &SqliteRow) -> Answer<Call> {
    Ok(Call {
        id: CallId(row.id("id")?),
        caller: row.parsed("caller")?,
        target: row.json("target")?,
        called: row.maybe("called")?,
        session: SessionId(row.id("session")?),
        placed_at: row.moment("placed_at")?,
        state: row.json("facts")?,
    })
}

pub async fn by_id(db: &mut SqliteConnection, id: CallId) -> Answer<Option<Call>> {
    let row =
        sqlx::query("SELECT * FROM calls WHERE id = ?").bind(id.0.to_string()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// What the caller signed.
pub async fn statement_of(db: &mut SqliteConnection, id: CallId) -> Answer<Option<SignedStatement>> {
    let row = sqlx::query("SELECT statement FROM calls WHERE id = ?")
        .bind(id.0.to_string())
        .fetch_optional(db)
        .await?;
    row.map(|row| row.json("statement")).transpose()
}

/// What it was placed with.
pub async fn placed_with(db: &mut SqliteConnection, id: CallId) -> Answer<Option<String>> {
    Ok(sqlx::query_scalar("SELECT said FROM calls WHERE id = ?")
        .bind(id.0.to_string())
        .fetch_optional(db)
        .await?)
}

pub async fn ringing_of(db: &mut SqliteConnection, caller: DeviceId) -> Answer<Vec<CallId>> {
    let rows = sqlx::query("SELECT id FROM calls WHERE state = 'ringing' AND caller = ?")
        .bind(caller.to_string())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| Ok(CallId(row.id("id")?))).collect()
}

pub async fn all_ringing(db: &mut SqliteConnection) -> Answer<Vec<CallId>> {
    let rows = sqlx::query("SELECT id FROM calls WHERE state = 'ringing'").fetch_all(db).await?;
    rows.iter().map(|row| Ok(CallId(row.id("id")?))).collect()
}

/// Those that no session came of, from one device to another.
pub async fn not_accepted(
    db: &mut SqliteConnection,
    caller: DeviceId,
    called: DeviceId,
) -> Answer<Vec<CallId>> {
    let rows = sqlx::query("SELECT id FROM calls WHERE called = ? AND caller = ? AND state <> 'accepted'")
        .bind(called.to_string())
        .bind(caller.to_string())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| Ok(CallId(row.id("id")?))).collect()
}

pub async fn ringing_at(db: &mut SqliteConnection, called: DeviceId) -> Answer<Vec<CallId>> {
    let rows = sqlx::query("SELECT id FROM calls WHERE called = ? AND state = 'ringing'")
        .bind(called.to_string())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| Ok(CallId(row.id("id")?))).collect()
}

/// When this device placed its `nth` call, counted back from the last.
pub async fn nth_last_placed(
    db: &mut SqliteConnection,
    caller: DeviceId,
    nth: u32,
) -> Answer<Option<DateTime<Utc>>> {
    let row =
        sqlx::query("SELECT placed_at FROM calls WHERE caller = ? ORDER BY placed_at DESC LIMIT 1 OFFSET ?")
            .bind(caller.to_string())
            .bind(nth.saturating_sub(1))
            .fetch_optional(db)
            .await?;
    row.map(|row| row.moment("placed_at")).transpose()
}

async fn insert(db: &mut SqliteConnection, call: &Call, signed: &SignedStatement, said: &str) -> Answer<()> {
    sqlx::query(
        "INSERT INTO calls (id, caller, target, session, statement, placed_at, said, facts, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, '', '')",
    )
    .bind(call.id.0.to_string())
    .bind(call.caller.to_string())
    .bind(serde_json::to_string(&call.target)?)
    .bind(call.session.0.to_string())
    .bind(serde_json::to_string(signed)?)
    .bind(call.placed_at.timestamp_millis())
    .bind(said)
    .execute(&mut *db)
    .await?;
    update(db, call).await
}

/// Writes all that may change, so that there is one list of the columns.
async fn update(db: &mut SqliteConnection, call: &Call) -> Answer<()> {
    sqlx::query("UPDATE calls SET called = ?, facts = ?, state = ? WHERE id = ?")
        .bind(call.called.map(|id| id.to_string()))
        .bind(serde_json::to_string(&call.state)?)
        .bind(call.state.name().as_str())
        .bind(call.id.0.to_string())
        .execute(db)
        .await?;
    Ok(())
}

impl Unit<'_> {
    /// The call as it is now: what time has done to it is done first.
    pub async fn call(&mut self, id: CallId) -> Answer<Option<Call>> {
        let Some(before) = by_id(self.db(), id).await? else { return Ok(None) };
        let after = before.clone().elapse(self.now);
        self.keep_call(&before, &after).await?;
        Ok(Some(after))
    }

    /// Returns it as it was kept: a caller who is not there is gone.
    pub async fn place_call(&mut self, call: Call, signed: &SignedStatement, said: &str) -> Answer<Call> {
        let there = self.hears_of(call.caller);
        let now = self.now;
        let call = if there { call } else { call.caller_gone(now) };
        insert(self.db(), &call, signed, said).await?;
        self.set_call_due(&call).await?;
        self.stir_call(&call, None).await?;
        Ok(call)
    }

    /// One that changes nothing leaves no trace.
    pub async fn keep_call(&mut self, before: &Call, after: &Call) -> Answer<()> {
        if before == after {
            return Ok(());
        }
        update(self.db(), after).await?;
        self.set_call_due(after).await?;
        if looks_the_same(before, after) { Ok(()) } else { self.stir_call(after, before.called).await }
    }

    /// Something beside its own state changed in what its two devices see.
    async fn stir_call(&mut self, call: &Call, was: Option<DeviceId>) -> Answer<()> {
        let sees = [Some(call.caller), call.called.or(was)];
        changes::number_for(self.db(), Kind::Call, call.id.0, sees).await
    }

    /// Done when it is due: it ends, and long afterwards it is forgotten.
    pub async fn elapse_call(&mut self, id: CallId) -> Answer<()> {
        let Some(call) = self.call(id).await? else {
            return jobs::set_due(self.db(), id, None).await;
        };
        let now = self.now;
        if forget_at_of(&call).is_none_or(|at| at > now) {
            return Ok(());
        }
        if is_live(self.db(), call.session, now).await? {
            return jobs::set_due(self.db(), id, Some(keep_longer(now))).await;
        }
        super::introductions::forget(self.db(), call.session).await?;
        sqlx::query("DELETE FROM calls WHERE id = ?").bind(id.0.to_string()).execute(self.db()).await?;
        jobs::set_due(self.db(), id, None).await?;
        self.stir_call(&call, None).await
    }

    async fn set_call_due(&mut self, call: &Call) -> Answer<()> {
        let due = call.due().or(forget_at_of(call));
        jobs::set_due(self.db(), call.id, due).await
    }
}

fn forget_at_of(call: &Call) -> Option<DateTime<Utc>> {
    let accepted = call.state.name() == CallStateName::Accepted;
    call.state.decided_at().map(|at| forget_at(at, accepted))
}

/// Whether the caller's client is there is seen by nobody.
fn looks_the_same(before: &Call, after: &Call) -> bool {
    let plain = |call: &Call| Call {
        state: match call.state {
            CallState::Ringing { .. } => CallState::Ringing { gone_since: None },
            decided => decided,
        },
        ..call.clone()
    };
    plain(before) == plain(after)
}
