//! One file per group of endpoints. Each says who it is for, loads, lets the domain decide, and keeps.

mod account;
mod address_book;
mod agent_act;
mod body;
mod calls;
mod changes;
mod device;
mod directory;
mod host_act;
mod introduction;
mod invitations;
mod join;
mod lookup;
mod push;
mod requests;
mod service;
mod session;

use axum::Router;
use axum::routing::{any, get, post};
use beckon_wire::{Code, paths};

use crate::app::Shared;
use crate::error::Failure;
use crate::pages;

pub use body::in_time;
pub use requests::{create, landing_path, url as link_url};

pub fn router(app: &Shared) -> Router<Shared> {
    Router::new()
        .route(paths::SERVICE, get(service::info))
        .route(paths::HEALTH, get(service::health))
        .route(paths::DEVICE_CHALLENGE, post(device::challenge))
        .route(paths::DEVICE_SIGN_IN, post(device::sign_in))
        .route(paths::ACCOUNT_SIGN_IN, post(account::sign_in))
        .route(paths::ACCOUNT_SIGN_OUT, post(account::sign_out))
        .route(paths::CHANGES, get(changes::changes))
        .route(paths::DIRECTORY, get(directory::get))
        .route(paths::PUSH, get(push::push))
        .route(paths::REQUESTS, post(requests::post))
        .route(paths::REQUEST_LINK, get(requests::link))
        .route(paths::REQUEST_HISTORY, get(requests::history))
        .route(paths::REQUEST_ACT, post(agent_act::act))
        .route(paths::JOIN, post(join::join))
        .route(paths::JOINED_ACT, post(host_act::act))
        .route(paths::INVITATIONS, post(invitations::post))
        .route(paths::INVITATION_ACT, post(invitations::act))
        .route(paths::CALLS, post(calls::post))
        .route(paths::CALL_ACT, post(calls::act))
        .route(paths::HOME, get(lookup::own).post(lookup::set_home))
        .route(paths::ALIAS, post(lookup::choose_alias))
        .route(paths::BLOCKS, get(lookup::blocked).post(lookup::set_block))
        .route(paths::ADDRESS_BOOK, post(address_book::act))
        .route(paths::LOOKUP, post(lookup::look_up))
        .route(paths::SESSION_ANSWER, post(session::answer))
        .route(paths::SESSION_GRANT, get(session::grant))
        .route(paths::SESSION_REPORT, post(session::report))
        .route("/api/{*nothing}", any(|| async { Failure::from(Code::NotFound) }))
        .merge(pages::router(app))
}
