//! What the organisation has chosen.

use beckon_domain::text::Name;
use sqlx::SqliteConnection;
use uuid::Uuid;

use crate::error::Answer;

const ORGANISATION: &str = "organisation";
const DATABASE: &str = "database";
const ORIGIN: &str = "origin";
/// Until the owner has named it.
const UNNAMED: &str = "Beckon";

pub async fn organisation(db: &mut SqliteConnection) -> Answer<Name> {
    let name = get(db, ORGANISATION).await?;
    Ok(name.as_deref().unwrap_or(UNNAMED).parse().map_err(anyhow::Error::from)?)
}

pub async fn set_organisation(db: &mut SqliteConnection, name: &Name) -> Answer<()> {
    set(db, ORGANISATION, name.as_str()).await
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
