//! What a session link stands for at this moment.

use axum::http::StatusCode;
use beckon_domain::session_request::Assignment;
use beckon_domain::{JoinCode, Language, LinkToken, SessionRequest, Status};
use beckon_wire::Code;
use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use crate::error::Answer;
use crate::seal::{Hashed, Keys};
use crate::store::{links, requests};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Fresh,
    Opened(JoinCode),
    Joined(JoinCode),
    Connected,
    Closed,
    Expired,
    Replaced,
    Unknown,
}

impl State {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Opened(_) => "opened",
            Self::Joined(_) => "joined",
            Self::Connected => "connected",
            Self::Closed => "closed",
            Self::Expired => "expired",
            Self::Replaced => "replaced",
            Self::Unknown => "unknown",
        }
    }

    pub fn http(&self) -> StatusCode {
        match self {
            Self::Fresh | Self::Opened(_) | Self::Joined(_) | Self::Connected => StatusCode::OK,
            Self::Closed | Self::Expired | Self::Replaced => StatusCode::GONE,
            Self::Unknown => StatusCode::NOT_FOUND,
        }
    }

    /// With which a computer may join now.
    pub fn code(&self) -> Option<&JoinCode> {
        match self {
            Self::Opened(code) | Self::Joined(code) => Some(code),
            _ => None,
        }
    }
}

/// What a link stands for, and who asks.
pub struct Found {
    pub state: State,
    pub assignment: Assignment,
    pub until: Option<DateTime<Utc>>,
    /// That an agent chose for the recipient.
    pub language: Language,
}

impl Found {
    pub fn nothing() -> Self {
        Self {
            state: State::Unknown,
            assignment: Assignment::default(),
            until: None,
            language: Language::default(),
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
    let state = if link.replaced { State::Replaced } else { state(db, keys, &request).await? };
    let goes_on = state.http() == StatusCode::OK;
    let until = goes_on.then_some(request.expires_at);
    Ok(Some(Found { state, assignment: request.assignment, until, language: request.contact.language }))
}

async fn state(db: &mut SqliteConnection, keys: &Keys, request: &SessionRequest) -> Answer<State> {
    Ok(match &request.status {
        Status::Open => State::Fresh,
        Status::Waiting(waiting) if waiting.host.is_none() => State::Opened(code(db, keys, request).await?),
        Status::Waiting(_) | Status::Ready(_) => State::Joined(code(db, keys, request).await?),
        Status::Connected(_) => State::Connected,
        Status::Closed { .. } => State::Closed,
        Status::Expired { .. } => State::Expired,
    })
}

async fn code(db: &mut SqliteConnection, keys: &Keys, request: &SessionRequest) -> Answer<JoinCode> {
    let link = links::current(db, keys, request.id).await?.ok_or(Code::NotFound)?;
    Ok(link.code)
}
