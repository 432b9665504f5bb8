//! How far each database has counted, in a small file beside the database that a restored copy of the
//! database does not take back.
//!
//! A database that has counted less than its mark was restored: clients hold cursors that it will reach
//! again with other changes. It gets a new id, with which every epoch changes and every client starts over.
//! A mark is written only after what it counts was committed, so it never runs ahead of its database; marks
//! of earlier ids are kept, since the same copy may be restored twice.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use uuid::Uuid;

const FILE: &str = "changes.marks";

pub struct Marks {
    file: PathBuf,
    by_database: BTreeMap<String, i64>,
}

impl Marks {
    /// What cannot be read marks nothing: without a mark no database is taken for a restored one.
    pub fn read(folder: &Path) -> Self {
        let file = folder.join(FILE);
        let text = fs::read_to_string(&file).unwrap_or_default();
        let line = |line: &str| {
            let (id, counted) = line.split_once(' ')?;
            Some((id.to_owned(), counted.parse().ok()?))
        };
        Self { file, by_database: text.lines().filter_map(line).collect() }
    }

    pub fn was_restored(&self, database: &str, counted: i64) -> bool {
        self.by_database.get(database).is_some_and(|mark| counted < *mark)
    }

    /// As a whole or not at all: a file of its own takes the place of the old one.
    pub fn keep(&mut self, database: &str, counted: i64) -> io::Result<()> {
        if self.by_database.insert(database.to_owned(), counted) == Some(counted) {
            return Ok(());
        }
        let text: String = self.by_database.iter().map(|(id, counted)| format!("{id} {counted}\n")).collect();
        let new = self.file.with_extension(Uuid::now_v7().simple().to_string());
        let done = write(&new, &text).and_then(|()| fs::rename(&new, &self.file));
        if done.is_err() {
            let _ = fs::remove_file(&new);
        }
        done
    }
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file: File = options.open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
