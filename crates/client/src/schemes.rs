//! Which program the system starts for a link, and the change of it. One file for each system.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use beckon_domain::link::Prefix;
use beckon_domain::text::Name;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[cfg(target_os = "linux")]
pub mod linux;
#[cfg(target_os = "macos")]
pub mod macos;
#[cfg(windows)]
pub mod windows;

/// The system's own record of who opens which links. All of it blocks; only macOS may ask the person. Changes come
/// one at a time, and somebody may look meanwhile.
pub trait SchemeTable: Send + Sync {
    fn holder(&self, scheme: &Scheme) -> anyhow::Result<Holder>;

    /// Registers this program, and makes it the holder where a program may do that.
    fn take(&self, scheme: &Scheme) -> anyhow::Result<Taking>;

    /// Takes this program's registration back, and makes `former` the holder again.
    fn give_back(&self, scheme: &Scheme, former: &Program) -> anyhow::Result<Taking>;

    /// Leaves nothing of this program's registration behind. Another holder keeps its place.
    fn remove(&self, scheme: &Scheme) -> anyhow::Result<Taking>;

    /// Has this program open the link: as one argument, unchanged. Never this program itself.
    fn open_with(&self, former: &Program, link: &str) -> anyhow::Result<()>;

    /// Whether nobody holds it after [`SchemeTable::remove`]: what is installed may go on offering this program.
    fn can_remove(&self, scheme: &Scheme) -> bool;
}

/// What the system's tables say about this program.
#[derive(Debug, Clone)]
pub struct Listing {
    /// Tells its entries from those of other clients: `beckon`, and with a dash and the prefix for a custom one.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What this program is for, in a few words.
    pub about: String,
    /// What a link that it opens is called.
    pub link: String,
}

#[cfg(test)]
impl Listing {
    pub fn sample() -> Self {
        let text = str::to_owned;
        Self { id: text("beckon"), name: text("Beckon"), about: text("Remote support"), link: text("Link") }
    }
}

/// The table of the system that this program runs on.
#[cfg_attr(target_os = "macos", expect(unused_variables, reason = "there the bundle says it all"))]
pub fn of_this_system(program: PathBuf, listing: Listing) -> anyhow::Result<Box<dyn SchemeTable>> {
    #[cfg(target_os = "linux")]
    return Ok(Box::new(linux::DesktopFiles::of_this_user(program, listing)?));
    #[cfg(windows)]
    return Ok(Box::new(windows::Registry::of_this_user(&program, listing)?));
    #[cfg(target_os = "macos")]
    return Ok(Box::new(macos::LaunchServices::new(&program)?));
}

/// `beckon`, `anydesk` or `anydesk-<prefix>`, the prefix 1–16 of `a-z 0-9`. Always lower case: file managers and
/// browsers look for nothing else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct Scheme(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of the schemes that this program opens")]
pub struct NotOurScheme;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    Nobody,
    Us,
    Another(Program),
}

/// What came of taking a scheme, or of giving it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Taking {
    Done,
    /// All that a program may write is written; the rest only a person can choose, in the system's settings.
    NeedsThePerson,
}

/// A program that opens links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// What people call it; empty where the system does not say.
    pub name: String,
    /// What this system needs to make it the holder again. `None`: its place was overwritten before.
    pub record: Option<String>,
    /// Windows: the command that opens a link with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

impl Program {
    /// The first of these names that can be shown. They are other programs' words.
    pub fn named(names: &[Option<String>], record: Option<String>) -> Self {
        let name = names.iter().flatten().find_map(|name| showable(name)).unwrap_or_default();
        Self { name, record, command: None }
    }
}

fn showable(name: &str) -> Option<String> {
    const MOST: usize = 64;
    let short: String = name.trim().chars().take(MOST).collect();
    short.parse::<Name>().ok().map(String::from)
}

impl Scheme {
    /// Those of every client; a custom client has one more.
    pub fn standard() -> [Self; 2] {
        [Self("beckon".to_owned()), Self("anydesk".to_owned())]
    }

    pub fn of(prefix: &Prefix) -> Self {
        Self(format!("anydesk-{prefix}"))
    }

    /// The scheme that a link begins with.
    pub fn of_link(link: &str) -> Option<Self> {
        link.split_once(':')?.0.to_ascii_lowercase().parse().ok()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Scheme {
    type Err = NotOurScheme;

    fn from_str(text: &str) -> Result<Self, NotOurScheme> {
        let is_lower = |prefix: &str| prefix.parse::<Prefix>().is_ok_and(|kept| kept.to_string() == prefix);
        let ours = match text.strip_prefix("anydesk-") {
            Some(prefix) => is_lower(prefix),
            None => text == "beckon" || text == "anydesk",
        };
        if ours { Ok(Self(text.to_owned())) } else { Err(NotOurScheme) }
    }
}

impl TryFrom<String> for Scheme {
    type Error = NotOurScheme;

    fn try_from(text: String) -> Result<Self, NotOurScheme> {
        text.parse()
    }
}

impl From<Scheme> for String {
    fn from(scheme: Scheme) -> Self {
        scheme.0
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_other_scheme_can_be_asked_for() {
        for ours in ["beckon", "anydesk", "anydesk-a", "anydesk-abc12345", "anydesk-0123456789abcdef"] {
            assert_eq!(ours.parse::<Scheme>().unwrap().as_str(), ours);
        }
        for other in [
            "",
            "http",
            "mailto",
            "Beckon",
            "ANYDESK",
            "anydesk-",
            "anydesk-ABC",
            "anydesk-0123456789abcdefg",
            "anydesk-a_b",
            "anydesk-a;b",
            "anydesk-a/../b",
            "anydesk-ä",
            "anydesk:",
            " beckon",
            "beckon\n",
        ] {
            assert_eq!(other.parse::<Scheme>(), Err(NotOurScheme), "{other:?}");
        }
    }

    #[test]
    fn a_links_own_scheme_is_found_without_case() {
        let scheme = |link: &str| Scheme::of_link(link).map(String::from);
        assert_eq!(scheme("AnyDesk-ABC:123456789").as_deref(), Some("anydesk-abc"));
        assert_eq!(scheme("anydesk:AnyDesk-abc_msi:123456789").as_deref(), Some("anydesk"));
        assert_eq!(scheme("anydesk-abc"), None);
        assert_eq!(scheme("file:///etc/passwd"), None);
        assert_eq!(Scheme::of(&"ABC".parse().unwrap()).as_str(), "anydesk-abc");
    }

    #[test]
    fn another_programs_name_is_shown_short_and_without_tricks() {
        let named =
            |name: &str| Program::named(&[Some(name.to_owned()), Some("other".to_owned())], None).name;
        assert_eq!(named("  AnyDesk "), "AnyDesk");
        assert_eq!(named(&"x".repeat(500)).len(), 64);
        for trick in ["\u{202e}drowssap", "two\nlines", "", "   "] {
            assert_eq!(named(trick), "other", "{trick:?}");
        }
    }
}
