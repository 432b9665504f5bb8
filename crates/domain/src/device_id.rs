//! A device's ID: what its person reads out on the telephone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// 9 or 10 digits, the first not 0. Drawn by the service, never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string", export)]
pub struct DeviceId(u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an ID has 9 or 10 digits and does not begin with 0")]
pub struct NotAnId;

impl DeviceId {
    pub const LEAST: u64 = 100_000_000;
    pub const MOST: u64 = 9_999_999_999;

    /// Draws an ID. Whether it is free is for the service to see.
    pub fn draw() -> Self {
        // 64 random bits over 9.9e9 values: the bias is below 1 in 10^9.
        let random = u64::from_le_bytes(crate::keys::random());
        Self(Self::LEAST + random % (Self::MOST - Self::LEAST + 1))
    }

    pub fn number(self) -> u64 {
        self.0
    }

    /// In groups of three, as people see it: `1 234 567 890`.
    pub fn grouped(self) -> String {
        let digits = self.0.to_string();
        let mut grouped = String::with_capacity(digits.len() + 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(' ');
            }
            grouped.push(digit);
        }
        grouped
    }
}

impl TryFrom<u64> for DeviceId {
    type Error = NotAnId;

    fn try_from(number: u64) -> Result<Self, NotAnId> {
        if (Self::LEAST..=Self::MOST).contains(&number) { Ok(Self(number)) } else { Err(NotAnId) }
    }
}

impl FromStr for DeviceId {
    type Err = NotAnId;

    /// Takes the digits with or without blanks between them.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let digits: String = text.chars().filter(|c| *c != ' ').take(11).collect();
        if digits.len() > 10 || digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotAnId);
        }
        digits.parse::<u64>().map_err(|_| NotAnId)?.try_into()
    }
}

impl TryFrom<String> for DeviceId {
    type Error = NotAnId;

    fn try_from(text: String) -> Result<Self, NotAnId> {
        text.parse()
    }
}

impl From<DeviceId> for String {
    fn from(id: DeviceId) -> String {
        id.to_string()
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_are_shown_in_groups_of_three() {
        assert_eq!(DeviceId::try_from(1_234_567_890).unwrap().grouped(), "1 234 567 890");
        assert_eq!(DeviceId::try_from(482_119_070).unwrap().grouped(), "482 119 070");
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for bad in
            ["", "12345678", "012345678", "12345678901", "12345678a", "-123456789", "１２３４５６７８９"]
        {
            assert_eq!(bad.parse::<DeviceId>(), Err(NotAnId), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed(number in DeviceId::LEAST..=DeviceId::MOST) {
            let id = DeviceId::try_from(number).unwrap();
            prop_assert_eq!(id.grouped().parse::<DeviceId>().unwrap(), id);
            prop_assert_eq!(id.to_string().parse::<DeviceId>().unwrap(), id);
        }

        #[test]
        fn anything_typed_is_answered(text in ".*") {
            let _ = text.parse::<DeviceId>();
        }
    }
}
