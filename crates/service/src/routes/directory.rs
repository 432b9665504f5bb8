//! To whom requests can be given, for whoever is signed in.

use axum::Json;
use axum::extract::State;
use beckon_wire::directory::Directory;

use crate::app::Shared;
use crate::directory;
use crate::error::Answer;
use crate::identity::{Caller, Reader};

pub async fn get(State(app): State<Shared>, Caller(device): Caller) -> Answer<Json<Directory>> {
    let mut db = app.core.store.read().await?;
    let reader = Reader::load(&mut db, device).await?;
    reader.account()?;
    Ok(Json(directory::of(&mut db, &reader).await?))
}
