//! JSON bodies and path ids, with our own refusals.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use beckon_domain::email_address::NotAnEmailAddress;
use beckon_domain::schedule::UnknownZone;
use beckon_domain::text::TextRefusal;
use beckon_wire::{ApiError, Code};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::app::Shared;
use crate::error::{Answer, Failure};

const WITHIN: Duration = Duration::from_secs(10);

pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Shared) -> Answer<Self> {
        let bytes = Bytes::from_request(request, app);
        let bytes = in_time(bytes).await?.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
            _ => Code::BadRequest,
        })?;
        read(&bytes).map(Self)
    }
}

/// A call holds its turn while its body is read: whoever sends it slowly keeps others waiting.
pub async fn in_time<T>(body: impl Future<Output = T>) -> Answer<T> {
    Ok(tokio::time::timeout(WITHIN, body).await.map_err(|_| Code::BadRequest)?)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Answer<T> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let field = path.rsplit('.').next().unwrap_or_default();
        refused_text(field, &error.inner().to_string())
    })?;
    json.end().map_err(|_| Code::BadRequest)?;
    Ok(read)
}

/// Texts refuse themselves while they are read, and serde carries only their words out.
fn refused_text(field: &str, message: &str) -> Failure {
    if message.starts_with(&NotAnEmailAddress.to_string()) {
        return ApiError::new(Code::NotAnEmail).with("field", field).into();
    }
    if message.starts_with(&UnknownZone.to_string()) {
        return Code::UnknownZone.into();
    }
    let says = |refusal: TextRefusal| message.starts_with(&refusal.to_string());
    let number = || message.split(|c: char| !c.is_ascii_digit()).find_map(|digits| digits.parse().ok());
    let refusal = [TextRefusal::Empty, TextRefusal::Forbidden]
        .into_iter()
        .chain(number().map(|max| TextRefusal::TooLong { max }))
        .find(|refusal| says(*refusal));
    match refusal {
        Some(refusal) => Failure::text(field, refusal),
        None => ApiError::new(Code::BadRequest).with("field", field).into(),
    }
}

/// What cannot be an id is not there.
pub struct Id(pub Uuid);

impl FromRequestParts<Shared> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Answer<Self> {
        let Path(id) = Path::<Uuid>::from_request_parts(parts, app).await.map_err(|_| Code::NotFound)?;
        Ok(Self(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_domain::text::Comments;
    use beckon_wire::request::{AgentAct, CreateRequest};

    fn refused<T: DeserializeOwned + std::fmt::Debug>(json: &str) -> ApiError {
        match read::<T>(json.as_bytes()) {
            Err(Failure::Refused(error)) => error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_refused_text_names_its_field() {
        let create = |recipient: &str| {
            format!(
                r#"{{"id":"00000000-0000-7000-8000-000000000001","recipient":"{recipient}","assign_to":"myself"}}"#
            )
        };
        let empty = refused::<CreateRequest>(&create("  "));
        assert_eq!((empty.code, empty.params["field"].as_str()), (Code::TextEmpty, "recipient"));
        let long = refused::<CreateRequest>(&create(&"x".repeat(129)));
        assert_eq!((long.code, long.params["max"].as_str()), (Code::TextTooLong, "128"));
        let bidi = refused::<AgentAct>(r#"{"comment":"a\u202eb"}"#);
        assert_eq!((bidi.code, bidi.params["field"].as_str()), (Code::TextForbidden, "comment"));
        let email = create("Dana\",\"contact\":{\"email\":\"dana\"},\"comments\":\"");
        let email = refused::<CreateRequest>(&email);
        assert_eq!((email.code, email.params["field"].as_str()), (Code::NotAnEmail, "email"));
        let mars = r#"{"reschedule":{"schedule":{"at":"2027-01-01T00:00:00Z","zone":"Mars/Base"}}}"#;
        assert_eq!(refused::<AgentAct>(mars).code, Code::UnknownZone);
    }

    #[test]
    fn what_is_no_json_or_has_more_after_it_is_a_bad_request() {
        for bad in ["", "{", "\"a\" \"b\"", "[1]", "nul"] {
            assert_eq!(refused::<Comments>(bad).code, Code::BadRequest, "{bad}");
        }
    }
}
