//! What a window is about. Its label says it, so that one that is gone can still be told from others.

use beckon_domain::{CallId, SessionId};

use super::{ACCEPT, MAIN};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
}

impl About {
    pub fn of(label: &str) -> Option<Self> {
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
        ];
        for about in all {
            assert_eq!(About::of(&about.label()), Some(about));
        }
        assert_eq!(About::Ring(CallId(id)).page(), format!("index.html?view=ring&id={id}"));
        assert_eq!(About::Accept.page(), "index.html?view=accept");
        for label in ["", "call-", "call-1", "other", "session"] {
            assert_eq!(About::of(label), None, "{label}");
        }
    }
}
