//! Devices as others reach them: by ID or alias, if they are at home here and want to hear of who asks.

use beckon_domain::link::Target;
use beckon_domain::{Alias, DeviceId};
use beckon_wire::introduction::Peer;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::devices::OF_ORGANISATION;
use super::{Columns, changes};
use crate::error::Answer;

fn read(row: &SqliteRow) -> Answer<Peer> {
    Ok(Peer {
        device: row.parsed("id")?,
        key: row.parsed("key")?,
        alias: row.maybe("alias")?,
        name: row.maybe("name")?,
    })
}

/// None once the device was forgotten.
pub async fn by_id(db: &mut SqliteConnection, id: DeviceId) -> Answer<Option<Peer>> {
    let row = sqlx::query("SELECT id, key, alias, name FROM devices WHERE id = ? AND key IS NOT NULL")
        .bind(id.to_string())
        .fetch_optional(db)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Whom `asker` may invite and call under this name. One query, whatever the answer and whyever it is none.
pub async fn reachable(
    db: &mut SqliteConnection,
    asker: DeviceId,
    target: &Target,
) -> Answer<Option<DeviceId>> {
    let row = at_home_as(asker, target).push(" AND NOT blocks_asker").build().fetch_optional(db).await?;
    row.map(|row| row.parsed("id")).transpose()
}

/// Of whom a device may know whether they are there.
pub struct Known {
    pub peer: Peer,
    /// To whoever is blocked, a device looks like one that is not there.
    pub blocks_asker: bool,
}

/// Whom `asker` may know under this name: both are the organisation's, or were once in a session.
pub async fn known(
    db: &mut SqliteConnection,
    asker: DeviceId,
    asker_is_of_organisation: bool,
    target: &Target,
) -> Answer<Option<Known>> {
    let mut query = at_home_as(asker, target);
    query.push(" AND ((").push_bind(asker_is_of_organisation).push(" AND ").push(OF_ORGANISATION).push(")");
    for (table, connected) in [("introductions", "TRUE"), ("sessions", "connected_at IS NOT NULL")] {
        for (own, other) in [("viewer", "host"), ("host", "viewer")] {
            query.push(format_args!(" OR EXISTS (SELECT 1 FROM {table} WHERE {connected} AND {own} = "));
            query.push_bind(asker.to_string()).push(format_args!(" AND {other} = devices.id)"));
        }
    }
    let row = query.push(")").build().fetch_optional(db).await?;
    let known = |row: &SqliteRow| Ok(Known { peer: read(row)?, blocks_asker: row.try_get("blocks_asker")? });
    row.as_ref().map(known).transpose()
}

fn at_home_as(asker: DeviceId, target: &Target) -> QueryBuilder<Sqlite> {
    let (column, value) = match target {
        Target::Id(id) => ("id", id.to_string()),
        Target::Alias(alias) => ("alias_key", alias.folded()),
    };
    let mut query = QueryBuilder::new(
        "SELECT id, key, alias, name, EXISTS (SELECT 1 FROM blocks WHERE blocks.device = devices.id
                                              AND blocks.blocked = ",
    );
    query.push_bind(asker.to_string()).push(") AS blocks_asker FROM devices WHERE home = 1 AND ");
    query.push(column).push(" = ").push_bind(value).push(" AND key IS NOT NULL");
    query
}

/// Whether this service is the device's home, as the device says.
pub async fn is_at_home(db: &mut SqliteConnection, id: DeviceId) -> Answer<bool> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM devices WHERE id = ? AND home = 1)")
        .bind(id.to_string())
        .fetch_one(db)
        .await?)
}

pub async fn set_home(db: &mut SqliteConnection, id: DeviceId, home: bool) -> Answer<()> {
    sqlx::query("UPDATE devices SET home = ? WHERE id = ?")
        .bind(home)
        .bind(id.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// False where another device has it.
pub async fn set_alias(db: &mut SqliteConnection, id: DeviceId, alias: Option<&Alias>) -> Answer<bool> {
    let set = sqlx::query("UPDATE OR IGNORE devices SET alias = ?, alias_key = ? WHERE id = ?")
        .bind(alias.map(Alias::to_string))
        .bind(alias.map(Alias::folded))
        .bind(id.to_string())
        .execute(&mut *db)
        .await?;
    changes::in_directory(db).await?;
    Ok(set.rows_affected() == 1)
}

/// Every alias moves to the organisation's new namespace. Names differ in one as they did in the other.
pub async fn move_aliases(db: &mut SqliteConnection, namespace: &str) -> Answer<()> {
    sqlx::query(
        "UPDATE devices SET alias = substr(alias, 1, instr(alias, '@')) || ?,
                            alias_key = substr(alias_key, 1, instr(alias_key, '@')) || ?
         WHERE alias IS NOT NULL",
    )
    .bind(namespace)
    .bind(namespace.to_ascii_lowercase())
    .execute(&mut *db)
    .await?;
    changes::in_directory(db).await
}

/// Nobody reaches it any more, and whom it blocked is forgotten with it.
pub async fn forget(db: &mut SqliteConnection, id: DeviceId) -> Answer<()> {
    sqlx::query("UPDATE devices SET home = 0, alias = NULL, alias_key = NULL WHERE id = ?")
        .bind(id.to_string())
        .execute(&mut *db)
        .await?;
    sqlx::query("DELETE FROM blocks WHERE device = ?").bind(id.to_string()).execute(db).await?;
    Ok(())
}
