//! Creating a request, its link, its history.

use axum::Json;
use axum::extract::State;
use beckon_domain::session_request::{Assignment, Draft};
use beckon_domain::{AccountId, Act, DeviceId, ProposedProfile, RequestId, SessionRequest};
use beckon_wire::Code;
use beckon_wire::request::{CreateRequest, HistoryEntry, RequestLink, RequestView};
use sqlx::SqliteConnection;

use super::body::{Body, Id};
use crate::app::Shared;
use crate::assigning::given;
use crate::error::Answer;
use crate::identity::{Caller, Reader, Snapshot};
use crate::mail;
use crate::store::requests::{self, Stored};
use crate::store::{Entry, Unit, history, links};
use crate::view::Views;

pub async fn post(
    State(app): State<Shared>,
    Caller(device): Caller,
    Body(body): Body<CreateRequest>,
) -> Answer<Json<RequestView>> {
    let mut unit = app.core.begin().await?;
    let reader = Reader::load(unit.db(), device).await?;
    let agent = reader.agent()?;
    create(&mut unit, body.clone(), agent.account, Some(device)).await?;
    let now = unit.now;
    let stored = requests::by_id(unit.db(), body.id).await?.ok_or(Code::NotFound)?;
    let view = Views::new(unit.db(), &reader, now).request(&stored).await?;
    unit.commit().await?;
    Ok(Json(view))
}

/// Creating again what was created changes nothing; another request under the same id is refused.
pub async fn create(
    unit: &mut Unit<'_>,
    body: CreateRequest,
    by: AccountId,
    device: Option<DeviceId>,
) -> Answer<()> {
    let said = serde_json::to_string(&body)?;
    if let Some(there) = requests::by_id(unit.db(), body.id).await? {
        let same =
            there.request.created_by == by && history::created_with(unit.db(), body.id).await? == Some(said);
        return if same { Ok(()) } else { Err(Code::IdTaken.into()) };
    }
    let assignment = given(unit.db(), Assignment::default(), body.assign_to, by).await?;
    let draft = Draft {
        id: body.id,
        recipient: body.recipient,
        comments: body.comments,
        profile: ProposedProfile::together(body.profile, body.own_profile),
        assignment,
        schedule: body.schedule,
        expiry: body.expiry.unwrap_or_default(),
        contact: body.contact.unwrap_or_default(),
    };
    if draft.contact.send_mail && !mail::is_set(unit.db()).await? {
        return Err(Code::MailNotSet.into());
    }
    let request = SessionRequest::create(draft, by, unit.now);
    let request = unit.decided(request).await?;
    let entry = Entry { act: Act::Create, by: Some(by), device, detail: Some(said) };
    unit.create(&request, &entry).await?;
    Ok(())
}

pub async fn link(
    State(app): State<Shared>,
    Snapshot { mut db, reader }: Snapshot,
    Id(id): Id,
) -> Answer<Json<RequestLink>> {
    seen(&mut db, &reader, RequestId(id)).await?;
    let link = links::current(&mut db, &app.core.keys, RequestId(id)).await?.ok_or(Code::NotFound)?;
    Ok(Json(RequestLink { url: url(&app.origin, &link.token), code: link.code }))
}

pub fn url(origin: &str, token: &beckon_domain::LinkToken) -> String {
    format!("{origin}{}", landing_path(token))
}

pub fn landing_path(token: &beckon_domain::LinkToken) -> String {
    beckon_wire::paths::LANDING.replace("{token}", &token.to_string())
}

pub async fn history(Snapshot { mut db, reader }: Snapshot, Id(id): Id) -> Answer<Json<Vec<HistoryEntry>>> {
    seen(&mut db, &reader, RequestId(id)).await?;
    Ok(Json(history::of(&mut db, RequestId(id)).await?))
}

/// What one may not see is not there.
async fn seen(db: &mut SqliteConnection, reader: &Reader, id: RequestId) -> Answer<Stored> {
    reader.account()?;
    let stored = requests::by_id(db, id).await?.filter(|stored| reader.sees(&stored.request));
    stored.ok_or(Code::NotFound.into())
}
