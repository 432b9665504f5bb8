//! To whom requests can be given, for whoever is signed in.

use axum::Json;
use beckon_wire::directory::Directory;

use crate::directory;
use crate::error::Answer;
use crate::identity::Snapshot;

pub async fn get(Snapshot { mut db, reader }: Snapshot) -> Answer<Json<Directory>> {
    reader.account()?;
    Ok(Json(directory::of(&mut db, &reader).await?))
}
