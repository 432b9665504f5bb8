//! The words of Beckon: what the things are and what may be done to them.
//!
//! Absent on purpose: input and output, async, and any reading of the time. Whoever calls hands in
//! `now`; whoever stores or sends does so outside. Every rule here comes from the product page; where a
//! rule has a number, the constant that carries it is public.

#![forbid(unsafe_code)]

pub mod account;
#[cfg(test)]
mod act_table;
pub mod address_book;
pub mod alias;
pub mod assist;
pub mod call;
pub mod clock;
pub mod consent;
pub mod contact;
pub mod device_id;
pub mod email_address;
pub mod grant;
pub mod introduction;
pub mod invitation;
pub mod join_code;
pub mod keys;
pub mod link;
pub mod link_token;
pub mod permission;
pub mod proposed_profile;
pub mod schedule;
pub mod session_request;
pub mod statement;
pub mod text;
pub mod zone_clock;

pub use account::{AccountId, QueueId, Role};
pub use address_book::{BookEntry, BookEntryId};
pub use alias::Alias;
pub use assist::Assist;
pub use call::{Call, CallId};
pub use clock::{Clock, SharedClock, SystemClock};
pub use consent::{Consent, Cover};
pub use contact::{Contact, Language};
pub use device_id::DeviceId;
pub use email_address::EmailAddress;
pub use grant::{Grant, SignedGrant};
pub use introduction::{Introduction, Occasion};
pub use invitation::{Invitation, InvitationId};
pub use join_code::JoinCode;
pub use keys::{PublicKey, SecretKey, Signature};
pub use link::{Link, ServiceOrigin};
pub use link_token::LinkToken;
pub use permission::{Permission, PermissionSet, ProfileId};
pub use proposed_profile::{NamedProfile, ProposedProfile};
pub use schedule::{Schedule, WallTime, Zone};
pub use session_request::{Act, Refusal, RequestId, SessionRequest, Status};
pub use statement::{SessionId, SessionPurpose, SignedStatement, Statement};
