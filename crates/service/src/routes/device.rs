//! A device proves its key, and draws its ID the first time.

use std::marker::PhantomData;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
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

pub struct ForChallenge;
pub struct ForSignIn;

/// Spends a budget before the body is read: nobody has proved anything yet.
pub struct Spent<For>(PhantomData<For>);

impl FromRequestParts<Shared> for Spent<ForChallenge> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Answer<Self> {
        let address = Address::from_request_parts(parts, app).await?;
        app.budgets.challenges.spend(address).map(|()| Self(PhantomData))
    }
}

impl FromRequestParts<Shared> for Spent<ForSignIn> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Answer<Self> {
        let address = Address::from_request_parts(parts, app).await?;
        app.budgets.device_sign_ins.spend(address).map(|()| Self(PhantomData))
    }
}

pub async fn challenge(
    State(app): State<Shared>,
    _spent: Spent<ForChallenge>,
    Body(body): Body<ChallengeBody>,
) -> Answer<Json<Challenge>> {
    Ok(Json(Challenge { challenge: app.challenges.draw(body.key) }))
}

pub async fn sign_in(
    State(app): State<Shared>,
    address: Address,
    _spent: Spent<ForSignIn>,
    Body(body): Body<DeviceSignIn>,
) -> Answer<Json<DeviceToken>> {
    check_version(&body.version)?;
    let proven = app.challenges.take(&body.challenge, &body.key)
        && body.key.verify(SignedFor::SignIn, body.challenge.as_bytes(), &body.signature).is_ok();
    if !proven {
        return Err(Code::Unauthenticated.into());
    }
    let mut unit = app.core.begin().await?;
    if devices::is_revoked(unit.db(), &body.key).await? {
        return Err(Code::Forbidden.into());
    }
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
