//! The acts of the status table, as they are recorded in a request's history.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Create,
    Edit,
    Comment,
    Claim,
    Release,
    Assign,
    Reschedule,
    StartNow,
    OpenLink,
    Join,
    Allow,
    Deny,
    Ask,
    CancelAsk,
    Connect,
    Connected,
    Disconnect,
    EndAndClose,
    End,
    Leave,
    HostSilent,
    ConsentOver,
    ConnectionLost,
    ConnectionBack,
    ResumeEnded,
    AskEnded,
    ReservationEnded,
    Expire,
    NewLink,
    Close,
    Withdraw,
    Reopen,
}

impl Act {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Comment => "comment",
            Self::Claim => "claim",
            Self::Release => "release",
            Self::Assign => "assign",
            Self::Reschedule => "reschedule",
            Self::StartNow => "start_now",
            Self::OpenLink => "open_link",
            Self::Join => "join",
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Ask => "ask",
            Self::CancelAsk => "cancel_ask",
            Self::Connect => "connect",
            Self::Connected => "connected",
            Self::Disconnect => "disconnect",
            Self::EndAndClose => "end_and_close",
            Self::End => "end",
            Self::Leave => "leave",
            Self::HostSilent => "host_silent",
            Self::ConsentOver => "consent_over",
            Self::ConnectionLost => "connection_lost",
            Self::ConnectionBack => "connection_back",
            Self::ResumeEnded => "resume_ended",
            Self::AskEnded => "ask_ended",
            Self::ReservationEnded => "reservation_ended",
            Self::Expire => "expire",
            Self::NewLink => "new_link",
            Self::Close => "close",
            Self::Withdraw => "withdraw",
            Self::Reopen => "reopen",
        }
    }
}
