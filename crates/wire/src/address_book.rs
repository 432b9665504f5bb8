//! What a person does with their own address book.

use beckon_domain::{BookEntry, BookEntryId};
use serde::{Deserialize, Serialize};

/// For who is signed in, whatever their role. At most [`BOOK_MAX`](crate::limits::BOOK_MAX) entries, each ID and
/// alias once. What is there is read as [`Thing::BookEntry`](crate::changes::Thing).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookAct {
    /// Adds it, or takes the place of the one with its id.
    Put(BookEntry),
    /// One that is gone already is gone.
    Remove(BookEntryId),
}
