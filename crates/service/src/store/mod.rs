//! Who remembers: SQLite in the data folder, one file of functions per noun.
//!
//! "Not there" is `None`, never an error. Everything that one act does is one [`Unit`]: it is committed as a
//! whole, or it never happened.

pub mod accounts;
pub mod address_book;
pub mod blocks;
pub mod calls;
pub mod changes;
pub mod devices;
pub mod history;
pub mod introductions;
pub mod invitations;
pub mod jobs;
pub mod line;
pub mod links;
pub mod mails;
mod marks;
pub mod peers;
pub mod queues;
pub mod readers;
pub mod requests;
pub mod sessions;
pub mod settings;
pub mod standing;
mod unit;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Connection as _, Row, Sqlite, SqliteConnection, Transaction};
use uuid::Uuid;

use crate::error::{Answer, Failure};

use marks::Marks;
pub use unit::{Core, Entry, Unit};

/// Another process that holds the database for longer than this is in the way.
const BUSY_FOR: Duration = Duration::from_secs(5);
const READERS: u32 = 4;
pub const DATABASE: &str = "beckon.sqlite";

pub struct Store {
    /// One connection: SQLite has one writer, and waiting for it here is fair.
    writer: SqlitePool,
    readers: SqlitePool,
    folder: PathBuf,
}

impl Store {
    pub async fn open(folder: &Path) -> Result<Self> {
        let file = folder.join(DATABASE);
        make_private(&file).with_context(|| format!("making {}", file.display()))?;
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
        let readers =
            pool(READERS).connect_with(options.read_only(true)).await.context("opening the readers")?;
        let store = Self { writer, readers, folder: folder.to_owned() };
        settings::ensure_database_id(&mut *store.writer.acquire().await?).await?;
        store.look_whether_restored().await?;
        Ok(store)
    }

    /// The marks are read before the counter, which another process may move on in between.
    async fn look_whether_restored(&self) -> Result<()> {
        let marks = Marks::read(&self.folder);
        let mut tx = self.write().await?;
        let counted = changes::latest(&mut tx).await?;
        if marks.was_restored(&settings::database_id(&mut tx).await?, counted) {
            tracing::warn!("the database was restored from an older copy: every client starts over");
            settings::draw_database_id(&mut tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Keeps how far the database has counted. Without it only a restored copy would not be noticed.
    pub async fn mark(&self) {
        if let Err(failure) = self.try_mark().await {
            tracing::warn!(?failure, "could not keep how far the database has counted");
        }
    }

    async fn try_mark(&self) -> Result<()> {
        let mut db = self.read().await?;
        let database = settings::database_id(&mut db).await?;
        let counted = changes::latest(&mut db).await?;
        drop(db);
        let folder = self.folder.clone();
        tokio::task::spawn_blocking(move || Marks::read(&folder).keep(&database, counted)).await??;
        Ok(())
    }

    /// A snapshot: everything read through it is of one moment.
    pub async fn read(&self) -> Answer<Transaction<'static, Sqlite>> {
        Ok(self.readers.begin().await?)
    }

    /// For one question alone, which is a snapshot by itself.
    pub async fn ask(&self) -> Answer<PoolConnection<Sqlite>> {
        Ok(self.readers.acquire().await?)
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
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut *connection).await.unwrap();
        limit_pages(&mut connection, pages).await;
    }

    /// For tests: there is room again.
    #[cfg(test)]
    pub async fn clear_disk(&self) {
        limit_pages(&mut self.writer.acquire().await.unwrap(), 1_000_000).await;
    }
}

#[cfg(test)]
async fn limit_pages(connection: &mut SqliteConnection, pages: i64) {
    let sql = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
    sqlx::query(sql).execute(connection).await.unwrap();
}

/// Names of people are in it: made before SQLite makes it, for its owner only.
pub fn make_private(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
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
        .after_release(|connection, _| Box::pin(is_idle(connection)))
}

/// Where SQLite takes a transaction back by itself, as on a full disk, sqlx believes that it goes on: through such a
/// connection nothing is ever written again.
async fn is_idle(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    if connection.is_in_transaction() {
        // Only after it has come to the rollback that it was told last.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use beckon_domain::clock::FakeClock;
    use beckon_domain::{AccountId, RequestId, Role};
    use beckon_wire::Code;
    use beckon_wire::request::{AssignTo, CreateRequest};

    use super::*;
    use crate::seal::Keys;

    async fn create(core: &Core, by: AccountId) -> Answer<RequestId> {
        let id = RequestId(Uuid::now_v7());
        let body = CreateRequest {
            id,
            recipient: "Dana".parse().unwrap(),
            comments: "x".repeat(4_000).parse().unwrap(),
            profile: Default::default(),
            own_profile: None,
            assign_to: AssignTo::Myself,
            contact: None,
            schedule: None,
            expiry: None,
        };
        let mut unit = core.begin().await?;
        crate::routes::create(&mut unit, body, by, None).await?;
        unit.commit().await?;
        Ok(id)
    }

    #[tokio::test]
    async fn a_full_disk_refuses_for_now_and_loses_nothing_that_was_acknowledged() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let clock = FakeClock::starting_at(DateTime::UNIX_EPOCH);
        let core = Core::new(store, keys, Arc::new(clock), None);
        let ana = AccountId(Uuid::now_v7());
        let mut unit = core.begin().await.unwrap();
        let account = accounts::Account {
            id: ana,
            name: "Ana".parse().unwrap(),
            email: "ana@acme.example".to_owned(),
            role: Role::Owner,
            password: String::new(),
            disabled: false,
            audience: 0,
        };
        accounts::insert(unit.db(), &account, DateTime::UNIX_EPOCH).await.unwrap();
        unit.commit().await.unwrap();

        let mut made = vec![create(&core, ana).await.unwrap()];
        core.store.fill_disk().await;
        let refused = loop {
            match create(&core, ana).await {
                Ok(id) => made.push(id),
                Err(failure) => break failure,
            }
        };
        assert_eq!(refused.code(), Code::Unavailable);
        let mut db = core.store.read().await.unwrap();
        for id in made {
            assert!(requests::by_id(&mut db, id).await.unwrap().is_some());
        }
        let count: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM requests").fetch_one(&mut *db).await.unwrap();
        let links: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM links").fetch_one(&mut *db).await.unwrap();
        assert_eq!(count, links, "half an act is no act");
        drop(db);

        core.store.clear_disk().await;
        let made = create(&core, ana).await.unwrap();
        let mut db = core.store.read().await.unwrap();
        assert!(requests::by_id(&mut db, made).await.unwrap().is_some(), "and then it goes on");
    }

    #[tokio::test]
    async fn what_sqlite_took_back_by_itself_holds_up_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).await.unwrap();
        let mut tx = store.write().await.unwrap();
        sqlx::query("ROLLBACK").execute(&mut *tx).await.unwrap();
        drop(tx);
        store.write().await.unwrap().commit().await.unwrap();
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn the_database_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let _store = Store::open(folder.path()).await.unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", file.path().display());
        }
    }
}
