//! A person's own list of devices.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::link::Target;
use crate::text::{Name, Note, Tag};

/// A UUIDv7 that the client makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "string", export)]
pub struct BookEntryId(pub Uuid);

/// One device in an address book. A book holds each ID and each alias once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BookEntry {
    pub id: BookEntryId,
    pub target: Target,
    /// What its person calls it.
    #[serde(default)]
    pub name: Option<Name>,
    #[serde(default)]
    pub tags: Tags,
    #[serde(default)]
    pub note: Note,
}

/// At most [`Tags::MAX`], each once whatever its case, in the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(try_from = "Vec<Tag>", into = "Vec<Tag>")]
#[ts(type = "string[]")]
pub struct Tags(Vec<Tag>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there are more than {} tags", Tags::MAX)]
pub struct TooManyTags;

impl Tags {
    pub const MAX: usize = 10;

    pub fn iter(&self) -> impl Iterator<Item = &Tag> {
        self.0.iter()
    }
}

impl TryFrom<Vec<Tag>> for Tags {
    type Error = TooManyTags;

    fn try_from(given: Vec<Tag>) -> Result<Self, TooManyTags> {
        let mut tags: Vec<Tag> = Vec::new();
        for tag in given {
            if tags.iter().any(|there| folded(there) == folded(&tag)) {
                continue;
            }
            if tags.len() == Self::MAX {
                return Err(TooManyTags);
            }
            tags.push(tag);
        }
        Ok(Self(tags))
    }
}

impl From<Tags> for Vec<Tag> {
    fn from(tags: Tags) -> Vec<Tag> {
        tags.0
    }
}

fn folded(tag: &Tag) -> String {
    tag.as_str().trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(words: &[&str]) -> Result<Tags, TooManyTags> {
        words.iter().map(|word| word.parse().unwrap()).collect::<Vec<Tag>>().try_into()
    }

    #[test]
    fn a_tag_is_there_once_as_it_was_first_typed() {
        let kept = tags(&["Till", "Berlin", "till ", "TILL"]).unwrap();
        assert_eq!(kept, tags(&["Till", "Berlin"]).unwrap());
    }

    #[test]
    fn ten_tags_are_enough() {
        let many: Vec<String> = (0..11).map(|n| format!("tag {n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(tags(&many[..10]).is_ok());
        assert_eq!(tags(&many), Err(TooManyTags));
        assert!(serde_json::from_str::<Tags>(&serde_json::to_string(&many).unwrap()).is_err());
    }
}
