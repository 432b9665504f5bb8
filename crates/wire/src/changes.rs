use beckon_domain::{BookEntry, BookEntryId, CallId, InvitationId, RequestId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::account::AccountView;
use crate::call::CallView;
use crate::invitation::InvitationView;
use crate::join::JoinedView;
use crate::request::RequestView;

/// What has changed in what this device, and who is signed in on it, can see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes<C = Change> {
    /// Another epoch than the client's means: forget everything and start over; these changes begin at 0.
    /// It changes with a restored database, and with who sees what on this device.
    pub epoch: String,
    /// Ask again from here.
    pub cursor: u64,
    /// There is more than one answer holds.
    pub more: bool,
    pub changes: Vec<C>,
    /// Who is signed in on this device.
    pub account: Option<AccountView>,
    /// Whether the service can send mail to recipients.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mail: bool,
    /// Which [`Directory`](crate::directory::Directory) holds for who is signed in: another tag, another
    /// directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
}

impl Changes<Value> {
    /// A thing that cannot be read holds up no other: it is told, and left out.
    pub fn readable(self, tell: impl Fn(&serde_json::Error)) -> Changes {
        let Self { epoch, cursor, more, changes, account, mail, directory } = self;
        let read = |change| serde_json::from_value(change).inspect_err(&tell).ok();
        let changes = changes.into_iter().filter_map(read).collect();
        Changes { epoch, cursor, more, changes, account, mail, directory }
    }
}

/// One thing as it is now. A later number is never visible before an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub number: u64,
    pub thing: Thing,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// An agent's view.
    Request(Box<RequestView>),
    RequestGone(RequestId),
    /// The joined device's view.
    Joined(Box<JoinedView>),
    JoinedGone(RequestId),
    /// For both devices, also once it was decided.
    Invitation(Box<InvitationView>),
    InvitationGone(InvitationId),
    /// For both devices, also once it was decided.
    Call(Box<CallView>),
    CallGone(CallId),
    /// In the address book of who is signed in.
    BookEntry(Box<BookEntry>),
    BookEntryGone(BookEntryId),
}

/// A push carries no truth: it says "look again".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wake {
    pub cursor: u64,
}
