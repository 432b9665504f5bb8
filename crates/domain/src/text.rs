//! Text that people type. It is capped, kept exactly as typed, and never markup.
//!
//! Control and bidi-override characters are refused, since they let a name pretend to be something else.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextRefusal {
    #[error("the text is empty")]
    Empty,
    #[error("the text has more than {max} characters")]
    TooLong { max: usize },
    #[error("the text holds a control or direction-override character")]
    Forbidden,
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $least:expr, $most:expr, $newlines:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(try_from = "String", into = "String")]
        #[ts(type = "string")]
        pub struct $name(String);

        impl $name {
            /// The most characters it may have.
            pub const MAX: usize = $most;

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextRefusal;

            fn try_from(text: String) -> Result<Self, TextRefusal> {
                check(&text, $least, $most, $newlines)?;
                Ok(Self(text))
            }
        }

        impl std::str::FromStr for $name {
            type Err = TextRefusal;

            fn from_str(text: &str) -> Result<Self, TextRefusal> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text!(
    /// The end user a session request is for: 1–128 characters.
    RecipientName, 1, 128, false
);
text!(
    /// Notes for agents, never shown to the recipient: at most 4,000 characters, newlines kept.
    Comments, 0, 4_000, true
);
text!(
    /// The name of an account, an organisation, a queue or a device: 1–128 characters.
    Name, 1, 128, false
);
text!(
    /// The name of a permission profile that a person made: 1–64 characters.
    ProfileName, 1, 64, false
);
text!(
    /// One tag of an entry in the address book: 1–32 characters.
    Tag, 1, 32, false
);
text!(
    /// What a person notes about an entry in their address book: at most 1,000 characters, newlines kept.
    Note, 0, 1_000, true
);
text!(
    /// One chat message: 1–4,000 characters, newlines kept.
    ChatText, 1, 4_000, true
);

#[expect(clippy::derivable_impls, reason = "derived, every text would have one, and an empty name is none")]
impl Default for Comments {
    fn default() -> Self {
        Self(String::new())
    }
}

#[expect(clippy::derivable_impls, reason = "the same")]
impl Default for Note {
    fn default() -> Self {
        Self(String::new())
    }
}

fn check(text: &str, least: usize, most: usize, newlines: bool) -> Result<(), TextRefusal> {
    // Bytes bound characters, so that a huge text is not walked to be refused.
    if text.len() > most * 4 || text.chars().count() > most {
        return Err(TextRefusal::TooLong { max: most });
    }
    if text.chars().any(|c| is_forbidden(c) && !(newlines && c == '\n')) {
        return Err(TextRefusal::Forbidden);
    }
    if least > 0 && text.trim().is_empty() {
        return Err(TextRefusal::Empty);
    }
    Ok(())
}

/// A line that somebody else says and nobody can refuse, for people to read: cut, and without the characters that let
/// it pretend.
pub fn harmless(text: &str, most: usize) -> String {
    text.chars().filter(|c| !is_forbidden(*c)).take(most).collect()
}

fn is_forbidden(c: char) -> bool {
    let bidi_override = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let line_separator = matches!(c, '\u{2028}' | '\u{2029}');
    c.is_control() || bidi_override || line_separator
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_exactly_as_typed() {
        let typed = "  <b>Dana</b> & \u{5d3}\u{5e0}\u{5d4} 👩🏽‍💻 ";
        assert_eq!(typed.parse::<RecipientName>().unwrap().as_str(), typed);
    }

    #[test]
    fn a_name_of_blanks_is_empty() {
        assert_eq!("  ".parse::<RecipientName>(), Err(TextRefusal::Empty));
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert!("é".repeat(128).parse::<RecipientName>().is_ok());
        assert_eq!("é".repeat(129).parse::<RecipientName>(), Err(TextRefusal::TooLong { max: 128 }));
    }

    #[test]
    fn what_cannot_be_refused_is_cut_to_what_may_be_shown() {
        assert_eq!(harmless("a\u{202E}b\0\n<b>é</b>", 128), "ab<b>é</b>");
        assert_eq!(harmless(&"\u{2066}é".repeat(10_000), 3), "ééé");
    }

    #[test]
    fn overrides_and_controls_are_refused_and_newlines_only_kept_in_comments() {
        for bad in ["a\u{202E}b", "a\u{2066}b", "a\0b", "a\u{1b}[31mb", "a\u{2028}b", "a\tb"] {
            assert_eq!(bad.parse::<Comments>(), Err(TextRefusal::Forbidden), "{bad:?}");
        }
        assert!("first\nsecond\n".parse::<Comments>().is_ok());
        assert_eq!("first\nsecond".parse::<RecipientName>(), Err(TextRefusal::Forbidden));
    }
}
