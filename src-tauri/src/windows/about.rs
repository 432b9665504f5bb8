//! What a window is about. Its label says it, so that one that is gone can still be told from others; of those that
//! were kept ready, [`Spare`] knows it.

use beckon_domain::{CallId, InvitationId, SessionId};
use tauri::{AppHandle, Manager, WebviewWindow};

use super::{ACCEPT, MAIN, Spare};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    Main,
    Accept,
    /// Somebody else's screen.
    Session(SessionId),
    /// Who is called.
    Call(CallId),
    /// Who calls.
    Ring(CallId),
    /// A session of this host that came of an invitation or a call.
    Host(SessionId),
    /// Who invites.
    Popup(InvitationId),
}

/// None of one that is kept ready, and about nothing yet.
pub fn about(app: &AppHandle, label: &str) -> Option<About> {
    About::of(label).or_else(|| app.state::<Spare>().about(label))
}

pub fn find(app: &AppHandle, wanted: About) -> Option<WebviewWindow> {
    let spare = || app.state::<Spare>().label_of(wanted);
    app.get_webview_window(&wanted.label()).or_else(|| app.get_webview_window(&spare()?))
}

/// All that are open, and what each is about.
pub fn opened(app: &AppHandle) -> impl Iterator<Item = (About, WebviewWindow)> {
    let windows = app.webview_windows().into_iter();
    windows.filter_map(|(label, window)| Some((about(app, &label)?, window)))
}

impl About {
    fn of(label: &str) -> Option<Self> {
        let (kind, id) = match label {
            MAIN => return Some(Self::Main),
            ACCEPT => return Some(Self::Accept),
            label => label.split_once('-')?,
        };
        let id = id.parse().ok()?;
        match kind {
            "session" => Some(Self::Session(SessionId(id))),
            "call" => Some(Self::Call(CallId(id))),
            "ring" => Some(Self::Ring(CallId(id))),
            "host" => Some(Self::Host(SessionId(id))),
            "popup" => Some(Self::Popup(InvitationId(id))),
            _ => None,
        }
    }

    pub fn label(self) -> String {
        match self {
            Self::Main => MAIN.to_owned(),
            Self::Accept => ACCEPT.to_owned(),
            Self::Session(id) => format!("session-{}", id.0),
            Self::Call(id) => format!("call-{}", id.0),
            Self::Ring(id) => format!("ring-{}", id.0),
            Self::Host(id) => format!("host-{}", id.0),
            Self::Popup(id) => format!("popup-{}", id.0),
        }
    }

    pub fn page(self) -> String {
        match self.label().split_once('-') {
            Some((view, id)) => format!("index.html?view={view}&id={id}"),
            None => format!("index.html?view={}", self.label()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_says_what_its_window_is_about() {
        let id = "018f4e2c-7b1a-7c3d-8e5f-0123456789ab".parse().unwrap();
        let all = [
            About::Main,
            About::Accept,
            About::Session(SessionId(id)),
            About::Call(CallId(id)),
            About::Ring(CallId(id)),
            About::Host(SessionId(id)),
            About::Popup(InvitationId(id)),
        ];
        for about in all {
            assert_eq!(About::of(&about.label()), Some(about));
        }
        assert_eq!(About::Ring(CallId(id)).page(), format!("index.html?view=ring&id={id}"));
        assert_eq!(About::Accept.page(), "index.html?view=accept");
        for label in ["", "call-", "call-1", "other", "session", "spare-1"] {
            assert_eq!(About::of(label), None, "{label}");
        }
    }
}
