//! One shape of error crosses HTTP and the window's edge.

use std::collections::BTreeMap;

use beckon_domain::text::harmless;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// More than any sentence needs, and longer than any name or address in one.
const PARAMS_MAX: usize = 16;
const PARAM_MAX: usize = 256;

/// `code` says what went wrong, `params` what the sentence for it needs, `trace` where the log says more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{code:?} {params:?} ({trace})")]
#[ts(export)]
pub struct ApiError {
    pub code: Code,
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    #[serde(default)]
    pub trace: String,
}

/// A code exists only while something reacts to it: a sentence in `ui/src/words`, or a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The body or a parameter cannot be read. A bug, or not our program.
    BadRequest,
    /// `field`
    TextEmpty,
    /// `field`, `max`
    TextTooLong,
    /// `field`
    TextForbidden,
    TooLarge,
    /// The token is missing, unknown or over: sign in as a device again.
    Unauthenticated,
    /// Wrong email, password or sign-in code; which one is not said.
    WrongCredentials,
    /// `retry_after_s`
    Throttled,
    /// The role or the missing sign-in forbids it.
    Forbidden,
    NotFound,
    /// The same id was used for something else.
    IdTaken,

    /// `act`, `status`
    NotInThisStatus,
    AnotherDeviceJoined,
    NotTheHost,
    NobodyJoined,
    /// `current`
    OlderRevision,
    /// `name`
    TakenBy,
    NotCovered,
    /// `name`
    AssignedTo,
    /// `ask_again_at`, RFC 3339
    DeclinedJustNow,
    /// `opens_at`, RFC 3339
    TooEarly,
    OtherSession,
    ScheduleInThePast,
    ExpiresTooSoon,
    ExpiresTooLate,
    /// The name of a time zone that nobody knows.
    UnknownZone,
    /// The one to whom a request is given is not there, or cannot act.
    NotAssignable,
    /// `field`
    NotAnEmail,
    /// Mail is wanted, and the service has no mail server.
    MailNotSet,

    /// This device has joined another request; leave that first.
    JoinedAnother,
    /// No device is host and viewer at once.
    InASession,
    LinkUnknown,
    LinkClosed,
    LinkExpired,
    LinkReplaced,
    /// A statement or report that does not fit the session.
    WrongStatement,
    GrantNotReady,

    /// `state`: an invitation that was decided before.
    InvitationOver,
    /// `state`: a call that was decided before.
    CallOver,
    /// Nobody invites or calls the device that they sit at.
    OwnId,
    /// This service is not the device's home service.
    GuestDevice,
    /// `max`: so many invitations are pending.
    TooManyPending,
    /// Another call rings already.
    AlreadyCalling,
    /// `max`: so many devices are blocked.
    TooManyBlocked,
    /// `max`: so many entries are in the address book.
    BookFull,
    /// The address book has an entry with this ID or alias.
    InBookAlready,
    NotAnAlias,
    AliasTaken,
    /// The organisation has no namespace for aliases.
    NoNamespace,

    /// The service cannot do it now: it is stopping, or its disk is full.
    Unavailable,
    Internal,

    /// The window's edge only: the service was not reached.
    Unreachable,
    /// The window's edge only: what answers at that address is not a Beckon service.
    NotOurService,
    /// The window's edge only: the service has another key than when it was first met.
    ServiceKeyChanged,
    /// The window's edge only: there is no home service yet.
    NoService,
    /// The window's edge only: neither an ID, an alias, a join code nor a session link.
    NotAnAddress,
    /// The window's edge only: the other side could not be reached for a session.
    CouldNotConnect,
    /// The window's edge only: the service is out of reach, and `max` requests wait for it already.
    OutboxFull,
    /// The window's edge only: `max` tiles are favorites already.
    TooManyFavorites,
    /// The window's edge only: `max` permission profiles were made already.
    TooManyProfiles,
    /// The window's edge only: another permission profile has this name.
    ProfileNameTaken,
    /// The window's edge only: an entry has at most `max` tags.
    TooManyTags,
    /// The window's edge only: the clocks in `zone` go forward over this time.
    NoSuchTime,
    /// The window's edge only: the other computer's screen cannot be shared under Wayland.
    ScreenOnWayland,
    /// The window's edge only: the other computer's system does not let Beckon see its screen.
    ScreenNotPermitted,
    /// The window's edge only: there is no screen at the other side, or it cannot be seen.
    NoScreen,
    /// The window's edge only: a portable copy changes nothing of the computer.
    NotWhenPortable,
    /// The window's edge only: the system did not make the change.
    SystemRefused,
    /// The window's edge only: another program, or the system itself, has these keys.
    HotKeyTaken,
    /// The window's edge only: another hot key of Beckon's has these keys.
    HotKeyTwice,
}

impl ApiError {
    pub fn new(code: Code) -> Self {
        Self { code, params: BTreeMap::new(), trace: String::new() }
    }

    #[must_use]
    pub fn with(mut self, param: &str, value: impl ToString) -> Self {
        self.params.insert(param.to_owned(), value.to_string());
        self
    }

    /// As it may be shown, whoever said it.
    #[must_use]
    pub fn harmless(self) -> Self {
        let params = self.params.into_iter().take(PARAMS_MAX);
        Self {
            code: self.code,
            params: params.map(|(name, value)| (name, harmless(&value, PARAM_MAX))).collect(),
            trace: harmless(&self.trace, PARAM_MAX),
        }
    }
}
