//! A device proves its key, and draws its ID the first time.

use axum::Json;
use axum::extract::State;
use beckon_domain::keys::SignedFor;
use beckon_wire::device::{Challenge, ChallengeBody, DeviceSignIn, DeviceToken};
use beckon_wire::{ApiError, Code};
use chrono::TimeDelta;

use super::body::Body;
use crate::app::Shared;
use crate::error::{Answer, Failure};
use crate::identity::Address;
use crate::seal::{Hashed, draw_secret};
use crate::store::{accounts, devices};

/// Short, since a client signs in again by itself.
const TOKEN_LASTS: TimeDelta = TimeDelta::minutes(15);
const VERSION_MAX: usize = 64;

pub async fn challenge(
    State(app): State<Shared>,
    address: Address,
    Body(body): Body<ChallengeBody>,
) -> Answer<Json<Challenge>> {
    app.budgets.challenges.spend(address)?;
    Ok(Json(Challenge { challenge: app.challenges.draw(body.key) }))
}

pub async fn sign_in(
    State(app): State<Shared>,
    address: Address,
    Body(body): Body<DeviceSignIn>,
) -> Answer<Json<DeviceToken>> {
    check_version(&body.version)?;
    let proven = app.challenges.take(&body.challenge, &body.key)
        && body.key.verify(SignedFor::SignIn, body.challenge.as_bytes(), &body.signature).is_ok();
    if !proven {
        return Err(Code::Unauthenticated.into());
    }
    let mut unit = app.core.begin().await?;
    if devices::by_key(unit.db(), &body.key).await?.is_none() {
        app.budgets.new_devices.spend(address)?;
    }
    let now = unit.now;
    let device = devices::register(unit.db(), &body.key, body.name.as_ref(), &body.version, now).await?;
    let token = draw_secret();
    let hash = app.core.keys.hash(Hashed::DeviceToken, token.as_bytes());
    let expires_at = now + TOKEN_LASTS;
    devices::keep_token(unit.db(), device, &hash, expires_at, now).await?;
    let account = accounts::signed_in_on(unit.db(), device).await?.map(|account| account.view());
    unit.commit().await?;
    Ok(Json(DeviceToken { device, token: token.to_string(), expires_at, account, now }))
}

fn check_version(version: &str) -> Answer<()> {
    if version.len() <= VERSION_MAX && version.chars().all(|c| c.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Failure::Refused(ApiError::new(Code::BadRequest).with("field", "version")))
}
