//! Somebody asks for access while the person works elsewhere. The toast only points at the accept window:
//! what is asked is answered there.

use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_client::Client;
use beckon_client::view::JoinedState;
use beckon_domain::session_request::StatusName;
use tauri::{AppHandle, Manager};

use super::{Pressed, Toast, ToastId, Toasts, hear, short};
use crate::windows;
use crate::words::t;

const QUESTION: &str = "question";

/// The toast that stands, if one does.
#[derive(Default)]
pub struct Question(Mutex<Option<Toast>>);

impl Question {
    /// A press on the toast brings the window forward, and does nothing else. Runs as long as the program does.
    pub fn follow(app: &AppHandle) {
        hear(app, |app, answer| {
            if answer.toast.as_str() == QUESTION && answer.pressed != Pressed::Dismissed {
                windows::show_accept(app);
            }
        });
    }

    /// There is something new to ask, and its window is not in front.
    pub fn is_asked(&self, app: &AppHandle) {
        let client = app.state::<Client>();
        if !client.preferences().alerts {
            return;
        }
        if let Some(toast) = client.state().joined.as_ref().and_then(toast) {
            *self.lock() = Some(toast.clone());
            app.state::<Toasts>().show(toast);
        }
    }

    /// The client's state has changed: what stands says what is so, or goes.
    pub fn look(&self, app: &AppHandle) {
        if self.lock().is_none() {
            return;
        }
        let now = app.state::<Client>().state().joined.as_ref().and_then(toast);
        let mut standing = self.lock();
        if *standing == now {
            return;
        }
        match &now {
            Some(toast) => app.state::<Toasts>().update(toast.clone()),
            None => app.state::<Toasts>().withdraw(&id()),
        }
        *standing = now;
    }

    /// The person looks at the window.
    pub fn is_seen(&self, app: &AppHandle) {
        if self.lock().take().is_some() {
            app.state::<Toasts>().withdraw(&id());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Toast>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn id() -> ToastId {
    ToastId(QUESTION.to_owned())
}

fn toast(joined: &JoinedState) -> Option<Toast> {
    let answered = joined.declined_at.is_some() && joined.asked_by.is_none();
    if joined.status != StatusName::Waiting || answered {
        return None;
    }
    let organisation = short(joined.organisation.as_str());
    let agent = joined.asked_by.as_ref().or(joined.agent.as_ref());
    let (key, name) = match (agent, &joined.queue) {
        (Some(agent), _) => ("toast.asks_agent", short(agent.as_str())),
        (None, Some(queue)) => ("toast.asks_queue", short(queue.as_str())),
        (None, None) => ("toast.asks_any", String::new()),
    };
    Some(Toast {
        id: id(),
        title: t(key, &[("agent", &name), ("queue", &name), ("organisation", &organisation)]),
        body: t("toast.asks_text", &[]),
        buttons: Vec::new(),
        stays: false,
    })
}

#[cfg(test)]
mod tests {
    use beckon_domain::session_request::Revision;
    use beckon_domain::text::Name;
    use beckon_domain::{Cover, PermissionSet, ProfileId, RequestId};

    use super::*;

    fn joined(agent: Option<&str>, queue: Option<&str>) -> JoinedState {
        let name = |name: &str| name.parse::<Name>().unwrap();
        JoinedState {
            service: "https://support.acme.example".into(),
            request: RequestId("018f4e2c-7b1a-7c3d-8e5f-0123456789ab".parse().unwrap()),
            revision: Revision(1),
            status: StatusName::Waiting,
            organisation: name("Acme"),
            agent: agent.map(name),
            queue: queue.map(name),
            cover: Cover::AnyAgent,
            profile: ProfileId::Default.into(),
            switches: PermissionSet::NONE,
            available: PermissionSet::NONE,
            expires_at: Default::default(),
            declined_at: None,
            asked_by: None,
            asked_until: None,
            met_before: None,
            place: None,
            session: None,
            offline: false,
        }
    }

    fn says(joined: &JoinedState) -> Option<String> {
        toast(joined).map(|toast| toast.title)
    }

    #[test]
    fn it_names_who_asks_and_has_no_button() {
        let both = joined(Some("Ana Lima"), Some("Tier 1"));
        assert_eq!(says(&both).as_deref(), Some("Ana Lima of Acme asks for access"));
        assert_eq!(says(&joined(None, Some("Tier 1"))).as_deref(), Some("Tier 1 of Acme asks for access"));
        assert_eq!(says(&joined(None, None)).as_deref(), Some("Acme asks for access"));
        let asking = JoinedState { asked_by: Some("Ben".parse().unwrap()), ..both };
        assert_eq!(says(&asking).as_deref(), Some("Ben of Acme asks for access"));
        assert_eq!(toast(&asking).unwrap().buttons, []);
    }

    #[test]
    fn what_is_answered_is_no_question() {
        let allowed = JoinedState { status: StatusName::Ready, ..joined(None, None) };
        assert_eq!(says(&allowed), None);
        let denied = JoinedState { declined_at: Some(Default::default()), ..joined(None, None) };
        assert_eq!(says(&denied), None);
        let asked_again = JoinedState { asked_by: Some("Ben".parse().unwrap()), ..denied };
        assert!(says(&asked_again).is_some());
    }
}
