//! What is in a folder below the one that the host chose.

use cap_std::fs::Dir;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};

use super::message::{Ask, LONGEST, Listed};
use super::name::is_plain;
use super::path::{FilePath, is_component};
use super::plan::modified;
use super::stop::FileStop;
use crate::frames::{FrameReader, FrameWriter};

/// The most entries of a folder that are listed.
pub const MOST_ENTRIES: usize = 10_000;
/// The most in one message.
pub(super) const PAGE: usize = 128;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub name: EntryName,
    pub is_folder: bool,
    /// Bytes; 0 for a folder.
    pub size: u64,
    /// Milliseconds since 1970 in UTC, if known.
    pub modified: Option<i64>,
}

/// The exact name, to ask for it again. A component of a [`FilePath`] that shows what it is: without
/// characters that control, hide or turn text around.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntryName(String);

/// In no order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    pub entries: Vec<Entry>,
    /// Whether there is more than is listed.
    pub more: bool,
}

impl EntryName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EntryName {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        if is_component(&name) && name.chars().all(is_plain) {
            Ok(Self(name))
        } else {
            Err("a name that cannot be shown")
        }
    }
}

impl From<EntryName> for String {
    fn from(name: EntryName) -> Self {
        name.0
    }
}

/// Asks the host, on a stream of its own.
pub async fn list<R, W>(reader: R, writer: W, folder: FilePath) -> Result<Listing, FileStop>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let (mut reader, mut writer) = (FrameReader::new(reader, LONGEST), FrameWriter::new(writer, LONGEST));
    writer.send(&Ask::List(folder)).await?;
    let mut listing = Listing::default();
    loop {
        match reader.next().await?.ok_or(FileStop::Lost)? {
            Listed::Entries(page) => {
                if page.is_empty() || listing.entries.len() + page.len() > MOST_ENTRIES {
                    return Err(FileStop::Misbehaved);
                }
                listing.entries.extend(page);
            }
            Listed::End { more } => {
                listing.more = more;
                return Ok(listing);
            }
            Listed::Stop(why) => return Err(why),
        }
    }
}

/// Symbolic links, names that cannot be shown, and what is neither file nor folder are left out.
pub(super) fn look_into(folder: &Dir, path: &FilePath) -> Result<Listing, FileStop> {
    let place = path.to_path().map_err(|_| FileStop::NotThere)?;
    let place = if path.is_empty() { ".".into() } else { place };
    let found = folder.read_dir(place).map_err(|error| FileStop::of_reading(&error))?;
    let mut entries = found.filter_map(|entry| entry_of(&entry.ok()?));
    let listed = entries.by_ref().take(MOST_ENTRIES).collect();
    Ok(Listing { entries: listed, more: entries.next().is_some() })
}

fn entry_of(entry: &cap_std::fs::DirEntry) -> Option<Entry> {
    let name = entry.file_name().into_string().ok()?.try_into().ok()?;
    let metadata = entry.metadata().ok()?;
    let is_folder = metadata.is_dir();
    (is_folder || metadata.is_file()).then(|| Entry {
        name,
        is_folder,
        size: if is_folder { 0 } else { metadata.len() },
        modified: modified(&metadata),
    })
}
