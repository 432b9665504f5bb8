//! The one place that turns refusals and failures into answers.
//!
//! A refusal says its code. A failure says `internal` and a trace id, and the log says all.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use beckon_domain::Refusal;
use beckon_domain::call::CallRefusal;
use beckon_domain::invitation::InvitationRefusal;
use beckon_domain::text::{Name, TextRefusal};
use beckon_wire::{ApiError, Code};
use uuid::Uuid;

/// A call that takes longer is given up; what it did not commit did not happen.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

pub type Answer<T> = Result<T, Failure>;

#[derive(Debug)]
pub enum Failure {
    /// A rule says no.
    Refused(ApiError),
    /// The world is in the way for now: the disk is full, the database is busy.
    Unavailable(anyhow::Error),
    /// The world broke.
    Broke(anyhow::Error),
}

impl Failure {
    pub fn code(&self) -> Code {
        match self {
            Self::Refused(error) => error.code,
            Self::Unavailable(_) => Code::Unavailable,
            Self::Broke(_) => Code::Internal,
        }
    }

    pub fn throttled(wait: Duration) -> Self {
        // Rounded up: whoever waits as long as told must not be refused again.
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        ApiError::new(Code::Throttled).with("retry_after_s", seconds.max(1)).into()
    }

    pub fn text(field: &str, refusal: TextRefusal) -> Self {
        match refusal {
            TextRefusal::Empty => ApiError::new(Code::TextEmpty).with("field", field),
            TextRefusal::TooLong { max } => {
                ApiError::new(Code::TextTooLong).with("field", field).with("max", max)
            }
            TextRefusal::Forbidden => ApiError::new(Code::TextForbidden).with("field", field),
        }
        .into()
    }

    /// `name` is that of the agent whom the refusal speaks of.
    pub fn refusal(refusal: Refusal, name: Option<Name>) -> Self {
        let error = |code| ApiError::new(code);
        let named = |code| match &name {
            Some(name) => ApiError::new(code).with("name", name),
            None => ApiError::new(code),
        };
        match refusal {
            Refusal::NotInThisStatus { act, status } => {
                error(Code::NotInThisStatus).with("act", act.as_str()).with("status", status.as_str())
            }
            Refusal::AnotherDeviceJoined => error(Code::AnotherDeviceJoined),
            Refusal::NotTheHost => error(Code::NotTheHost),
            Refusal::NobodyJoined => error(Code::NobodyJoined),
            Refusal::OlderRevision { current } => error(Code::OlderRevision).with("current", current.0),
            Refusal::TakenBy { .. } => named(Code::TakenBy),
            Refusal::NotCovered => error(Code::NotCovered),
            Refusal::AssignedTo { .. } => named(Code::AssignedTo),
            Refusal::DeclinedJustNow { ask_again_at } => {
                error(Code::DeclinedJustNow).with("ask_again_at", ask_again_at.to_rfc3339())
            }
            Refusal::TooEarly { opens_at } => error(Code::TooEarly).with("opens_at", opens_at.to_rfc3339()),
            Refusal::OtherSession => error(Code::OtherSession),
            Refusal::ScheduleInThePast => error(Code::ScheduleInThePast),
            Refusal::ExpiresTooSoon => error(Code::ExpiresTooSoon),
            Refusal::ExpiresTooLate => error(Code::ExpiresTooLate),
            Refusal::EmailMissing => error(Code::TextEmpty).with("field", "email"),
        }
        .into()
    }
}

impl From<InvitationRefusal> for Failure {
    fn from(refusal: InvitationRefusal) -> Self {
        match refusal {
            InvitationRefusal::Over { state } => {
                ApiError::new(Code::InvitationOver).with("state", state.as_str())
            }
            InvitationRefusal::OlderRevision { current } => {
                ApiError::new(Code::OlderRevision).with("current", current.0)
            }
            InvitationRefusal::NotYours => ApiError::new(Code::Forbidden),
        }
        .into()
    }
}

impl From<CallRefusal> for Failure {
    fn from(refusal: CallRefusal) -> Self {
        match refusal {
            CallRefusal::Over { state } => ApiError::new(Code::CallOver).with("state", state.as_str()),
            CallRefusal::NotYours => ApiError::new(Code::Forbidden),
        }
        .into()
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::Refused(ApiError::new(code))
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast_ref::<sqlx::Error>().is_some_and(passes) {
            true => Self::Unavailable(error),
            false => Self::Broke(error),
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        anyhow::Error::from(error).into()
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Broke(error.into())
    }
}

/// For the command line, where a person reads it.
impl From<Failure> for anyhow::Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(error) => error.into(),
            Failure::Unavailable(error) | Failure::Broke(error) => error,
        }
    }
}

/// Whether the same call may well succeed later, with nothing changed by this one.
fn passes(error: &sqlx::Error) -> bool {
    const BUSY: i64 = 5;
    const LOCKED: i64 = 6;
    const NO_MEMORY: i64 = 7;
    const READ_ONLY: i64 = 8;
    const IO: i64 = 10;
    const FULL: i64 = 13;
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => {
            // The low byte is the kind of error, the rest says more about it.
            let code = error.code().and_then(|code| code.parse::<i64>().ok()).map(|code| code & 0xFF);
            code.is_some_and(|code| [BUSY, LOCKED, NO_MEMORY, READ_ONLY, IO, FULL].contains(&code))
        }
        _ => false,
    }
}

fn status(code: Code) -> StatusCode {
    match code {
        Code::BadRequest => StatusCode::BAD_REQUEST,
        Code::TextEmpty
        | Code::TextTooLong
        | Code::TextForbidden
        | Code::NotAnEmail
        | Code::UnknownZone
        | Code::NotAnAlias
        | Code::NotAssignable => StatusCode::UNPROCESSABLE_ENTITY,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::WrongCredentials | Code::Forbidden => StatusCode::FORBIDDEN,
        Code::Throttled => StatusCode::TOO_MANY_REQUESTS,
        Code::NotFound | Code::LinkUnknown => StatusCode::NOT_FOUND,
        Code::LinkClosed | Code::LinkExpired | Code::LinkReplaced => StatusCode::GONE,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::CONFLICT,
    }
}

/// Carries the failure out to [`answer`], which knows the trace id.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status(self.code()).into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// A response whose body is a page already: it is logged, and left as it is.
#[derive(Clone)]
pub struct IsPage;

/// Writes the body of every failure, once, and the log line that goes with it.
pub async fn answer(mut request: Request, next: Next) -> Response {
    let trace = Uuid::now_v7().simple().to_string();
    let place = format!("{} {}", request.method(), masked(request.uri().path()));
    request.extensions_mut().insert(Trace(trace.clone()));
    let mut response = match tokio::time::timeout(ANSWER_WITHIN, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::Unavailable(anyhow::anyhow!("no answer within {ANSWER_WITHIN:?}")).into_response(),
    };
    if let Ok(id) = HeaderValue::try_from(trace.as_str()) {
        response.headers_mut().insert("x-request-id", id);
    }
    let Some(failure) = response.extensions_mut().remove::<Arc<Failure>>() else { return response };
    let mut error = logged(&failure, &trace, &place);
    if response.extensions().get::<IsPage>().is_some() {
        return response;
    }
    error.trace = trace;
    if let Some(wait) = error.params.get("retry_after_s").and_then(|wait| wait.parse().ok()) {
        response.headers_mut().insert(RETRY_AFTER, wait);
    }
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *response.body_mut() = serde_json::to_vec(&error).unwrap_or_default().into();
    response
}

/// What a failing page shows, so that its log line can be found.
#[derive(Clone)]
pub struct Trace(pub String);

fn logged(failure: &Failure, trace: &str, place: &str) -> ApiError {
    match failure {
        Failure::Refused(error) => {
            tracing::debug!(%trace, %place, code = ?error.code, "refused");
            error.clone()
        }
        Failure::Unavailable(cause) => {
            tracing::warn!(%trace, %place, "not now: {cause:#}");
            ApiError::new(Code::Unavailable)
        }
        Failure::Broke(cause) => {
            tracing::error!(%trace, %place, "failed: {cause:?}");
            ApiError::new(Code::Internal)
        }
    }
}

/// A path as it may be logged: link tokens open sessions, so they stay out.
pub fn masked(path: &str) -> &str {
    for secret in ["/s/", "/setup/"] {
        if path.starts_with(secret) {
            return secret;
        }
    }
    path
}
