//! What has changed in what a device, and who is signed in on it, can see.

use axum::Json;
use axum::extract::{Query, State};
use beckon_wire::Code;
use beckon_wire::changes::{Change, Changes, Thing};
use beckon_wire::limits::CHANGES_MAX;
use serde::Deserialize;
use sqlx::SqliteConnection;

use crate::app::Shared;
use crate::error::{Answer, Failure};
use crate::identity::{Caller, Reader};
use crate::mail;
use crate::store::changes::{self, Class, Kind, Numbered};
use crate::store::{requests, settings};
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
    Caller(device): Caller,
    from: Result<Query<From>, axum::extract::rejection::QueryRejection>,
) -> Answer<Json<Changes>> {
    let Query(from) = from.map_err(|_| Code::BadRequest)?;
    let after = i64::try_from(from.after).map_err(|_| Code::BadRequest)?;
    let mut db = app.core.store.read().await?;
    let mut reader = Reader::load(&mut db, device).await?;
    let mut start = if from.epoch == epoch(&mut db, &reader).await? { after } else { 0 };
    if start > changes::latest(&mut db).await? {
        // The client has seen what this database has not: it was set back to an older copy.
        drop(db);
        reader = recut(&app, &reader).await?;
        start = 0;
        db = app.core.store.read().await?;
    }
    let limit = i64::from(CHANGES_MAX);
    let mut rows = changes::after(&mut db, &reader, start, limit + 1).await?;
    let more = rows.len() > CHANGES_MAX as usize;
    rows.truncate(CHANGES_MAX as usize);
    let cursor = match rows.last().filter(|_| more) {
        Some(last) => last.number,
        None => changes::seen_through(&mut db, &reader).await?,
    };
    let epoch = epoch(&mut db, &reader).await?;
    let things = things(&mut db, &app, &reader, rows, start == 0).await?;
    let account = reader.account.as_ref().map(|account| account.view());
    let mail = mail::is_set(&mut db).await?;
    Ok(Json(Changes { epoch, cursor: count(cursor)?, more, changes: things, account, mail, directory: None }))
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
        let stored = requests::by_id(views.db(), row.request).await?;
        let thing = match (stored, row.kind) {
            (Some(stored), Kind::Request) if reader.sees(&stored.request) => {
                Thing::Request(Box::new(views.request(&stored).await?))
            }
            (Some(stored), Kind::Joined) if reader.is_host_of(&stored.request) => {
                Thing::Joined(Box::new(views.joined(&stored.request).await?))
            }
            _ if from_the_start => continue,
            (_, Kind::Request) => Thing::RequestGone(row.request),
            (_, Kind::Joined) => Thing::JoinedGone(row.request),
        };
        things.push(Change { number: count(row.number)?, thing });
    }
    Ok(things)
}

/// Another database, or another cut of who sees what, is another epoch.
async fn epoch(db: &mut SqliteConnection, reader: &Reader) -> Answer<String> {
    let database = settings::database_id(db).await?;
    let account = match &reader.account {
        Some(account) => format!("{}-{}", account.id.0.simple(), account.audience),
        None => "nobody".to_owned(),
    };
    Ok(format!("{database}-{}-{account}", reader.device.audience))
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
