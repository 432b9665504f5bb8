//! A person signs in on a device, and out.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use beckon_wire::Code;
use beckon_wire::account::{AccountView, SignIn};
use zeroize::Zeroizing;

use super::body::Body;
use crate::app::Shared;
use crate::error::Answer;
use crate::identity::{Address, Caller};
use crate::passwords;
use crate::seal::Hashed;
use crate::store::Unit;
use crate::store::accounts::{self, Account, email_key};
use crate::store::changes::{Class, cut_anew};

pub async fn sign_in(
    State(app): State<Shared>,
    address: Address,
    Caller(device): Caller,
    Body(body): Body<SignIn>,
) -> Answer<Json<AccountView>> {
    app.budgets.sign_in_by_address.spend(address)?;
    let mut unit;
    let account = match body {
        SignIn::Password { email, password } => {
            let known = by_password(&app, &email, Zeroizing::new(password)).await?;
            unit = app.core.begin().await?;
            still_good(&mut unit, known).await?
        }
        SignIn::Code(code) => {
            let hash = app.core.keys.hash(Hashed::SignInCode, code.trim().as_bytes());
            unit = app.core.begin().await?;
            let now = unit.now;
            accounts::take_code(unit.db(), &hash, now).await?
        }
    };
    let account = account.ok_or(Code::WrongCredentials)?;
    let now = unit.now;
    accounts::sign_in(unit.db(), device, account.id, now).await?;
    cut_anew(unit.db(), Class::Device(device)).await?;
    unit.commit().await?;
    app.budgets.sign_in_by_address.give_back(&address);
    Ok(Json(account.view()))
}

/// Takes as long for an email that nobody has. Only wrong tries count against the account.
async fn by_password(app: &Shared, email: &str, password: Zeroizing<String>) -> Answer<Option<Account>> {
    let key = email_key(email.get(..254).unwrap_or(email));
    app.budgets.sign_in_by_account.spend(key.clone())?;
    if passwords::check(&password).is_err() {
        // No account has such a password; which emails exist is not told by that.
        return Ok(None);
    }
    let account = accounts::by_email(&mut *app.core.store.read().await?, &key).await?;
    let stored = account.as_ref().map(|account| account.password.clone());
    let right = app.passwords.verify(password, stored).await?;
    if right {
        app.budgets.sign_in_by_account.give_back(&key);
    }
    Ok(account.filter(|account| right && !account.disabled))
}

/// It may have been disabled, or given another password, while this one was checked.
async fn still_good(unit: &mut Unit<'_>, known: Option<Account>) -> Answer<Option<Account>> {
    let Some(known) = known else { return Ok(None) };
    let now = accounts::by_id(unit.db(), known.id).await?;
    Ok(now.filter(|account| !account.disabled && account.password == known.password))
}

pub async fn sign_out(State(app): State<Shared>, Caller(device): Caller) -> Answer<StatusCode> {
    let mut unit = app.core.begin().await?;
    let now = unit.now;
    accounts::sign_out(unit.db(), device, now).await?;
    cut_anew(unit.db(), Class::Device(device)).await?;
    unit.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
