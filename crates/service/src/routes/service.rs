//! What the service says of itself, for anyone.

use axum::Json;
use axum::extract::State;
use beckon_wire::service::ServiceInfo;

use crate::app::Shared;
use crate::error::Answer;
use crate::store::settings;

pub async fn info(State(app): State<Shared>) -> Answer<Json<ServiceInfo>> {
    let mut db = app.core.store.read().await?;
    Ok(Json(ServiceInfo {
        organisation: settings::organisation(&mut db).await?,
        key: app.public_key(),
        relay: app.relay_url.clone(),
        address_discovery: app.address_discovery.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        now: app.core.now(),
    }))
}

pub async fn health(State(app): State<Shared>) -> Answer<&'static str> {
    app.core.store.read().await?;
    Ok("ok")
}
