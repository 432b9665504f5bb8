//! Where the service answers. `{id}` is a request, an invitation, a call or a session.

/// `GET` → [`ServiceInfo`](crate::service::ServiceInfo); for anyone.
pub const SERVICE: &str = "/api/v1/service";
/// `POST` [`ChallengeBody`](crate::device::ChallengeBody) → [`Challenge`](crate::device::Challenge); for anyone.
pub const DEVICE_CHALLENGE: &str = "/api/v1/devices/challenge";
/// `POST` [`DeviceSignIn`](crate::device::DeviceSignIn) → [`DeviceToken`](crate::device::DeviceToken); for anyone.
pub const DEVICE_SIGN_IN: &str = "/api/v1/devices/sign-in";
/// `POST` [`SignIn`](crate::account::SignIn) → [`AccountView`](crate::account::AccountView); for a device.
pub const ACCOUNT_SIGN_IN: &str = "/api/v1/account/sign-in";
/// `POST` nothing; for a device with an account.
pub const ACCOUNT_SIGN_OUT: &str = "/api/v1/account/sign-out";
/// `GET ?epoch=&after=` → [`Changes`](crate::changes::Changes); for a device.
pub const CHANGES: &str = "/api/v1/changes";
/// `GET` → [`Directory`](crate::directory::Directory); for a device with an account.
pub const DIRECTORY: &str = "/api/v1/directory";
/// WebSocket of [`Wake`](crate::changes::Wake) texts; for a device.
pub const PUSH: &str = "/api/v1/push";
/// `POST` [`CreateRequest`](crate::request::CreateRequest) → [`RequestView`](crate::request::RequestView); for an agent.
pub const REQUESTS: &str = "/api/v1/requests";
/// `GET` → [`RequestLink`](crate::request::RequestLink); for who may see the request.
pub const REQUEST_LINK: &str = "/api/v1/requests/{id}/link";
/// `GET` → `Vec<`[`HistoryEntry`](crate::request::HistoryEntry)`>`; for who may see the request.
pub const REQUEST_HISTORY: &str = "/api/v1/requests/{id}/history";
/// `POST` [`AgentAct`](crate::request::AgentAct) → [`RequestView`](crate::request::RequestView); for an agent.
pub const REQUEST_ACT: &str = "/api/v1/requests/{id}/act";
/// `POST` [`Join`](crate::join::Join) → [`JoinedView`](crate::join::JoinedView); for a device.
pub const JOIN: &str = "/api/v1/join";
/// `POST` [`HostAct`](crate::join::HostAct) → [`JoinedView`](crate::join::JoinedView); for the joined device.
pub const JOINED_ACT: &str = "/api/v1/joined/{id}/act";
/// `POST` [`CreateInvitation`](crate::invitation::CreateInvitation) → [`InvitationView`](crate::invitation::InvitationView); for a device at home.
pub const INVITATIONS: &str = "/api/v1/invitations";
/// `POST` [`InvitationAct`](crate::invitation::InvitationAct) → [`InvitationView`](crate::invitation::InvitationView); for its two devices.
pub const INVITATION_ACT: &str = "/api/v1/invitations/{id}/act";
/// `POST` [`PlaceCall`](crate::call::PlaceCall) → [`CallView`](crate::call::CallView); for a device at home.
pub const CALLS: &str = "/api/v1/calls";
/// `POST` [`CallAct`](crate::call::CallAct) → [`CallView`](crate::call::CallView); for its two devices.
pub const CALL_ACT: &str = "/api/v1/calls/{id}/act";
/// `GET`, `POST` [`Home`](crate::lookup::Home) → [`OwnDevice`](crate::lookup::OwnDevice); for a device.
pub const HOME: &str = "/api/v1/home";
/// `POST` [`ChooseAlias`](crate::lookup::ChooseAlias) → [`OwnDevice`](crate::lookup::OwnDevice); for a device of the organisation.
pub const ALIAS: &str = "/api/v1/alias";
/// `GET`, `POST` [`SetBlock`](crate::lookup::SetBlock) → `Vec<`[`Block`](crate::lookup::Block)`>`; for a device.
pub const BLOCKS: &str = "/api/v1/blocks";
/// `POST` [`BookAct`](crate::address_book::BookAct); for a device with an account.
pub const ADDRESS_BOOK: &str = "/api/v1/address-book";
/// `POST` [`Lookup`](crate::lookup::Lookup) → `Vec<`[`Found`](crate::lookup::Found)`>`; for a device at home.
pub const LOOKUP: &str = "/api/v1/lookup";
/// `POST` [`SignedStatement`](beckon_domain::SignedStatement) → [`SignedGrant`](beckon_domain::SignedGrant); for the host.
pub const SESSION_ANSWER: &str = "/api/v1/sessions/{id}/answer";
/// `GET` → [`SignedGrant`](beckon_domain::SignedGrant), or `grant_not_ready`; for the viewer.
pub const SESSION_GRANT: &str = "/api/v1/sessions/{id}/grant";
/// `POST` [`HostReport`](crate::session::HostReport); for the host. After an invitation or a call also for the
/// viewer, who may only say that it left.
pub const SESSION_REPORT: &str = "/api/v1/sessions/{id}/report";
/// `GET` → `ok`; for anyone.
pub const HEALTH: &str = "/healthz";

/// The recipient's page: `/s/<link token>`.
pub const LANDING: &str = "/s/{token}";
/// The page from which a device is called: `/c/<ID or alias>`.
pub const CALL_PAGE: &str = "/c/{target}";

/// `path` with its `{id}` filled in.
pub fn with_id(path: &str, id: uuid::Uuid) -> String {
    path.replace("{id}", &id.to_string())
}
