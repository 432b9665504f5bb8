//! A person's own address book. What is in it comes with the changes.

use axum::extract::State;
use axum::http::StatusCode;
use beckon_domain::{AccountId, BookEntry, BookEntryId};
use beckon_wire::address_book::BookAct;
use beckon_wire::limits::BOOK_MAX;
use beckon_wire::{ApiError, Code};

use super::body::Body;
use crate::app::Shared;
use crate::error::Answer;
use crate::identity::{Caller, Reader};
use crate::store::changes::{self, Class, Kind};
use crate::store::{Unit, address_book};

pub async fn act(
    State(app): State<Shared>,
    Caller(device): Caller,
    Body(act): Body<BookAct>,
) -> Answer<StatusCode> {
    let mut unit = app.core.begin().await?;
    let account = Reader::load(unit.db(), device).await?.account()?.id;
    match act {
        BookAct::Put(entry) => put(&mut unit, account, &entry).await?,
        BookAct::Remove(id) => remove(&mut unit, account, id).await?,
    }
    unit.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn put(unit: &mut Unit<'_>, account: AccountId, entry: &BookEntry) -> Answer<()> {
    let before = address_book::by_id(unit.db(), account, entry.id).await?;
    if before.as_ref() == Some(entry) {
        return Ok(());
    }
    if address_book::has_another(unit.db(), account, entry).await? {
        return Err(Code::InBookAlready.into());
    }
    if before.is_none() && address_book::count(unit.db(), account).await? >= BOOK_MAX {
        return Err(ApiError::new(Code::BookFull).with("max", BOOK_MAX).into());
    }
    address_book::put(unit.db(), account, entry).await?;
    tell(unit, account, entry.id).await
}

async fn remove(unit: &mut Unit<'_>, account: AccountId, id: BookEntryId) -> Answer<()> {
    if address_book::remove(unit.db(), account, id).await? {
        tell(unit, account, id).await?;
    }
    Ok(())
}

/// All devices on which this person is signed in.
async fn tell(unit: &mut Unit<'_>, account: AccountId, id: BookEntryId) -> Answer<()> {
    changes::number_one(unit.db(), Class::Account(account), Kind::BookEntry, id.0).await
}
