//! A copy of everything that a service cannot do without, made while it runs, and a service made of a copy.
//!
//! The copy is a folder: the database and the keys. The marks of how far the database has counted are no
//! part of it, and a restored database gets an id of its own, so that every client starts over.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use beckon_domain::SharedClock;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::seal::{KEY_FILES, write_private};
use crate::store::{Core, DATABASE, links, make_private, settings};
use crate::{lock, open_core, prepare_folder};

/// Into a folder that is not there yet, as a whole or not at all.
pub async fn backup(data: &Path, to: &Path) -> Result<()> {
    ensure!(!to.exists(), "{} is there already", to.display());
    let name = to.file_name().context("the backup needs a name")?.to_string_lossy();
    let draft = Draft(to.with_file_name(format!(".{name}.{}", Uuid::now_v7().simple())));
    private_folder(&draft.0)?;
    copy_keys(data, &draft.0)?;
    copy_database(data, &draft.0.join(DATABASE)).await?;
    sync(&draft.0)?;
    fs::rename(&draft.0, to).with_context(|| format!("naming the backup {}", to.display()))
}

/// Into a data folder that holds no service, by a copy that [`backup`] made.
pub async fn restore(from: &Path, data: &Path, clock: SharedClock) -> Result<()> {
    prepare_folder(data)?;
    let _lock = lock(data)?;
    let files = files_of_a_service(data);
    if let Some(file) = files.iter().find(|file| file.exists()) {
        bail!("{} is there already: restore into a folder without a service", file.display());
    }
    let made = Made(files);
    copy_keys(from, data)?;
    take_database(&from.join(DATABASE), &data.join(DATABASE))?;
    let core = open_core(data, clock).await?;
    let begun = begin_anew(&core).await;
    core.store.close().await;
    begun?;
    sync(data)?;
    made.stays();
    Ok(())
}

/// Read as of one moment, whatever the service writes meanwhile.
async fn copy_database(data: &Path, to: &Path) -> Result<()> {
    let from = data.join(DATABASE);
    let mut db = SqliteConnectOptions::new()
        .filename(&from)
        .read_only(true)
        .connect()
        .await
        .with_context(|| format!("opening {}", from.display()))?;
    make_private(to).with_context(|| format!("making {}", to.display()))?;
    let name = to.to_str().context("the backup's name is no text")?;
    sqlx::query("VACUUM INTO ?").bind(name).execute(&mut db).await.context("copying the database")?;
    db.close().await?;
    // Left to the system by SQLite, which takes this for a file that can be made again.
    let copied = OpenOptions::new().write(true).open(to).and_then(|file| file.sync_all());
    copied.with_context(|| format!("writing {}", to.display()))
}

/// For its owner only, whatever became of the copy.
fn take_database(from: &Path, to: &Path) -> Result<()> {
    make_private(to).with_context(|| format!("making {}", to.display()))?;
    let copied = File::open(from).and_then(|mut from| {
        let mut to = OpenOptions::new().write(true).open(to)?;
        io::copy(&mut from, &mut to)?;
        to.sync_all()
    });
    copied.with_context(|| format!("copying {}", from.display()))
}

fn copy_keys(from: &Path, to: &Path) -> Result<()> {
    for name in KEY_FILES {
        let (from, to) = (from.join(name), to.join(name));
        let key = Zeroizing::new(fs::read(&from).with_context(|| format!("reading {}", from.display()))?);
        write_private(&to, &key).with_context(|| format!("writing {}", to.display()))?;
    }
    Ok(())
}

/// Proven to belong to its keys, and with an id that no client has seen.
async fn begin_anew(core: &Core) -> Result<()> {
    let mut unit = core.begin().await?;
    links::prove_keys(unit.db(), &core.keys).await?;
    settings::draw_database_id(unit.db()).await?;
    Ok(unit.commit().await?)
}

/// With what SQLite keeps beside a database that is in use, which would destroy another one.
fn files_of_a_service(data: &Path) -> Vec<PathBuf> {
    let beside = ["-wal", "-shm"].map(|ending| format!("{DATABASE}{ending}"));
    let names = KEY_FILES.into_iter().chain([DATABASE]).chain(beside.iter().map(String::as_str));
    names.map(|name| data.join(name)).collect()
}

fn private_folder(folder: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    // Where its parent is not there, the name is a mistake.
    builder.recursive(false);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| format!("making {}", folder.display()))
}

/// That its files are there is on the disk too.
fn sync(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all().with_context(|| format!("writing {}", folder.display()))?;
    }
    Ok(())
}

/// Dropped before it got its name, it is gone.
struct Draft(PathBuf);

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a restore that fails takes away again.
struct Made(Vec<PathBuf>);

impl Made {
    fn stays(mut self) {
        self.0.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for file in &self.0 {
            let _ = fs::remove_file(file);
        }
    }
}
