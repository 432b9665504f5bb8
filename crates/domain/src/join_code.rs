//! The session link for the telephone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Crockford's base 32: no `I`, `L`, `O`, `U`.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 10 characters of Crockford base 32, at least one of them a letter, so that it is never an ID.
/// Shown in two groups of five: `7Q4MX-2K9TD`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string", export)]
pub struct JoinCode([u8; 10]);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a join code has 10 letters and digits, at least one of them a letter")]
pub struct NotAJoinCode;

impl JoinCode {
    pub fn draw() -> Self {
        loop {
            let code = Self(crate::keys::random::<10>().map(|byte| symbol(byte & 31)));
            if code.has_letter() {
                return code;
            }
        }
    }

    /// The ten characters without the dash: what is hashed and looked up.
    pub fn as_bytes(&self) -> &[u8; 10] {
        &self.0
    }

    fn has_letter(&self) -> bool {
        self.0.iter().any(u8::is_ascii_alphabetic)
    }
}

fn symbol(value: u8) -> u8 {
    ALPHABET.get(usize::from(value)).copied().unwrap_or(b'0')
}

impl FromStr for JoinCode {
    type Err = NotAJoinCode;

    /// Takes it without case, with or without the dash and blanks; `O` is read as 0, `I` and `L` as 1.
    fn from_str(text: &str) -> Result<Self, NotAJoinCode> {
        let mut code = [0; 10];
        let mut slots = code.iter_mut();
        for c in text.chars().filter(|c| !matches!(c, ' ' | '-')).take(11) {
            let read = match c.to_ascii_uppercase() {
                'O' => b'0',
                'I' | 'L' => b'1',
                c => u8::try_from(c).ok().filter(|b| ALPHABET.contains(b)).ok_or(NotAJoinCode)?,
            };
            *slots.next().ok_or(NotAJoinCode)? = read;
        }
        let code = Self(code);
        if code.0.contains(&0) || !code.has_letter() { Err(NotAJoinCode) } else { Ok(code) }
    }
}

impl TryFrom<String> for JoinCode {
    type Error = NotAJoinCode;

    fn try_from(text: String) -> Result<Self, NotAJoinCode> {
        text.parse()
    }
}

impl From<JoinCode> for String {
    fn from(code: JoinCode) -> String {
        code.to_string()
    }
}

impl fmt::Display for JoinCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if index == 5 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*byte))?;
        }
        Ok(())
    }
}

/// A code opens a session, so it stays out of logs.
impl fmt::Debug for JoinCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JoinCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_drawn_code_can_be_read_out_and_typed() {
        for _ in 0..1_000 {
            let code = JoinCode::draw();
            let spoken =
                code.to_string().to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            assert_eq!(spoken.parse::<JoinCode>().unwrap(), code);
            assert!(spoken.parse::<crate::DeviceId>().is_err());
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for bad in ["", "7Q4MX", "7Q4MX-2K9TDX", "7Q4MX-2K9TU", "1234567890", "7Q4MX_2K9TD", "7Q4MX-2K9Té"] {
            assert_eq!(bad.parse::<JoinCode>(), Err(NotAJoinCode), "{bad}");
        }
    }

    #[test]
    fn a_code_is_not_written_to_logs() {
        let code: JoinCode = "7Q4MX-2K9TD".parse().unwrap();
        assert_eq!(format!("{code:?}"), "JoinCode(…)");
    }

    proptest! {
        #[test]
        fn anything_typed_is_answered(text in ".*") {
            let _ = text.parse::<JoinCode>();
        }
    }
}
