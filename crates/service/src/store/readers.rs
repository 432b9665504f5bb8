//! Who reads, in one question: the device, who is signed in on it, and for which queues they act.

use beckon_domain::{AccountId, DeviceId};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};
use uuid::Uuid;

use super::accounts::Account;
use super::{Columns, devices};
use crate::error::Answer;
use crate::identity::Reader;

/// A device that was forgotten reads nothing, and whoever is disabled is signed in nowhere.
const READER: &str = "
    SELECT devices.*, accounts.id AS account, accounts.name AS account_name, accounts.email, accounts.role,
           accounts.password, accounts.audience AS account_audience,
           (SELECT json_group_array(queue) FROM queue_members WHERE account = accounts.id) AS queues
    FROM devices
    LEFT JOIN sign_ins ON sign_ins.device = devices.id AND sign_ins.ended_at IS NULL
    LEFT JOIN accounts ON accounts.id = sign_ins.account AND accounts.disabled_at IS NULL
    WHERE devices.key IS NOT NULL AND devices.id = ";

fn read(row: &SqliteRow) -> Answer<Reader> {
    Ok(Reader { device: devices::read(row)?, account: account(row)?, queues: row.json("queues")? })
}

fn account(row: &SqliteRow) -> Answer<Option<Account>> {
    let Some(id) = row.maybe::<Uuid>("account")? else { return Ok(None) };
    Ok(Some(Account {
        id: AccountId(id),
        name: row.parsed("account_name")?,
        email: row.try_get("email")?,
        role: row.parsed("role")?,
        password: row.try_get("password")?,
        disabled: false,
        audience: row.try_get("account_audience")?,
    }))
}

pub async fn by_device(db: &mut SqliteConnection, id: DeviceId) -> Answer<Option<Reader>> {
    let mut query = QueryBuilder::<Sqlite>::new(READER);
    let row = query.push_bind(id.to_string()).build().fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

pub async fn by_token(db: &mut SqliteConnection, hash: &[u8], now: DateTime<Utc>) -> Answer<Option<Reader>> {
    let mut query = QueryBuilder::<Sqlite>::new(READER);
    query.push("(SELECT device FROM device_tokens WHERE hash = ").push_bind(hash);
    query.push(" AND expires_at > ").push_bind(now.timestamp_millis()).push(")");
    let row = query.build().fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}
