//! What has changed in what a device, and who is signed in on it, can see.

use axum::Json;
use axum::extract::{Query, State};
use beckon_domain::{BookEntryId, CallId, InvitationId, RequestId};
use beckon_wire::Code;
use beckon_wire::changes::{Change, Changes, Thing};
use beckon_wire::limits::CHANGES_MAX;
use serde::Deserialize;
use sqlx::SqliteConnection;

use crate::app::Shared;
use crate::error::{Answer, Failure};
use crate::identity::{Reader, Snapshot};
use crate::store::changes::{self, Class, Kind, Numbered};
use crate::store::{address_book, calls, invitations, requests, standing};
use crate::view::Views;

#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    epoch: String,
    #[serde(default)]
    after: u64,
}

pub async fn changes(
    State(app): State<Shared>,
    Snapshot { mut db, mut reader }: Snapshot,
    from: Result<Query<From>, axum::extract::rejection::QueryRejection>,
) -> Answer<Json<Changes>> {
    let Query(from) = from.map_err(|_| Code::BadRequest)?;
    let after = i64::try_from(from.after).map_err(|_| Code::BadRequest)?;
    let mut standing = standing::now(&mut db).await?;
    let mut start = if from.epoch == standing.epoch(&reader) { after } else { 0 };
    if start > standing.latest {
        // The client has seen what this database has not: it was set back to an older copy.
        drop(db);
        reader = recut(&app, &reader).await?;
        start = 0;
        db = app.core.store.read().await?;
        standing = standing::now(&mut db).await?;
    }
    let limit = i64::from(CHANGES_MAX);
    let mut rows = changes::after(&mut db, &reader, start, limit + 1).await?;
    let beyond = rows.get(CHANGES_MAX as usize).map(|row| row.number);
    let more = beyond.is_some();
    // What one act numbered alike is not torn apart: the next page begins behind the number.
    rows.retain(|row| beyond.is_none_or(|beyond| row.number < beyond));
    let last = rows.last().map_or(start, |last| last.number);
    let cursor = count(if more { last } else { last.max(standing.told(&reader)) })?;
    let changes = things(&mut db, &app, &reader, rows, start == 0).await?;
    let account = reader.account.as_ref().map(|account| account.view());
    let (epoch, directory) = (standing.epoch(&reader), standing.directory(&reader));
    Ok(Json(Changes { epoch, cursor, more, changes, account, mail: standing.mail, directory }))
}

/// Each thing as it is now, or gone. Whoever starts over has nothing that could go.
async fn things(
    db: &mut SqliteConnection,
    app: &Shared,
    reader: &Reader,
    rows: Vec<Numbered>,
    from_the_start: bool,
) -> Answer<Vec<Change>> {
    let mut things = Vec::with_capacity(rows.len());
    let mut views = Views::new(db, reader, app.core.now());
    for row in rows {
        let thing = match row.kind {
            Kind::Request | Kind::Joined => of_request(&mut views, reader, &row).await?,
            Kind::Invitation => of_invitation(&mut views, reader, &row).await?,
            Kind::Call => of_call(&mut views, reader, &row).await?,
            Kind::BookEntry => of_address_book(&mut views, reader, &row).await?,
        };
        if from_the_start && is_gone(&thing) {
            continue;
        }
        things.push(Change { number: count(row.number)?, thing });
    }
    Ok(things)
}

async fn of_request(views: &mut Views<'_>, reader: &Reader, row: &Numbered) -> Answer<Thing> {
    let id = RequestId(row.subject);
    let stored = requests::by_id(views.db(), id).await?;
    Ok(match (stored, row.kind) {
        (Some(stored), Kind::Request) if reader.sees(&stored.request) => {
            Thing::Request(Box::new(views.request(&stored).await?))
        }
        (Some(stored), Kind::Joined) if reader.is_host_of(&stored.request) => {
            Thing::Joined(Box::new(views.joined(&stored.request).await?))
        }
        (_, Kind::Joined) => Thing::JoinedGone(id),
        _ => Thing::RequestGone(id),
    })
}

async fn of_invitation(views: &mut Views<'_>, reader: &Reader, row: &Numbered) -> Answer<Thing> {
    let id = InvitationId(row.subject);
    Ok(match invitations::by_id(views.db(), id).await? {
        Some(invitation) if invitation.concerns(reader.device.id) => {
            let invitation = invitation.elapse(views.now());
            Thing::Invitation(Box::new(views.invitation(&invitation).await?))
        }
        _ => Thing::InvitationGone(id),
    })
}

async fn of_call(views: &mut Views<'_>, reader: &Reader, row: &Numbered) -> Answer<Thing> {
    let id = CallId(row.subject);
    Ok(match calls::by_id(views.db(), id).await? {
        Some(call) if call.concerns(reader.device.id) => {
            let call = call.elapse(views.now());
            Thing::Call(Box::new(views.call(&call).await?))
        }
        _ => Thing::CallGone(id),
    })
}

async fn of_address_book(views: &mut Views<'_>, reader: &Reader, row: &Numbered) -> Answer<Thing> {
    let id = BookEntryId(row.subject);
    let entry = match &reader.account {
        Some(account) => address_book::by_id(views.db(), account.id, id).await?,
        None => None,
    };
    Ok(entry.map_or(Thing::BookEntryGone(id), |entry| Thing::BookEntry(Box::new(entry))))
}

fn is_gone(thing: &Thing) -> bool {
    match thing {
        Thing::Request(_)
        | Thing::Joined(_)
        | Thing::Invitation(_)
        | Thing::Call(_)
        | Thing::BookEntry(_) => false,
        Thing::RequestGone(_)
        | Thing::JoinedGone(_)
        | Thing::InvitationGone(_)
        | Thing::CallGone(_)
        | Thing::BookEntryGone(_) => true,
    }
}

async fn recut(app: &Shared, reader: &Reader) -> Answer<Reader> {
    let device = reader.device.id;
    let mut unit = app.core.begin().await?;
    changes::cut_anew(unit.db(), Class::Device(device)).await?;
    let reader = Reader::load(unit.db(), device).await?;
    unit.commit().await?;
    Ok(reader)
}

fn count(number: i64) -> Answer<u64> {
    u64::try_from(number).map_err(|error| Failure::Broke(error.into()))
}
