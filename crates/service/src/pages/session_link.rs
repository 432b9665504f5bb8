//! What a session link stands for at this moment.

use axum::http::StatusCode;
use beckon_domain::session_request::Assignment;
use beckon_domain::{Act, JoinCode, Language, LinkToken, Schedule, SessionRequest, Status};
use beckon_wire::Code;
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use crate::error::Answer;
use crate::seal::{Hashed, Keys};
use crate::store::{history, links, requests};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nobody can join yet.
    Scheduled,
    Fresh,
    Opened(JoinCode),
    Joined(JoinCode),
    /// Somebody at the computer allowed it.
    Ready(JoinCode),
    Connected(JoinCode),
    Closed,
    Expired,
    Replaced,
    Unknown,
}

impl State {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Fresh => "fresh",
            Self::Opened(_) => "opened",
            Self::Joined(_) => "joined",
            Self::Ready(_) => "ready",
            Self::Connected(_) => "connected",
            Self::Closed => "closed",
            Self::Expired => "expired",
            Self::Replaced => "replaced",
            Self::Unknown => "unknown",
        }
    }

    pub fn http(&self) -> StatusCode {
        match self {
            Self::Scheduled | Self::Fresh | Self::Opened(_) => StatusCode::OK,
            Self::Joined(_) | Self::Ready(_) | Self::Connected(_) => StatusCode::OK,
            Self::Closed | Self::Expired | Self::Replaced => StatusCode::GONE,
            Self::Unknown => StatusCode::NOT_FOUND,
        }
    }

    /// With which a computer may join now, or come back.
    pub fn code(&self) -> Option<&JoinCode> {
        match self {
            Self::Opened(code) | Self::Joined(code) | Self::Ready(code) | Self::Connected(code) => Some(code),
            _ => None,
        }
    }

    /// As the client draws this status.
    pub fn icon(&self) -> Option<&'static str> {
        match self {
            Self::Joined(_) => Some(include_str!("../../../../icons/status/waiting.svg")),
            Self::Ready(_) => Some(include_str!("../../../../icons/status/ready.svg")),
            Self::Connected(_) => Some(include_str!("../../../../icons/status/connected.svg")),
            Self::Closed => Some(include_str!("../../../../icons/status/closed.svg")),
            Self::Expired => Some(include_str!("../../../../icons/status/expired.svg")),
            Self::Scheduled | Self::Fresh | Self::Opened(_) | Self::Replaced | Self::Unknown => None,
        }
    }
}

/// What a link stands for, and who asks.
pub struct Found {
    pub state: State,
    pub assignment: Assignment,
    /// Until when it works, or worked.
    pub until: Option<DateTime<Utc>>,
    /// That an agent chose for the recipient.
    pub language: Language,
    /// While the link goes on.
    pub schedule: Option<Schedule>,
    /// Since when a computer can join, or from when on.
    pub opens_at: Option<DateTime<Utc>>,
    /// An agent changed the time since the link was made, or no longer waits for it.
    pub time_changed: Option<Act>,
}

impl Found {
    pub fn nothing() -> Self {
        Self {
            state: State::Unknown,
            assignment: Assignment::default(),
            until: None,
            language: Language::default(),
            schedule: None,
            opens_at: None,
            time_changed: None,
        }
    }
}

pub async fn find(
    db: &mut SqliteConnection,
    keys: &Keys,
    token: &str,
    now: DateTime<Utc>,
) -> Answer<Option<Found>> {
    let Ok(token) = token.parse::<LinkToken>() else { return Ok(None) };
    let hash = keys.hash(Hashed::LinkToken, token.as_bytes());
    let Some(link) = links::by_token_hash(db, &hash).await? else { return Ok(None) };
    let Some(stored) = requests::by_id(db, link.request).await? else { return Ok(None) };
    // Shown as time has made it, even if that was not written yet.
    let (request, _) = stored.request.elapse(now);
    let state = if link.replaced { State::Replaced } else { state(db, keys, &request, now).await? };
    let mut found = Found {
        state,
        assignment: request.assignment,
        language: request.contact.language,
        ..Found::nothing()
    };
    // A running session is never cut.
    found.until = match found.state {
        State::Connected(_) | State::Closed | State::Replaced | State::Unknown => None,
        _ => Some(request.expires_at),
    };
    if found.state.http() == StatusCode::OK {
        found.opens_at = request.join_opens_at();
        found.time_changed = time_changed(db, &request).await?;
        found.schedule = request.schedule;
    }
    Ok(Some(found))
}

/// A link that was made later says nothing of what was before it.
async fn time_changed(db: &mut SqliteConnection, request: &SessionRequest) -> Answer<Option<Act>> {
    let acts = [Act::Reschedule, Act::StartNow, Act::NewLink, Act::Reopen];
    let last = history::last_of(db, request.id, &acts).await?;
    Ok(last.filter(|act| matches!(act, Act::Reschedule | Act::StartNow)))
}

async fn state(
    db: &mut SqliteConnection,
    keys: &Keys,
    request: &SessionRequest,
    now: DateTime<Utc>,
) -> Answer<State> {
    let is_early = request.host().is_none() && request.join_opens_at().is_some_and(|opens_at| now < opens_at);
    Ok(match &request.status {
        Status::Open | Status::Waiting(_) if is_early => State::Scheduled,
        Status::Open => State::Fresh,
        Status::Waiting(waiting) if waiting.host.is_none() => State::Opened(code(db, keys, request).await?),
        Status::Waiting(_) => State::Joined(code(db, keys, request).await?),
        Status::Ready(_) => State::Ready(code(db, keys, request).await?),
        Status::Connected(_) => State::Connected(code(db, keys, request).await?),
        Status::Closed { .. } => State::Closed,
        Status::Expired { .. } => State::Expired,
    })
}

async fn code(db: &mut SqliteConnection, keys: &Keys, request: &SessionRequest) -> Answer<JoinCode> {
    let link = links::current(db, keys, request.id).await?.ok_or(Code::NotFound)?;
    Ok(link.code)
}
