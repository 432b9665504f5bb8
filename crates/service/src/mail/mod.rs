//! Mail to recipients, over the organisation's own SMTP server.
//!
//! ```text
//! an act's store::Unit { state, history, mails: queued } ── commit ──► outbox: still true? ── letter ──► delivery
//!                                                                        ▲                                 │
//!                                                                        └── later, with jitter ◄── not now ┤
//!                                                             history, change ◄── sent, or refused for good ┘
//! ```
//!
//! A mail is written when its turn comes, from the request as it is then. One that is no longer true is
//! dropped. Comments are never in a mail.

mod calendar;
mod command;
mod delivery;
mod letter;
mod news;
mod outbox;
mod server;
mod writing;

pub use calendar::Calendar;
pub use command::{off, set, show, test};
pub use news::{News, news};
pub use outbox::{run, send_again};
pub use server::{MailServer, Security};

use crate::error::Answer;
use crate::store::settings;

/// Whether the service can send mail at all.
pub async fn is_set(db: &mut sqlx::SqliteConnection) -> Answer<bool> {
    Ok(settings::mail(db).await?.is_some())
}
