//! Who remembers: SQLite in the data folder, one file of functions per noun.
//!
//! "Not there" is `None`, never an error. Everything that one act does is one [`Unit`]: it is committed as a
//! whole, or it never happened.

pub mod accounts;
pub mod changes;
pub mod devices;
pub mod history;
pub mod jobs;
pub mod links;
pub mod queues;
pub mod requests;
pub mod sessions;
pub mod settings;
mod unit;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{Row, Sqlite, SqliteConnection, Transaction};
use uuid::Uuid;

use crate::error::{Answer, Failure};

pub use unit::{Core, Entry, Unit};

/// Another process that holds the database for longer than this is in the way.
const BUSY_FOR: Duration = Duration::from_secs(5);
const READERS: u32 = 4;

pub struct Store {
    /// One connection: SQLite has one writer, and waiting for it here is fair.
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Store {
    pub async fn open(folder: &Path) -> Result<Self> {
        let file = folder.join("beckon.sqlite");
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What was acknowledged is on the disk.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_FOR)
            .optimize_on_close(true, None);
        let writer = pool(1)
            .connect_with(options.clone())
            .await
            .with_context(|| format!("opening {}", file.display()))?;
        sqlx::migrate!().run(&writer).await.context("bringing the database up to date")?;
        let readers = pool(READERS).connect_with(options.read_only(true)).await.context("opening the readers")?;
        let store = Self { writer, readers };
        settings::ensure_database_id(&mut *store.writer.acquire().await?).await?;
        Ok(store)
    }

    /// A snapshot: everything read through it is of one moment.
    pub async fn read(&self) -> Answer<Transaction<'static, Sqlite>> {
        Ok(self.readers.begin().await?)
    }

    async fn write(&self) -> Answer<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Moves on whenever anybody, in this process or another, has committed.
    pub async fn watch(&self) -> Result<Watch> {
        Ok(Watch { connection: self.readers.acquire().await?.detach(), version: None })
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// For tests: the disk is full from now on.
    #[cfg(test)]
    pub async fn fill_disk(&self) {
        let mut connection = self.writer.acquire().await.unwrap();
        let pages: i64 =
            sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut *connection).await.unwrap();
        let sql = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        sqlx::query(sql).execute(&mut *connection).await.unwrap();
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        // The file is local: a connection does not break by lying idle.
        .test_before_acquire(false)
}

/// A connection of its own that only asks whether others have committed.
pub struct Watch {
    connection: SqliteConnection,
    version: Option<i64>,
}

impl Watch {
    pub async fn moved_on(&mut self) -> Answer<bool> {
        let version: i64 = sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut self.connection).await?;
        Ok(self.version.replace(version) != Some(version))
    }

    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

/// The columns of a row as the things they are.
pub trait Columns {
    fn parsed<T: FromStr>(&self, column: &str) -> Answer<T>
    where
        T::Err: std::error::Error + Send + Sync + 'static;

    fn maybe<T: FromStr>(&self, column: &str) -> Answer<Option<T>>
    where
        T::Err: std::error::Error + Send + Sync + 'static;

    fn json<T: DeserializeOwned>(&self, column: &str) -> Answer<T>;

    fn moment(&self, column: &str) -> Answer<DateTime<Utc>>;

    fn id(&self, column: &str) -> Answer<Uuid> {
        self.parsed(column)
    }
}

impl Columns for SqliteRow {
    fn parsed<T: FromStr>(&self, column: &str) -> Answer<T>
    where
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        parse(column, self.try_get(column)?)
    }

    fn maybe<T: FromStr>(&self, column: &str) -> Answer<Option<T>>
    where
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        let text: Option<&str> = self.try_get(column)?;
        text.map(|text| parse(column, text)).transpose()
    }

    fn json<T: DeserializeOwned>(&self, column: &str) -> Answer<T> {
        let text: &str = self.try_get(column)?;
        Ok(serde_json::from_str(text).with_context(|| format!("the stored {column} cannot be read"))?)
    }

    fn moment(&self, column: &str) -> Answer<DateTime<Utc>> {
        let millis: i64 = self.try_get(column)?;
        DateTime::from_timestamp_millis(millis)
            .with_context(|| format!("the stored {column} is no time"))
            .map_err(Failure::from)
    }
}

fn parse<T: FromStr>(column: &str, text: &str) -> Answer<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    Ok(text.parse::<T>().with_context(|| format!("the stored {column} cannot be read"))?)
}
