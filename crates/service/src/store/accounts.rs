//! People who can sign in.

use beckon_domain::text::Name;
use beckon_domain::{AccountId, DeviceId, Role};
use beckon_wire::account::AccountView;
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use super::{Columns, changes, devices};
use crate::error::Answer;

#[derive(Debug, Clone)]
pub struct Account {
    pub id: AccountId,
    pub name: Name,
    pub email: String,
    pub role: Role,
    pub password: String,
    pub disabled: bool,
    /// See [`changes::cut_anew`](super::changes::cut_anew).
    pub audience: i64,
}

impl Account {
    pub fn acts_on_requests(&self) -> bool {
        !self.disabled && self.role.may_act_on_requests()
    }

    pub fn view(&self) -> AccountView {
        AccountView { id: self.id, name: self.name.clone(), email: self.email.clone(), role: self.role }
    }
}

fn read(row: &SqliteRow) -> Answer<Account> {
    Ok(Account {
        id: AccountId(row.id("id")?),
        name: row.parsed("name")?,
        email: row.try_get("email")?,
        role: row.parsed("role")?,
        password: row.try_get("password")?,
        disabled: row.try_get::<Option<i64>, _>("disabled_at")?.is_some(),
        audience: row.try_get("audience")?,
    })
}

/// Emails are compared without case and surrounding blanks.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

pub async fn by_id(db: &mut SqliteConnection, id: AccountId) -> Answer<Option<Account>> {
    let row =
        sqlx::query("SELECT * FROM accounts WHERE id = ?").bind(id.0.to_string()).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

pub async fn by_email(db: &mut SqliteConnection, email: &str) -> Answer<Option<Account>> {
    let row = sqlx::query("SELECT * FROM accounts WHERE email_key = ?")
        .bind(email_key(email))
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read).transpose()
}

pub async fn all(db: &mut SqliteConnection) -> Answer<Vec<Account>> {
    let rows = sqlx::query("SELECT * FROM accounts ORDER BY email_key").fetch_all(db).await?;
    rows.iter().map(read).collect()
}

pub async fn owner_exists(db: &mut SqliteConnection) -> Answer<bool> {
    let owner: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM accounts WHERE role = 'owner' LIMIT 1").fetch_optional(db).await?;
    Ok(owner.is_some())
}

pub async fn insert(db: &mut SqliteConnection, account: &Account, now: DateTime<Utc>) -> Answer<()> {
    sqlx::query(
        "INSERT INTO accounts (id, name, email, email_key, role, password, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(account.id.0.to_string())
    .bind(account.name.as_str())
    .bind(&account.email)
    .bind(email_key(&account.email))
    .bind(account.role.as_str())
    .bind(&account.password)
    .bind(now.timestamp_millis())
    .execute(&mut *db)
    .await?;
    changes::in_directory(db).await
}

pub async fn set_password(db: &mut SqliteConnection, id: AccountId, hash: &str) -> Answer<()> {
    sqlx::query("UPDATE accounts SET password = ? WHERE id = ?")
        .bind(hash)
        .bind(id.0.to_string())
        .execute(db)
        .await?;
    Ok(())
}

pub async fn set_disabled(db: &mut SqliteConnection, id: AccountId, at: Option<DateTime<Utc>>) -> Answer<()> {
    sqlx::query("UPDATE accounts SET disabled_at = ? WHERE id = ?")
        .bind(at.map(|at| at.timestamp_millis()))
        .bind(id.0.to_string())
        .execute(&mut *db)
        .await?;
    changes::in_directory(db).await
}

/// Who is signed in on a device, unless disabled.
pub async fn signed_in_on(db: &mut SqliteConnection, device: DeviceId) -> Answer<Option<Account>> {
    let row = sqlx::query(
        "SELECT accounts.* FROM sign_ins JOIN accounts ON accounts.id = sign_ins.account
         WHERE sign_ins.device = ? AND sign_ins.ended_at IS NULL AND accounts.disabled_at IS NULL",
    )
    .bind(device.to_string())
    .fetch_optional(db)
    .await?;
    row.as_ref().map(read).transpose()
}

pub async fn devices_of(db: &mut SqliteConnection, id: AccountId) -> Answer<Vec<DeviceId>> {
    let rows = sqlx::query("SELECT device FROM sign_ins WHERE account = ? AND ended_at IS NULL")
        .bind(id.0.to_string())
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| row.parsed("device")).collect()
}

/// Replaces whoever was signed in there. From the first time on it is a device of the organisation.
pub async fn sign_in(
    db: &mut SqliteConnection,
    device: DeviceId,
    account: AccountId,
    now: DateTime<Utc>,
) -> Answer<()> {
    sign_out(db, device, now).await?;
    if !devices::is_of_organisation(db, device).await? {
        changes::in_directory(db).await?;
    }
    sqlx::query("INSERT INTO sign_ins (id, device, account, at) VALUES (?, ?, ?, ?)")
        .bind(Uuid::now_v7().to_string())
        .bind(device.to_string())
        .bind(account.0.to_string())
        .bind(now.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}

pub async fn sign_out(db: &mut SqliteConnection, device: DeviceId, now: DateTime<Utc>) -> Answer<()> {
    sqlx::query("UPDATE sign_ins SET ended_at = ? WHERE device = ? AND ended_at IS NULL")
        .bind(now.timestamp_millis())
        .bind(device.to_string())
        .execute(db)
        .await?;
    Ok(())
}

pub async fn keep_code(
    db: &mut SqliteConnection,
    hash: &[u8],
    account: AccountId,
    until: DateTime<Utc>,
) -> Answer<()> {
    sqlx::query("INSERT INTO sign_in_codes (hash, account, expires_at) VALUES (?, ?, ?)")
        .bind(hash)
        .bind(account.0.to_string())
        .bind(until.timestamp_millis())
        .execute(db)
        .await?;
    Ok(())
}

/// Good once: whoever takes a code, takes it away. Codes that ran out go with it.
pub async fn take_code(
    db: &mut SqliteConnection,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Answer<Option<Account>> {
    let now = now.timestamp_millis();
    sqlx::query("DELETE FROM sign_in_codes WHERE expires_at <= ?").bind(now).execute(&mut *db).await?;
    let row = sqlx::query("DELETE FROM sign_in_codes WHERE hash = ? RETURNING account")
        .bind(hash)
        .fetch_optional(&mut *db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let account = by_id(db, AccountId(row.id("account")?)).await?;
    Ok(account.filter(|account| !account.disabled))
}
