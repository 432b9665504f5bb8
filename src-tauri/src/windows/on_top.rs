//! The host's windows stand above all others while they ask, since nobody must miss them, and not when that is
//! decided. As bars they always do.

use beckon_client::Client;
use beckon_domain::session_request::StatusName;
use beckon_domain::{PermissionSet, SessionId};
use tauri::{AppHandle, Manager};

use super::{About, opened};
use crate::commands::bar::Bars;

/// At those that are open.
pub fn look(app: &AppHandle) {
    for (about, window) in opened(app) {
        let Some(asks) = asks(app, about) else { continue };
        let on_top = asks || app.state::<Bars>().holds(&window);
        if window.is_always_on_top().is_ok_and(|now| now == on_top) {
            continue;
        }
        if let Err(error) = window.set_always_on_top(on_top) {
            tracing::warn!(%error, ?about, "the window stays where it is");
        }
    }
}

/// Whether there is something to decide. None of windows that are not the host's.
fn asks(app: &AppHandle, about: About) -> Option<bool> {
    let client = app.state::<Client>();
    let is_asked = |session: SessionId| {
        client.session_state(session).is_some_and(|session| session.asks.open != PermissionSet::NONE)
    };
    match about {
        About::Host(session) => Some(is_asked(session)),
        About::Accept => Some(client.state().joined.is_some_and(|joined| {
            joined.status == StatusName::Waiting || joined.session.is_some_and(is_asked)
        })),
        _ => None,
    }
}
