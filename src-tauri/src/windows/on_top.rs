//! The host's windows stand above all others while they ask, since nobody must miss them, and not when that is
//! decided. As bars they always do.

use std::sync::{Mutex, PoisonError};

use beckon_client::Client;
use beckon_client::view::JoinedState;
use beckon_domain::session_request::{Revision, StatusName};
use beckon_domain::{PermissionSet, RequestId, SessionId};
use tauri::{AppHandle, Manager};

use super::{About, opened};
use crate::commands::bar::Bars;

/// What was allowed last: after *End* the request waits again, and nobody asks.
#[derive(Default)]
pub struct Allowed(Mutex<Option<(RequestId, Revision)>>);

/// At those that are open. What they are now is not asked: a window that was raised may not have told yet.
pub fn look(app: &AppHandle) {
    for (about, window) in opened(app) {
        let Some(asks) = asks(app, about) else { continue };
        let on_top = asks || app.state::<Bars>().holds(&window);
        if let Err(error) = window.set_always_on_top(on_top) {
            tracing::warn!(%error, ?about, "the window stays where it is");
        }
    }
}

/// Whether there is something to decide. None of windows that are not the host's.
fn asks(app: &AppHandle, about: About) -> Option<bool> {
    match about {
        About::Host(session) => Some(has_open_asks(app, session)),
        About::Accept => {
            let joined = app.state::<Client>().state().joined;
            Some(
                joined.is_some_and(|joined| {
                    app.state::<Allowed>().asks(&joined) || asks_for_more(app, &joined)
                }),
            )
        }
        _ => None,
    }
}

fn asks_for_more(app: &AppHandle, joined: &JoinedState) -> bool {
    joined.session.is_some_and(|session| has_open_asks(app, session))
}

fn has_open_asks(app: &AppHandle, session: SessionId) -> bool {
    let session = app.state::<Client>().session_state(session);
    session.is_some_and(|session| session.asks.open != PermissionSet::NONE)
}

impl Allowed {
    fn asks(&self, joined: &JoinedState) -> bool {
        let mut allowed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let question = Some((joined.request, joined.revision));
        match joined.status {
            StatusName::Waiting => {
                let is_answered = joined.declined_at.is_some() || *allowed == question;
                joined.asked_by.is_some() || !is_answered
            }
            StatusName::Ready | StatusName::Connected => {
                *allowed = question;
                false
            }
            _ => false,
        }
    }
}
