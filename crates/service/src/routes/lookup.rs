//! Who a device is here, whom it does not want to hear of, and what it may know of others.

use axum::Json;
use axum::extract::State;
use beckon_domain::{Alias, DeviceId};
use beckon_wire::introduction::Peer;
use beckon_wire::limits::{BLOCKS_MAX, LOOKUP_MAX};
use beckon_wire::lookup::{Block, ChooseAlias, Found, Home, Lookup, OwnDevice, SetBlock};
use beckon_wire::{ApiError, Code};
use sqlx::SqliteConnection;

use super::body::Body;
use crate::app::Shared;
use crate::error::Answer;
use crate::identity::Caller;
use crate::store::peers::{self, Known};
use crate::store::{blocks, devices, settings};

pub async fn own(State(app): State<Shared>, Caller(device): Caller) -> Answer<Json<OwnDevice>> {
    let mut db = app.core.store.read().await?;
    Ok(Json(own_device(&mut db, device).await?))
}

/// A device that moves to another home takes back what it has pending here.
pub async fn set_home(
    State(app): State<Shared>,
    Caller(device): Caller,
    Body(Home { home }): Body<Home>,
) -> Answer<Json<OwnDevice>> {
    let mut unit = app.core.begin().await?;
    if peers::is_at_home(unit.db(), device).await? != home {
        peers::set_home(unit.db(), device, home).await?;
        if !home {
            unit.leave_introductions(device).await?;
        }
    }
    let own = own_device(unit.db(), device).await?;
    unit.commit().await?;
    Ok(Json(own))
}

pub async fn choose_alias(
    State(app): State<Shared>,
    Caller(device): Caller,
    Body(ChooseAlias { name }): Body<ChooseAlias>,
) -> Answer<Json<OwnDevice>> {
    app.budgets.alias_choices.spend(device)?;
    let mut unit = app.core.begin().await?;
    let alias = match name {
        Some(name) => Some(spelled(unit.db(), device, &name).await?),
        None => None,
    };
    if !peers::set_alias(unit.db(), device, alias.as_ref()).await? {
        return Err(Code::AliasTaken.into());
    }
    let own = own_device(unit.db(), device).await?;
    unit.commit().await?;
    Ok(Json(own))
}

async fn spelled(db: &mut SqliteConnection, device: DeviceId, name: &str) -> Answer<Alias> {
    if !devices::is_of_organisation(db, device).await? {
        return Err(Code::Forbidden.into());
    }
    let namespace = settings::namespace(db).await?.ok_or(Code::NoNamespace)?;
    Ok(format!("{name}@{namespace}").parse().map_err(|_| Code::NotAnAlias)?)
}

async fn own_device(db: &mut SqliteConnection, device: DeviceId) -> Answer<OwnDevice> {
    let namespace = match devices::is_of_organisation(db, device).await? {
        true => settings::namespace(db).await?,
        false => None,
    };
    let home = peers::is_at_home(db, device).await?;
    let alias = devices::by_id(db, device).await?.and_then(|device| device.alias);
    Ok(OwnDevice { device, home, alias, namespace })
}

pub async fn blocked(State(app): State<Shared>, Caller(device): Caller) -> Answer<Json<Vec<Block>>> {
    let mut db = app.core.store.read().await?;
    Ok(Json(blocks::of(&mut db, device).await?))
}

/// Whoever is blocked learns nothing of it; what they sent before is out of sight at once.
pub async fn set_block(
    State(app): State<Shared>,
    Caller(device): Caller,
    Body(SetBlock { device: other, blocked }): Body<SetBlock>,
) -> Answer<Json<Vec<Block>>> {
    if other == device {
        return Err(Code::OwnId.into());
    }
    let mut unit = app.core.begin().await?;
    let now = unit.now;
    if blocked {
        blocks::add(unit.db(), device, other, now).await?;
        unit.hide_from(device, other).await?;
    } else {
        blocks::remove(unit.db(), device, other).await?;
    }
    let all = blocks::of(unit.db(), device).await?;
    if blocked && all.len() > BLOCKS_MAX as usize {
        return Err(ApiError::new(Code::TooManyBlocked).with("max", BLOCKS_MAX).into());
    }
    unit.commit().await?;
    Ok(Json(all))
}

/// Of a device that does not exist, and of one that this one may know nothing of, the same is said; and of one
/// that blocks it, the same as of one that is not there.
pub async fn look_up(
    State(app): State<Shared>,
    Caller(device): Caller,
    Body(Lookup { targets }): Body<Lookup>,
) -> Answer<Json<Vec<Found>>> {
    app.budgets.lookups.spend(device)?;
    if targets.len() > LOOKUP_MAX {
        return Err(ApiError::new(Code::BadRequest).with("field", "targets").into());
    }
    let mut db = app.core.store.read().await?;
    if !peers::is_at_home(&mut db, device).await? {
        return Err(Code::GuestDevice.into());
    }
    let ours = devices::is_of_organisation(&mut db, device).await?;
    let mut found = Vec::with_capacity(targets.len());
    for target in &targets {
        found.push(match peers::known(&mut db, device, ours, target).await? {
            Some(Known { peer: Peer { device, alias, name, .. }, blocks_asker }) => {
                let online = Some(!blocks_asker && app.sockets.is_there(device));
                Found { device: Some(device), alias, name, online }
            }
            None => Found { device: None, alias: None, name: None, online: None },
        });
    }
    Ok(Json(found))
}
