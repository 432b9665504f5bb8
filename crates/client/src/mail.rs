//! An invitation by email: where it leads, and the link that opens it in the system's mail program. Its words are
//! the window's.

use beckon_domain::Alias;
use beckon_wire::{ApiError, Code, paths};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use ts_rs::TS;

use crate::client::Client;

/// What RFC 3986 calls unreserved stands as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How others reach this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAddress {
    /// The alias, or else the ID in groups of three.
    pub shown: String,
    /// The service's page for this device.
    pub page: String,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Mailing {
    /// In the system's mail program.
    Opened,
    /// There is none: its text is on the clipboard.
    Copied,
}

impl Client {
    /// At the home service. Codes: `no_service`, and `unreachable` as long as that has given no ID.
    pub fn own_address(&self) -> Result<OwnAddress, ApiError> {
        let place = self.home_place()?;
        let device = place.link.device().ok_or_else(|| ApiError::new(Code::Unreachable))?;
        let alias = place.at_home.own_device().and_then(|own| own.alias);
        let shown = alias.as_ref().map_or_else(|| device.grouped(), Alias::to_string);
        let page = paths::CALL_PAGE.replace("{target}", &device.to_string());
        Ok(OwnAddress { shown, page: format!("{}{page}", place.link.origin()) })
    }
}

/// A `mailto:` link to nobody yet, by RFC 6068: everything but letters and digits is encoded, blanks too, and lines
/// end as they do in mails.
pub fn mailto(subject: &str, body: &str) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
    let lines: Vec<&str> = body.lines().collect();
    format!("mailto:?subject={}&body={}", encoded(subject), encoded(&lines.join("\r\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_crosses_into_the_mail_program_unchanged() {
        assert_eq!(
            mailto("50 % & more?", "Grüße,\nana@acme: https://a.example/c/482119070\n"),
            "mailto:?subject=50%20%25%20%26%20more%3F\
             &body=Gr%C3%BC%C3%9Fe%2C%0D%0Aana%40acme%3A%20https%3A%2F%2Fa.example%2Fc%2F482119070",
        );
    }

    #[test]
    fn nothing_of_its_text_becomes_a_field_of_its_own() {
        let link = mailto("a\r\nBcc: eve@evil.example", "x&cc=eve@evil.example#?\"'<>+");
        let fields = link.strip_prefix("mailto:?").unwrap().split('&').collect::<Vec<_>>();
        assert_eq!(fields.len(), 2, "{link}");
        assert!(link.chars().all(|c| c.is_ascii_alphanumeric() || "-._~%:?=&".contains(c)), "{link}");
        assert!(!link.contains('+'), "a plus is a plus in mail links, no blank");
    }
}
