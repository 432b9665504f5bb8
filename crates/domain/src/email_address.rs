//! One email address. Whether mail arrives there, only mail can tell.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A plain `local@domain` of at most 254 bytes: no name, no quotes, no brackets, no comments, and no number in
/// place of a domain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct EmailAddress(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not an email address")]
pub struct NotAnEmailAddress;

impl EmailAddress {
    /// The most bytes it may have.
    pub const MAX: usize = 254;

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = NotAnEmailAddress;

    fn try_from(text: String) -> Result<Self, NotAnEmailAddress> {
        let plain = |c: char| {
            !c.is_control()
                && !c.is_whitespace()
                && !matches!(c, '<' | '>' | '(' | ')' | ',' | '"' | ';' | ':' | '\\' | '[' | ']')
        };
        let short = text.len() <= Self::MAX && text.chars().all(plain);
        let named = !text.rsplit_once('@').is_some_and(|(_, domain)| ends_in_a_number(domain));
        if short && named && email_address::EmailAddress::is_valid(&text) {
            Ok(Self(text))
        } else {
            Err(NotAnEmailAddress)
        }
    }
}

/// Such a domain is read as an IPv4 address: `1.2` as 1.0.0.2, `0x7f` as 0.0.0.127.
fn ends_in_a_number(domain: &str) -> bool {
    let last = domain.rsplit('.').next().unwrap_or_default();
    let hex = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    last.chars().all(char::is_numeric) || hex.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_hexdigit()))
}

impl std::str::FromStr for EmailAddress {
    type Err = NotAnEmailAddress;

    fn from_str(text: &str) -> Result<Self, NotAnEmailAddress> {
        text.to_owned().try_into()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> String {
        address.0
    }
}

impl std::fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_text() {
        for good in [
            "ana@acme.example",
            "a.b+c@localhost",
            "ana@3com.7eleven",
            "dana@bücher.example",
            "jörg@acme.example",
        ] {
            assert!(good.parse::<EmailAddress>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "ana",
            "@acme.example",
            "ana@",
            "a b@acme.example",
            "ana@acme.example\n",
            "ana@acme.example\r\nBcc: eve@x",
            "<a@b>",
            "a@b@c",
            "Ana <ana@acme.example>",
            "\"a b\"@acme.example",
            "ana@[127.0.0.1]",
            "a..b@acme.example",
            "ana@-acme.example",
            "ana@acme.example\u{202e}",
            "ana@1.2",
            "ana@acme.127",
            "ana@acme.0x7f",
        ] {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad:?}");
        }
        assert!(format!("{}@acme.example", "x".repeat(250)).parse::<EmailAddress>().is_err());
    }

    #[test]
    fn it_has_two_sides() {
        let address: EmailAddress = "a.b+c@acme.example".parse().unwrap();
        assert_eq!((address.local(), address.domain()), ("a.b+c", "acme.example"));
    }
}
