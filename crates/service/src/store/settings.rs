//! What the organisation has chosen.

use beckon_domain::text::Name;
use data_encoding::BASE64;
use sqlx::SqliteConnection;
use url::Url;
use uuid::Uuid;

use crate::error::Answer;
use crate::mail::MailServer;

const ORGANISATION: &str = "organisation";
pub(super) const DATABASE: &str = "database";
const ORIGIN: &str = "origin";
const NAMESPACE: &str = "namespace";
pub(super) const MAIL: &str = "mail";
const MAIL_PASSWORD: &str = "mail_password";
/// Until the owner has named it.
const UNNAMED: &str = "Beckon";
/// Until it was started.
const UNNAMED_HOST: &str = "beckon.invalid";

pub async fn organisation(db: &mut SqliteConnection) -> Answer<Name> {
    let name = get(db, ORGANISATION).await?;
    Ok(name.as_deref().unwrap_or(UNNAMED).parse().map_err(anyhow::Error::from)?)
}

pub async fn set_organisation(db: &mut SqliteConnection, name: &Name) -> Answer<()> {
    set(db, ORGANISATION, name.as_str()).await
}

/// What follows the @ of every alias, once the owner has set it.
pub async fn namespace(db: &mut SqliteConnection) -> Answer<Option<String>> {
    get(db, NAMESPACE).await
}

pub async fn set_namespace(db: &mut SqliteConnection, namespace: &str) -> Answer<()> {
    set(db, NAMESPACE, namespace).await
}

/// Marks this database among all others; part of every epoch.
pub async fn database_id(db: &mut SqliteConnection) -> Answer<String> {
    Ok(get(db, DATABASE).await?.unwrap_or_default())
}

pub async fn ensure_database_id(db: &mut SqliteConnection) -> Answer<()> {
    sqlx::query("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")
        .bind(DATABASE)
        .bind(Uuid::now_v7().simple().to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Every cursor of before is of another database from now on.
pub async fn draw_database_id(db: &mut SqliteConnection) -> Answer<()> {
    set(db, DATABASE, &Uuid::now_v7().simple().to_string()).await
}

/// Where the service was last reached, for commands that print links.
pub async fn origin(db: &mut SqliteConnection) -> Answer<Option<String>> {
    get(db, ORIGIN).await
}

pub async fn set_origin(db: &mut SqliteConnection, origin: &str) -> Answer<()> {
    set(db, ORIGIN, origin).await
}

/// What ids of mails end with.
pub async fn host(db: &mut SqliteConnection) -> Answer<String> {
    let origin = origin(db).await?.and_then(|origin| origin.parse::<Url>().ok());
    Ok(origin
        .and_then(|origin| origin.host_str().map(str::to_owned))
        .unwrap_or_else(|| UNNAMED_HOST.to_owned()))
}

/// The SMTP server, while one is set.
pub async fn mail(db: &mut SqliteConnection) -> Answer<Option<MailServer>> {
    Ok(get(db, MAIL).await?.map(|server| serde_json::from_str(&server)).transpose()?)
}

pub async fn mail_password(db: &mut SqliteConnection) -> Answer<Option<Vec<u8>>> {
    let sealed = get(db, MAIL_PASSWORD).await?;
    Ok(sealed.map(|sealed| BASE64.decode(sealed.as_bytes())).transpose().map_err(anyhow::Error::from)?)
}

/// The password comes sealed.
pub async fn set_mail(db: &mut SqliteConnection, server: &MailServer, password: Option<&[u8]>) -> Answer<()> {
    forget_mail(db).await?;
    if let Some(password) = password {
        set(db, MAIL_PASSWORD, &BASE64.encode(password)).await?;
    }
    set(db, MAIL, &serde_json::to_string(server)?).await
}

pub async fn forget_mail(db: &mut SqliteConnection) -> Answer<()> {
    sqlx::query("DELETE FROM settings WHERE name IN (?, ?)")
        .bind(MAIL)
        .bind(MAIL_PASSWORD)
        .execute(db)
        .await?;
    Ok(())
}

async fn get(db: &mut SqliteConnection, name: &str) -> Answer<Option<String>> {
    Ok(sqlx::query_scalar("SELECT value FROM settings WHERE name = ?").bind(name).fetch_optional(db).await?)
}

async fn set(db: &mut SqliteConnection, name: &str, value: &str) -> Answer<()> {
    sqlx::query(
        "INSERT INTO settings (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(db)
    .await?;
    Ok(())
}
