//! Files in both directions, whole folders too.
//!
//! The viewer opens a stream for each listing and each transfer, also of what the host's person offers;
//! [`HostFiles`] answers it. Nothing that the viewer asks for leads out of the folder that the host's person chose,
//! nothing is overwritten, and a file has its name only once it is whole. Names, sizes and order come from the
//! other side and are believed in nothing.
//!
//! Absent on purpose: permissions and attributes of files, which mean something else elsewhere; symbolic
//! links; deleting and renaming.

mod host;
mod incoming;
mod landing;
mod line;
mod listing;
mod message;
mod name;
mod offers;
mod outgoing;
mod part;
mod path;
mod plan;
mod reading;
mod stop;
#[cfg(test)]
mod tests;
mod transfer;
mod viewer;

pub use host::{HostFiles, HostTransfer};
pub use landing::Tally;
pub use listing::{Entry, EntryName, Listing, MOST_ENTRIES, list};
pub(crate) use name::is_plain;
pub use name::{landing_name, landing_name_in_sight, numbered};
pub use offers::{FileOffer, HostOffers, decline};
pub use path::{FilePath, PathRefusal};
pub use stop::FileStop;
pub use transfer::{Progress, Transfer, TransferId, TransferState};
pub use viewer::{Fetch, Upload};
