//! The secret part of a session link.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// 128 random bits, written as 22 characters of base64url.
#[derive(Clone, PartialEq, Eq, Zeroize, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LinkToken([u8; 16]);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a session link")]
pub struct NotALinkToken;

impl LinkToken {
    pub fn draw() -> Self {
        Self(crate::keys::random())
    }

    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl FromStr for LinkToken {
    type Err = NotALinkToken;

    fn from_str(text: &str) -> Result<Self, NotALinkToken> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| NotALinkToken)?;
        bytes.try_into().map(Self).map_err(|_| NotALinkToken)
    }
}

impl TryFrom<String> for LinkToken {
    type Error = NotALinkToken;

    fn try_from(text: String) -> Result<Self, NotALinkToken> {
        text.parse()
    }
}

impl From<LinkToken> for String {
    fn from(token: LinkToken) -> String {
        token.to_string()
    }
}

impl fmt::Display for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64URL_NOPAD.encode(&self.0))
    }
}

/// A token opens a session, so it stays out of logs.
impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_a_link() {
        let token = LinkToken::draw();
        assert_eq!(token.to_string().len(), 22);
        assert_eq!(token.to_string().parse::<LinkToken>().unwrap(), token);
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for bad in
            ["", "short", "AAAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAAA", "../../../../etc/passwd"]
        {
            assert_eq!(bad.parse::<LinkToken>(), Err(NotALinkToken), "{bad}");
        }
    }
}
